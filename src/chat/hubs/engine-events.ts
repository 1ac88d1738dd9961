/** Applies the events of a shared room's engine: reports its state, and keeps entries while it is away. */

import type { EngineEvent, EngineProblem, ReadEntries } from "../../protocol/hubs/engine-event.ts";
import { formatMemberKey } from "../../protocol/hubs/member-key.ts";
import { formatKey } from "../../protocol/identity/key-text.ts";
import { engineRetryMaxMs, passedOverIntervalMs } from "../../protocol/limits.ts";
import type { SendContext } from "../model/chat.ts";
import type { SharedRoom } from "../model/shared-room.ts";
import { sendHubReceipts } from "../outbound/hub-receipts.ts";
import { crossAgain, pauseForEngine, publishHub } from "../outbound/crossing.ts";
import { getOwnIdentity } from "../records/key-source.ts";
import { getOwnEpoch } from "../room/member-keys.ts";
import { addNotice, reportProblem } from "../report/report.ts";
import { noteShownChange } from "../report/shown-changes.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { findHostSide } from "./host-side.ts";
import { countHubMembers } from "../outbound/recipients.ts";
import { applyPresence, removeHub, reportRoom, settleNames } from "./hub-members.ts";
import { applyEntry, showDraft } from "./placed-entries.ts";
import { isRoomSealed, keepRemovals, leaveAsRemoved, passOver } from "./removed-hubs.ts";

/** Opens the shared room. */
export function openSharedRoom(chat: SendContext, shared: SharedRoom): void {
  const work = { type: "open", label: chat.self.name } as const;
  chat.effects.push({ type: "engine", work });
  if (chat.config.encrypt !== "off") shared.ours = getOwnIdentity(chat.self.keys);
  const introduced = shared.ours && {
    key: formatKey(shared.ours.pair.publicKey),
    epoch: getOwnEpoch(chat.self),
  };
  publishHub(chat, shared, formatMemberKey(introduced));
}

export function applyEngineEvent(
  chat: SendContext,
  event: Exclude<EngineEvent, { readonly type: "closed" }>,
): void {
  const { shared } = chat.room;
  if (shared === undefined || shared.isClosed || isRemoved(shared)) return;
  applyTo(chat, shared, event);
  pauseForEngine(chat, shared);
}

function applyTo(
  chat: SendContext,
  shared: SharedRoom,
  event: Exclude<EngineEvent, { readonly type: "closed" }>,
): void {
  switch (event.type) {
    case "up":
      return enter(chat, shared, event);
    case "away":
      return stayHere(chat, shared, "away", event.problem);
    case "refused":
      return stayHere(chat, shared, "refusing", event.problem);
    case "entries":
      applyEntries(chat, shared, event);
      if (event.entries.some(({ hub }) => hub === shared.hub)) resume(chat, shared);
      return;
    case "leases":
      settleNames(chat, shared);
      for (const presence of event.news) applyPresence(chat, shared, presence);
      if (event.news.length > 0) reportRoom(chat, shared);
      for (const id of [...shared.hubs.keys()])
        if (!event.alive.includes(id)) removeHub(chat, shared, id, "lease");
      return reportPassedOver(chat, shared);
  }
  event satisfies never;
}

function applyEntries(chat: SendContext, shared: SharedRoom, read: ReadEntries): void {
  for (const entry of read.entries) {
    applyEntry(chat, shared, entry);
    if (shared.state.is === "removed") return showWaitingHere(chat, shared);
  }
  shared.passedOver.skipped += read.skipped;
  shared.passedOver.unproven += read.unproven;
  reportPassedOver(chat, shared);
}

/** Reports the entries that were passed over, at most once in passedOverIntervalMs: whoever can write there causes them. */
function reportPassedOver(chat: SendContext, { passedOver }: SharedRoom): void {
  const { reportedMs } = passedOver;
  if (reportedMs !== undefined && chat.nowMs - reportedMs < passedOverIntervalMs) return;
  for (const why of ["skipped", "unproven", "removed"] as const) {
    const entries = passedOver[why];
    if (entries === 0) continue;
    passedOver[why] = 0;
    passedOver.reportedMs = chat.nowMs;
    addNotice(chat, findHostSide(chat), "warning", sentence("entries-passed-over", { entries, why }));
  }
}

/** The hubs that were removed while we were away. After an absence in the same room, the stream has it at its place. */
function applyRemovals(
  chat: SendContext,
  shared: SharedRoom,
  up: Extract<EngineEvent, { type: "up" }>,
): void {
  if (up.removed.includes(shared.hub)) return leaveAsRemoved(chat, shared, "");
  if (up.epoch !== "same" || up.missed > 0) for (const hub of up.removed) passOver(chat, shared, hub);
  if (up.epoch === "emptied") keepRemovals(chat, shared);
}

function enter(chat: SendContext, shared: SharedRoom, up: Extract<EngineEvent, { type: "up" }>): void {
  const { epoch, missed, hubs } = up;
  shared.state = { is: "up" };
  noteShownChange(chat.focus);
  shared.since = up.since;
  applyRemovals(chat, shared, up);
  if (isRemoved(shared)) return showWaitingHere(chat, shared);
  const side = findHostSide(chat);
  // First, since presence below may enqueue a new name, and an earlier name must not cross behind a later one.
  crossAgain(chat, shared);
  const alive = new Set(hubs.map(({ hub }) => hub));
  for (const id of [...shared.hubs.keys()]) if (!alive.has(id)) removeHub(chat, shared, id, "lease");
  shared.isOrderUnknown = epoch !== "first";
  for (const presence of hubs) applyPresence(chat, shared, presence);
  shared.isOrderUnknown = false;
  const facts = { room: shared.name, hubs: shared.hubs.size + 1, members: countHubMembers(shared) };
  const tone = epoch === "emptied" || epoch === "failed-over" ? "warning" : "state";
  addNotice(chat, side, tone, sentence("room-shared", { ...facts, epoch }));
  reportRoom(chat, shared);
  reportReadable(chat, shared);
  if (missed > 0) addNotice(chat, side, "warning", sentence("entries-missed", { entries: missed }));
  reportStayed(chat, shared);
}

function isRemoved({ state }: SharedRoom): boolean {
  return state.is === "removed";
}

/** Reports once that a room without a password can be read by whoever runs the engine. */
function reportReadable(chat: SendContext, shared: SharedRoom): void {
  if (shared.isReadableReported || isRoomSealed(chat)) return;
  shared.isReadableReported = true;
  addNotice(chat, findHostSide(chat), "warning", sentence("room-readable", { place: shared.place }));
}

/** The engine serves no more, or takes nothing: the room goes on here, and what waited for its place is shown now. */
function stayHere(
  chat: SendContext,
  shared: SharedRoom,
  is: "away" | "refusing",
  problem: EngineProblem,
): void {
  const before = shared.state;
  const sinceMs = before.is === "away" || before.is === "refusing" ? before.sinceMs : chat.wallMs;
  shared.state = { is, problem, sinceMs };
  if (is === "refusing") chat.timers.set({ kind: "engine-retry" }, chat.nowMs + engineRetryMaxMs);
  showWaitingHere(chat, shared);
  const isSame = before.is === is && JSON.stringify(before.problem) === JSON.stringify(problem);
  if (isSame) return;
  noteShownChange(chat.focus);
  reportRoom(chat, shared);
  const facts = { place: shared.place, problem: problem.is, detail: getDetail(problem) };
  const hint = sentence("engine-problem-hint", { problem: problem.is });
  reportProblem(chat, findHostSide(chat), "EROOM", sentence("engine-problem", facts), hint);
}

/** A code of the system, or the engine's own words. */
function getDetail(problem: EngineProblem): string {
  if (problem.is === "unreachable") return problem.code;
  return problem.is === "other" ? problem.text : "";
}

/** Messages that wait for a place are shown and relayed now, in their order, and cross later. */
export function showWaitingHere(chat: SendContext, shared: SharedRoom): void {
  for (const [number, crossing] of shared.crossings) {
    if (crossing.draft?.is !== "placed") continue;
    shared.crossings.set(number, { ...crossing, draft: { is: "shown", entry: undefined } });
    showDraft(chat, crossing.draft.draft, { is: "here-only", number });
  }
}

/** The engine may take entries again: one is written, and the others once the stream has returned it. */
export function retryEngine(chat: SendContext): void {
  const { shared } = chat.room;
  if (shared?.state.is !== "refusing") return;
  chat.timers.set({ kind: "engine-retry" }, chat.nowMs + engineRetryMaxMs);
  const [first] = shared.crossings.values();
  if (first !== undefined)
    chat.effects.push({ type: "engine", work: { type: "append", payload: first.payload } });
}

/** An entry of ours was taken although the engine had refused: the others follow. */
function resume(chat: SendContext, shared: SharedRoom): void {
  if (shared.state.is !== "refusing") return;
  shared.state = { is: "up" };
  chat.timers.clear({ kind: "engine-retry" });
  noteShownChange(chat.focus);
  addNotice(chat, findHostSide(chat), "state", sentence("engine-takes-again"));
  reportRoom(chat, shared);
  reportStayed(chat, shared);
  crossAgain(chat, shared);
}

/** Receipts have been gathered for long enough. */
export function handleHubReceiptTimer(chat: SendContext): void {
  if (chat.room.shared !== undefined) sendHubReceipts(chat, chat.room.shared);
}

function reportStayed(chat: SendContext, shared: SharedRoom): void {
  if (shared.stayed === 0) return;
  addNotice(chat, findHostSide(chat), "warning", sentence("lines-stayed-here", { lines: shared.stayed }));
  shared.stayed = 0;
}
