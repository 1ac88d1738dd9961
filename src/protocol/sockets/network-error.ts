/** A refusal by the network or the machine, as a value. Transports make it; `describeNetworkError` words it. */

import { datagramMaxBytes } from "../limits.ts";
import type { CallName } from "./socket-call.ts";

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
  /** The target, as a person wrote it: `127.0.0.1:8080`, `example.test:80`, `/tmp/chat`. */
  readonly target: string;
  readonly transport: "tcp" | "udp";
  /** The program that holds the port, if the system shows it: `nc (pid 4711)`. */
  readonly holder?: string;
  /** The runtime's message, for EUNKNOWN. */
  readonly detail?: string;
}

/**
 * `message`: what happened and why. `hint`: the next step, as a command or key. One line each, no control characters.
 */
interface ErrorDescription {
  readonly message: string;
  readonly hint: string;
}

/** Words every code once, for each call that can meet it. The message always names the target. */
export function describeNetworkError(error: NetworkError): ErrorDescription {
  const place = readPlace(error);
  switch (error.code) {
    case "EADDRINUSE":
      return describeInUse(error, place);
    case "EADDRNOTAVAIL":
      return describeNotAvailable(error, place);
    case "EACCES":
      return describeForbidden(error, place);
    case "ENOTFOUND":
      return {
        message: `No host is named ${place.host}: the name server knows no address for ${place.text}.`,
        hint: `Check the spelling, or give the address in place of the name; this machine's answer: getent hosts ${place.host}`,
      };
    case "EAI_AGAIN":
      return {
        message: `The name in ${place.text} could not be looked up: the name server does not answer.`,
        hint: `Check the network, or give the address in place of the name: ${startCommand(error, "", "ADDRESS", place.port)}`,
      };
    case "ECONNREFUSED":
      return describeRefused(error, place);
    case "ENETUNREACH":
      return {
        message: `No way leads from this machine to the network of ${place.text}: no route is known.`,
        hint: `Check the cable, WLAN or VPN; the route taken: ip route get ${place.host}`,
      };
    case "EHOSTUNREACH":
      return {
        message: `The machine of ${place.text} cannot be reached: it is off, or a router or firewall keeps it away.`,
        hint: `See if it answers at all: ping ${place.host}`,
      };
    case "ETIMEDOUT":
      return describeTimedOut(error, place);
    case "ECONNRESET":
      return {
        message: `${place.text} broke the connection off (RST): its program ended, or closed with bytes unread.`,
        hint: `Connect again: /reconnect, or ${connectCommand(error, place)}`,
      };
    case "EPIPE":
      return {
        message: `${place.text} has closed the connection, and takes nothing more: what was sent last is lost.`,
        hint: `Connect again: /reconnect, or ${connectCommand(error, place)}`,
      };
    case "EMSGSIZE":
      return {
        message: `The message to ${place.text} is too large for one datagram, which holds at most ${datagramMaxBytes.toLocaleString("en-US")} bytes.`,
        hint: "Send it in parts, or over TCP: Ctrl-T switches.",
      };
    case "ENAMETOOLONG":
      return describeTooLong(error, place);
    case "ENOENT":
      return describeMissing(error, place);
    case "EMFILE":
      return {
        message: `No socket can be opened for ${place.text}: this process has all the descriptors it may have.`,
        hint: "Allow more and start again: ulimit -n 65536; or let fewer join: -m 100",
      };
    case "EINVAL":
      return {
        message: `The system does not take ${place.text} as an address to ${error.call}.`,
        hint: "Check host and port; a link-local address needs its interface, as in [fe80::1%eth0]:8080",
      };
    case "EAFNOSUPPORT":
      return {
        message: `This machine does not speak the address family of ${place.text}.`,
        hint: "Choose the other family: -4 for IPv4, -6 for IPv6",
      };
    case "EUNKNOWN":
      return {
        message: `${error.call} failed for ${place.text}: ${readDetail(error.detail)}.`,
        hint: "See what the sockets did: F2 on the screen, -v without one",
      };
  }
}

const socketPathMaxBytes = 107;
const privilegedPortsEnd = 1024;
const detailMaxLength = 200;

/** A target taken apart, in words that are safe to show. */
interface Place {
  readonly text: string;
  readonly isPath: boolean;
  /** The path, where it is one, quoted for a shell. */
  readonly host: string;
  readonly port: number | undefined;
}

function readPlace(error: NetworkError): Place {
  const text = cleanWords(error.target);
  const joined = /^[/@.~]/.test(text) ? null : /^(.*):(\d{1,5})$/.exec(text);
  const host = quoteForShell((joined?.[1] ?? text).replace(/^\[(.*)\]$/, "$1"));
  const isPath = joined === null && error.call !== "resolve";
  return { text, isPath, host, port: joined === null ? undefined : Number(joined[2]) };
}

function describeInUse(error: NetworkError, place: Place): ErrorDescription {
  if (place.isPath) {
    const isAbstract = place.text.startsWith("@");
    return {
      message: `${place.text} is in use: a socket or file of that name is there already.`,
      hint: isAbstract
        ? "Choose another name; to see who has it: ss -lxp"
        : `Choose another path, or remove it if no program uses it: rm ${place.host}`,
    };
  }
  const by =
    error.holder === undefined ? "another program has the port" : `${cleanWords(error.holder)} has the port`;
  const next = place.port === undefined || place.port >= 65_535 ? 8080 : place.port + 1;
  const list = `ss -${error.transport === "tcp" ? "lt" : "lu"}np 'sport = :${place.port ?? 8080}'`;
  return {
    message: `${place.text} is in use: ${by}.`,
    hint: `Choose another port: ${startCommand(error, "-l", place.host, next)}; to see who has it: ${list}`,
  };
}

function describeNotAvailable(error: NetworkError, place: Place): ErrorDescription {
  if (isOpening(error)) {
    return {
      message: `Nothing can listen on ${place.text}: this machine does not have that address.`,
      hint: `Its addresses: ip -brief address; all of them: ${startCommand(error, "-l", "0.0.0.0", place.port)}`,
    };
  }
  return {
    message: `No local address or port is left to reach ${place.text} from.`,
    hint: "Wait a minute, until closed connections have left TIME-WAIT; how many there are: ss -s",
  };
}

function describeForbidden(error: NetworkError, place: Place): ErrorDescription {
  if (place.isPath) {
    return {
      message: `The permissions of ${place.text} or its folder do not let you ${isOpening(error) ? "listen there" : "connect"}.`,
      hint: `See who may: ls -ld ${place.host}; or choose a path of your own: -U /tmp/chat`,
    };
  }
  if (isOpening(error) && place.port !== undefined && place.port < privilegedPortsEnd) {
    return {
      message: `${place.text} is not for everyone: ports below ${privilegedPortsEnd} are the administrator's.`,
      hint: `Choose ${privilegedPortsEnd} or above: ${startCommand(error, "-l", place.host, 8080)}`,
    };
  }
  return {
    message: `The system does not permit ${error.call} for ${place.text}: a rule of its firewall, or a broadcast address.`,
    hint: "Look at the firewall's rules: sudo nft list ruleset",
  };
}

function describeRefused(error: NetworkError, place: Place): ErrorDescription {
  const listen = place.isPath
    ? `bun run start -l -U ${place.host}`
    : startCommand(error, "-l", place.host, place.port);
  const nobody = place.isPath
    ? `Nobody listens at ${place.text}: who made that socket is gone.`
    : error.transport === "udp"
      ? `Nobody is bound at ${place.text}: a datagram came back as unreachable.`
      : `${place.text} refused the connection: nobody listens on that port.`;
  return { message: nobody, hint: `Check host and port, or listen there first: ${listen}` };
}

function describeTimedOut(error: NetworkError, place: Place): ErrorDescription {
  if (error.call === "connect" || error.call === "resolve") {
    return {
      message: `${place.text} did not answer in time: it is off, or a firewall drops what comes.`,
      hint: `See if it answers at all: ping ${place.host}; or wait longer: -w 30`,
    };
  }
  return {
    message: `${place.text} went silent: nothing that was sent was acknowledged in time.`,
    hint: `Check the network, then connect again: /reconnect, or ${connectCommand(error, place)}`,
  };
}

function describeTooLong(error: NetworkError, place: Place): ErrorDescription {
  if (error.call === "resolve" || !place.isPath) {
    return {
      message: `The name in ${place.text} is too long to be a host's.`,
      hint: "Check the host: it has at most 253 characters",
    };
  }
  return {
    message: `The path ${place.text} is too long: a UNIX socket's has at most ${socketPathMaxBytes} bytes.`,
    hint: "Choose a shorter one: -U /tmp/chat",
  };
}

function describeMissing(error: NetworkError, place: Place): ErrorDescription {
  if (isOpening(error)) {
    return {
      message: `The folder of ${place.text} is not there.`,
      hint: `Make it first: mkdir -p "$(dirname ${place.host})"`,
    };
  }
  return {
    message: `There is no socket at ${place.text}.`,
    hint: `Check the path, or listen there first: bun run start -l -U ${place.host}`,
  };
}

function isOpening({ call }: NetworkError): boolean {
  return call === "bind" || call === "listen";
}

function connectCommand(error: NetworkError, place: Place): string {
  return place.isPath ? `bun run start -U ${place.host}` : startCommand(error, "", place.host, place.port);
}

function startCommand(error: NetworkError, flag: "" | "-l", host: string, port: number | undefined): string {
  const words = ["bun run start", error.transport === "udp" ? "--udp" : "", flag, host, String(port ?? 8080)];
  return words.filter((word) => word !== "").join(" ");
}

/** The runtime's own words, as far as they are a sentence: no class name before it, no stack behind it. */
function readDetail(detail = ""): string {
  const [firstLine = ""] = detail.split("\n");
  const words = cleanWords(firstLine.replace(/^(\w*Error:\s*)+/, ""))
    .trim()
    .slice(0, detailMaxLength);
  return words.replace(/\.$/, "") || "the runtime gave no reason";
}

/** Targets are a person's words, but holders and details are not ours. */
function cleanWords(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, "\ufffd");
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
