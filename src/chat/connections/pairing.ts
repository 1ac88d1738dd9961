/**
 * Pairing, when no address is given: listen on the endpoint, or find the duet that already does and join it
 * (PROTOCOL.md, Pairing). A program that is not a duet is never sent a byte.
 */

import { type Endpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import {
  bannerWaitMs,
  keptPortRetryMs,
  keptPortSlackMs,
  pairingMs,
  pairingRetryMs,
} from "../../protocol/limits.ts";
import type { NetworkError } from "../../protocol/sockets/network-error.ts";
import { portDefault, type Target } from "../../protocol/address/target.ts";
import type { FolderProblem } from "../../protocol/errors/folder-problem.ts";
import { cleanText } from "../../protocol/text/text.ts";
import type { Chat, ReportContext, SendContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { getOutboundPeer } from "../outbound/recipients.ts";
import type { FoundDuet } from "../config/open-request.ts";
import { closedHere } from "../report/reasons.ts";
import { addNotice, reportProblem, setSideState } from "../report/report.ts";
import { closeSide, leave } from "./close.ts";
import { setRole } from "./room-conversation.ts";
import { connectSide, endInFailure, findDuet, formatTarget } from "./open.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { setEndReason } from "../peer/link.ts";
import type { Effect } from "../model/effect.ts";
import type { Pairing } from "../records/pairing.ts";
import type { Timers } from "../records/timers.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { SideSocket } from "../model/side.ts";
import type { Link } from "../peer/link.ts";

/** Begins to pair by trying to listen. */
export function beginPairing(
  chat: Pick<Chat, "nowMs" | "effects">,
  side: Pick<Side, "transport" | "socket">,
  target: Target,
): void {
  side.socket.pairing = {
    target,
    untilMs: chat.nowMs + pairingMs,
    stage: "listening",
    holder: undefined,
    mayJoin: true,
    isPortKept: false,
  };
  tryToListen(chat.effects, side, target);
}

function tryToListen(effects: Effect[], side: Pick<Side, "transport" | "socket">, target: Target): void {
  side.socket.role = "pair";
  side.socket.isOpen = true;
  side.socket.targetText = undefined;
  setStage(side.socket, "listening");
  effects.push({ type: "listen", transport: side.transport, target });
}

/** Ends pairing: the endpoint is ours. */
export function finishPairingAsHost(timers: Timers, side: Pick<Side, "transport" | "socket">): void {
  side.socket.pairing = undefined;
  timers.clear({ kind: "pairing-retry", of: side.transport });
}

/** True if pairing handles the failure and continues. */
export function handlePairingFailure(
  chat: Pick<Chat, "effects" | "sides">,
  side: Pick<Side, "transport" | "socket">,
  error: NetworkError,
): boolean {
  const pairing = side.socket.pairing;
  if (pairing === undefined) return false;
  const elsewhere = error.code === "EADDRNOTAVAIL" && pairing.stage === "listening";
  if (elsewhere) return joinElsewhere(chat, side, pairing.target);
  if (error.code === "EADDRINUSE") {
    if (error.holder === undefined && pairing.target.kind === "ip" && pairing.holder === undefined) {
      const { host, port } = pairing.target;
      chat.effects.push({ type: "find-port-holder", transport: side.transport, error, host, port });
    }
    setStage(side.socket, pairing.mayJoin ? "looking" : "waiting");
    return true;
  }
  if (pairing.stage === "joining" || pairing.stage === "probing") {
    setStage(side.socket, "waiting");
    return true;
  }
  side.socket.pairing = undefined;
  return false;
}

/**
 * The endpoint is not on this machine: joins the duet there that the other transport has met, or connects without
 * pairing.
 */
function joinElsewhere(
  chat: Pick<Chat, "sides">,
  side: Pick<Side, "transport" | "socket">,
  target: Target,
): true {
  const duet = findMetDuet(chat, side.transport, target);
  if (side.socket.pairing !== undefined && duet !== undefined) {
    side.socket.pairing.duet = duet;
    setStage(side.socket, "joining");
    return true;
  }
  side.socket.pairing = undefined;
  side.socket.reopen = { role: "connect", target };
  return true;
}

/** The duet at the same endpoint that the other transport has met; it may belong to another user or machine. */
function findMetDuet(
  chat: Pick<Chat, "sides">,
  transport: TransportName,
  target: Target,
): FoundDuet | undefined {
  const other = chat.sides[transport === "tcp" ? "udp" : "tcp"];
  const peer = getOutboundPeer(other);
  if (
    peer?.identity.kind !== "duet" ||
    peer.link.endpoint.family === "unix" ||
    other.socket.request === undefined
  )
    return undefined;
  const met = { endpoint: peer.link.endpoint, name: peer.identity.name };
  return formatTarget(other.socket.request.target) === formatTarget(target) ? met : findDuet([met], target);
}

/** The last attempt's sockets are closed: takes the next step. */
export function continuePairing(chat: SendContext & Pick<Chat, "network" | "exit">, side: Side): void {
  const pairing = side.socket.pairing;
  if (pairing === undefined) return;
  switch (pairing.stage) {
    case "looking":
      chat.effects.push({ type: "read-announcements", transport: side.transport });
      return;
    case "joining":
      return join(chat, side);
    case "listening":
    case "probing":
    case "waiting":
      return retryOrGiveUp(chat, side);
  }
  pairing.stage satisfies never;
}

/** Continues with the announcements of this machine: joins the duet on our endpoint, or probes it. */
export function continueWithAnnouncements(
  chat: SendContext & Pick<Chat, "network" | "exit">,
  side: Side,
  found: readonly FoundDuet[],
  problems: readonly FolderProblem[],
): void {
  const pairing = side.socket.pairing;
  if (pairing === undefined || pairing.stage !== "looking") return;
  [pairing.folderProblem] = problems;
  const duet = findDuet(found, pairing.target) ?? findMetDuet(chat, side.transport, pairing.target);
  if (duet !== undefined) {
    pairing.duet = duet;
    return join(chat, side);
  }
  if (side.transport === "udp" || side.isRaw) {
    setStage(side.socket, "waiting");
    return retryOrGiveUp(chat, side);
  }
  // Another user's duet announces itself elsewhere, but it greets a silent connection.
  setRole(chat, side, "connect");
  side.socket.isOpen = true;
  side.socket.knownDuets = [];
  setStage(side.socket, "probing");
  connectSide(
    chat,
    side.transport,
    toReachableTarget(pairing.target),
    Math.max(pairingRetryMs, pairing.untilMs - chat.nowMs),
  );
}

function join(chat: ReportContext, side: Side): void {
  const pairing = side.socket.pairing;
  if (pairing === undefined) return;
  setRole(chat, side, "connect");
  side.socket.isOpen = true;
  setStage(side.socket, "joining");
  side.socket.knownDuets = pairing.duet === undefined ? [] : [pairing.duet.endpoint];
  const target = pairing.duet === undefined ? pairing.target : toPairingTarget(pairing.duet.endpoint);
  connectSide(chat, side.transport, toReachableTarget(target));
}

/** Ends pairing: the peer is a duet (with `--raw`, any peer). */
export function finishPairing(timers: Timers, side: Pick<Side, "transport" | "socket">): void {
  if (side.socket.pairing === undefined) return;
  side.socket.request = { role: "connect", target: side.socket.pairing.target };
  side.socket.pairing = undefined;
  timers.clear({ kind: "pairing-retry", of: side.transport });
}

/** Leaves a peer that is not a duet, at once. True if pairing handled it. */
export function refuseWhilePairing(
  effects: Effect[],
  side: Pick<Side, "transport" | "isRaw" | "socket">,
  link: Link,
): boolean {
  const pairing = side.socket.pairing;
  if (pairing === undefined || side.isRaw) return false;
  setStage(side.socket, "waiting");
  setEndReason(link, sentence("no-duet-there"));
  effects.push({ type: "stop", transport: side.transport, idleMs: bannerWaitMs });
  return true;
}

function retryOrGiveUp(chat: SendContext & Pick<Chat, "network" | "exit">, side: Side): void {
  const pairing = side.socket.pairing;
  if (pairing === undefined) return;
  setStage(side.socket, "waiting");
  const retryMs = pairing.isPortKept ? keptPortRetryMs : pairingRetryMs;
  // An attempt that could not end in time is not begun.
  if (chat.nowMs + retryMs + bannerWaitMs <= pairing.untilMs) {
    chat.timers.set({ kind: "pairing-retry", of: side.transport }, chat.nowMs + retryMs);
    return;
  }
  if (pairing.mayJoin) giveUpPairing(chat, side);
  else giveUpPort(chat, side, pairing.target);
}

/** Starts the next attempt. */
export function retryPairing(effects: Effect[], side: Pick<Side, "transport" | "socket">): void {
  if (side.socket.pairing !== undefined) tryToListen(effects, side, side.socket.pairing.target);
}

function giveUpPairing(chat: SendContext & Pick<Chat, "network" | "exit">, side: Side): void {
  const pairing = side.socket.pairing;
  if (pairing === undefined) return;
  side.socket.pairing = undefined;
  side.socket.role = undefined;
  const { transport } = side;
  const target = formatTarget(pairing.target);
  const port = pairing.target.kind === "ip" ? pairing.target.port + 1 : 8081;
  // Over UDP nobody greets who only listens, so another user's duet cannot be told from a program.
  const duetAt = transport === "udp" ? formatTargetWords(pairing.target) : undefined;
  const { holder, folderProblem } = pairing;
  // Over TCP a duet is known by its banner as well.
  const why = transport === "udp" ? folderProblem && describeFolderProblem(folderProblem) : undefined;
  const problem = sentence("target-held", { target, transport, holder, why });
  const hint =
    why === undefined || duetAt === undefined
      ? sentence("target-held-hint", { transport, port, duetAt, isInChat: !chat.config.headless })
      : sentence("no-announcements-hint", { duetAt, isHere: true });
  reportProblem(chat, side, "EADDRINUSE", problem, hint);
  setSideState(chat, side, "CLOSED", sentence("target-taken", { target }));
  if (side.socket.isInitial) leave(chat, 1);
}

/** Reports that this side cannot be found by an announcement. Over TCP it is found by its banner. */
export function reportFailedAnnouncing(
  chat: ReportContext,
  side: Side,
  [problem]: readonly FolderProblem[],
): void {
  const { local } = side.socket;
  if (problem === undefined || side.transport === "tcp" || local === undefined || local.family === "unix")
    return;
  const { target } = side.socket.request ?? {};
  const family = target?.kind === "ip" ? target.family : undefined;
  const why = describeFolderProblem(problem);
  const duetAt = `${toReachableHost(local.address, family ?? 4)} ${local.port}`;
  const hint = sentence("no-announcements-hint", { duetAt, isHere: false });
  addNotice(chat, side, "warning", sentence("not-announced", { why }), hint);
}

function describeFolderProblem({ folder, problem }: FolderProblem): Sentence {
  return sentence("folder-problem", { folder: cleanText(folder), problem });
}

/** A target as the command line takes it. */
function formatTargetWords(target: Target): string {
  return target.kind === "unix" ? `-U ${target.path}` : `${target.host} ${target.port}`;
}

/** Notes the program that has the port, for the final error; outside of pairing, reports the failure. */
export function notePortHolder(chat: Chat, side: Side, error: NetworkError): void {
  const { pairing, request } = side.socket;
  if (pairing !== undefined) {
    pairing.holder = error.kept === undefined ? error.holder : undefined;
    if (error.kept !== undefined && !pairing.isPortKept) waitForPort(chat, side, pairing, error.kept);
    return;
  }
  if (!side.socket.awaitsPortHolder) return;
  side.socket.awaitsPortHolder = false;
  if (error.kept === undefined || side.socket.hasAwaitedPort || request === undefined)
    return endInFailure(chat, side, error);
  side.socket.hasAwaitedPort = true;
  side.socket.pairing = {
    target: request.target,
    untilMs: chat.nowMs,
    stage: "waiting",
    holder: undefined,
    mayJoin: false,
    isPortKept: false,
  };
  waitForPort(chat, side, side.socket.pairing, error.kept);
  if (!side.socket.isOpen) retryOrGiveUp(chat, side);
}

/** Tries to listen for as long as the kernel keeps the port for an ended connection, and reports that. */
function waitForPort(
  chat: ReportContext,
  side: Side,
  pairing: Pairing,
  { state, ms }: NonNullable<NetworkError["kept"]>,
): void {
  pairing.isPortKept = true;
  pairing.untilMs = Math.max(pairing.untilMs, chat.nowMs + ms + keptPortSlackMs);
  const { target } = pairing;
  if (target.kind === "unix") return;
  const port = target.port < 65_535 ? target.port + 1 : portDefault;
  const next = { transport: side.transport, host: target.host, port, isTyped: !chat.config.headless };
  addNotice(
    chat,
    side,
    "info",
    sentence("port-kept", { target: formatTarget(target), state, seconds: Math.ceil(ms / 1000) }),
    sentence("port-kept-hint", next),
  );
}

/** The kernel should have freed the port, and it is in use all the same: reports what has it now. */
function giveUpPort(
  chat: Pick<Chat, "effects">,
  side: Pick<Side, "transport" | "socket">,
  target: Target,
): void {
  side.socket.pairing = undefined;
  side.socket.role = "listen";
  side.socket.awaitsPortHolder = true;
  const error = {
    code: "EADDRINUSE",
    call: "bind",
    target: formatTarget(target),
    transport: side.transport,
  } as const;
  if (target.kind === "ip")
    chat.effects.push({
      type: "find-port-holder",
      transport: side.transport,
      error,
      host: target.host,
      port: target.port,
    });
}

/** `/close` during pairing. */
export function cancelPairing(chat: SendContext, side: Side): void {
  if (side.socket.pairing === undefined) return;
  addNotice(chat, side, "info", sentence("pairing-given-up"));
  const isBetweenAttempts = !side.socket.isOpen;
  closeSide(chat, side, closedHere);
  if (!isBetweenAttempts) return;
  side.socket.role = undefined;
  setSideState(chat, side, "CLOSED", closedHere);
}

function toPairingTarget(endpoint: Endpoint): Target {
  if (endpoint.family === "unix") return { kind: "unix", path: endpoint.path };
  return { kind: "ip", host: endpoint.address, port: endpoint.port };
}

/**
 * The address at which this machine reaches a socket that is bound to every address. `::` of both families stays: the
 * transport tries the loopback address of each, since IPv6 may be switched off.
 */
function toReachableTarget(target: Target): Target {
  return target.kind === "unix" ? target : { ...target, host: toReachableHost(target.host, target.family) };
}

/** `family`: the only one that the socket is known to receive. */
function toReachableHost(host: string, family: 4 | 6 | undefined): string {
  const { address } = makeIpEndpoint(host, 0);
  if (address === "0.0.0.0" || (address === "::" && family === 4)) return "127.0.0.1";
  return address === "::" && family === 6 ? "::1" : host;
}

function setStage(socket: SideSocket, stage: NonNullable<Side["socket"]["pairing"]>["stage"]): void {
  if (socket.pairing !== undefined) socket.pairing.stage = stage;
}
