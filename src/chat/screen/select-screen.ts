/** Reads the screen model from the chat's state. */

import { isKeyChanged } from "../connections/recognised-key.ts";
import { lanDoubts } from "../records/lan-roster.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { type Endpoint, formatEndpoint, isSameEndpoint } from "../../protocol/address/endpoint.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { peersShownMax } from "../../protocol/limits.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { isAddressed, getAddresseeName } from "../commands/private-line.ts";
import { isSideOpenToNetwork } from "../features/exposure.ts";
import { inviteTo } from "../features/invitation.ts";
import { findProvenKey, ListedPeople } from "../features/lan-people.ts";
import { makeAdvice, makeInterfaceTable } from "../features/lan-diagnosis.ts";
import { measureLink, computeSideLoss, countWaitingBytes } from "../features/link-measures.ts";
import { WireLog } from "../log/wire-log.ts";
import { type Chat, hostNumber, getName, type SendContext } from "../model/chat.ts";
import { type Peer, countEnqueuedBytes } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { isGroupSide } from "../outbound/multicast-group.ts";
import { listHubMembers } from "../outbound/addressees.ts";
import { countMembers, getOutboundPeer, getNameHere } from "../outbound/recipients.ts";
import type { RemoteMember } from "../peer/host-room.ts";
import { combineSecurity, getSecurity, isSealed, type Security } from "../peer/seal.ts";
import { findMemberKey } from "../room/member-keys.ts";
import type { Lan } from "../records/lan.ts";
import { freezeKnown, type People } from "../records/people.ts";
import { isInView } from "../report/viewed-side.ts";
import type {
  HubMemberModel,
  HubModel,
  LanModel,
  PeerModel,
  ScreenModel,
  SharedRoomModel,
  SocketModel,
  TabModel,
} from "./screen-model.ts";
import type { Room } from "../model/room.ts";
import type { Conversation } from "../model/side.ts";

/** The model of this moment. The scrollback is not copied: it is valid until the revision changes. */
export function selectScreen(chat: SendContext & Pick<Chat, "input" | "network">): ScreenModel {
  const { tcp, udp } = chat.sides;
  return {
    revision: chat.focus.revision,
    words: chat.config.words,
    replayed: false,
    name: getNameHere(chat.self, chat.sides[chat.focus.active]),
    active: chat.focus.active,
    tabs: { tcp: selectTab(chat, tcp), udp: selectTab(chat, udp) },
    peers: selectPeers(chat),
    hubs: selectHubs(chat),
    sockets: chat.focus.isKernelWatched ? selectSockets(chat.sides[chat.focus.active]) : [],
    lan: chat.network.lan === undefined ? undefined : selectLan(chat, chat.network.lan),
    trouble: chat.network.impairment === undefined ? undefined : { ...chat.network.impairment },
    scrollback: { tcp: tcp.conversation.scrollback, udp: udp.conversation.scrollback },
    wire: { tcp: tcp.calls ?? noCalls, udp: udp.calls ?? noCalls },
  };
}

/** Used where no calls are kept. */
const noCalls = new WireLog();

/** The names that can be addressed, for completion. */
export function selectNames(chat: Pick<Chat, "self" | "peers" | "room">): readonly string[] {
  const names = new Set<string>();
  for (const peer of chat.peers.values()) {
    if (peer.link.isInbound && !peer.identity.isIntroduced) continue;
    names.add(getName(peer));
    for (const member of peer.hostRoom.members.values()) names.add(member.name);
  }
  for (const member of listHubMembers(chat.room)) names.add(member.name);
  names.delete(chat.self.name);
  return [...names];
}

/** Selected anew each time: the list is short. */
function selectLan(chat: Pick<Chat, "config" | "nowMs" | "sides" | "self">, lan: Lan): LanModel {
  const people = new ListedPeople(chat);
  const rows = lan.roster.rows().map(({ key, name, transport, endpoint, doubt: kind, identity }) => {
    const peer = getOutboundPeer(chat.sides[transport]);
    const joined = peer !== undefined && isSameEndpoint(endpoint, peer.link.endpoint);
    const person = people.recognise(name, transport, joined ? findProvenKey(peer) : identity);
    const isKnown = person.is === "known" || person.is === "verified";
    const doubt = person.is === "namesake" ? "lan-other-key" : kind && lanDoubts[kind];
    return {
      key,
      name: isKnown ? person.name : name,
      transport,
      address: formatEndpoint(endpoint),
      joined,
      person: isKnown ? person.is : undefined,
      doubt: doubt && sentence(doubt),
    };
  });
  return {
    rows,
    advice: makeAdvice(chat, lan),
    interfaces: makeInterfaceTable(chat.nowMs, lan),
  };
}

function selectTab(chat: SendContext & Pick<Chat, "input">, side: Side): TabModel {
  let backlogBytes = 0;
  for (const peer of side.peers.values()) backlogBytes += countBacklog(peer);
  const peer = getOutboundPeer(side);
  const target = side.socket.role === "connect" ? side.socket.targetText : undefined;
  const peerAddress = peer?.link.address ?? target;
  return {
    transport: side.transport,
    role: isGroupSide(side) ? "group" : side.socket.role,
    open: side.socket.isOpen,
    raw: side.isRaw,
    state: side.socket.state,
    // The path of a UNIX socket is any text.
    local: side.socket.local === undefined ? undefined : cleanText(formatEndpoint(side.socket.local)),
    peer: peerAddress === undefined ? undefined : cleanText(peerAddress),
    security: isKeyChanged(chat, side) ? "changed" : findSecurity(chat.room, side, peer),
    hasPassword: hasPassword(chat, side, peer),
    room: selectSharedRoom(chat.room, side),
    peers: countOthers(chat.room, side, peer),
    unread: isShownByOther(chat, side) ? 0 : side.conversation.unread,
    bytesIn: side.counters.bytesIn,
    bytesOut: side.counters.bytesOut,
    rates: side.counters.rates.samples,
    privateWith: getAddresseeName(side),
    roundTripMs: peer?.liveness.roundTrip.smoothedMs,
    loss: computeSideLoss(side),
    backlogBytes,
    waitingLines: side === chat.sides[chat.focus.active] ? chat.input.waitingLines : 0,
    invitation: canBeJoined(side) ? inviteTo(chat, side, side.socket.local) : undefined,
    openToNetwork: isSideOpenToNetwork(side),
    answersFromAny: side.socket.isOpen && side.socket.answersFromAny,
  };
}

function selectSharedRoom(
  room: Pick<Room, "members" | "shared">,
  { socket }: Pick<Side, "socket">,
): SharedRoomModel | undefined {
  const { shared } = room;
  if (shared === undefined || shared.isClosed || socket.role !== "listen") return undefined;
  const { name, state, hubs } = shared;
  return {
    ...{ name, hubs: hubs.size + 1, members: countMembers(room) },
    hereOnlySinceMs: state.is === "away" || state.is === "refusing" ? state.sinceMs : undefined,
  };
}

/** The other hubs of the active tab's room. */
function selectHubs(chat: Pick<Chat, "sides" | "focus" | "room" | "self">): readonly HubModel[] {
  const { conversation, socket } = chat.sides[chat.focus.active];
  const { shared } = chat.room;
  if (shared === undefined || shared.isClosed || socket.role !== "listen") return [];
  const people = freezeKnown(chat.self.people);
  let left = peersShownMax;
  return [...shared.hubs.values()].map(({ id, label, names, named }) => {
    const members: HubMemberModel[] = [];
    for (const member of named.values()) {
      if (left === 0) break;
      left -= 1;
      const security = findMemberKey({ people }, { kind: "hub", member })?.security;
      members.push({
        name: member.name,
        colourKey: `${id} ${member.at}`,
        security: security === "verified" ? security : undefined,
        addressed: conversation.addressee?.kind === "hub" && conversation.addressee.member === member,
      });
    }
    return { label, count: names.size, members };
  });
}

/** The password of our room, or of the one that we are in. */
function hasPassword(
  { config }: Pick<Chat, "config">,
  { socket }: Pick<Side, "socket">,
  peer: Peer | undefined,
): boolean {
  if (socket.role === "listen") return config.password !== undefined && socket.isOpen;
  return peer !== undefined && isSealed(peer.seal) && peer.seal.theirOffer?.hasPassword === true;
}

function canBeJoined(
  side: Pick<Side, "socket">,
): side is Side & { readonly socket: { readonly local: Endpoint } } {
  return side.socket.role === "listen" && side.socket.isOpen && side.socket.local !== undefined;
}

function countOthers(
  room: Room,
  side: Pick<Side, "transport" | "socket" | "peers">,
  peer: Peer | undefined,
): number {
  if (side.socket.role === "listen") return room.members.size;
  if (isGroupSide(side))
    return [...side.peers.values()].filter(({ link: { isInbound } }) => isInbound).length;
  if (peer === undefined) return 0;
  return Math.max(1, peer.hostRoom.members.size);
}

/** Members of our room count with the path on which they receive; a group has no duets. */
function findSecurity(
  room: Room,
  side: Pick<Side, "socket" | "transport">,
  peer: Peer | undefined,
): TabModel["security"] {
  if (isGroupSide(side)) return undefined;
  if (side.socket.role !== "listen") return peer && selectSecurity(peer);
  return combineSecurity([...room.members.values()].map(({ via }) => getSecurity(via.seal)));
}

function selectSecurity({ identity, seal }: Pick<Peer, "identity" | "seal">): Security | undefined {
  return identity.kind === "unknown" ? undefined : getSecurity(seal);
}

/** True for the tab in the background if the one in view shows the same conversation, and its count. */
function isShownByOther(chat: Pick<Chat, "sides" | "focus">, side: Side): boolean {
  return side.transport !== chat.focus.active && isInView(chat, side.conversation);
}

/** The people of the active tab. A member of our room is one of them on any path; the tab's own path is shown first. */
function selectPeers(chat: Pick<Chat, "sides" | "peers" | "focus" | "self">): readonly PeerModel[] {
  const side = chat.sides[chat.focus.active];
  const people = freezeKnown(chat.self.people);
  const isHost = side.socket.role === "listen";
  const peers: PeerModel[] = [];
  for (const peer of (isHost ? chat.peers : side.peers).values()) {
    if (peers.length >= peersShownMax) break;
    if (peer.link.isInbound && !peer.identity.isIntroduced) continue;
    if (isHost && !isShownIn(side.transport, peer)) continue;
    peers.push(makePeerModel(side.conversation, peer));
    for (const member of peer.hostRoom.members.values()) {
      if (peers.length >= peersShownMax) break;
      if (member.number !== hostNumber) peers.push(makeRemoteModel(side.conversation, people, peer, member));
    }
  }
  return peers;
}

/** True for a path on this transport, and for one of a member that has none on it. */
function isShownIn(transport: TransportName, { link, membership }: Peer): boolean {
  if (link.transport === transport) return true;
  const { member } = membership;
  return member !== undefined && ![...member.paths].some((path) => path.link.transport === transport);
}

function selectSockets(side: Pick<Side, "peers" | "counters">): readonly SocketModel[] {
  const open = [...side.peers.values()].slice(0, peersShownMax).map((peer) => ({
    connection: peer.link.connection,
    name: getName(peer),
    state: peer.liveness.tcpFacts?.state ?? peer.link.state,
    facts: peer.liveness.tcpFacts,
  }));
  const over = side.counters.leftovers.map(({ connection, name, facts }) => ({
    connection,
    name,
    state: facts.state,
    facts,
  }));
  return [...open, ...over];
}

function makePeerModel(conversation: Conversation, peer: Peer): PeerModel {
  return {
    name: getName(peer),
    address: cleanText(peer.link.address),
    kind: peer.identity.kind,
    transport: peer.link.transport,
    state: peer.link.state,
    security: selectSecurity(peer),
    colourKey: peer.link.address,
    roundTripMs: peer.liveness.roundTrip.smoothedMs,
    bytesIn: peer.inbound.bytesIn,
    bytesOut: peer.outbound.bytesOut,
    queuedBytes: countBacklog(peer),
    link: measureLink(peer.outbound),
    addressed: isAddressed(conversation, peer),
  };
}

function makeRemoteModel(
  conversation: Conversation,
  people: People,
  host: Peer,
  remote: RemoteMember,
): PeerModel {
  const { name, address } = remote;
  const security = findMemberKey({ people }, { kind: "remote", host, member: remote })?.security;
  return {
    name,
    address,
    kind: "remote",
    transport: host.link.transport,
    state: host.link.state,
    security: security === "verified" ? security : undefined,
    colourKey: address ?? name,
    roundTripMs: undefined,
    bytesIn: 0,
    bytesOut: 0,
    queuedBytes: 0,
    link: undefined,
    addressed: isAddressed(conversation, host, remote),
  };
}

/** The backlog of a peer. Over TCP, bytes of this turn count only after the kernel has left some of them over. */
function countBacklog(peer: Pick<Peer, "link" | "outbound">): number {
  const isOffered = peer.link.transport === "tcp" && !peer.outbound.isBlocked;
  return isOffered ? 0 : countWaitingBytes(peer, countEnqueuedBytes(peer));
}
