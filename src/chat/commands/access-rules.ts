/** `/accept`, `/allow` and `/deny`. The rules start as the command line's. */

import { type Cidr, formatCidr, parseCidr } from "../../protocol/address/cidr.ts";
import { rangesMax, rangesShownMax } from "../../protocol/limits.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { deliverAllWaiting } from "../messages/waiting-turn.ts";
import { type Chat, getName, type SendContext, type ReportContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { findAddressee, describeMissingName } from "../outbound/addressees.ts";
import { keepPlace } from "../outbound/kept-place.ts";
import { addNotice } from "../report/report.ts";
import { isAllowed } from "../room/admission.ts";
import { refusePeer } from "../connections/end-peer.ts";
import { chooseLineMode } from "../room/line-mode.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

/** `/accept PEER`. Returns undefined when done, else the problem. */
export function acceptPeer(chat: SendContext, side: Side, word: string): Sentence | undefined {
  const addressee = findAddressee(chat.room, side, word);
  if (addressee === undefined || addressee.kind === "remote") return describeMissingName(chat, side, word);
  const paths = addressee.kind === "local" ? [...addressee.member.paths] : [addressee.peer];
  for (const peer of paths) {
    peer.identity.isTrusted = true;
    keepPlace(chat.effects, peer.link, "exempt");
    chooseLineMode(chat, peer);
    deliverAllWaiting(chat, peer);
  }
  const [first] = paths;
  if (first !== undefined) addNotice(chat, side, "info", sentence("peer-accepted", { name: getName(first) }));
  return undefined;
}

/** `/allow [CIDR]` and `/deny [CIDR]`: another range, or which there are. */
export function addRule(
  chat: SendContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  rule: "allow" | "deny",
  text: string,
): Sentence | undefined {
  if (text === "") return void showRules(chat, side, false);
  const range = parseCidr(text);
  if (range === undefined) return sentence("no-range", { word: cleanText(text.slice(0, 60)) });
  if (chat.room.rules[rule].length >= rangesMax) return sentence("ranges-full", { ranges: rangesMax });
  chat.room.rules[rule] = [...chat.room.rules[rule], range];
  if (rule === "deny") resetDisallowedPeers(chat);
  showRules(chat, side, rule === "allow");
  return undefined;
}

function resetDisallowedPeers(chat: SendContext): void {
  for (const peer of chat.peers.values())
    if (peer.link.isInbound && !isAllowed(chat.room, peer.link))
      refusePeer(chat, peer, sentence("address-not-allowed-now"));
}

/** `staying`: present peers may stay. */
function showRules(
  chat: ReportContext & Pick<Chat, "room">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  staying: boolean,
): void {
  const { allow, deny } = chat.room.rules;
  const ranges = { allow: formatNewest(allow), deny: formatNewest(deny) };
  const counts = { allowCount: allow.length, denyCount: deny.length };
  addNotice(chat, side, "info", sentence("rules", { ...ranges, ...counts, staying }));
}

/** The newest ranges alone: a file may list thousands. */
function formatNewest(ranges: readonly Cidr[]): readonly string[] {
  return ranges.slice(-rangesShownMax).map(formatCidr);
}
