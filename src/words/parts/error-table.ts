/** What each language's words for network errors are given, and have to say. Types only, and how they are read. */

import {
  type ErrorPlace,
  isBindOrListen,
  privilegedPortsEnd,
  readPlace,
} from "../../protocol/errors/error-place.ts";
import type { ErrorCode, NetworkError } from "../../protocol/sockets/network-error.ts";

/** `message`: what happened and why. `hint`: the next step, as a command or key. One line each. */
interface ErrorDescription {
  readonly message: string;
  readonly hint: string;
}

/** `subject`: the place with a space behind it, or nothing where it was said before the message. */
type DescribeError = (
  error: NetworkError,
  place: ErrorPlace,
  subject: string,
  program: string,
) => ErrorDescription;

/** The cases that a person has to tell apart: a code, and for some what was being done where. */
type ErrorCase =
  | Exclude<
      ErrorCode,
      "EADDRINUSE" | "EADDRNOTAVAIL" | "EACCES" | "ECONNREFUSED" | "ETIMEDOUT" | "ENAMETOOLONG" | "ENOENT"
    >
  | "name-in-use"
  | "path-in-use"
  | "port-in-use"
  | "address-not-ours"
  | "no-local-port"
  | "path-forbidden"
  | "port-forbidden"
  | "call-forbidden"
  | "path-refused"
  | "datagram-refused"
  | "connection-refused"
  | "connect-timed-out"
  | "went-silent"
  | "host-too-long"
  | "path-too-long"
  | "folder-missing"
  | "socket-missing";

export type ErrorTable = Readonly<Record<ErrorCase, DescribeError>>;

/** An error in one language's words. `isNamed`: its place stands before the message already. */
export function describeError(
  table: ErrorTable,
  error: NetworkError,
  program: string,
  isNamed = false,
): ErrorDescription {
  const place = readPlace(error);
  return table[caseOf(error, place)](error, place, isNamed ? "" : `${place.text} `, program);
}

function caseOf(error: NetworkError, { isPath, text, port = privilegedPortsEnd }: ErrorPlace): ErrorCase {
  switch (error.code) {
    case "EADDRINUSE":
      return !isPath ? "port-in-use" : text.startsWith("@") ? "name-in-use" : "path-in-use";
    case "EADDRNOTAVAIL":
      return isBindOrListen(error) ? "address-not-ours" : "no-local-port";
    case "EACCES":
      if (isPath) return "path-forbidden";
      return isBindOrListen(error) && port < privilegedPortsEnd ? "port-forbidden" : "call-forbidden";
    case "ECONNREFUSED":
      if (isPath) return "path-refused";
      return error.transport === "udp" ? "datagram-refused" : "connection-refused";
    case "ETIMEDOUT":
      return error.call === "connect" || error.call === "resolve" ? "connect-timed-out" : "went-silent";
    case "ENAMETOOLONG":
      return error.call === "resolve" || !isPath ? "host-too-long" : "path-too-long";
    case "ENOENT":
      return isBindOrListen(error) ? "folder-missing" : "socket-missing";
    default:
      return error.code;
  }
}
