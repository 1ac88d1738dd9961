/** Applies the entries of the stream in their order: messages are shown and relayed, members join and leave. */

import type { PlacedEntry } from "../../protocol/hubs/room-entry.ts";
import type { MessageEntry } from "../log/entry.ts";
import { type SendContext, takeEntryId, takeMessageId } from "../model/chat.ts";
import type { Hub, Place, SharedRoom, Draft } from "../model/shared-room.ts";
import { showMemberMessage } from "../messages/duet-message.ts";
import { showText } from "../messages/raw-lines.ts";
import { sendPlaced } from "../messages/typed-messages.ts";
import { takeCrossing } from "../outbound/crossing.ts";
import { relay } from "../outbound/relay.ts";
import { addEntry, replaceShownEntry, report } from "../report/report.ts";
import { noteShownChange } from "../report/shown-changes.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { findHostSide } from "./host-side.ts";
import {
  getHub,
  nameHubMember,
  removeHub,
  removeHubMember,
  reportRoom,
  setHubMember,
} from "./hub-members.ts";

export function applyEntry(chat: SendContext, shared: SharedRoom, placed: PlacedEntry): void {
  if (placed.hub === shared.hub) return applyOwn(chat, shared, placed);
  const hub = getHub(shared, placed.hub);
  if (hub === undefined || !hub.window.isNew(placed.number)) return;
  hub.window.note(placed.number);
  const { entry } = placed;
  switch (entry.type) {
    case "begun":
      hub.label = entry.label;
      noteShownChange(chat.focus);
      return reportRoom(chat, shared);
    case "ended":
      return removeHub(chat, shared, hub.id, "ended");
    case "joined":
    case "renamed":
      return setHubMember(chat, shared, hub, entry.member, entry.name);
    case "left":
      return removeHubMember(chat, hub, entry.member, sentence("as-written", { text: entry.reason }));
    case "message":
      return showHubMessage(chat, shared, hub, placed.id, entry);
  }
  entry satisfies never;
}

/** An entry of ours has its place. */
function applyOwn(chat: SendContext, shared: SharedRoom, { id, number }: PlacedEntry): void {
  const draft = takeCrossing(shared, number)?.draft;
  if (draft?.is === "placed") showDraft(chat, draft.draft, { is: "placed", id });
  else if (draft?.is === "shown") unmark(chat, draft.entry);
}

/** Shows and relays a message of ours, or of a member here. */
export function showDraft(chat: SendContext, draft: Draft, place: Place): void {
  switch (draft.kind) {
    case "raw":
      return showText(chat, draft, place);
    case "frame":
      return showMemberMessage(chat, draft, place);
    case "typed":
      return sendPlaced(chat, draft, place);
  }
  draft satisfies never;
}

/** The message has crossed: its mark goes. */
function unmark(chat: SendContext, entry: MessageEntry | undefined): void {
  if (entry === undefined) return;
  delete entry.note;
  noteShownChange(chat.focus);
  replaceShownEntry(chat, entry);
}

function showHubMessage(
  chat: SendContext,
  shared: SharedRoom,
  hub: Hub,
  id: string,
  { member: number, name, text, action }: Extract<PlacedEntry["entry"], { type: "message" }>,
): void {
  if (!hub.names.has(number)) hub.names.set(number, name);
  const member = nameHubMember(chat, shared, hub, number);
  const side = findHostSide(chat);
  relay(chat, member, text, action, undefined);
  if (chat.config.reportMessages)
    report(chat, {
      type: "message",
      transport: side.transport,
      id: takeMessageId(chat.ids),
      direction: "in",
      peer: hub.label,
      name: member.name,
      text,
      bytes: Buffer.byteLength(text),
      action,
      place: id,
      security: "plain",
    });
  const entry: MessageEntry = {
    kind: "message",
    id: takeEntryId(chat.ids),
    atMs: chat.wallMs,
    direction: "in",
    over: side.transport,
    name: member.name,
    colourKey: `${hub.id} ${number}`,
    address: hub.label === member.name ? undefined : hub.label,
    text,
    growing: false,
    action,
  };
  if (!chat.config.headless) addEntry(chat, side, entry);
}
