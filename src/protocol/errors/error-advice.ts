/**
 * The pages of /why: for each error code the likely causes, the likeliest first, and what to try, by id. src/words
 * words them.
 */

import type { ErrorCode, NetworkError } from "../sockets/network-error.ts";
import { isBindOrListen, privilegedPortsEnd, readPlace } from "./error-place.ts";

export type CauseId =
  | "another-listens"
  | "path-is-there"
  | "bound-everywhere"
  | "port-in-time-wait"
  | "not-our-address"
  | "interface-down"
  | "local-ports-used"
  | "port-below-1024"
  | "path-permissions"
  | "broadcast-or-firewall"
  | "name-misspelt"
  | "name-known-elsewhere"
  | "no-network"
  | "name-server-down"
  | "program-not-running"
  | "listens-elsewhere"
  | "firewall-refuses"
  | "path-unattended"
  | "link-down"
  | "ipv6-without-network"
  | "machine-off"
  | "address-wrong"
  | "firewall-keeps-away"
  | "firewall-drops"
  | "machine-off-or-cut"
  | "backlog-full"
  | "ended-with-bytes-unread"
  | "closed-before-we-wrote"
  | "reset-on-purpose"
  | "nat-forgot"
  | "peer-read-enough"
  | "we-sent-fin"
  | "message-too-long"
  | "link-takes-less"
  | "path-too-long"
  | "nobody-listens-yet"
  | "path-misspelt"
  | "peers-above-limit"
  | "shell-limit-low"
  | "link-local-without-interface"
  | "port-out-of-range"
  | "ipv6-off"
  | "family-mismatch"
  | "no-such-interface"
  | "interface-gone"
  | "nameless-limit";

export type TryId =
  | "ss-listeners"
  | "listen-on-another-port"
  | "join-there"
  | "wait-for-port"
  | "ip-addresses"
  | "ip-links"
  | "listen-everywhere"
  | "ss-summary"
  | "listen-on-8080"
  | "ls-path"
  | "nft-rules"
  | "getent"
  | "connect-by-address"
  | "ip-routes"
  | "ss-there"
  | "start-there"
  | "connect-to-another-port"
  | "ip-route-to-host"
  | "start-ipv4"
  | "ping"
  | "ip-neighbours"
  | "connect-to-another-address"
  | "wait-longer"
  | "reconnect"
  | "look-before-it"
  | "look-for-fin"
  | "use-tcp"
  | "send-in-lines"
  | "listen-on-short-path"
  | "connect-by-short-path"
  | "ls-file"
  | "listen-on-path"
  | "raise-limit"
  | "fewer-peers"
  | "check-digits"
  | "choose-family"
  | "connect-to-loopback"
  | "look-at-call"
  | "start-verbose";

interface ErrorAdvice {
  /** At least one. */
  readonly causes: readonly CauseId[];
  /** At least one. */
  readonly tries: readonly TryId[];
}

export const errorAdvice: Readonly<Record<ErrorCode, ErrorAdvice>> = {
  EADDRINUSE: {
    causes: ["another-listens", "port-in-time-wait", "bound-everywhere", "path-is-there"],
    tries: ["ss-listeners", "wait-for-port", "listen-on-another-port", "join-there"],
  },
  EADDRNOTAVAIL: {
    causes: ["not-our-address", "interface-down", "local-ports-used"],
    tries: ["ip-addresses", "listen-everywhere", "ss-summary"],
  },
  EACCES: {
    causes: ["port-below-1024", "path-permissions", "broadcast-or-firewall"],
    tries: ["listen-on-8080", "nft-rules", "ls-path"],
  },
  ENOTFOUND: {
    causes: ["name-misspelt", "name-known-elsewhere"],
    tries: ["getent", "connect-by-address"],
  },
  EAI_AGAIN: {
    causes: ["no-network", "name-server-down"],
    tries: ["ip-routes", "getent", "connect-by-address"],
  },
  ECONNREFUSED: {
    causes: ["program-not-running", "listens-elsewhere", "firewall-refuses", "path-unattended"],
    tries: ["ss-there", "start-there", "connect-to-another-port"],
  },
  ENETUNREACH: {
    causes: ["link-down", "ipv6-without-network"],
    tries: ["ip-route-to-host", "ip-addresses", "start-ipv4"],
  },
  EHOSTUNREACH: {
    causes: ["machine-off", "address-wrong", "firewall-keeps-away"],
    tries: ["ping", "ip-neighbours", "connect-to-another-address"],
  },
  ETIMEDOUT: {
    causes: ["firewall-drops", "machine-off-or-cut", "backlog-full"],
    tries: ["ping", "wait-longer", "reconnect"],
  },
  ECONNRESET: {
    causes: ["ended-with-bytes-unread", "closed-before-we-wrote", "reset-on-purpose", "nat-forgot"],
    tries: ["reconnect", "look-before-it"],
  },
  EPIPE: {
    causes: ["peer-read-enough", "we-sent-fin"],
    tries: ["reconnect", "look-for-fin"],
  },
  EMSGSIZE: {
    causes: ["message-too-long", "link-takes-less"],
    tries: ["use-tcp", "send-in-lines"],
  },
  ENAMETOOLONG: {
    causes: ["path-too-long"],
    tries: ["listen-on-short-path", "connect-by-short-path"],
  },
  ENOENT: {
    causes: ["nobody-listens-yet", "path-misspelt"],
    tries: ["ls-file", "listen-on-path"],
  },
  EMFILE: {
    causes: ["peers-above-limit", "shell-limit-low"],
    tries: ["raise-limit", "fewer-peers"],
  },
  EINVAL: {
    causes: ["link-local-without-interface", "port-out-of-range"],
    tries: ["ip-addresses", "check-digits"],
  },
  EAFNOSUPPORT: {
    causes: ["ipv6-off", "family-mismatch"],
    tries: ["choose-family", "connect-to-loopback"],
  },
  ENODEV: {
    causes: ["no-such-interface", "interface-gone"],
    tries: ["ip-links", "ip-addresses", "reconnect"],
  },
  EUNKNOWN: {
    causes: ["nameless-limit"],
    tries: ["look-at-call", "start-verbose"],
  },
};

/** The pages about encryption, keys and identity, by the word that asks for each; refusal-advice.ts has their content. */
export const refusalPages = [
  "EKEY",
  "EPASSWORD",
  "REQUIRED",
  "HANDSHAKE",
  "BUSY",
  "SESSION",
  "PLAIN",
  "FORGED",
  "IDENTITY",
  "NAMESAKE",
  "VERIFY",
] as const;
export type RefusalPage = (typeof refusalPages)[number];

/** The page of a word in upper or lower case; undefined if there is none. */
export function findRefusalPage(word: string): RefusalPage | undefined {
  return refusalPages.find((page) => page.toLowerCase() === word.toLowerCase());
}

/** The codes of all pages. */
export const errorCodes = Object.keys(errorAdvice) as readonly ErrorCode[];

/** The error code of a word in upper or lower case; undefined if there is none. */
export function findErrorCode(word: string): ErrorCode | undefined {
  const wanted = word.toUpperCase();
  return errorCodes.find((code) => code === wanted);
}

/** The step that the hint of the error itself already suggests. */
export function chooseHintedTry(error: NetworkError): TryId | undefined {
  const { isPath, port = privilegedPortsEnd } = readPlace(error);
  switch (error.code) {
    case "EADDRNOTAVAIL":
      return isBindOrListen(error) ? "ip-addresses" : "ss-summary";
    case "EACCES":
      return isPath || (isBindOrListen(error) && port < privilegedPortsEnd) ? undefined : "nft-rules";
    case "ENODEV":
      return "ip-addresses";
    case "ECONNRESET":
    case "EPIPE":
      return "reconnect";
    case "ETIMEDOUT":
      return error.call === "connect" || error.call === "resolve" ? undefined : "reconnect";
    default:
      return undefined;
  }
}
