/**
 * The impairment of our UDP network (`/trouble`, `--trouble`): begin, show and end it. The transport applies it to
 * datagrams, so the rest of the chat cannot tell it from a bad network.
 */

import {
  type Impairment,
  type ImpairmentCounts,
  noImpairmentYet,
  parseImpairment,
} from "../../protocol/sockets/network-impairment.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { addNotice } from "../report/report.ts";
import type { Chat, ReportContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import type { Network } from "../model/chat.ts";

/** `/trouble ARGUMENTS`. Returns undefined when done, else the problem. */
export function runTrouble(
  chat: ReportContext & Pick<Chat, "network" | "self">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  words: string,
): Sentence | undefined {
  if (words === "") return void showImpairment(chat, side);
  const wanted = parseImpairment(words);
  if (wanted !== undefined && "kind" in wanted)
    return sentence("trouble-problem", { problem: wanted.problem });
  if (wanted === undefined) return void stopImpairment(chat, side);
  return void startImpairment(chat, side, wanted);
}

/** From now on the network of our UDP sockets is as bad as that. */
export function startImpairment(
  chat: ReportContext & Pick<Chat, "network" | "self">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  wanted: Impairment,
): void {
  const impairment = { ...wanted, seed: wanted.seed ?? makeSeed(chat) };
  chat.network.impairment = { impairment, counts: noImpairmentYet };
  chat.effects.push({ type: "set-impairment", impairment });
  const hint = sentence("trouble-begins-hint", { seed: impairment.seed });
  addNotice(chat, side, "warning", sentence("trouble-begins", { trouble: impairment }), hint);
}

function stopImpairment(
  chat: ReportContext & Pick<Chat, "network">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
): void {
  if (chat.network.impairment === undefined)
    return addNotice(chat, side, "info", sentence("trouble-was-none"));
  const { counts } = chat.network.impairment;
  addNotice(chat, side, "info", sentence("trouble-is-off", { counts }));
  chat.network.impairment = undefined;
  chat.effects.push({ type: "set-impairment", impairment: undefined });
}

/** Shows the impairment, or how to begin one. */
function showImpairment(
  chat: ReportContext & Pick<Chat, "network">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
): void {
  if (chat.network.impairment === undefined)
    return addNotice(chat, side, "info", sentence("trouble-is-none"), sentence("trouble-hint"));
  const { impairment, counts } = chat.network.impairment;
  addNotice(
    chat,
    side,
    "warning",
    sentence("trouble-is-on", { trouble: impairment, seed: impairment.seed, counts }),
  );
}

/** Shows the final counters on the way out. */
export function reportLastImpairment(
  chat: ReportContext & Pick<Chat, "network">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
): void {
  if (chat.network.impairment === undefined) return;
  const { counts } = chat.network.impairment;
  addNotice(chat, side, "info", sentence("trouble-was-on", { counts }));
}

/** The newest counters, from the transport. */
export function noteImpairmentCounts(network: Network, counts: ImpairmentCounts): void {
  if (network.impairment !== undefined) network.impairment.counts = counts;
}

/** Short enough to be typed again. */
function makeSeed(chat: Pick<Chat, "nowMs" | "self">): number {
  const hash = new Bun.CryptoHasher("sha256", chat.self.secret).update(`trouble ${chat.nowMs}`).digest();
  return hash.readUInt16BE(0);
}
