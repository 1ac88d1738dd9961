/** The room of the host that this duet connected to, as the host's frames name its members. */

import type { Member } from "../../protocol/frames/frame.ts";
import { formatFingerprint } from "../../protocol/identity/key-text.ts";
import { remoteMembersMax } from "../../protocol/limits.ts";
import { cleanName } from "../../protocol/text/nicknames.ts";
import {
  type Chat,
  hostNumber,
  getName,
  getSide,
  type SendContext,
  type ReportContext,
} from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { resendLost } from "../messages/resend-lost.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { addNotice } from "../report/report.ts";
import { renameRemote, receiveJoined, receiveLeft, addRemoteMember } from "../room/remote-members.ts";
import { type Welcome, sendWelcome } from "../room/welcome.ts";
import { becomeDuet } from "../connections/greeting.ts";
import { rememberPath } from "../connections/known-paths.ts";
import { reportNamesake } from "../connections/recognised-key.ts";
import { sendPing } from "../connections/pings.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { isSealed } from "../peer/seal.ts";
import { setTheirKey } from "../peer/handshake.ts";
import {
  beginResync,
  endResync,
  noteNamed,
  type RemoteMember,
  setOurName,
  setOurNumber,
} from "../peer/host-room.ts";

/** Resyncs the room after presence frames were given up, once the duet is received from again. */
export function resyncAfterLoss(chat: SendContext, peer: Peer): void {
  const sender = peer.outbound.delivery?.sender;
  if (sender === undefined || !sender.resync.isNeeded || peer.link.endReason !== undefined) return;
  sender.resync.onResynced(sender.lastEnqueued);
  if (peer.link.isInbound) sendWelcome(chat, peer, true);
  else askForName(chat, peer);
}

/** A welcome: we joined the host's room, or a resync of it begins. */
export function receiveWelcome(chat: SendContext, peer: Peer, frame: Welcome): void {
  if (peer.link.isInbound || !peer.handshake.isHelloSent) return;
  setTheirKey(peer.handshake, frame.key);
  if (peer.identity.kind !== "duet")
    becomeDuet(
      chat,
      peer,
      frame.members.find(({ number }) => number === hostNumber)?.name ?? peer.identity.name,
    );
  chat.timers.clear({ kind: "hello", of: peer.link.connection });
  const first = peer.hostRoom.ourNumber === undefined;
  if (!first && frame.rest !== undefined) return startResync(chat, peer, frame, frame.rest);
  setOurNumber(peer.hostRoom, frame.you);
  rememberPath(chat.self, peer);
  for (const member of frame.members) {
    if (member.number === frame.you) setOurName(peer.hostRoom, cleanName(member.name));
    else addRemoteMember(peer, member);
  }
  if (!first) return;
  reportWelcome(chat, peer);
  for (const { number } of frame.members) reportIntroduced(chat, peer, number);
  sendPing(chat, peer);
  askForName(chat, peer);
  resendLost(chat, peer);
}

/**
 * Sends our current name if the host has another one: it may have changed during the greeting, or its frame was given
 * up. A name that is taken in the room is not granted by asking again.
 */
function askForName(chat: SendContext, peer: Peer): void {
  if (peer.hostRoom.ourName !== undefined && peer.hostRoom.ourName !== chat.self.name)
    sendFrameTo(chat, peer, { type: "renamed", name: chat.self.name });
}

/** The most members that the notice to a newcomer names. */
const namesMax = 20;

function reportWelcome(chat: ReportContext & Pick<Chat, "self">, peer: Peer): void {
  const others = [...peer.hostRoom.members.values()]
    .filter(({ number }) => number !== hostNumber)
    .map(({ name }) => name);
  const names = others.slice(0, namesMax);
  const place = {
    you: peer.hostRoom.ourName ?? chat.self.name,
    host: getName(peer),
    address: peer.link.address,
    others: { names, more: others.length - names.length },
  };
  const hint = isSealed(peer.seal) ? sentence("host-reads-room", { host: place.host }) : undefined;
  addNotice(chat, getSide(chat, peer.link), "joined", sentence("you-are-in-room", place), hint);
}

/** Starts a resync; differences from the known members are reported as ordinary presence. */
function startResync(
  chat: ReportContext & Pick<Chat, "self">,
  peer: Pick<Peer, "link" | "identity" | "hostRoom" | "seal">,
  { you, members }: Welcome,
  rest: number,
): void {
  beginResync(peer.hostRoom, you, rest + members.length);
  for (const member of members) addNamedMember(chat, peer, member);
  settleRoom(chat, peer);
}

/** `joined` from the host: a new member, or one that a resync names. */
export function addNamedMember(
  chat: ReportContext & Pick<Chat, "self">,
  peer: Pick<Peer, "link" | "identity" | "hostRoom" | "seal">,
  member: Member,
): void {
  const { resync } = peer.hostRoom;
  const { number, name } = member;
  if (resync !== undefined) {
    const known =
      number === peer.hostRoom.ourNumber ? peer.hostRoom.ourName : peer.hostRoom.members.get(number)?.name;
    if (known !== undefined && known !== cleanName(name)) renameRemote(chat, peer, number, name);
  }
  const before = peer.hostRoom.members.get(number);
  receiveJoined(chat, peer, { type: "joined", ...member });
  if (before === undefined) reportIntroduced(chat, peer, number);
  else reportReplacedKey(chat, peer, before);
  if (resync === undefined) return;
  noteNamed(resync, number);
  settleRoom(chat, peer);
}

/** Reports a member behind the host that has the name of a known person, and another key. */
function reportIntroduced(
  chat: ReportContext & Pick<Chat, "self">,
  peer: Pick<Peer, "link" | "hostRoom">,
  number: number,
): void {
  const member = peer.hostRoom.members.get(number);
  if (member?.introduced === undefined || number === hostNumber) return;
  reportNamesake(chat, peer, { name: member.name, key: member.introduced.key });
}

/** Reports that the host names another key of a member than before, which no process has. */
function reportReplacedKey(
  chat: ReportContext,
  { link, hostRoom }: Pick<Peer, "link" | "hostRoom">,
  { number, name, introduced: before }: RemoteMember,
): void {
  const now = hostRoom.members.get(number)?.introduced;
  if (before === undefined || before.key === now?.key) return;
  const keys = { before: formatFingerprint(before.key), now: now && formatFingerprint(now.key) };
  addPeerNotice(chat, getSide(chat, link), "warning", sentence("host-replaced-key", { name, ...keys }));
}

/** Ends a resync when all members are named: the others have left. A host that names more than are kept ends it too. */
function settleRoom(chat: ReportContext, peer: Pick<Peer, "link" | "hostRoom">): void {
  const { resync } = peer.hostRoom;
  if (resync === undefined) return;
  const { named, left } = resync;
  if (left > 0 && named.size <= remoteMembersMax) return;
  endResync(peer.hostRoom);
  if (left > 0) return;
  for (const number of [...peer.hostRoom.members.keys()])
    if (!named.has(number)) receiveLeft(chat, peer, { type: "left", number, reason: "" });
}
