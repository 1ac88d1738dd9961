/**
 * What the person here says: to whom it goes, when it must wait, and what becomes of it when nobody can have it.
 * Nothing typed is lost without a word.
 */

import { datagramMaxBytes, datagramWarnBytes, stalledPeerMs } from "../protocol/limits.ts";
import type { MessageEntry } from "./entry.ts";
import { endPeer } from "./peers.ts";
import { markSaid } from "./receipts.ts";
import { addEntry, notice, reportError, reportProblem, tell } from "./report.ts";
import { duetsBut, hostNumber, takeMessageId } from "./room.ts";
import { give, sendFrameTo, sendFrameToAll, sendTextToAll } from "./sending.ts";
import { leave } from "./sides.ts";
import { type Chat, nameOf, type Peer, type RoomMember, type Side, takeEntryId } from "./state.ts";

/** Whom a line typed on a side goes to: the peer we went to, or everybody in the room. */
export function recipients(chat: Chat, side: Side): readonly Peer[] {
  if (side.role !== "listen") {
    const peer = chosenPeer(side);
    return peer === undefined || peer.ending !== undefined || peer.weShutDown ? [] : [peer];
  }
  const paths = [...chat.members.values()].map((member) => member.via);
  return paths.filter((peer) => peer.ending === undefined && !peer.weShutDown);
}

/** The peer that a side connected to, or chose. */
export function chosenPeer(side: Side): Peer | undefined {
  for (const peer of side.peers.values()) if (!peer.accepted) return peer;
  return undefined;
}

/** Whether what is typed must wait: nobody is decided on yet, or a queue is full. It waits in order. */
export function mustWait(chat: Chat): boolean {
  const side = chat.sides[chat.active];
  if (chat.leaving !== undefined) return false;
  if (side.pairing !== undefined) return true;
  const peers = recipients(chat, side);
  if (peers.some((peer) => peer.backlogged)) return true;
  switch (side.role) {
    case "pair":
      return side.open;
    case "connect": {
      const peer = chosenPeer(side);
      return side.open && side.endReason === undefined && (peer === undefined || peer.kind === "unknown");
    }
    case "listen":
      return peers.length === 0 && side.open && (chat.config.headless || side.peers.size > 0);
    case undefined:
      return false;
  }
}

/** A line the person said. With `continues` the rest of the same line follows. */
export function said(chat: Chat, text: string, continues: boolean): void {
  const side = chat.sides[chat.active];
  const peers = recipients(chat, side);
  if (peers.length === 0) return nobodyHears(chat, side, text);
  if (isTooLarge(chat, side, peers, text)) return;
  sayTo(chat, side, peers, text, continues, false);
}

/** `/me`: the person is the subject. */
export function saidAction(chat: Chat, text: string): void {
  const side = chat.sides[chat.active];
  const peers = recipients(chat, side);
  if (peers.length === 0) return nobodyHears(chat, side, `/me ${text}`);
  sayTo(chat, side, peers, text, false, true);
}

function sayTo(
  chat: Chat,
  side: Side,
  peers: readonly Peer[],
  text: string,
  continues: boolean,
  action: boolean,
): void {
  const id = takeMessageId(chat);
  const duets = peers.filter((peer) => peer.kind === "duet");
  const raw = peers.filter((peer) => peer.kind !== "duet");
  const flag = action ? { action: true } : {};
  if (side.role === "listen") {
    const proven = duetsBut(chat, undefined);
    sendFrameToAll(chat, proven, { type: "message", id, from: hostNumber, text, ...flag });
  } else {
    sendFrameToAll(chat, duets, { type: "message", id, text, ...flag });
  }
  sendTextToAll(chat, raw, action ? `* ${chat.name} ${text}` : text, continues);
  warnOfLargeDatagram(chat, side, raw, text);
  const entry = ownMessage(chat, side, text);
  addEntry(chat, side, action ? { ...entry, action } : entry);
  tellSaid(chat, side, id, peers, text, bytesOf(chat, raw, text, continues), action);
}

/** A private line to one member, found by the caller. */
export function saidTo(
  chat: Chat,
  side: Side,
  to: { readonly peer: Peer; readonly number?: number; readonly name: string },
  text: string,
): void {
  const id = takeMessageId(chat);
  const { peer, number, name } = to;
  if (peer.kind === "duet") {
    const accepted = peer.accepted
      ? { from: hostNumber, to: peer.member?.number ?? 0 }
      : { to: number ?? hostNumber };
    sendFrameTo(chat, peer, { type: "message", id, text, ...accepted });
  } else sendTextToAll(chat, [peer], text);
  addEntry(chat, side, { ...ownMessage(chat, side, text), privateWith: name });
  const raw = peer.kind === "duet" ? [] : [peer];
  tellSaid(chat, side, id, [peer], text, bytesOf(chat, raw, text, false), false);
}

function ownMessage(chat: Chat, side: Side, text: string): MessageEntry {
  return {
    kind: "message",
    id: takeEntryId(chat),
    atMs: chat.nowMs,
    direction: "out",
    name: chat.name,
    colourKey: `us ${side.transport}`,
    text,
    growing: false,
    action: false,
  };
}

function tellSaid(
  chat: Chat,
  side: Side,
  id: number,
  peers: readonly Peer[],
  text: string,
  bytes: number,
  action: boolean,
): void {
  if (!chat.config.tellMessages) return;
  markSaid(chat, side, id, peers);
  const only = peers.length === 1 ? peers[0] : undefined;
  tell(chat, {
    type: "message",
    transport: side.transport,
    id,
    direction: "out",
    peer: only?.address ?? "room",
    name: chat.name,
    text,
    bytes,
    action,
  });
}

/** As it leaves for raw peers: over TCP with its newline. To duets alone: the text's own. */
function bytesOf(chat: Chat, raw: readonly Peer[], text: string, continues: boolean): number {
  const newline = raw.some((peer) => peer.transport === "tcp") && !continues ? (chat.config.crlf ? 2 : 1) : 0;
  return Buffer.byteLength(text) + newline;
}

function nobodyHears(chat: Chat, side: Side, text: string): void {
  chat.effects.push({ type: "give-back", text });
  if (side.role === "listen" && side.open) {
    return reportProblem(
      chat,
      side,
      "EUSAGE",
      "nobody is here yet: the line was not sent",
      "it is back in the composer",
    );
  }
  const udp = side.transport === "udp" ? "UDP" : "TCP";
  reportProblem(
    chat,
    side,
    "EUSAGE",
    `there is no one to send to over ${udp}: the line was not sent`,
    "/connect HOST PORT, /listen or /reconnect opens a connection",
  );
}

function isTooLarge(chat: Chat, side: Side, peers: readonly Peer[], text: string): boolean {
  const raw = peers.find((peer) => peer.transport === "udp" && peer.kind !== "duet");
  if (raw === undefined || Buffer.byteLength(text) <= datagramMaxBytes) return false;
  chat.effects.push({ type: "give-back", text });
  reportError(chat, side, { code: "EMSGSIZE", call: "sendto", target: raw.address, transport: "udp" });
  return true;
}

function warnOfLargeDatagram(chat: Chat, side: Side, raw: readonly Peer[], text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= datagramWarnBytes || !raw.some((peer) => peer.transport === "udp")) return;
  const words = `${bytes} bytes left as one datagram: a receiver that reads ${datagramWarnBytes} at a time loses the rest`;
  notice(chat, side, "warning", words);
}

/** Bytes of standard input, as they are (`--raw`). Over UDP one piece is one datagram. */
export function piped(chat: Chat, bytes: Uint8Array): void {
  const side = chat.sides[chat.active];
  const peers = recipients(chat, side);
  if (peers.length === 0)
    return notice(chat, side, "warning", `${bytes.length} bytes were not sent: nobody is there`);
  for (const transport of ["tcp", "udp"] as const) {
    const some = peers.filter((peer) => peer.transport === transport);
    const step = transport === "udp" ? datagramMaxBytes : bytes.length;
    for (let start = 0; some.length > 0 && start < bytes.length; start += step) {
      give(chat, some, bytes.subarray(start, start + step));
    }
  }
  if (!chat.config.bytesOnly) tellPiped(chat, side, peers, bytes);
}

function tellPiped(chat: Chat, side: Side, peers: readonly Peer[], bytes: Uint8Array): void {
  tellSaid(chat, side, takeMessageId(chat), peers, Buffer.from(bytes).toString(), bytes.length, false);
}

/** Standard input ended: half-close what we went to; who listens stays. */
export function inputEnded(chat: Chat): void {
  chat.inputEnded = true;
  const side = chat.sides[chat.active];
  const lingerMs = chat.config.lingerAfterInputMs;
  if (side.role === "listen" && lingerMs === undefined) return endSilentRoom(chat, side);
  if (!side.open && chat.leaving === undefined) return leave(chat, side.failed ? 1 : 0);
  const peers = recipients(chat, side);
  for (const peer of peers) {
    if (peer.transport === "tcp") {
      chat.effects.push({ type: "shutdown", transport: "tcp", connection: peer.connection });
    } else if (peer.state === "UNREACHABLE") leave(chat, 1, "nobody is there");
  }
  lingerAfterInput(chat, side);
}

/** `-N`: once all that was piped in has left, peers get so long to close (with `--send-only`, no time at all). */
export function lingerAfterInput(chat: Chat, side: Side): void {
  const lingerMs = chat.config.lingerAfterInputMs;
  if (!chat.inputEnded || lingerMs === undefined || chat.leaving !== undefined) return;
  const peers = [...side.peers.values()];
  if (peers.length === 0 && side.role === "listen")
    return leave(chat, 0, "everybody has left after the input (-N)");
  const overTcp = peers.filter((peer) => peer.transport === "tcp" && peer.ending === undefined);
  if (overTcp.some((peer) => !peer.weShutDown)) return;
  if (!chat.timers.has("linger")) chat.timers.set("linger", chat.nowMs + lingerMs);
}

/**
 * Without a screen, when our input has ended and everybody has said FIN: nobody can say anything any more, and a
 * program that waits for an answer learns by our FIN that none will come.
 */
export function endSilentRoom(chat: Chat, side: Side): void {
  if (!chat.config.headless || !chat.inputEnded || side.role !== "listen") return;
  const peers = [...side.peers.values()];
  if (!peers.every((peer) => peer.theyShutDown)) return;
  for (const peer of peers) endPeer(chat, peer, "both sides have said all (FIN)");
}

/** A queue passed its high mark: local input waits for it, but not for ever when others wait too. */
export function peerBacklogged(chat: Chat, peer: Peer): void {
  peer.backlogged = true;
  peer.backloggedAtMs = chat.nowMs;
  chat.timers.set(`stall ${peer.connection}`, chat.nowMs + stalledPeerMs);
}

/** A backlogged queue has room again. */
export function peerDrained(chat: Chat, peer: Peer): void {
  peer.backlogged = false;
  peer.backloggedAtMs = undefined;
  chat.timers.clear(`stall ${peer.connection}`);
}

/** One that does not read holds up the person's words to the others: it is cut off, unless it is the only one. */
export function stallTimeReached(chat: Chat, peer: Peer): void {
  if (!peer.backlogged || peer.ending !== undefined || peer.member === undefined) return;
  if (chat.members.size < 2 || chat.heldLines === 0) return peerBacklogged(chat, peer);
  endPeer(
    chat,
    peer,
    `${nameOf(peer)} did not read for ${stalledPeerMs / 1000} s while others waited`,
    "reset",
  );
}

/** A payload found the queue full: a slow reader in a room is cut off with a reason, and the others never wait. */
export function sendRefused(chat: Chat, peer: Peer, why: "full" | "closed", bytes: number): void {
  if (why === "closed" || peer.ending !== undefined) return;
  peer.bytesGiven -= bytes;
  endPeer(
    chat,
    peer,
    `${nameOf(peer)} reads too slowly: its queue is full, ${bytes} bytes did not fit`,
    "reset",
  );
}

/** What was said by a member to the person alone can be answered by its name. */
export function memberTarget(member: RoomMember): { readonly peer: Peer; readonly name: string } {
  return { peer: member.via, name: member.name };
}
