/** The other hubs of a shared room, and their members, as our own members and the person see them. */

import type { HubPresence } from "../../protocol/hubs/engine-event.ts";
import { parseMemberKey } from "../../protocol/hubs/member-key.ts";
import { fingerprintHub, noPlace } from "../../protocol/hubs/room-entry.ts";
import { setBounded } from "../../protocol/bounded-map.ts";
import { hubMembersMax, hubsMax, namedMembersMax } from "../../protocol/limits.ts";
import { ReplayWindow } from "../../protocol/sealed/replay-window.ts";
import { hostNumber, type SendContext } from "../model/chat.ts";
import type { Hub, SharedRoom } from "../model/shared-room.ts";
import type { HubMember } from "../model/hub-member.ts";
import { countHubMembers, countMembers } from "../outbound/recipients.ts";
import { HubNames } from "../../protocol/hubs/hub-names.ts";
import { sendFrameToRoom } from "../outbound/sending.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { addPresenceNotice } from "../report/presence-notices.ts";
import { addNotice, report } from "../report/report.ts";
import { noteShownChange } from "../report/shown-changes.ts";
import {
  changeHubName,
  introduceHubMember,
  renameHost,
  renameMember,
  takeMemberNumber,
} from "../room/members.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { findHostSide } from "./host-side.ts";
import { loseEntriesTo } from "./sent-entries.ts";

/** The hub of that id, new if it is not known. Undefined: it was removed, or there are too many. */
export function getHub(chat: SendContext, shared: SharedRoom, id: string, label?: string): Hub | undefined {
  const known = shared.hubs.get(id);
  if (known !== undefined || shared.hubs.size >= hubsMax || shared.removed.has(id)) return known;
  const hub: Hub = {
    id,
    label: fingerprintHub(id).slice(0, 9),
    since: undefined,
    next: 1,
    at: noPlace,
    names: new HubNames(),
    named: new Map(),
    window: shared.pastWindows.get(id) ?? new ReplayWindow(),
  };
  if (label !== undefined) hub.label = label;
  shared.hubs.set(id, hub);
  const joined = sentence("hub-joined", { hub: hub.label, fingerprint: fingerprintHub(id) });
  addPeerNotice(chat, findHostSide(chat), "joined", joined);
  return hub;
}

/** Reports the room's state to outputs. */
export function reportRoom(chat: SendContext, shared: SharedRoom): void {
  const { transport } = findHostSide(chat);
  const state = shared.state.is === "up" ? "shared" : "here-only";
  const size = { hubs: shared.hubs.size + 1, members: countHubMembers(shared) };
  report(chat, { type: "room", transport, room: shared.name, state, ...size });
}

/** Sets the members of a hub to those that it has registered. */
export function applyPresence(chat: SendContext, shared: SharedRoom, presence: HubPresence): void {
  const hub = getHub(chat, shared, presence.hub, presence.label);
  if (hub === undefined) return;
  const { label, since, next, at } = presence;
  Object.assign(hub, { label, since, next, at } satisfies Partial<Hub>);
  for (const [number, name] of presence.members)
    setHubMember(chat, shared, hub, { number, name, duet: presence.duets.get(number) });
  for (const number of [...hub.names.keys()])
    if (!presence.members.has(number))
      removeHubMember(chat, shared, hub, number, sentence("left-while-away"));
}

/** A member of another hub has joined, or has another name. `duet`: the text of its key, if it has joined. */
export function setHubMember(
  chat: SendContext,
  shared: SharedRoom,
  hub: Hub,
  {
    number,
    name,
    duet,
  }: { readonly number: number; readonly name: string; readonly duet?: string | undefined },
): void {
  const before = hub.names.get(number);
  if (before !== undefined && duet !== undefined && !hub.names.isDuet(number))
    setLateKey(chat, hub, number, duet);
  // A name that presence had shown before has its place now.
  if (before === name && !shared.isOrderUnknown) yieldName(chat, shared, name);
  if (before === name || (before === undefined && hub.names.size >= hubMembersMax)) return;
  noteShownChange(chat.focus);
  hub.names.set(number, name, duet);
  if (before !== undefined) return renameHubMember(chat, shared, hub, number, { from: before, name });
  if (isToldInNumbers(chat, shared)) return;
  nameHubMember(chat, shared, hub, number);
  const side = findHostSide(chat);
  addPresenceNotice(chat, side, "joined", name, sentence("hub-member-joined", { name, hub: hub.label }));
}

/** The key of a member that wrote before its hub's presence was read. */
function setLateKey(chat: SendContext, hub: Hub, number: number, duet: string): void {
  hub.names.set(number, hub.names.get(number) ?? "", duet);
  const member = hub.named.get(number);
  if (member === undefined) return;
  member.isDuet = true;
  member.introduced = parseMemberKey(duet);
  introduceHubMember(chat, member, hub.label);
}

/** True in a large room: members of other hubs join and leave without a row. Reports once that it is one. */
function isToldInNumbers(chat: SendContext, shared: SharedRoom): boolean {
  const isLarge = countMembers(chat.room) > namedMembersMax;
  if (isLarge && !shared.isToldInNumbers)
    addNotice(chat, findHostSide(chat), "info", sentence("told-in-numbers", { members: namedMembersMax }));
  // Around the bound it is not reported again and again.
  shared.isToldInNumbers =
    isLarge || (shared.isToldInNumbers && countMembers(chat.room) > namedMembersMax / 2);
  return isLarge;
}

/** The member as our room has it: with a number of ours, under which our duets know it from now on. */
export function nameHubMember(chat: SendContext, shared: SharedRoom, hub: Hub, number: number): HubMember {
  const known = hub.named.get(number);
  if (known !== undefined) return known;
  const name = hub.names.get(number) ?? `${hub.label} ${number}`;
  const duet = hub.names.getKey(number);
  const member: HubMember = {
    ...{ kind: "hub", number: takeMemberNumber(chat.room), name, hub: hub.id, at: number },
    isDuet: duet !== undefined,
    introduced: duet === undefined ? undefined : parseMemberKey(duet),
  };
  hub.named.set(number, member);
  shared.numbered.set(member.number, member);
  changeHubName(chat.room, undefined, name);
  introduceHubMember(chat, member, hub.label);
  yieldName(chat, shared, name);
  return member;
}

function renameHubMember(
  chat: SendContext,
  shared: SharedRoom,
  hub: Hub,
  number: number,
  { from, name }: { readonly from: string; readonly name: string },
): void {
  const member = hub.named.get(number);
  if (member === undefined) return;
  changeHubName(chat.room, from, name);
  member.name = name;
  sendFrameToRoom(chat, { type: "renamed", number: member.number, name });
  addPeerNotice(chat, findHostSide(chat), "info", sentence("peer-renamed", { from, name }));
  yieldName(chat, shared, name);
}

/** A member of ours took the same name, later in the room's order: it gets another one. */
function yieldName(chat: SendContext, shared: SharedRoom, name: string): void {
  for (const { draft } of [...shared.crossings.values()]) {
    if (draft?.is !== "name" || getOwnName(chat, draft.member) !== name) continue;
    // Both hubs may have taken it while the engine was away: the order of their entries decides.
    if (shared.isOrderUnknown) shared.contested.add(draft.member);
    else takeOtherName(chat, draft.member, name);
  }
}

function getOwnName(chat: SendContext, number: number): string | undefined {
  return number === hostNumber ? chat.self.name : chat.room.members.get(number)?.name;
}

function takeOtherName(chat: SendContext, number: number, name: string): void {
  const member = chat.room.members.get(number);
  if (number === hostNumber) renameHost(chat, findHostSide(chat), name);
  else if (member !== undefined) renameMember(chat, member, name);
}

/** Members of ours whose name another hub has kept so far, though ours has its place: that one was first. */
export function settleNames(chat: SendContext, shared: SharedRoom): void {
  const isPlaced = (number: number): boolean =>
    ![...shared.crossings.values()].some(({ draft }) => draft?.is === "name" && draft.member === number);
  for (const number of shared.contested) {
    if (!isPlaced(number)) continue;
    shared.contested.delete(number);
    const name = getOwnName(chat, number);
    if (name === undefined) continue;
    if ([...shared.numbered.values()].some((member) => member.name === name))
      takeOtherName(chat, number, name);
  }
}

/** A member of another hub has left. */
export function removeHubMember(
  chat: SendContext,
  shared: SharedRoom,
  hub: Hub,
  number: number,
  reason: Sentence,
): void {
  const name = hub.names.get(number);
  if (name === undefined) return;
  noteShownChange(chat.focus);
  hub.names.delete(number);
  const isListed = !isToldInNumbers(chat, shared);
  if (!forgetNamed(chat, shared, hub, number) || !isListed) return;
  addPresenceNotice(chat, findHostSide(chat), "left", name, sentence("peer-left", { name, reason }));
}

/** Takes a member's number away. False: it had none. */
function forgetNamed(chat: SendContext, { numbered }: SharedRoom, hub: Hub, number: number): boolean {
  const member = hub.named.get(number);
  if (member === undefined) return false;
  hub.named.delete(number);
  numbered.delete(member.number);
  changeHubName(chat.room, member.name, undefined);
  sendFrameToRoom(chat, { type: "left", number: member.number, reason: "" });
  return true;
}

/** `unshared`: our own hub has left the room. */
type HubEnd = "ended" | "lease" | "removed" | "unshared";

/** A hub and all its members have left, in one row. */
export function removeHub(chat: SendContext, shared: SharedRoom, id: string, why: HubEnd): void {
  const hub = shared.hubs.get(id);
  if (hub === undefined) return;
  noteShownChange(chat.focus);
  for (const number of [...hub.named.keys()]) forgetNamed(chat, shared, hub, number);
  shared.hubs.delete(id);
  setBounded(shared.pastWindows, id, hub.window, hubsMax);
  loseEntriesTo(chat, shared, id, sentence("hub-gone", { hub: hub.label }));
  if (why === "unshared") return;
  addPeerNotice(
    chat,
    findHostSide(chat),
    why === "lease" ? "warning" : "left",
    sentence("hub-left", { hub: hub.label, members: hub.names.size, why }),
  );
  reportRoom(chat, shared);
}
