/** What a screen draws, read from the chat's state. Nothing is changed here. */

import { type Endpoint, formatEndpoint, namesEndpoint } from "../../protocol/address/endpoint.ts";
import { peersShownMax } from "../../protocol/limits.ts";
import { isAddressed, privateName } from "../commands/private-line.ts";
import { openToNetwork } from "../features/exposure.ts";
import { invitationTo } from "../features/invitation.ts";
import { adviceLines, interfaceTable } from "../features/lan-doctor.ts";
import { linkMeasures, sideLoss, waitingBytes } from "../features/measures.ts";
import { type Chat, hostNumber, nameOf } from "../model/chat.ts";
import { type DistantMember, type Peer, bytesGivenTo } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { isGroupSide } from "../outbound/multicast-group.ts";
import { chosenPeer, nameHere } from "../outbound/recipients.ts";
import type { Lan } from "../records/lan.ts";
import { WireLog } from "../log/wire-log.ts";
import { countMembers } from "../room/members.ts";
import type { LanModel, PeerModel, ScreenModel, SocketModel, TabModel } from "./screen-model.ts";

/** One moment of the chat. The scrollback is not copied: it is read while the revision stands. */
export function selectScreen(chat: Chat): ScreenModel {
  const { tcp, udp } = chat.sides;
  return {
    revision: chat.revision,
    words: chat.config.words,
    replayed: false,
    name: nameHere(chat, chat.sides[chat.active]),
    active: chat.active,
    tabs: { tcp: selectTab(chat, tcp), udp: selectTab(chat, udp) },
    peers: selectPeers(chat),
    sockets: chat.watched ? selectSockets(chat.sides[chat.active]) : [],
    lan: chat.lan === undefined ? undefined : selectLan(chat, chat.lan),
    trouble: chat.trouble === undefined ? undefined : { ...chat.trouble },
    scrollback: { tcp: tcp.scrollback, udp: udp.scrollback },
    wire: { tcp: tcp.wire ?? noCalls, udp: udp.wire ?? noCalls },
  };
}

/** Where no calls are kept. */
const noCalls = new WireLog();

/** Names that a person may address, for completion. */
export function selectNames(chat: Chat): readonly string[] {
  const names = new Set<string>();
  for (const peer of chat.peers.values()) {
    if (peer.accepted && !peer.announced) continue;
    names.add(nameOf(peer));
    for (const member of peer.distant.values()) names.add(member.name);
  }
  names.delete(chat.name);
  return [...names];
}

/** While it is looked at: it is little work, for a list of few. */
function selectLan(chat: Chat, lan: Lan): LanModel {
  const rows = lan.roster.rows().map(({ key, name, transport, endpoint }) => {
    const peer = chosenPeer(chat.sides[transport]);
    const joined = peer !== undefined && namesEndpoint(endpoint, peer.endpoint);
    return { key, name, transport, address: formatEndpoint(endpoint), joined };
  });
  return {
    rows,
    advice: adviceLines(chat, lan),
    interfaces: interfaceTable(chat, lan),
  };
}

function selectTab(chat: Chat, side: Side): TabModel {
  let backlogBytes = 0;
  for (const peer of side.peers.values()) backlogBytes += queuedBytes(peer);
  const peer = chosenPeer(side);
  return {
    transport: side.transport,
    role: isGroupSide(side) ? "group" : side.role,
    open: side.open,
    raw: side.raw,
    state: side.state,
    local: side.local === undefined ? undefined : formatEndpoint(side.local),
    peer: peer?.address ?? (side.role === "connect" ? side.targetText : undefined),
    peers: countOthers(chat, side, peer),
    unread: side.unread,
    bytesIn: side.bytesIn,
    bytesOut: side.bytesOut,
    rates: side.rates.samples,
    privateWith: privateName(side),
    roundTripMs: peer?.roundTrip.smoothedMs,
    loss: sideLoss(side),
    backlogBytes,
    heldLines: side === chat.sides[chat.active] ? chat.heldLines : 0,
    invitation: canBeJoined(side)
      ? invitationTo(side.transport, side.local, side.raw, chat.config.machineAddress)
      : undefined,
    openToNetwork: openToNetwork(side),
  };
}

function canBeJoined(side: Side): side is Side & { readonly local: Endpoint } {
  return side.role === "listen" && side.open && side.local !== undefined;
}

function countOthers(chat: Chat, side: Side, peer: Peer | undefined): number {
  if (side.role === "listen") return countMembers(chat, side.transport);
  if (isGroupSide(side)) return [...side.peers.values()].filter(({ accepted }) => accepted).length;
  if (peer === undefined) return 0;
  return Math.max(1, peer.distant.size);
}

function selectPeers(chat: Chat): readonly PeerModel[] {
  const side = chat.sides[chat.active];
  const peers: PeerModel[] = [];
  for (const peer of side.peers.values()) {
    if (peers.length >= peersShownMax) break;
    if (peer.accepted && !peer.announced) continue;
    peers.push(peerModel(side, peer));
    for (const member of peer.distant.values()) {
      if (peers.length >= peersShownMax) break;
      if (member.number !== hostNumber) peers.push(distantModel(side, peer, member));
    }
  }
  return peers;
}

function selectSockets(side: Side): readonly SocketModel[] {
  const open = [...side.peers.values()].slice(0, peersShownMax).map((peer) => ({
    connection: peer.connection,
    name: nameOf(peer),
    state: peer.tcp?.state ?? peer.state,
    facts: peer.tcp,
  }));
  const over = side.leftovers.map(({ connection, name, facts }) => ({
    connection,
    name,
    state: facts.state,
    facts,
  }));
  return [...open, ...over];
}

function peerModel(side: Side, peer: Peer): PeerModel {
  return {
    name: nameOf(peer),
    address: peer.address,
    kind: peer.kind,
    transport: peer.transport,
    state: peer.state,
    colourKey: peer.address,
    roundTripMs: peer.roundTrip.smoothedMs,
    bytesIn: peer.bytesIn,
    bytesOut: peer.bytesOut,
    queuedBytes: queuedBytes(peer),
    link: linkMeasures(peer),
    addressed: isAddressed(side, peer),
  };
}

function distantModel(side: Side, hub: Peer, { number, name, address }: DistantMember): PeerModel {
  return {
    name,
    address,
    kind: "distant",
    transport: hub.transport,
    state: hub.state,
    colourKey: address ?? name,
    roundTripMs: undefined,
    bytesIn: 0,
    bytesOut: 0,
    queuedBytes: 0,
    link: undefined,
    addressed: isAddressed(side, hub, number),
  };
}

/** Over TCP what was said in this turn has yet to be offered to the kernel: it is a backlog once that leaves some over. */
function queuedBytes(peer: Peer): number {
  const isOffered = peer.transport === "tcp" && !peer.blocked;
  return isOffered ? 0 : waitingBytes(peer, bytesGivenTo(peer));
}
