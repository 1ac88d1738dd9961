/** The end of standard input: half-close, linger time, and the end of a room that cannot receive anything more. */

import { type Chat, getName, getSide, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Inbound } from "../peer/inbound.ts";
import type { Side } from "../model/side.ts";
import { listRecipients } from "../outbound/recipients.ts";
import { reportProblem } from "../report/report.ts";
import { leave } from "./close.ts";
import { endPeer } from "./end-peer.ts";
import { sentence } from "../../words/sentences/sentence.ts";

/** Standard input ended: half-closes an outbound connection; a listening side stays. */
export function handleInputEnd(chat: Chat): void {
  chat.input.hasEnded = true;
  const side = chat.sides[chat.focus.active];
  const lingerMs = chat.config.lingerAfterInputMs;
  if (side.socket.role === "listen" && lingerMs === undefined) return endSilentRoom(chat, side);
  if (!side.socket.isOpen && chat.exit.code === undefined) return leave(chat, side.socket.hasFailed ? 1 : 0);
  const peers = listRecipients(chat.room, side);
  for (const peer of peers) {
    if (peer.link.transport === "tcp") {
      chat.effects.push({ type: "shutdown", transport: "tcp", connection: peer.link.connection });
    } else if (peer.link.state === "UNREACHABLE") leave(chat, 1, sentence("nobody-there"));
  }
  lingerAfterInput(chat, side);
}

/** `-N`: once all input is sent, peers get this long to close (none with `--send-only`). */
export function lingerAfterInput(chat: Chat, side: Pick<Side, "socket" | "peers">): void {
  const lingerMs = chat.config.lingerAfterInputMs;
  if (!chat.input.hasEnded || lingerMs === undefined || chat.exit.code !== undefined) return;
  const peers = [...side.peers.values()];
  if (peers.length === 0 && side.socket.role === "listen") return leave(chat, 0, sentence("everybody-left"));
  const overTcp = peers.filter((peer) => peer.link.transport === "tcp" && peer.link.endReason === undefined);
  if (overTcp.some((peer) => !peer.link.isFinSent) || peers.some(isStillSent)) return;
  if (!chat.timers.has({ kind: "linger" })) chat.timers.set({ kind: "linger" }, chat.nowMs + lingerMs);
}

/**
 * The time of `-N` is over, unless a peer has sent or taken bytes meanwhile: it counts from the last ones. A raw peer that
 * has sent something and has not closed may have more: that end cuts a transfer.
 */
export function handleLingerTimer(chat: SendContext & Pick<Chat, "network" | "exit">): void {
  const { lingerAfterInputMs = 0 } = chat.config;
  const peers = [...chat.peers.values()];
  // A peer that is not read for our own output cannot send.
  const lastMs = chat.pausedBy.has("stdout") ? chat.nowMs : Math.max(...peers.map(readLastTrafficMs));
  if (lastMs + lingerAfterInputMs > chat.nowMs)
    return chat.timers.set({ kind: "linger" }, lastMs + lingerAfterInputMs);
  for (const peer of chat.config.silent ? [] : peers.filter(isCutOff)) {
    chat.exit.hasLost = true;
    const cut = sentence("transfer-cut", { name: getName(peer), seconds: lingerAfterInputMs / 1000 });
    reportProblem(chat, getSide(chat, peer.link), "ETIMEDOUT", cut, sentence("wait-longer-hint"));
  }
  leave(chat, 0, sentence("input-over"));
}

function readLastTrafficMs({
  link,
  liveness,
  outbound,
}: Pick<Peer, "link" | "liveness" | "outbound">): number {
  return Math.max(outbound.lastWriteMs, liveness.lastReceivedMs ?? link.sinceMs);
}

/** True for a raw stream that has begun and not ended. */
function isCutOff({ link, identity, inbound }: Pick<Peer, "link" | "identity" | "inbound">): boolean {
  const isRaw = link.transport === "tcp" && identity.kind !== "duet";
  return isRaw && inbound.bytesIn > 0 && !link.isFinReceived && link.endReason === undefined;
}

/** True while a stranger's lines wait for their turn. */
function isInputWaiting({ strangerThrottle }: Inbound): boolean {
  return strangerThrottle !== undefined && strangerThrottle.waiting.length > 0;
}

/** True while the peer has not acknowledged everything over UDP, and still can. */
function isStillSent({
  outbound: { delivery },
  link: { endReason },
}: Pick<Peer, "link" | "outbound">): boolean {
  return delivery !== undefined && endReason === undefined && !delivery.sender.isEmpty;
}

/**
 * Without a screen: ends a room when our input has ended and all peers have sent FIN, since no more text can be sent.
 * Our FIN also ends a program that waits for our answer.
 */
export function endSilentRoom(
  chat: SendContext & Pick<Chat, "input">,
  side: Pick<Side, "socket" | "peers">,
): void {
  if (!chat.config.headless || !chat.input.hasEnded || side.socket.role !== "listen") return;
  const peers = [...side.peers.values()];
  if (!peers.every((peer) => peer.link.isFinReceived && !isInputWaiting(peer.inbound))) return;
  for (const peer of peers) endPeer(chat, peer, sentence("both-said-all"));
}
