/**
 * Trouble on purpose (`/trouble`, `--trouble`): asked for, told, shown and taken away again. What it does to a datagram
 * is in protocol/trouble.ts; it is done below the chat, which sees no more of it than of a bad network.
 */

import {
  type Trouble,
  type TroubleCounts,
  describeTrouble,
  noTroubleYet,
  parseTrouble,
} from "../../protocol/sockets/network-impairment.ts";
import { sentence, wordWith } from "../../words/sentence.ts";
import { sentencesEnglish } from "../../words/en/sentences.ts";
import { notice } from "../report/report.ts";
import type { Chat } from "../model/chat.ts";
import type { Side } from "../model/side.ts";

const inEnglish = wordWith(sentencesEnglish, "bun run start");

/** `/trouble` with what follows it: undefined when done, else what was wrong. */
export function runTrouble(chat: Chat, side: Side, words: string): string | undefined {
  if (words === "") return void tellTrouble(chat, side);
  const wanted = parseTrouble(words);
  if (wanted !== undefined && "kind" in wanted)
    return inEnglish(sentence("trouble-problem", { problem: wanted.problem }));
  if (wanted === undefined) return void endTrouble(chat, side);
  return void beginTrouble(chat, side, wanted);
}

/** From now on the network of our UDP sockets is as bad as that. */
export function beginTrouble(chat: Chat, side: Side, wanted: Trouble): void {
  const trouble = { ...wanted, seed: wanted.seed ?? seedFor(chat) };
  chat.network.impairment = { trouble, counts: noTroubleYet };
  chat.effects.push({ type: "make-trouble", trouble });
  const words = `trouble is on for every UDP datagram, both ways: ${describeTrouble(trouble)}`;
  const hint = `seed=${trouble.seed} makes the same again; /trouble tells what it did, /trouble off ends it`;
  notice(chat, side, "warning", words, hint);
}

function endTrouble(chat: Chat, side: Side): void {
  if (chat.network.impairment === undefined) return notice(chat, side, "info", "there was no trouble");
  notice(
    chat,
    side,
    "info",
    `trouble is off. What it did: ${describeCounts(chat.network.impairment.counts)}`,
  );
  chat.network.impairment = undefined;
  chat.effects.push({ type: "make-trouble", trouble: undefined });
}

/** What is on, or how to make some. */
function tellTrouble(chat: Chat, side: Side): void {
  if (chat.network.impairment === undefined) {
    const hint = "/trouble loss=20% dup=5% reorder=10% delay=50ms makes some, on UDP";
    return notice(chat, side, "info", "there is no trouble: the network is as it is", hint);
  }
  const { trouble, counts } = chat.network.impairment;
  const words = `trouble is on: ${describeTrouble(trouble)} (seed=${trouble.seed})`;
  notice(chat, side, "warning", `${words}. So far: ${describeCounts(counts)}`);
}

/** On the way out: what was lost on purpose is told once more. */
export function tellLastTrouble(chat: Chat, side: Side): void {
  if (chat.network.impairment !== undefined)
    notice(
      chat,
      side,
      "info",
      `trouble was on. What it did: ${describeCounts(chat.network.impairment.counts)}`,
    );
}

/** The newest counts, from where the datagrams pass. */
export function troubleCounted(chat: Chat, counts: TroubleCounts): void {
  if (chat.network.impairment !== undefined) chat.network.impairment.counts = counts;
}

/** `12 dropped, 3 doubled, 40 delayed, 4 reordered`. */
function describeCounts({ dropped, duplicated, delayed, reordered }: TroubleCounts): string {
  return `${dropped} dropped, ${duplicated} doubled, ${delayed} delayed, ${reordered} reordered`;
}

/** Short enough to be typed again. */
function seedFor(chat: Chat): number {
  const hash = new Bun.CryptoHasher("sha256", chat.self.secret).update(`trouble ${chat.nowMs}`).digest();
  return hash.readUInt16BE(0);
}
