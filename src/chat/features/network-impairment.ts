/**
 * Trouble on purpose (`/trouble`, `--trouble`): asked for, told, shown and taken away again. What it does to a datagram
 * is in protocol/trouble.ts; it is done below the chat, which sees no more of it than of a bad network.
 */

import {
  type Trouble,
  type TroubleCounts,
  noTroubleYet,
  parseTrouble,
} from "../../protocol/sockets/network-impairment.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { notice } from "../report/report.ts";
import type { Chat } from "../model/chat.ts";
import type { Side } from "../model/side.ts";

/** `/trouble` with what follows it: undefined when done, else what was wrong. */
export function runTrouble(chat: Chat, side: Side, words: string): Sentence | undefined {
  if (words === "") return void tellTrouble(chat, side);
  const wanted = parseTrouble(words);
  if (wanted !== undefined && "kind" in wanted)
    return sentence("trouble-problem", { problem: wanted.problem });
  if (wanted === undefined) return void endTrouble(chat, side);
  return void beginTrouble(chat, side, wanted);
}

/** From now on the network of our UDP sockets is as bad as that. */
export function beginTrouble(chat: Chat, side: Side, wanted: Trouble): void {
  const trouble = { ...wanted, seed: wanted.seed ?? seedFor(chat) };
  chat.network.impairment = { trouble, counts: noTroubleYet };
  chat.effects.push({ type: "make-trouble", trouble });
  const hint = sentence("trouble-begins-hint", { seed: trouble.seed });
  notice(chat, side, "warning", sentence("trouble-begins", { trouble }), hint);
}

function endTrouble(chat: Chat, side: Side): void {
  if (chat.network.impairment === undefined) return notice(chat, side, "info", sentence("trouble-was-none"));
  const { counts } = chat.network.impairment;
  notice(chat, side, "info", sentence("trouble-is-off", { counts }));
  chat.network.impairment = undefined;
  chat.effects.push({ type: "make-trouble", trouble: undefined });
}

/** What is on, or how to make some. */
function tellTrouble(chat: Chat, side: Side): void {
  if (chat.network.impairment === undefined)
    return notice(chat, side, "info", sentence("trouble-is-none"), sentence("trouble-hint"));
  const { trouble, counts } = chat.network.impairment;
  notice(chat, side, "warning", sentence("trouble-is-on", { trouble, seed: trouble.seed, counts }));
}

/** On the way out: what was lost on purpose is told once more. */
export function tellLastTrouble(chat: Chat, side: Side): void {
  if (chat.network.impairment === undefined) return;
  const { counts } = chat.network.impairment;
  notice(chat, side, "info", sentence("trouble-was-on", { counts }));
}

/** The newest counts, from where the datagrams pass. */
export function troubleCounted(chat: Chat, counts: TroubleCounts): void {
  if (chat.network.impairment !== undefined) chat.network.impairment.counts = counts;
}

/** Short enough to be typed again. */
function seedFor(chat: Chat): number {
  const hash = new Bun.CryptoHasher("sha256", chat.self.secret).update(`trouble ${chat.nowMs}`).digest();
  return hash.readUInt16BE(0);
}
