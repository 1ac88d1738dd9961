/** Who may join, and who is known: /accept, /allow and /deny. The rules of the command line are where they begin. */

import { formatCidr, parseCidr } from "../../protocol/address/cidr.ts";
import { rangesMax } from "../../protocol/limits.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { hearAllWaiting } from "../messages/waiting-turn.ts";
import { type Chat, nameOf } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { findAddressee, nobodyCalled } from "../outbound/addressees.ts";
import { notice } from "../report/report.ts";
import { isAllowed } from "../room/admission.ts";
import { turnAway } from "../session/end-peer.ts";
import { chooseReader } from "../session/line-reader.ts";

/** `/accept PEER`. Undefined when done; else what was wrong. */
export function acceptPeer(chat: Chat, side: Side, word: string): string | undefined {
  const addressee = findAddressee(chat, side, word);
  if (addressee === undefined || addressee.kind === "distant") return nobodyCalled(chat, word);
  const paths = addressee.kind === "member" ? [...addressee.member.paths] : [addressee.peer];
  for (const peer of paths) {
    peer.identity.isTrusted = true;
    chooseReader(chat, peer);
    hearAllWaiting(chat, peer);
  }
  const [first] = paths;
  if (first !== undefined)
    notice(chat, side, "info", `${nameOf(first)} may speak as it likes, and hears the room`);
  return undefined;
}

/** `/allow [CIDR]` and `/deny [CIDR]`: another range, or which there are. */
export function addRule(chat: Chat, side: Side, rule: "allow" | "deny", text: string): string | undefined {
  if (text === "") return void tellRules(chat, side);
  const range = parseCidr(text);
  if (range === undefined)
    return `${cleanText(text.slice(0, 60))} is no range of addresses: write 10.0.0.0/8, fe80::/10 or one address`;
  if (chat.room.rules[rule].length >= rangesMax) return `there are ${rangesMax} ranges already`;
  chat.room.rules[rule] = [...chat.room.rules[rule], range];
  if (rule === "deny") sendAway(chat);
  tellRules(chat, side, rule === "allow" ? "; who is here already stays" : "");
  return undefined;
}

function sendAway(chat: Chat): void {
  for (const peer of chat.peers.values())
    if (peer.link.isInbound && !isAllowed(chat, peer))
      turnAway(chat, peer, "this address is not allowed here any more");
}

function tellRules(chat: Chat, side: Side, more = ""): void {
  const { allow, deny } = chat.room.rules;
  const who = allow.length === 0 ? "everybody may join" : `only ${allow.map(formatCidr).join(", ")} may join`;
  const not = deny.length === 0 ? "" : `, but not ${deny.map(formatCidr).join(", ")}`;
  notice(chat, side, "info", `${who}${not}${more}`);
}
