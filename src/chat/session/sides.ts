/**
 * Opening and closing a side: one transport's listening, connecting or pairing from first to last. What peers say
 * and who they are is elsewhere.
 */

import { type Endpoint, formatEndpoint } from "../../protocol/endpoint.ts";
import { goodbyeFlushMs } from "../../protocol/limits.ts";
import { describeNetworkError, type NetworkError } from "../../protocol/network-error.ts";
import type { TransportName } from "../../protocol/socket-event.ts";
import type { Target } from "../../protocol/target.ts";
import type { OpenRequest } from "../records/config.ts";
import type { StateWord } from "../records/connection-state.ts";
import type { FoundDuet } from "../model/event.ts";
import { isGroupSide } from "../outbound/multicast-group.ts";
import { invitationTo } from "../features/invitation.ts";
import { announcedOnLan, placesChanged, stopLan } from "../features/lan.ts";
import { beginPairing, pairingFailed, pairingHeard, pairingListening } from "./pairing.ts";
import { isFlushing, mustFlush } from "../outbound/goodbye.ts";
import { inGoodbye, openingAnother } from "../report/reasons.ts";
import { notice, reportError, setSideState, tell } from "../report/report.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { type Chat, type Peer, type Side } from "../model/chat.ts";
import { tellLastTrouble } from "../features/network-impairment.ts";

/** Opens a side; what was open on it is closed first, and the new one follows once that is done. */
export function openSide(chat: Chat, transport: TransportName, request: OpenRequest): void {
  const side = chat.sides[transport];
  if (side.open) {
    side.reopen = request;
    closeSide(chat, side, openingAnother);
    return;
  }
  side.request = request;
  side.endReason = undefined;
  side.failed = false;
  side.awaitsHolder = false;
  side.local = undefined;
  side.targetText = formatTarget(request.target);
  side.role = request.role;
  side.open = true;
  switch (request.role) {
    case "listen":
      side.targetText = undefined;
      chat.effects.push({ type: "listen", transport, target: request.target });
      return;
    case "connect":
      chat.effects.push({ type: "read-announcements", transport });
      return;
    case "pair":
      beginPairing(chat, side, request.target);
      return;
  }
}

/** Ends everything on a side: goodbye to duets, FIN after what is queued. */
export function closeSide(chat: Chat, side: Side, reason: string): void {
  side.pairing = undefined;
  chat.timers.clear(`pair ${side.transport}`);
  if (!side.open) return;
  const isClosing = side.endReason !== undefined && isFlushing(side);
  side.endReason ??= reason;
  if (isClosing) return;
  for (const peer of side.peers.values()) {
    if (peer.ending !== undefined) continue;
    peer.ending = reason;
    sayGoodbye(chat, peer, reason);
    mustFlush(chat, peer);
  }
  chat.effects.push({ type: "withdraw", transport: side.transport });
  if (!isFlushing(side)) stopSide(chat, side);
}

/** Nothing more is to be waited for. */
export function stopSide(chat: Chat, { transport }: Side): void {
  chat.effects.push({ type: "stop", transport, flushMs: goodbyeFlushMs });
}

/** The answer to `read-announcements`, when connecting or pairing. */
export function announcementsRead(chat: Chat, side: Side, found: readonly FoundDuet[]): void {
  if (side.pairing !== undefined) return pairingHeard(chat, side, found);
  if (side.role !== "connect" || side.request === undefined || !side.open) return;
  // Closed before anything was opened: no transport will say that it has stopped.
  if (side.endReason !== undefined) return sideStopped(chat, side);
  const all = [...found, ...announcedOnLan(chat, side.transport)];
  side.knownDuet = findDuet(all, side.request.target)?.endpoint;
  connectSide(chat, side, side.request.target);
}

/** Starts the connect itself, for `withinMs` at most. `knownDuet` has been decided. */
export function connectSide(
  chat: Chat,
  side: Side,
  target: Target,
  withinMs = Number.POSITIVE_INFINITY,
): void {
  const timeoutMs = Math.min(withinMs, chat.config.connectTimeoutMs);
  chat.effects.push({ type: "connect", transport: side.transport, target, timeoutMs });
}

/** LISTEN or BOUND. */
export function sideListening(chat: Chat, side: Side, local: Endpoint): void {
  side.local = local;
  if (side.role === "connect") return boundToConnect(chat, side, local);
  if (side.pairing !== undefined) pairingListening(chat, side);
  side.role = "listen";
  const where = formatEndpoint(local);
  const state: StateWord = side.transport === "tcp" ? "LISTEN" : "BOUND";
  const wait = side.transport === "tcp" ? "waiting for someone to connect" : "waiting for a first datagram";
  setSideState(chat, side, state, `${where} is ours, ${wait}`);
  if (!side.raw) chat.effects.push({ type: "announce", transport: side.transport, local });
  placesChanged(chat);
  // A screen has its own words for who is alone there.
  const text = `a friend joins with: ${invitationTo(side.transport, local, side.raw, chat.config.machineAddress).duet}`;
  tell(chat, { type: "notice", transport: side.transport, tone: "info", text, hint: undefined });
  if (isOpenToNetwork(local)) {
    notice(
      chat,
      side,
      "warning",
      "open to the network, not encrypted: whoever reaches this port can join and read",
    );
  }
}

/** A UDP socket that goes to one peer is bound too, to a port the system chose. */
function boundToConnect(chat: Chat, side: Side, local: Endpoint): void {
  setSideState(chat, side, "BOUND", `datagrams leave from ${formatEndpoint(local)}`);
}

/** A connect was begun. */
export function sideConnecting(chat: Chat, side: Side, target: string): void {
  side.targetText = target;
  setSideState(chat, side, "CONNECTING", `asked ${target} for a connection`);
}

/** The transport could not listen, bind or connect. */
export function sideFailed(chat: Chat, side: Side, error: NetworkError): void {
  if (side.pairing !== undefined && pairingFailed(chat, side, error)) return;
  if (error.code === "EADDRINUSE" && error.holder === undefined && side.request?.target.kind === "ip") {
    side.awaitsHolder = true;
    chat.effects.push({
      type: "find-port-holder",
      transport: side.transport,
      error,
      port: side.request.target.port,
    });
    return;
  }
  endInFailure(chat, side, error);
}

/** The last word on a side that could not be opened. */
export function endInFailure(chat: Chat, side: Side, error: NetworkError): void {
  side.failed = true;
  reportError(chat, side, error);
  const { message } = describeNetworkError(error);
  setSideState(chat, side, failureState(error), message);
  const endsProgram =
    side.initial && (chat.config.headless || error.call === "listen" || error.call === "bind");
  if (endsProgram) leave(chat, 1);
}

function failureState(error: NetworkError): StateWord {
  switch (error.code) {
    case "ECONNREFUSED":
      return "REFUSED";
    case "ETIMEDOUT":
      return "TIMED OUT";
    case "ENETUNREACH":
    case "EHOSTUNREACH":
      return "UNREACHABLE";
    case "ECONNRESET":
      return "RESET";
    default:
      return "CLOSED";
  }
}

/** The transport holds no socket any more. */
export function sideStopped(chat: Chat, side: Side): void {
  side.open = false;
  side.knownDuet = undefined;
  placesChanged(chat);
  if (side.pairing !== undefined) return;
  const ended: readonly StateWord[] = ["REFUSED", "TIMED OUT", "UNREACHABLE", "RESET", "CLOSED"];
  if (!ended.includes(side.state))
    setSideState(chat, side, "CLOSED", side.endReason ?? "the connection is over");
  side.local = undefined;
  const next = side.reopen;
  side.reopen = undefined;
  if (next !== undefined && chat.leaving === undefined) openSide(chat, side.transport, next);
  finishLeaving(chat);
}

/** Leaves the program: closes both sides, then exits with `code`. The first call's code stands. */
export function leave(chat: Chat, code: number, reason = "left"): void {
  if (chat.leaving !== undefined) return;
  chat.leaving = code;
  tellLastTrouble(chat, chat.sides[chat.active]);
  stopLan(chat);
  for (const side of Object.values(chat.sides)) closeSide(chat, side, reason);
  finishLeaving(chat);
}

function finishLeaving(chat: Chat): void {
  if (chat.leaving === undefined || chat.exited) return;
  if (Object.values(chat.sides).some((side) => side.open)) return;
  chat.exited = true;
  chat.effects.push({ type: "exit", code: chat.leaving });
}

/** `127.0.0.1:8080`, `[::1]:8080`, `/run/chat`. */
export function formatTarget(target: Target): string {
  if (target.kind === "unix") return target.path;
  return target.host.includes(":") ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
}

/** The announced duet that listens on a target: the very endpoint, or one bound to every address of that port. */
export function findDuet(found: readonly FoundDuet[], target: Target): FoundDuet | undefined {
  return found.find(({ endpoint }) => {
    if (target.kind === "unix") return endpoint.family === "unix" && endpoint.path === target.path;
    if (endpoint.family === "unix" || endpoint.port !== target.port) return false;
    const local = target.host === "localhost" || target.host.startsWith("127.") || target.host === "::1";
    const everywhere = target.host === "0.0.0.0" || target.host === "::";
    const any = endpoint.address === "0.0.0.0" || endpoint.address === "::";
    const loopback = endpoint.address === "127.0.0.1" || endpoint.address === "::1";
    if (loopback && (everywhere || target.host === "localhost")) return true;
    return endpoint.address === target.host || (any && local);
  });
}

function isOpenToNetwork(local: Endpoint): boolean {
  if (local.family === "unix") return false;
  return !(local.family === "IPv4" ? local.address.startsWith("127.") : local.address === "::1");
}

/** Whether strangers on the network can reach this side. */
export function openToNetwork(side: Side): boolean {
  if (side.local === undefined || !isOpenToNetwork(side.local)) return false;
  return side.role === "listen" || (side.open && isGroupSide(side));
}

/** A goodbye frame's line, for peers that are ended one by one. */
export function sayGoodbye(chat: Chat, peer: Peer, reason: string): void {
  if (peer.kind === "duet") sendFrameTo(chat, peer, { type: "goodbye", reason: inGoodbye(reason) });
}
