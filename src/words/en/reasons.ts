/** Reasons of an end, a failure or a change of state, in English. */

import { type Refusal, formatRefusal } from "../../protocol/sockets/refusal.ts";
import type { ParamsOf, Sentence, SentenceTable, Word } from "../sentences/sentence.ts";
import type { ReasonSentences } from "../sentences/reasons.ts";

export const reasonsEnglish: SentenceTable<ReasonSentences<Sentence>> = {
  "as-written": ({ text }) => text,
  "state-line": ({ who, state, reason }, word) =>
    `${subject(who)}${state}${reason === undefined ? "" : `: ${word(reason)}`}`,
  "waiting-for-connection": ({ local }) => `${local} is ours, waiting for someone to connect`,
  "waiting-for-datagram": ({ local }) => `${local} is ours, waiting for a first datagram`,
  "datagrams-leave-from": ({ local }) => `datagrams leave from ${local}`,
  "asked-for-connection": ({ target }) => `asked ${target} for a connection`,
  "connection-made": ({ address }) => `the connection to ${address} is made`,
  "peer-connected": ({ address }) => `${address} connected`,
  "datagram-received": ({ address }) => `datagram received from ${address}`,
  "connection-over": "the connection has ended",
  "closed-here": "closed here",
  "place-needed": "it was silent, and a newcomer needed its place",
  "opening-another": "to open another",
  "closed-on-its-side": "closed the connection",
  "gone-elsewhere": "opened another connection",
  "closed-by-host": "closed by the host",
  quit: "left",
  "both-closed": "both sides have closed (FIN)",
  "both-said-all": "both sides have sent everything (FIN)",
  "reset-by-peer": "connection reset by the peer (RST)",
  "reset-here": "reset here (RST): what was on its way is lost",
  "nothing-received": "nothing received for too long",
  "connection-broke": "the connection broke",
  "peer-sent-fin": "the peer sends no more (FIN), and may still read what you write",
  "ended-without-goodbye": "its program ended without a goodbye",
  "reset-without-goodbye": "it reset the connection (RST) without a goodbye",
  "we-sent-fin": "we send no more (FIN), and go on reading",
  "said-goodbye": (goodbye, word) => `${goodbye.who ?? "the peer"} left${wordGoodbye(goodbye, word)}`,
  "left-before": "the peer had already left",
  "stopped-listening": "stopped listening",
  "became-duet": "recognised as a duet",
  "no-duet-there": "not a duet",
  "own-broadcast": "our own broadcast",
  "address-not-allowed": "this address is not allowed here",
  "address-not-allowed-now": "this address is not allowed here any more",
  refused: ({ refusal }) => wordRefusal(refusal),
  "hello-incomplete": ({ seconds }) => `no complete hello within ${seconds} s`,
  "own-greeting-back": "our own greeting was received",
  "side-is-raw": "switched to raw",
  "unanswered-pings": ({ who, pings }) => `${subject(who)}answered none of ${pings} pings`,
  "silent-for-seconds": ({ address, seconds }) => `nothing received from ${address} for ${seconds} s`,
  "silent-for-minutes": ({ minutes }) => `nothing received for ${minutes} min`,
  "idle-for": ({ seconds }) => `nothing sent or received for ${seconds} s (-i)`,
  "did-not-read": ({ who, seconds }) => `${subject(who)}did not read for ${seconds} s while others waited`,
  "reads-too-slowly": ({ who, bytes }) =>
    `${subject(who)}reads too slowly: the send queue is full, ${bytes} bytes did not fit`,
  "acknowledges-too-slowly": ({ who }) => `${subject(who)}acknowledges too slowly: the send queue is full`,
  "target-taken": ({ target }) => `${target} is taken`,
  "nobody-there": "nobody is there",
  "nobody-here": "nobody is here",
  "signal-came": ({ signal }) => signal,
  "terminal-hung-up": "the terminal hung up",
  "output-closed": "standard output was closed",
  "everybody-left": "everybody has left after the input (-N)",
  "input-over": "the input was sent, and the time after it is over",
  "had-forgotten-us": "the host no longer knew us",
  "did-not-answer": "no answer",
};

/** The reason of a goodbye in brackets, after "left"; empty if there is none or it is `quit`. */
export function wordGoodbye({ reason }: ParamsOf<"said-goodbye">, word: Word): string {
  return reason === undefined || reason.id === "quit" ? "" : ` (${word(reason)})`;
}

function subject(who: string | undefined): string {
  return who === undefined ? "" : `${who} `;
}

function wordRefusal(refusal: Refusal): string {
  return refusal.is === "datagrams-full"
    ? `the room is full (-m ${refusal.peersMax})`
    : formatRefusal(refusal);
}
