/** A message of the person here, as an entry of the conversation and as a reported event. */

import { type Chat, takeEntryId } from "../model/chat.ts";
import type { Peer, LocalMember } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import type { MessageEntry } from "../log/entry.ts";
import { tell } from "../report/report.ts";
import { nameHere, pathOn } from "./recipients.ts";

/** A new entry for what the person here says. */
export function ownMessage(chat: Chat, side: Side, text: string): MessageEntry {
  return {
    kind: "message",
    id: takeEntryId(chat),
    atMs: chat.nowMs,
    direction: "out",
    name: nameHere(chat, side),
    colourKey: `us ${side.transport}`,
    text,
    growing: false,
    action: false,
  };
}

/** Tells a message that went out, and what becomes of it. */
export function tellSaid(
  chat: Chat,
  side: Side,
  id: number,
  peers: readonly Peer[],
  text: string,
  bytes: number,
  action: boolean,
): void {
  if (!chat.config.tellMessages) return;
  const only = peers.length === 1 ? peers[0] : undefined;
  tell(chat, {
    type: "message",
    transport: side.transport,
    id,
    direction: "out",
    peer: only?.link.address ?? "room",
    name: nameHere(chat, side),
    text,
    bytes,
    action,
  });
}

/** What was said by a member to the person alone can be answered by its name. */
export function memberTarget(
  member: LocalMember,
  side: Side,
): { readonly peer: Peer; readonly name: string } {
  return { peer: pathOn(member, side.transport), name: member.name };
}
