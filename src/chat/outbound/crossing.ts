/**
 * Takes our entries of a shared room to the engine. A message is shown and relayed once it has its place in the stream, which
 * is the same on every hub; while the engine takes nothing it is shown at once, marked, and crosses later.
 */

import type { RoomEntry } from "../../protocol/hubs/room-entry.ts";
import { crossingsMax, crossingsMaxBytes, crossingsUnderWayMax } from "../../protocol/limits.ts";
import type { MessageEntry } from "../log/entry.ts";
import { pauseAll } from "./read-pause.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { hostNumber, type SendContext } from "../model/chat.ts";
import type { Room } from "../model/room.ts";
import { alone, type Crossing, type Draft, type Place, type SharedRoom } from "../model/shared-room.ts";
import type { HubMember } from "../model/hub-member.ts";
import type { SentMessage } from "../peer/receipts.ts";

/** The mark of a message that has not crossed. */
export const hereOnly = sentence("here-only");

/** The part of a message that crosses to the other hubs. */
type CrossingMessage = Omit<Extract<RoomEntry, { type: "message" }>, "type">;

/** Enqueues a message for its place. `awaits`: it is shown and relayed when the stream returns it. */
export function findPlace(chat: SendContext, message: CrossingMessage, draft: Draft): Place | "awaits" {
  const { shared } = chat.room;
  if (shared === undefined || shared.isClosed) return alone;
  const isUp = shared.state.is === "up";
  const kept = isUp ? ({ is: "placed", draft } as const) : ({ is: "shown", entry: undefined } as const);
  const { member, name, text, action } = message;
  const number = cross(chat, shared, { type: "message", member, name, text, action }, kept);
  if (isUp && number !== undefined) return "awaits";
  return { is: "here-only", number };
}

// Loaded once a room is shared: most are not.
const loadEntries = () =>
  require("../../protocol/hubs/room-entry.ts") as typeof import("../../protocol/hubs/room-entry.ts");
const loadSent = () => require("./hub-receipts.ts") as typeof import("./hub-receipts.ts");

/** The members of other hubs that send receipts for a message to the room. */
export function listFar(room: Room): readonly HubMember[] {
  return room.shared === undefined ? [] : loadSent().listFarReaders(room);
}

/** Notes a message that crosses, for its receipts: see noteCrossedMessage. */
export function noteCrossed(
  chat: SendContext,
  place: Place,
  message: { readonly author: number; readonly id: number; readonly message?: SentMessage | undefined },
): void {
  loadSent().noteCrossedMessage(chat, place, message);
}

/** Enqueues an entry. Returns its number; undefined: so much waits already that it stays here. */
export function cross(
  chat: SendContext,
  shared: SharedRoom,
  entry: RoomEntry,
  draft: Crossing["draft"],
): number | undefined {
  const payload = loadEntries().formatRoomEntry(shared.hub, shared.nextNumber, entry);
  if (shared.crossings.size >= crossingsMax || shared.crossingsBytes + payload.length > crossingsMaxBytes) {
    if (entry.type === "message") shared.stayed += 1;
    return undefined;
  }
  const number = shared.nextNumber;
  shared.nextNumber += 1;
  shared.crossings.set(number, { payload, draft });
  shared.crossingsBytes += payload.length;
  if (shared.state.is === "up") chat.effects.push({ type: "engine", work: { type: "append", payload } });
  pauseForEngine(chat, shared);
  return number;
}

/** Reads no more while much is on its way to the engine. While it is away entries wait without a pause, up to their bound. */
export function pauseForEngine(chat: SendContext, { state, crossings }: SharedRoom): void {
  const isPaused = chat.pausedBy.has("engine");
  const limit = isPaused ? crossingsUnderWayMax / 2 : crossingsUnderWayMax;
  pauseAll(chat, "engine", state.is === "up" && crossings.size > limit);
}

/** Notes the entry of a message that is shown here only, so that its mark goes when it has crossed. */
export function noteShownHere(shared: SharedRoom | undefined, place: Place, entry: MessageEntry): void {
  if (place.is !== "here-only" || place.number === undefined) return;
  const crossing = shared?.crossings.get(place.number);
  if (crossing?.draft?.is === "shown")
    shared?.crossings.set(place.number, { ...crossing, draft: { is: "shown", entry } });
}

/** A member of ours has joined, has another name, or has left (undefined). */
export function publishMember(
  chat: SendContext,
  member: number,
  name: string | undefined,
  change:
    | { readonly type: "joined"; readonly duet: string | undefined }
    | { readonly type: "renamed" }
    | { readonly type: "left"; readonly reason: string },
): void {
  const { shared } = chat.room;
  if (shared === undefined || shared.isClosed) return;
  const duet = change.type === "joined" ? change.duet : undefined;
  chat.effects.push({ type: "engine", work: { type: "set-member", member, name, duet } });
  const entry: RoomEntry =
    change.type === "left" ? { ...change, member } : { ...change, member, name: name ?? "" };
  const draft = change.type === "left" ? undefined : ({ is: "name", member } as const);
  cross(chat, shared, entry, draft);
}

/** A private line of another hub, its entry of that number, did not reach its receiver here. `reason`: as on the wire. */
export function reportUndelivered(chat: SendContext, toHub: string, entry: number, reason: string): void {
  const { shared } = chat.room;
  if (shared === undefined || shared.isClosed) return;
  cross(chat, shared, { type: "undelivered", toHub, entry, reason }, undefined);
}

/** Our hub begins: it tells its label, which is our person's name, and its members. `duet`: the text of our person's key. */
export function publishHub(chat: SendContext, shared: SharedRoom, duet: string): void {
  const { name } = chat.self;
  cross(chat, shared, { type: "begun", label: name }, undefined);
  publishMember(chat, hostNumber, name, { type: "joined", duet });
}

/** Our hub ends; the engine answers with `closed`. */
export function leaveSharedRoom(chat: SendContext): void {
  const { shared } = chat.room;
  if (shared === undefined || shared.isClosed) return;
  cross(chat, shared, { type: "ended" }, undefined);
  chat.effects.push({ type: "engine", work: { type: "close" } });
}

/** Writes again what the stream has not returned, in its order. An entry that was written twice is known by its number. */
export function crossAgain(chat: SendContext, shared: SharedRoom): void {
  for (const { payload } of shared.crossings.values())
    chat.effects.push({ type: "engine", work: { type: "append", payload } });
}

/** The stream has returned an entry of ours: takes it out. Undefined: it is not awaited. */
export function takeCrossing(shared: SharedRoom, number: number): Crossing | undefined {
  const crossing = shared.crossings.get(number);
  if (crossing === undefined) return undefined;
  shared.crossings.delete(number);
  shared.crossingsBytes -= crossing.payload.length;
  return crossing;
}
