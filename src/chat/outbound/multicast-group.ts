/**
 * Chatting on a multicast group (`--group`, or a group's address to connect to): everybody there is a raw peer that
 * speaks in datagrams of plain text. Nothing is relayed, for all hear all; nothing is framed, for nobody could answer.
 */

import { encodeGroupLine, isGroupTarget } from "../../protocol/lan/multicast-chat.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { notice } from "../report/report.ts";
import { nameHere } from "./recipients.ts";
import { sentence } from "../../words/sentences/sentence.ts";

/** Whether what is typed on a side goes to a group. */
export function isGroupSide({ transport, socket: { role, request } }: Side): boolean {
  return transport === "udp" && role === "connect" && request !== undefined && isGroupTarget(request.target);
}

/** What a person has to know of it, once it is joined. */
export function tellGroup(chat: Chat, side: Side, peer: Peer): void {
  const { address, endpoint } = peer.link;
  if (endpoint.family === "unix") return;
  const friend = sentence("friend-joins-group", { host: endpoint.address, port: endpoint.port });
  notice(chat, side, "info", sentence("goes-to-group", { address }), friend);
  notice(chat, side, "warning", sentence("group-promises-nothing"));
}

/** A raw peer's text as it goes out: in a group each line says who speaks, unless `/raw` sends just what is typed. */
export function textFor(
  chat: Chat,
  side: Side,
  text: string,
  {
    action: isAction = false,
    isPrivate = false,
  }: { readonly action?: boolean; readonly isPrivate?: boolean },
): string {
  const name = nameHere(chat, side);
  if (isGroupSide(side) && !side.isRaw) return encodeGroupLine({ name, text, isAction, isPrivate });
  return isAction ? `* ${name} ${text}` : text;
}
