/** Sentences about members and peers, in English. */

import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import { isGone, isOwnEnd } from "../sentences/gone-reasons.ts";
import { wordGoodbye } from "./reasons.ts";
import type { PeopleSentences, Person, Several } from "../sentences/people.ts";

export const peopleEnglish: SentenceTable<PeopleSentences<Sentence>> = {
  "peer-joined": (person) => `${nameAndAddress(person)} joined${person.isDuet ? ", a duet" : ""}`,
  "peer-left": ({ name, reason }, word) => {
    if (reason === undefined) return `${name} left`;
    if (isOwnEnd(reason)) return word(reason);
    if (reason.id === "said-goodbye") return `${name} left${wordGoodbye(reason.params, word)}`;
    return `${name} ${isGone(reason) ? "is gone" : "left"}: ${word(reason)}`;
  },
  "several-joined": (people) => `${listPeople(people)} joined`,
  "several-left": (people) => `${listPeople(people)} left`,
  "joined-times": ({ name, times }) => `${name} joined ${times.toLocaleString("en")} times`,
  "left-times": ({ name, times }) => `${name} left ${times.toLocaleString("en")} times`,
  "joins-and-leaves": ({ sentences }, word) => sentences.map(word).join("; "),
  "peer-here": (person) => `${nameAndAddress(person)} is here`,
  "here-by-too": (person) => `${nameAndAddress(person)} is here by ${person.transport.toUpperCase()} too`,
  "no-longer-here-by": ({ name, transport, reason }, word) =>
    `${name} is no longer here by ${transport.toUpperCase()}: ${word(reason)}`,
  "peer-is-duet": ({ name, address }) => `${address} is ${name}, a duet`,
  "you-are-now": ({ name }) => `you are now ${name}`,
  "name-taken": ({ wanted, name }) =>
    `${wanted} is taken here, or looks like a taken or reserved name: you are ${name}`,
  "peer-name-taken": ({ wanted, from, name }) =>
    `${wanted} is taken here, or looks like a taken or reserved name: ${from} is ${name}`,
  "peer-renamed": ({ from, name }) => `${from} is now ${name}`,
  "you-are-in-room": ({ you, host, address, others: { names, more } }) => {
    const also = names.length === 0 ? "" : `; also here: ${names.join(", ")}`;
    return `you are ${you} in ${host}'s room at ${address}${also}${more === 0 ? "" : ` and ${more} more`}`;
  },
  "lines-left-out": ({ lines }) =>
    `${lines === 1 ? "1 more line was" : `${lines} more lines were`} left out, about peers that joined, left or failed`,
  "turned-away": ({ address, reason }, word) => `${address} was turned away: ${word(reason)}`,
  "offers-duet": ({ name }) => `${name} claims to be a duet`,
  "upgrade-hint": ({ name }, _word, _program, place) =>
    place === "shell" ? "what it sends is taken as plain text" : `/upgrade ${name} switches to frames`,
  "greeted-as-duet": ({ name }) => `${name} was greeted as a duet`,
  "no-greeting": ({ address }) => `no duet greeted from ${address}: your lines are sent as plain text`,
  "silent-end-hint": (_params, _word, program) =>
    `it closed without a word, as a duet's room with a password does: ${program} --duet HOST PORT asks for it`,
  "no-answer-to-greetings": ({ address, greetings }) =>
    `no duet answered at ${address} after ${greetings} greetings`,
  "own-greeting-from": ({ address }) =>
    `our own greeting was received from ${address}: an echo service, or this very duet`,
  "host-forgot-us": ({ name }) => `${name} is back and no longer knows us: joining again`,
  "forged-datagram": ({ address }) => `a datagram in the name of ${address} does not have our key`,
  "forged-hint": "it is forged, or left over from an earlier session; further ones are dropped silently",
  "host-slows-us": ({ name, reason }, word) => `${name} throttles us: ${word(reason)}`,
  "you-are-slowed": ({ linesPerSecond }) =>
    `you send more than ${linesPerSecond} lines a second: the rest is queued as long as you stay connected`,
  "peer-slowed": ({ name }) => `${name} sends faster than a stranger may, and is throttled`,
  "waiting-lines-dropped": ({ lines, name }) =>
    `${lines === 1 ? "1 line" : `${lines.toLocaleString("en")} lines`} of ${name} still waited for a turn when it left: dropped`,
  "accept-hint": ({ name, address }, _word, _program, place) =>
    place === "shell"
      ? `a start with --allow ${address} lifts the limit, and lets nobody else in`
      : `/accept ${name} lifts the limit`,
  "peer-accepted": ({ name }) => `${name} has no limit any more, and receives the room's messages`,
  "another-of-that-name": ({ name }, _word, _program, place) => {
    const send =
      place === "screen" ? "Enter sends the line in the composer to it" : "/msg sends it all the same";
    return `${name} is a new connection now, maybe another person (${send})`;
  },
  "are-no-longer-here": ({ names }) =>
    `${names.join(", ")} ${names.length === 1 ? "is" : "are"} no longer here`,
};

function nameAndAddress({ name, address }: Person): string {
  return address === undefined ? name : `${name} (${address})`;
}

/** `bob`, `bob and eve`, `bob, eve and 31 more`. */
function listPeople({ names, more }: Several): string {
  const last = more === 0 ? names.at(-1) : `${more.toLocaleString("en")} more`;
  const others = more === 0 ? names.slice(0, -1) : names;
  return others.length === 0 ? `${last}` : `${others.join(", ")} and ${last}`;
}
