/** Connects a side, and ends one that cannot be opened. */

import {
  isLoopback,
  isSameEndpoint,
  isUnspecified,
  makeIpEndpoint,
} from "../../protocol/address/endpoint.ts";
import type { NetworkError } from "../../protocol/sockets/network-error.ts";
import type { Target } from "../../protocol/address/target.ts";
import type { Chat } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import type { StateWord } from "../records/connection-state.ts";
import type { FoundDuet } from "../config/open-request.ts";
import { reportError, setSideState } from "../report/report.ts";
import { leave } from "./close.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";

/** Starts to connect, for `withinMs` at most. `knownDuets` have been set. */
export function connectSide(
  chat: Pick<Chat, "config" | "effects">,
  transport: TransportName,
  target: Target,
  withinMs = Number.POSITIVE_INFINITY,
): void {
  const timeoutMs = Math.min(withinMs, chat.config.connectTimeoutMs);
  chat.effects.push({ type: "connect", transport, target, timeoutMs });
}

/** Reports that a side could not be opened. */
export function endInFailure(chat: Chat, side: Side, error: NetworkError): void {
  side.socket.hasFailed = true;
  reportError(chat, side, error);
  setSideState(chat, side, getFailureState(error), sentence("network-error", { error }));
  const endsProgram =
    side.socket.isInitial && (chat.config.headless || error.call === "listen" || error.call === "bind");
  if (endsProgram) leave(chat, 1);
}

function getFailureState(error: NetworkError): StateWord {
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
    case "EADDRINUSE":
    case "EADDRNOTAVAIL":
    case "EACCES":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EPIPE":
    case "EMSGSIZE":
    case "ENAMETOOLONG":
    case "ENOENT":
    case "EMFILE":
    case "EINVAL":
    case "EAFNOSUPPORT":
    case "ENODEV":
    case "EUNKNOWN":
      return "CLOSED";
  }
}

/** `127.0.0.1:8080`, `[::1]:8080`, `/run/chat`. */
export function formatTarget(target: Target): string {
  if (target.kind === "unix") return target.path;
  return target.host.includes(":") ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
}

/** The announced duet that listens on a target: at the same endpoint, or bound to every address of that port. */
export function findDuet(found: readonly FoundDuet[], target: Target): FoundDuet | undefined {
  return found.find(({ endpoint }) => {
    if (target.kind === "unix") return endpoint.family === "unix" && endpoint.path === target.path;
    if (endpoint.family === "unix" || endpoint.port !== target.port) return false;
    const wanted = makeIpEndpoint(target.host, target.port);
    const isHere = target.host === "localhost" || isLoopback(wanted);
    if (isUnspecified(wanted) && isUnspecified(endpoint))
      return target.family !== 6 || endpoint.family === "IPv6";
    const loopback = endpoint.address === "127.0.0.1" || endpoint.address === "::1";
    if (loopback && (isUnspecified(wanted) || target.host === "localhost")) return true;
    return isSameEndpoint(endpoint, wanted) || (isUnspecified(endpoint) && isHere);
  });
}
