/** The table of a language for network errors, and its use. */

import {
  type ErrorPlace,
  isBindOrListen,
  privilegedPortsEnd,
  readPlace,
} from "../../protocol/errors/error-place.ts";
import type { ErrorCode, NetworkError, PathFile } from "../../protocol/sockets/network-error.ts";

/** `message`: event and cause. `hint`: the next step, as a command or key. One line each. */
interface ErrorDescription {
  readonly message: string;
  readonly hint: string;
}

/** `subject`: the endpoint and a space, or empty if the message follows its name. */
type DescribeError = (
  error: NetworkError,
  place: ErrorPlace,
  subject: string,
  program: string,
) => ErrorDescription;

/** Cases with words of their own: a code, and for some the call and the kind of endpoint. */
type ErrorCase =
  | Exclude<
      ErrorCode,
      "EADDRINUSE" | "EADDRNOTAVAIL" | "EACCES" | "ECONNREFUSED" | "ETIMEDOUT" | "ENAMETOOLONG" | "ENOENT"
    >
  | "name-in-use"
  | "path-in-use"
  | "path-through-file"
  | "path-has-owner"
  | "path-no-socket"
  | "path-is-datagram"
  | "path-not-accepting"
  | "port-in-use"
  | "port-kept"
  | "address-not-ours"
  | "no-local-port"
  | "path-forbidden"
  | "port-forbidden"
  | "listen-forbidden"
  | "broadcast-forbidden"
  | "call-forbidden"
  | "path-refused"
  | "path-silent"
  | "datagram-refused"
  | "connection-refused"
  | "connect-timed-out"
  | "resolve-timed-out"
  | "went-silent"
  | "host-too-long"
  | "path-too-long"
  | "folder-missing"
  | "socket-missing";

export type ErrorTable = Readonly<Record<ErrorCase, DescribeError>>;

/** An error in one language's words. `isNamed`: the message follows the endpoint's name. */
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
      if (!isPath) return error.kept === undefined ? "port-in-use" : "port-kept";
      return text.startsWith("@") ? "name-in-use" : caseOfTakenPath(error.file);
    case "EADDRNOTAVAIL":
      return isBindOrListen(error) ? "address-not-ours" : "no-local-port";
    case "EACCES":
      if (isPath) return "path-forbidden";
      if (isBindOrListen(error)) return port < privilegedPortsEnd ? "port-forbidden" : "listen-forbidden";
      return error.isBroadcast === true ? "broadcast-forbidden" : "call-forbidden";
    case "ECONNREFUSED":
      if (isPath) return caseOfRefusedPath(error.file);
      return error.transport === "udp" ? "datagram-refused" : "connection-refused";
    case "ETIMEDOUT":
      if (error.call === "resolve") return "resolve-timed-out";
      if (error.call !== "connect") return "went-silent";
      return isPath ? "path-not-accepting" : "connect-timed-out";
    case "ENAMETOOLONG":
      return error.call === "resolve" || !isPath ? "host-too-long" : "path-too-long";
    case "ENOENT":
      if (error.file === "file-as-folder") return "path-through-file";
      return isBindOrListen(error) || error.file === "no-folder" ? "folder-missing" : "socket-missing";
    default:
      return error.code;
  }
}

function caseOfTakenPath(file: PathFile | undefined): ErrorCase {
  switch (file) {
    case "no-socket":
      return "path-no-socket";
    case "datagram":
    case "stream":
      return "path-has-owner";
    case "no-folder":
    case "file-as-folder":
    case "unbound":
    case undefined:
      return "path-in-use";
  }
}

function caseOfRefusedPath(file: PathFile | undefined): ErrorCase {
  switch (file) {
    case "no-socket":
      return "path-no-socket";
    case "datagram":
      return "path-is-datagram";
    case "stream":
      return "path-not-accepting";
    case "unbound":
      return "path-refused";
    case "file-as-folder":
      return "path-through-file";
    case "no-folder":
    case undefined:
      return "path-silent";
  }
}
