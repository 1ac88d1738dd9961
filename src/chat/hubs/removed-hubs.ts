/** Hubs that were removed from a shared room: their entries are passed over (ROOMS.md, Removing a hub). */

import { removedHubsMax } from "../../protocol/limits.ts";
import type { SendContext } from "../model/chat.ts";
import type { SharedRoom } from "../model/shared-room.ts";
import { cross } from "../outbound/crossing.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { reportProblem } from "../report/report.ts";
import { noteShownChange } from "../report/shown-changes.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { findHostSide } from "./host-side.ts";
import { removeHub, reportRoom } from "./hub-members.ts";

/** True if a removal is obeyed by every hub: without a password anybody could write one. */
export function isRoomSealed({ config }: Pick<SendContext, "config">): boolean {
  return config.password !== undefined;
}

/** Our person removes a hub: from the whole room if it has a password, else for our guests. False: too many were removed. */
export function removeByPerson(chat: SendContext, shared: SharedRoom, hub: string): boolean {
  if (!passOver(chat, shared, hub)) return false;
  cross(chat, shared, { type: "removed", removed: hub }, undefined);
  if (isRoomSealed(chat)) keepRemoval(chat, hub);
  return true;
}

/** The hubs that were removed are kept again after the engine was emptied. */
export function keepRemovals(chat: SendContext, { removed }: SharedRoom): void {
  if (isRoomSealed(chat)) for (const hub of removed) keepRemoval(chat, hub);
}

function keepRemoval(chat: Pick<SendContext, "effects">, removed: string): void {
  chat.effects.push({ type: "engine", work: { type: "remove-hub", removed } });
}

/** Another hub, of that label, has removed one: perhaps ours. */
export function applyRemoval(chat: SendContext, shared: SharedRoom, by: string, removed: string): void {
  const side = findHostSide(chat);
  if (removed === shared.hub) {
    if (isRoomSealed(chat)) return leaveAsRemoved(chat, shared, by);
    return addPeerNotice(chat, side, "warning", sentence("our-hub-passed-over", { by }));
  }
  const hub = shared.hubs.get(removed);
  if (hub === undefined) return void (isRoomSealed(chat) && passOver(chat, shared, removed));
  const isObeyed = isRoomSealed(chat);
  addPeerNotice(chat, side, "warning", sentence("hub-removed-by", { by, hub: hub.label, isObeyed }));
  if (isObeyed) passOver(chat, shared, removed);
}

/** Our hub was removed: the room goes on alone. `by`: empty if it is not known which hub has done it. */
export function leaveAsRemoved(chat: SendContext, shared: SharedRoom, by: string): void {
  if (shared.state.is === "removed") return;
  for (const id of [...shared.hubs.keys()]) removeHub(chat, shared, id, "unshared");
  shared.state = { is: "removed" };
  noteShownChange(chat.focus);
  reportRoom(chat, shared);
  const text = sentence("our-hub-removed", { room: shared.name, by });
  reportProblem(chat, findHostSide(chat), "EROOM", text, sentence("our-hub-removed-hint"));
  chat.effects.push({ type: "engine", work: { type: "close" } });
}

/** Notes that a hub was removed, and takes its members away. False: too many were removed. */
export function passOver(chat: SendContext, shared: SharedRoom, hub: string): boolean {
  if (!shared.removed.has(hub) && shared.removed.size >= removedHubsMax) return false;
  shared.removed.add(hub);
  removeHub(chat, shared, hub, "removed");
  return true;
}
