/** Why something ended, failed, or changed its state, in English. */

import { type Refusal, formatRefusal } from "../../protocol/sockets/refusal.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
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
  "peer-heard": ({ address }) => `${address} was heard`,
  "connection-over": "the connection is over",
  "closed-here": "closed here",
  "opening-another": "to open another",
  "closed-on-its-side": "closed on its side",
  "gone-elsewhere": "gone elsewhere",
  "closed-by-host": "closed by the host",
  quit: "left",
  "both-closed": "both sides have closed (FIN)",
  "both-said-all": "both sides have said all (FIN)",
  "reset-by-peer": "it reset the connection (RST)",
  "reset-here": "reset here (RST): what was on its way is lost",
  "heard-no-more": "nothing was heard of it any more",
  "connection-broke": "the connection broke",
  "peer-sent-fin": "it sends no more (FIN), and may still read what you write",
  "we-sent-fin": "we send no more (FIN), and go on reading",
  "said-goodbye": ({ reason }, word) => `it said goodbye${reason === undefined ? "" : ` (${word(reason)})`}`,
  "said-goodbye-before": "it had said goodbye",
  "listens-no-more": "it listens no more",
  "became-duet": "it is a duet",
  "no-duet-there": "it is not a duet",
  "own-broadcast": "it is our own broadcast",
  "address-not-allowed": "this address is not allowed here",
  "address-not-allowed-now": "this address is not allowed here any more",
  refused: ({ refusal }) => wordRefusal(refusal),
  "hello-incomplete": ({ seconds }) => `no whole hello came within ${seconds} s`,
  "own-greeting-back": "our own greeting came back",
  "side-is-raw": "this side speaks raw now",
  "unanswered-pings": ({ who, pings }) => `${subject(who)}answered none of ${pings} pings`,
  "silent-for-seconds": ({ address, seconds }) => `nothing was heard of ${address} for ${seconds} s`,
  "silent-for-minutes": ({ minutes }) => `nothing was heard of it for ${minutes} min`,
  "idle-for": ({ seconds }) => `nothing was sent or heard for ${seconds} s (-i)`,
  "did-not-read": ({ who, seconds }) => `${subject(who)}did not read for ${seconds} s while others waited`,
  "reads-too-slowly": ({ who, bytes }) =>
    `${subject(who)}reads too slowly: its queue is full, ${bytes} bytes did not fit`,
  "acknowledges-too-slowly": ({ who }) => `${subject(who)}acknowledges too slowly: its queue is full`,
  "target-taken": ({ target }) => `${target} is taken`,
  "nobody-there": "nobody is there",
  "nobody-here": "nobody is here",
  "signal-came": ({ signal }) => `${signal} came`,
  "terminal-hung-up": "the terminal hung up",
  "output-closed": "standard output was closed",
  "everybody-left": "everybody has left after the input (-N)",
  "input-over": "the input was sent, and the time after it is over",
  "had-forgotten-us": "it had forgotten us",
  "did-not-answer": "it did not answer",
};

function subject(who: string | undefined): string {
  return who === undefined ? "" : `${who} `;
}

function wordRefusal(refusal: Refusal): string {
  return refusal.is === "datagrams-full"
    ? `the room is full (-m ${refusal.peersMax})`
    : formatRefusal(refusal);
}
