/** A refusal by the network or the machine, as a value. Transports make it; the languages in src/words word it. */

import type { CallName } from "./socket-call.ts";

/** POSIX error names, and the resolver's (ENOTFOUND, EAI_AGAIN). EUNKNOWN: the runtime reported no code. */
export const errorCodes = [
  "EADDRINUSE",
  "EADDRNOTAVAIL",
  "EACCES",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ETIMEDOUT",
  "ECONNRESET",
  "EPIPE",
  "EMSGSIZE",
  "ENAMETOOLONG",
  "ENOENT",
  "EMFILE",
  "EINVAL",
  "EAFNOSUPPORT",
  "ENODEV",
  "EUNKNOWN",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/**
 * `unbound`: a socket file that no process has. `stream`: a stream or sequenced-packet socket of a running process.
 * `no-folder`: the folder of the path is not there. `file-as-folder`: the path leads through something else.
 */
export type PathFile = "no-socket" | "unbound" | "datagram" | "stream" | "no-folder" | "file-as-folder";

/** What has a port: a program, as `nc (pid 4711)`, or the kernel alone, which keeps it for an ended connection. */
export interface PortHolder {
  readonly holder: string;
  /** The state that the kernel keeps the port in, and for how long, in milliseconds. No program has it. */
  readonly kept?: {
    readonly state: "TIME-WAIT" | "FIN-WAIT-1" | "FIN-WAIT-2" | "CLOSING" | "LAST-ACK";
    readonly ms: number;
  };
}

export interface NetworkError {
  readonly code: ErrorCode;
  readonly call: CallName | "resolve";
  /** The target, as a person wrote it: `127.0.0.1:8080`, `example.test:80`, `/tmp/chat`. */
  readonly target: string;
  readonly transport: "tcp" | "udp";
  /** The program that holds the port, if the system shows it: `nc (pid 4711)`. */
  readonly holder?: string;
  readonly kept?: PortHolder["kept"];
  /** The address is a subnet's broadcast address. */
  readonly isBroadcast?: true;
  /** The file at a UNIX path that was refused, or why there is none, where the system shows it. */
  readonly file?: PathFile;
  /** The runtime's message, for EUNKNOWN. */
  readonly detail?: string;
}
