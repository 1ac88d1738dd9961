/** Opens and closes a side: listening, connecting and pairing of one transport. */

import type { FolderProblem } from "../../protocol/errors/folder-problem.ts";
import { type Endpoint, formatEndpoint } from "../../protocol/address/endpoint.ts";
import type { NetworkError } from "../../protocol/sockets/network-error.ts";
import type { SocketEvent, TransportName } from "../../protocol/sockets/socket-event.ts";
import { isOpenToNetwork } from "../features/exposure.ts";
import { inviteTo } from "../features/invitation.ts";
import { listDuetsOnLan, announceAgain } from "../features/lan.ts";
import type { Chat, SendContext, ReportContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import type { StateWord } from "../records/connection-state.ts";
import type { FoundDuet, OpenRequest } from "../config/open-request.ts";
import { openingAnother } from "../report/reasons.ts";
import { addNotice, setSideState, report } from "../report/report.ts";
import { closeSide, finishLeaving } from "./close.ts";
import { connectSide, endInFailure, formatTarget } from "./open.ts";
import {
  beginPairing,
  handlePairingFailure,
  continueWithAnnouncements,
  finishPairingAsHost,
} from "./pairing.ts";
import { watchNeighbours } from "./neighbours.ts";
import { setRole } from "./room-conversation.ts";
import { sentence } from "../../words/sentences/sentence.ts";

/** Opens the side of the command line: without a screen, its failure ends the program. */
export function openAtStart(chat: SendContext, transport: TransportName, request: OpenRequest): void {
  chat.sides[transport].socket.isInitial = true;
  openSide(chat, transport, request);
}

/** Opens a side for a person, who is there to read about a failure: it ends only the side. */
export function openByPerson(chat: SendContext, transport: TransportName, request: OpenRequest): void {
  chat.sides[transport].socket.isInitial = false;
  openSide(chat, transport, request);
}

/** Opens a side. An open one is closed first, and the request waits for that. */
export function openSide(chat: SendContext, transport: TransportName, request: OpenRequest): void {
  const side = chat.sides[transport];
  if (side.socket.isOpen) {
    side.socket.reopen = request;
    closeSide(chat, side, openingAnother);
    return;
  }
  side.socket.request = request;
  side.socket.endReason = undefined;
  side.socket.hasFailed = false;
  side.socket.awaitsPortHolder = false;
  side.socket.hasAwaitedPort = false;
  side.socket.local = undefined;
  side.socket.targetText = formatTarget(request.target);
  setRole(chat, side, request.role);
  side.socket.isOpen = true;
  switch (request.role) {
    case "listen":
      side.socket.targetText = undefined;
      chat.effects.push({ type: "listen", transport, target: request.target });
      return;
    case "connect":
      chat.effects.push({ type: "read-announcements", transport });
      return;
    case "pair":
      beginPairing(chat, side, request.target);
      return;
  }
  request satisfies never;
}

/** Handles the answer to `read-announcements`, for connecting or pairing. */
export function applyAnnouncements(
  chat: SendContext & Pick<Chat, "network" | "exit">,
  side: Side,
  found: readonly FoundDuet[],
  problems: readonly FolderProblem[],
): void {
  if (side.socket.pairing !== undefined) return continueWithAnnouncements(chat, side, found, problems);
  if (side.socket.role !== "connect" || side.socket.request === undefined || !side.socket.isOpen) return;
  // The side was closed before its connect began, so that no transport exists to report `stopped`.
  if (side.socket.endReason !== undefined) return handleStopped(chat, side);
  const all = [...found, ...listDuetsOnLan(chat.network, side.transport)];
  side.socket.knownDuets = all.map(({ endpoint }) => endpoint);
  connectSide(chat, side.transport, side.socket.request.target);
}

/** The side listens (LISTEN), or is bound (BOUND). */
export function handleListening(
  chat: ReportContext & Pick<Chat, "network" | "self">,
  side: Side,
  { local, answersFromAny = false }: Extract<SocketEvent, { type: "listening" }>,
): void {
  side.socket.answersFromAny = answersFromAny;
  const hasMoved = side.socket.local !== undefined;
  side.socket.local = local;
  if (side.socket.role === "connect") return handleBoundToConnect(chat, side, local, hasMoved);
  const { pairing } = side.socket;
  if (pairing !== undefined) finishPairingAsHost(chat.timers, side);
  setRole(chat, side, "listen");
  const state: StateWord = side.transport === "tcp" ? "LISTEN" : "BOUND";
  const waiting = side.transport === "tcp" ? "waiting-for-connection" : "waiting-for-datagram";
  setSideState(chat, side, state, sentence(waiting, { local: formatEndpoint(local) }));
  if (!side.isRaw) chat.effects.push({ type: "announce", transport: side.transport, local });
  announceAgain(chat);
  // A screen has its own words for who is alone there.
  const invitation = inviteTo(chat, side, local);
  const text = sentence("friend-joins", { invitation });
  report(chat, { type: "notice", transport: side.transport, tone: "info", text, hint: undefined });
  if (isOpenToNetwork(local)) {
    const { password } = chat.config;
    addNotice(
      chat,
      side,
      "warning",
      sentence(password === undefined ? "open-to-network" : "open-with-password"),
    );
  }
  if (pairing !== undefined) watchNeighbours(chat, side, pairing);
}

/**
 * A UDP socket for one peer is bound too, to a port that the system chose. A group's datagrams may leave from another
 * interface later.
 */
function handleBoundToConnect(chat: ReportContext, side: Side, local: Endpoint, hasMoved: boolean): void {
  const leaveFrom = sentence("datagrams-leave-from", { local: formatEndpoint(local) });
  if (hasMoved) addNotice(chat, side, "info", leaveFrom);
  else setSideState(chat, side, "BOUND", leaveFrom);
}

/** A connect has begun. */
export function handleConnecting(chat: ReportContext, side: Side, target: string): void {
  side.socket.targetText = target;
  setSideState(chat, side, "CONNECTING", sentence("asked-for-connection", { target }));
}

/** The transport could not listen, bind or connect. */
export function handleSideFailure(chat: Chat, side: Side, error: NetworkError): void {
  if (side.socket.pairing !== undefined && handlePairingFailure(chat, side, error)) return;
  if (
    error.code === "EADDRINUSE" &&
    error.holder === undefined &&
    side.socket.request?.target.kind === "ip"
  ) {
    side.socket.awaitsPortHolder = true;
    chat.effects.push({
      type: "find-port-holder",
      transport: side.transport,
      error,
      host: side.socket.request.target.host,
      port: side.socket.request.target.port,
    });
    return;
  }
  endInFailure(chat, side, error);
}

/** The transport has closed its sockets. */
export function handleStopped(chat: SendContext & Pick<Chat, "network" | "exit">, side: Side): void {
  side.socket.isOpen = false;
  side.socket.knownDuets = [];
  chat.timers.clearTimersOfSocket(side.transport);
  announceAgain(chat);
  if (side.socket.pairing !== undefined) return;
  const ended: readonly StateWord[] = ["REFUSED", "TIMED OUT", "UNREACHABLE", "RESET", "CLOSED"];
  if (!ended.includes(side.socket.state))
    setSideState(chat, side, "CLOSED", side.socket.endReason ?? sentence("connection-over"));
  side.socket.local = undefined;
  const next = side.socket.reopen;
  side.socket.reopen = undefined;
  if (next !== undefined && chat.exit.code === undefined) openSide(chat, side.transport, next);
  finishLeaving(chat);
}
