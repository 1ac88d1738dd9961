/**
 * Chat in a multicast group (`--group`, or connecting to a group's address): every member is a raw peer that sends
 * datagrams of plain text. Nothing is relayed, since all members receive all datagrams.
 */

import { formatActor } from "../../protocol/text/nicknames.ts";
import { encodeGroupLine, isGroupTarget } from "../../protocol/lan/multicast-chat.ts";
import type { ReportContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { addNotice } from "../report/report.ts";
import { getNameHere } from "./recipients.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import type { Link } from "../peer/link.ts";
import type { Self } from "../model/chat.ts";

/** True if the side's typed text is sent to a group. */
export function isGroupSide({
  transport,
  socket: { role, request },
}: Pick<Side, "transport" | "socket">): boolean {
  return transport === "udp" && role === "connect" && request !== undefined && isGroupTarget(request.target);
}

/** Explains the group to the person once it is joined. */
export function explainGroup(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  link: Link,
): void {
  const { address, endpoint } = link;
  if (endpoint.family === "unix") return;
  const friend = sentence("friend-joins-group", { host: endpoint.address, port: endpoint.port });
  addNotice(chat, side, "info", sentence("goes-to-group", { address }), friend);
  addNotice(chat, side, "warning", sentence("group-promises-nothing"));
}

/** The text for raw peers: in a group each line names its sender, unless the side is raw. */
export function makeRawText(
  self: Self,
  side: Side,
  text: string,
  {
    action: isAction = false,
    isPrivate = false,
  }: { readonly action?: boolean; readonly isPrivate?: boolean },
): string {
  const name = getNameHere(self, side);
  if (isGroupSide(side) && !side.isRaw) return encodeGroupLine({ name, text, isAction, isPrivate });
  return isAction ? `* ${formatActor(name)} ${text}` : text;
}
