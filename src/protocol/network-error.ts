/**
 * What the network or the machine refused, as a value: facts only. Words for people are made from it
 * in one place, `describeNetworkError`. No I/O here; transports find the facts.
 */

import type { CallName } from "./socket-event.ts";

/** POSIX error names, and the resolver's (ENOTFOUND, EAI_AGAIN). EUNKNOWN: the runtime gave no code. */
export type ErrorCode =
  | "EADDRINUSE"
  | "EADDRNOTAVAIL"
  | "EACCES"
  | "ENOTFOUND"
  | "EAI_AGAIN"
  | "ECONNREFUSED"
  | "ENETUNREACH"
  | "EHOSTUNREACH"
  | "ETIMEDOUT"
  | "ECONNRESET"
  | "EPIPE"
  | "EMSGSIZE"
  | "ENAMETOOLONG"
  | "ENOENT"
  | "EMFILE"
  | "EINVAL"
  | "EAFNOSUPPORT"
  | "EUNKNOWN";

export interface NetworkError {
  readonly code: ErrorCode;
  readonly call: CallName | "resolve";
  /** What was being reached or bound, as a person wrote it: `127.0.0.1:8080`, `example.test:80`, `/tmp/chat`. */
  readonly target: string;
  readonly transport: "tcp" | "udp";
  /** The program that holds the port, when the system tells: `nc (pid 4711)`. */
  readonly holder?: string;
  /** What the runtime said, for a code we do not know. */
  readonly detail?: string;
}
