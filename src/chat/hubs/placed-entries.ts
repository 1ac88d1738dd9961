/** Applies the entries of the stream in their order: messages are shown and relayed, members join and leave. */

import { comparePlaces, type PlacedEntry } from "../../protocol/hubs/room-entry.ts";
import type { MessageEntry } from "../log/entry.ts";
import type { SendContext } from "../model/chat.ts";
import type { Hub, Place, SharedRoom, Draft } from "../model/shared-room.ts";
import { noKeyFacts } from "../log/key-marks.ts";
import { showMemberMessage } from "../messages/duet-message.ts";
import { showText } from "../messages/raw-lines.ts";
import { sendPlaced } from "../messages/typed-messages.ts";
import { addPersonReceipt, noteWritten } from "../outbound/hub-receipts.ts";
import { takeCrossing } from "../outbound/crossing.ts";
import { relay } from "../outbound/relay.ts";
import { replaceShownEntry } from "../report/report.ts";
import { noteShownChange } from "../report/shown-changes.ts";
import { readReason } from "../report/wire-reasons.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { findHostSide } from "./host-side.ts";
import { applyRemoval } from "./removed-hubs.ts";
import {
  getHub,
  nameHubMember,
  removeHub,
  removeHubMember,
  reportRoom,
  setHubMember,
} from "./hub-members.ts";
import { showHubText } from "./hub-text.ts";
import { applyHubReceipts, reportLostEntry } from "./sent-entries.ts";
import { receivePrivate } from "./private-entries.ts";

export function applyEntry(chat: SendContext, shared: SharedRoom, placed: PlacedEntry): void {
  if (placed.hub === shared.hub) return applyOwn(chat, shared, placed);
  const { entry } = placed;
  const hub = getHub(chat, shared, placed.hub, entry.type === "begun" ? entry.label : undefined);
  if (shared.removed.has(placed.hub)) shared.passedOver.removed += 1;
  if (hub === undefined || isRepeated(hub, placed)) return;
  hub.window.note(placed.number);
  switch (entry.type) {
    case "begun":
      hub.label = entry.label;
      noteShownChange(chat.focus);
      return reportRoom(chat, shared);
    case "ended":
      return removeHub(chat, shared, hub.id, "ended");
    case "joined":
      return setHubMember(chat, shared, hub, { number: entry.member, ...entry });
    case "renamed":
      return setHubMember(chat, shared, hub, { number: entry.member, name: entry.name });
    case "left":
      return removeHubMember(chat, shared, hub, entry.member, sentence("as-written", { text: entry.reason }));
    case "message":
      return showHubMessage(chat, shared, hub, placed, entry);
    case "private":
      return receivePrivate(chat, shared, hub, placed, entry);
    case "undelivered":
      if (entry.toHub !== shared.hub) return;
      return reportLostEntry(chat, shared, entry.entry, hub.id, readLineReason(chat, entry.reason));
    case "receipts":
      return applyHubReceipts(chat, shared, hub.named, entry.of);
    case "removed":
      return applyRemoval(chat, shared, hub.label, entry.removed);
  }
  entry satisfies never;
}

/** An entry that was written twice, or one of earlier that somebody has written again. */
function isRepeated({ window, next, at }: Hub, { number, id }: PlacedEntry): boolean {
  return !window.isNew(number) || (number < next && comparePlaces(id, at) > 0);
}

/** An entry of ours has its place. */
function applyOwn(chat: SendContext, shared: SharedRoom, { id, number }: PlacedEntry): void {
  const draft = takeCrossing(shared, number)?.draft;
  if (draft?.is === "placed") showDraft(chat, draft.draft, { is: "placed", id, number });
  else if (draft?.is === "shown") {
    unmark(chat, draft.entry);
    noteWritten(chat, shared, number);
  }
}

function readLineReason({ config }: SendContext, reason: string): Sentence {
  return readReason(config, reason) ?? sentence("as-written", { text: "" });
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

/** Removes the mark of a message that has crossed. */
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
  { id, number }: PlacedEntry,
  { member: at, name, text, action }: Extract<PlacedEntry["entry"], { type: "message" }>,
): void {
  if (!hub.names.has(at)) hub.names.set(at, name);
  const member = nameHubMember(chat, shared, hub, at);
  // Receipts are for duets alone.
  relay(chat, member, text, action, undefined, member.isDuet ? number : undefined);
  showHubText(chat, hub, member, { id, text, action, facts: noKeyFacts, privateWith: undefined });
  addPersonReceipt(chat, shared, findHostSide(chat), member, number, false);
}
