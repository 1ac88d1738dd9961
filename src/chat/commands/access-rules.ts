/** `/accept`, `/allow` and `/deny`. The rules start as the command line's. */

import { type Cidr, formatCidr, parseCidr } from "../../protocol/address/cidr.ts";
import { makeRanges, parseHostRange } from "../../protocol/address/host-range.ts";
import { rangesMax, rangesShownMax } from "../../protocol/limits.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { deliverAllWaiting } from "../messages/waiting-turn.ts";
import type { ChatEvent } from "../model/event.ts";
import { type Chat, getName, type SendContext, type ReportContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { findAddressee, describeMissingName } from "../outbound/addressees.ts";
import { keepPlace } from "../outbound/kept-place.ts";
import { addNotice, reportProblem } from "../report/report.ts";
import { isAllowed } from "../room/admission.ts";
import { refusePeer } from "../connections/end-peer.ts";
import { chooseLineMode } from "../room/line-mode.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

/** `/accept PEER`. Returns undefined when done, else the problem. */
export function acceptPeer(chat: SendContext, side: Side, word: string): Sentence | undefined {
  const addressee = findAddressee(chat.room, side, word);
  if (addressee?.kind === "hub") return sentence("member-of-other-hub", { name: addressee.member.name });
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

/** `/allow [HOST]` and `/deny [HOST]`: another range or the addresses of a name, or which there are. */
export function addRule(
  chat: SendContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  rule: "allow" | "deny",
  text: string,
): Sentence | undefined {
  if (text === "") return void showRules(chat, side, false);
  const range = parseCidr(text);
  if (range !== undefined) return addRanges(chat, side, rule, [range]);
  const host = parseHostRange(text);
  if (host === undefined) return describeNoRange(text);
  return void chat.effects.push({ type: "find-addresses", rule, host });
}

/** The addresses of a name, or why there are none, for the command that named it. */
export function applyAddresses(
  chat: SendContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  { rule, host, found }: Extract<ChatEvent, { readonly type: "addresses-found" }>,
): void {
  const ranges = found.ok ? makeRanges(host, found.addresses) : [];
  const problem = !found.ok
    ? sentence("rule-host-unknown", { host: cleanText(host.host), code: found.code })
    : ranges.length === 0
      ? describeNoRange(`${host.host}${host.prefix}`)
      : addRanges(chat, side, rule, ranges);
  if (problem !== undefined)
    reportProblem(chat, side, "EUSAGE", problem, sentence("rules-unchanged", { rule }));
}

function describeNoRange(text: string): Sentence {
  return sentence("no-range", { word: cleanText(text.slice(0, 60)) });
}

function addRanges(
  chat: SendContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  rule: "allow" | "deny",
  ranges: readonly Cidr[],
): Sentence | undefined {
  const all = [...chat.room.rules[rule], ...ranges];
  if (all.length > rangesMax) return sentence("ranges-full", { ranges: chat.room.rules[rule].length });
  chat.room.rules[rule] = all;
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
