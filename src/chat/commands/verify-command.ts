/** `/verify`: begins a comparison of keys, and agrees to one or refuses it. */

import { comparisonsMax } from "../../protocol/limits.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import {
  agree,
  beginComparison,
  explainNoKey,
  findComparison,
  mayCompareMore,
  stopComparison,
} from "../features/comparing.ts";
import { reportBegun, reportDigits } from "../features/comparison-reports.ts";
import type { SendContext } from "../model/chat.ts";
import type { ConnectedAddressee, Side } from "../model/side.ts";
import { describeMissingName, findAddressee, nameAddressee } from "../outbound/addressees.ts";
import { findMemberKey } from "../room/member-keys.ts";

type Verdict = "same" | "different" | "cancel";

/** Returns undefined when done, else the problem. */
export function runVerify(chat: SendContext, side: Side, rest: string): Sentence | undefined {
  const { name, verdict } = splitVerdict(rest);
  if (name === "") return sentence("needs-name", { command: "verify" });
  const other = findAddressee(chat.room, side, name);
  if (other === undefined) return describeMissingName(chat, side, name);
  if (other.kind === "hub") return sentence("verify-not-across", { name: other.member.name });
  return verdict === undefined ? begin(chat, other) : judge(chat, other, verdict);
}

/** The last word decides, unless it is in quotes: a name that ends in such a word needs them. */
function splitVerdict(rest: string): { readonly name: string; readonly verdict: Verdict | undefined } {
  const [, name = "", word] = /^(?:(.*\S)\s+)?(same|different|cancel)$/is.exec(rest) ?? [];
  if (word === undefined) return { name: rest, verdict: undefined };
  return { name, verdict: word.toLowerCase() as Verdict };
}

/** Shows again where one stands that is under way. */
function begin(chat: SendContext, other: ConnectedAddressee): Sentence | undefined {
  const running = findComparison(chat, other);
  if (running !== undefined) {
    if (running.digits === undefined) reportBegun(chat, other);
    else reportDigits(chat, running);
    return undefined;
  }
  const known = findMemberKey(chat.self, other);
  if (known === undefined) return explainNoKey(other);
  if (!mayCompareMore(chat)) return sentence("comparisons-full", { most: comparisonsMax });
  beginComparison(chat, other, known.key);
  return undefined;
}

function judge(chat: SendContext, other: ConnectedAddressee, verdict: Verdict): Sentence | undefined {
  const name = nameAddressee(other);
  const comparison = findComparison(chat, other);
  if (comparison === undefined) return sentence("comparison-missing", { name });
  if (verdict === "cancel") return void stopComparison(chat, comparison, "cancelled");
  if (comparison.digits === undefined) return sentence("comparison-without-digits", { name });
  if (verdict === "different") return void stopComparison(chat, comparison, "different");
  agree(chat, comparison);
  return undefined;
}
