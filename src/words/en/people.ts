/** Sentences about people, in English. */

import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { PeopleSentences, Person, Several } from "../sentences/people.ts";

export const peopleEnglish: SentenceTable<PeopleSentences<Sentence>> = {
  "peer-joined": (person) => `${nameAndAddress(person)} joined${person.isDuet ? ", a duet" : ""}`,
  "peer-left": ({ name, reason }, word) => `${name} left${reason === undefined ? "" : `: ${word(reason)}`}`,
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
  "peer-renamed": ({ from, name }) => `${from} is now ${name}`,
  "you-are-in-room": ({ you, host, address, others: { names, more } }) => {
    const also = names.length === 0 ? "" : `; also here: ${names.join(", ")}`;
    return `you are ${you} in ${host}'s room at ${address}${also}${more === 0 ? "" : ` and ${more} more`}`;
  },
  "lines-left-out": ({ lines }) =>
    `${lines === 1 ? "1 line more was" : `${lines} lines more were`} left out, about peers that came, went or failed`,
  "turned-away": ({ address, reason }, word) => `${address} was turned away: ${word(reason)}`,
  "offers-duet": ({ name }) => `${name} says that it is a duet`,
  "upgrade-hint": ({ name }) => `/upgrade ${name} speaks with it as one`,
  "greeted-as-duet": ({ name }) => `${name} was greeted as a duet`,
  "no-greeting": ({ address }) => `no duet greets from ${address}: what you type goes as plain text`,
  "no-answer-to-greetings": ({ address, greetings }) =>
    `no duet answered at ${address} after ${greetings} greetings`,
  "own-greeting-from": ({ address }) =>
    `our own greeting came back from ${address}: it is an echo, or this very duet`,
  "host-forgot-us": ({ name }) => `${name} is heard again and knows us no more: we join anew`,
  "forged-datagram": ({ address }) => `a datagram in the name of ${address} bears no key of ours`,
  "forged-hint":
    "it is forged, or left over from an earlier session; more of them are dropped without a word",
  "host-slows-us": ({ name, reason }, word) => `${name} slows us: ${word(reason)}`,
  "you-are-slowed": ({ linesPerSecond }) =>
    `you speak faster than ${linesPerSecond} lines a second: what you say waits its turn and is not lost`,
  "peer-slowed": ({ name }) => `${name} speaks faster than strangers may: it is slowed`,
  "accept-hint": ({ name }) => `/accept ${name} lets it speak as it likes`,
  "peer-accepted": ({ name }) => `${name} may speak as it likes, and hears the room`,
  "are-no-longer-here": ({ names }) => `${names.join(", ")} is no longer here`,
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
