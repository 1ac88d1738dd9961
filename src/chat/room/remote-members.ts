/**
 * The members of the host's room, as the host reports them. A host is believed about its own room, within bounds, and
 * its text is cleaned.
 */

import type { Frame, Member } from "../../protocol/frames/frame.ts";
import { formatKey, parseKey } from "../../protocol/identity/key-text.ts";
import { addressMaxUnits, remoteMembersMax } from "../../protocol/limits.ts";
import { cleanName } from "../../protocol/text/nicknames.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { type Chat, hostNumber, getSide, type ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { addPresenceNotice } from "../report/presence-notices.ts";
import { reportRefusedMessage } from "./lost-messages.ts";
import { describeOwnName } from "./members.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { readReason } from "../report/wire-reasons.ts";
import { removeRemoteMember, setOurName, setRemoteMember, takeAskedName } from "../peer/host-room.ts";
import { setName } from "../peer/identity.ts";
import type { IntroducedKey } from "../peer/host-room.ts";
import { isSealed } from "../peer/seal.ts";

/** Keeps a member as the host names it. False if there are too many. */
export function addRemoteMember(
  { hostRoom, seal }: Pick<Peer, "hostRoom" | "seal">,
  member: Member,
): boolean {
  const { number, name, address } = member;
  const known = hostRoom.members.get(number);
  if (known === undefined && hostRoom.members.size >= remoteMembersMax) return false;
  const clean = address === undefined ? undefined : cleanText(address.slice(0, addressMaxUnits));
  // In the clear anybody could have written the key.
  const introduced = isSealed(seal) ? readIntroduced(member) : undefined;
  // A process keeps its key: with another one, the member is not the one that a private line was chosen for.
  if (known !== undefined && !isSameKey(known.introduced, introduced)) removeRemoteMember(hostRoom, number);
  setRemoteMember(hostRoom, { kind: "remote", number, name: cleanName(name), address: clean, introduced });
  return true;
}

function readIntroduced({ identity, epoch }: Member): IntroducedKey | undefined {
  const key = identity === undefined ? undefined : parseKey(identity);
  return key === undefined || epoch === undefined ? undefined : { key: formatKey(key), epoch };
}

function isSameKey(one: IntroducedKey | undefined, other: IntroducedKey | undefined): boolean {
  return one?.key === other?.key && one?.epoch === other?.epoch;
}

/** `joined` from the host. */
export function receiveJoined(
  chat: ReportContext,
  peer: Pick<Peer, "link" | "hostRoom" | "seal">,
  frame: Extract<Frame, { type: "joined" }>,
): void {
  if (peer.link.isInbound || frame.number === peer.hostRoom.ourNumber) return;
  const isKnown = peer.hostRoom.members.has(frame.number);
  if (!addRemoteMember(peer, frame) || isKnown) return;
  const { name, address } = peer.hostRoom.members.get(frame.number)!;
  const person = { name, address: address === name ? undefined : address };
  addPresenceNotice(
    chat,
    getSide(chat, peer.link),
    "joined",
    name,
    sentence("peer-joined", { ...person, isDuet: false }),
  );
}

/** `left` from the host. */
export function receiveLeft(
  chat: ReportContext,
  peer: Pick<Peer, "link" | "hostRoom">,
  frame: Extract<Frame, { type: "left" }>,
): void {
  const member = peer.hostRoom.members.get(frame.number);
  if (peer.link.isInbound || member === undefined) return;
  removeRemoteMember(peer.hostRoom, frame.number);
  const { name } = member;
  const reason = readReason(chat.config, frame.reason);
  addPresenceNotice(chat, getSide(chat, peer.link), "left", name, sentence("peer-left", { name, reason }));
}

/**
 * `renamed` from the host: itself, us, or another member. Our own name unchanged is the answer to a name that is taken,
 * and of interest if the person asked for it.
 */
export function renameRemote(
  chat: ReportContext & Pick<Chat, "self">,
  peer: Pick<Peer, "link" | "identity" | "hostRoom">,
  number: number | undefined,
  wanted: string,
): void {
  const name = cleanName(wanted);
  const member = number === undefined ? undefined : peer.hostRoom.members.get(number);
  const from = number === hostNumber ? peer.identity.name : member?.name;
  if (member !== undefined) member.name = name;
  if (number === hostNumber) setName(peer.identity, name);
  if (number === peer.hostRoom.ourNumber && number !== undefined) {
    const isNews = takeAskedName(peer.hostRoom) || name !== peer.hostRoom.ourName;
    setOurName(peer.hostRoom, name);
    if (isNews) addPeerNotice(chat, getSide(chat, peer.link), "info", describeOwnName(chat.self.name, name));
    return;
  }
  if (from !== undefined)
    addPeerNotice(chat, getSide(chat, peer.link), "info", sentence("peer-renamed", { from, name }));
}

/** `undelivered` from the host: a private message of ours did not reach its addressee. */
export function receiveUndelivered(
  chat: ReportContext,
  peer: Peer,
  frame: Extract<Frame, { type: "undelivered" }>,
): void {
  if (peer.link.isInbound) return;
  const name = peer.hostRoom.members.get(frame.to)?.name ?? `#${frame.to}`;
  const reason = readReason(chat.config, frame.reason) ?? sentence("as-written", { text: "" });
  reportRefusedMessage(chat, peer, frame.id, name, reason);
  addPeerNotice(
    chat,
    getSide(chat, peer.link),
    "warning",
    sentence("private-line-undelivered", { name, reason }),
  );
}
