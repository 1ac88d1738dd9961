/**
 * Reasons on the wire: frames and plain lines contain them in English, for peers of any kind and language. A reason
 * that duet itself writes is recognised when it is received, so that it can be worded; any other is the peer's own
 * text.
 */

import {
  malformedFramesMax,
  pingsUnansweredMax,
  reasonMaxUnits,
  stalledPeerMs,
  strangerLinesPerSecond,
  udpPeerForgottenMs,
} from "../../protocol/limits.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { type Sentence, sentence, type Word } from "../../words/sentences/sentence.ts";
import type { Config } from "../config/config.ts";
import { endingSignals } from "../../words/parts/ending-signals.ts";

/** A reason as peers read it. */
export function writeReason(config: Config, reason: Sentence): string {
  return config.words.inEnglish(reason);
}

/** A peer's reason as one clean line; undefined if it is empty. */
export function readReason(config: Config, text: string): Sentence | undefined {
  const clean = cleanText(text.slice(0, reasonMaxUnits));
  if (clean === "") return undefined;
  return readKnownReason(config.words.inEnglish, clean) ?? sentence("as-written", { text: clean });
}

/** The sentence with this English text; undefined if duet writes no such reason. */
export function readKnownReason(inEnglish: Word, text: string): Sentence | undefined {
  const known = knownReasons.get(inEnglish) ?? new Map(listReasons().map((one) => [inEnglish(one), one]));
  knownReasons.set(inEnglish, known);
  return known.get(text);
}

/** Filled when the first reason is received. */
const knownReasons = new WeakMap<Word, ReadonlyMap<string, Sentence>>();

function listReasons(): readonly Sentence[] {
  const endings = listEndings();
  const goodbyes = [undefined, ...endings].map((reason) => sentence("said-goodbye", { reason }));
  return [...endings, ...goodbyes, ...listRefusals()];
}

/** Reasons why a connection ends, with the bounds of this version. */
function listEndings(): readonly Sentence[] {
  const error = { call: "recv", target: "", transport: "tcp" } as const;
  return [
    sentence("quit"),
    sentence("closed-on-its-side"),
    sentence("gone-elsewhere"),
    sentence("closed-by-host"),
    sentence("both-closed"),
    sentence("both-said-all"),
    sentence("reset-by-peer"),
    sentence("ended-without-goodbye"),
    sentence("reset-without-goodbye"),
    sentence("reset-here"),
    sentence("nothing-received"),
    sentence("connection-broke"),
    sentence("became-duet"),
    sentence("side-is-raw"),
    sentence("terminal-hung-up"),
    sentence("output-closed"),
    sentence("everybody-left"),
    sentence("input-over"),
    sentence("nobody-there"),
    sentence("address-not-allowed"),
    sentence("address-not-allowed-now"),
    sentence("seal-required"),
    sentence("password-required"),
    ...endingSignals.map((signal) => sentence("signal-came", { signal })),
    sentence("unanswered-pings", { who: undefined, pings: pingsUnansweredMax }),
    sentence("did-not-read", { who: undefined, seconds: stalledPeerMs / 1000 }),
    sentence("acknowledges-too-slowly", { who: undefined }),
    sentence("too-many-malformed", { frames: malformedFramesMax }),
    sentence("silent-for-minutes", { minutes: udpPeerForgottenMs / 60_000 }),
    ...(["ECONNRESET", "EPIPE", "ETIMEDOUT"] as const).map((code) =>
      sentence("network-error", { error: { ...error, code }, isNamed: true }),
    ),
  ];
}

/** Reasons why a message was not relayed, or is throttled. */
function listRefusals(): readonly Sentence[] {
  return [
    sentence("no-such-member"),
    sentence("that-is-you"),
    sentence("takes-no-lines", { who: undefined }),
    sentence("no-relay-over-udp"),
    sentence("cannot-open-sealed"),
    sentence("did-not-answer"),
    sentence("had-forgotten-us"),
    sentence("you-are-slowed", { linesPerSecond: strangerLinesPerSecond }),
  ];
}
