/** Private lines of other hubs' members for our person and for our members. Nobody else here is shown them. */

import type { PlacedEntry } from "../../protocol/hubs/room-entry.ts";
import { hostNumber, type SendContext } from "../model/chat.ts";
import type { Hub, SharedRoom } from "../model/shared-room.ts";
import type { HubMember } from "../model/hub-member.ts";
import { judgeUnsealed, type ReadMessage } from "../messages/message-keys.ts";
import { reportUndelivered } from "../outbound/crossing.ts";
import { addPersonReceipt } from "../outbound/hub-receipts.ts";
import { relayPrivately } from "../outbound/relay.ts";
import { writeReason } from "../report/wire-reasons.ts";
import type { Author } from "../room/member-keys.ts";
import { findHostSide } from "./host-side.ts";
import { nameHubMember } from "./hub-members.ts";
import { showHubText } from "./hub-text.ts";

type PrivateEntry = Extract<PlacedEntry["entry"], { type: "private" }>;

export function receivePrivate(
  chat: SendContext,
  shared: SharedRoom,
  hub: Hub,
  { id, number }: PlacedEntry,
  entry: PrivateEntry,
): void {
  if (entry.toHub !== shared.hub) return;
  if (!hub.names.has(entry.member)) hub.names.set(entry.member, entry.name);
  const author = nameHubMember(chat, shared, hub, entry.member);
  if (entry.to === hostNumber) return showToPerson(chat, shared, hub, author, { id, number, entry });
  const { text, sealed, action } = entry;
  const line = { id: number, text, action, ...(sealed === undefined ? {} : { sealed }) };
  const reason = relayPrivately(chat, author, entry.to, line);
  if (reason !== undefined) reportUndelivered(chat, hub.id, number, writeReason(chat.config, reason));
}

function showToPerson(
  chat: SendContext,
  shared: SharedRoom,
  hub: Hub,
  member: HubMember,
  { id, number, entry }: { readonly id: string; readonly number: number; readonly entry: PrivateEntry },
): void {
  const read = readEntry(
    chat,
    shared,
    { name: member.name, address: hub.label, member: { kind: "hub", member } },
    entry,
  );
  if (read === undefined) return;
  const { text, action, facts, author } = read;
  showHubText(chat, hub, { ...member, name: author.name }, { id, text, action, facts, privateWith: "you" });
  addPersonReceipt(chat, shared, findHostSide(chat), member, number, true);
}

/** Undefined: a sealed line was dropped, and that is reported. */
function readEntry(
  chat: SendContext,
  shared: SharedRoom,
  author: Author,
  { text, action, sealed }: PrivateEntry,
): ReadMessage | undefined {
  if (sealed === undefined) return { author, text, action, facts: judgeUnsealed(chat.self, author.member) };
  const { openSealed, refuseLine } =
    require("../messages/sealed-lines.ts") as typeof import("../messages/sealed-lines.ts");
  const read = openSealed(chat, shared.ours?.pair, author, sealed);
  return typeof read === "string" ? refuseLine(chat, findHostSide(chat), author, read) : read;
}
