/** One page for each error code: what happened on the wire, the likely causes, the likeliest first, and what to try. */

import type { ErrorCode } from "../sockets/network-error.ts";

interface ErrorPage {
  /** The meaning of the code, in one line. */
  readonly meaning: string;
  /** The packets that were sent and received, if any. */
  readonly wire: string;
  /** At least one. */
  readonly causes: readonly string[];
  /** Commands of duet or of a shell, with HOST, PORT and PATH as placeholders. At least one. */
  readonly tries: readonly string[];
}

export const errorPages: Readonly<Record<ErrorCode, ErrorPage>> = {
  EADDRINUSE: {
    meaning: "the address and port are taken",
    wire: "nothing was sent: bind asked this machine's kernel for the port, and it belongs to another socket",
    causes: [
      "another program listens there, perhaps another duet",
      "of a UNIX path: a file of that name is there",
      "a socket bound to every interface has the port on all of them",
    ],
    tries: [
      "ss -ltunp 'sport = :PORT'",
      "/listen HOST PORT with another port",
      "/connect HOST PORT to join who is there",
    ],
  },
  EADDRNOTAVAIL: {
    meaning: "this machine does not have that address",
    wire: "nothing was sent: bind takes only addresses of this machine's own interfaces",
    causes: [
      "the address is another machine's, or was this one's before it moved",
      "the interface is down",
      "when connecting: every local port towards that place is taken, most by TIME-WAIT",
    ],
    tries: ["ip -brief address", "/listen 0.0.0.0 PORT for every interface", "ss -s"],
  },
  EACCES: {
    meaning: "the system does not permit it",
    wire: "nothing was sent: the kernel refused the call before it came to that",
    causes: [
      "ports below 1024 are the administrator's",
      "of a UNIX path: its permissions, or its folder's",
      "the address is a broadcast address, or a firewall rule forbids it",
    ],
    tries: ["/listen HOST 8080", "ls -ld PATH", "sudo nft list ruleset"],
  },
  ENOTFOUND: {
    meaning: "nobody has that name",
    wire: "a name server was asked (UDP port 53) and answered that there is no such host; nothing went to the host itself",
    causes: ["the name is misspelt", "it is known only on another network, or by another name server"],
    tries: ["getent hosts HOST", "/connect ADDRESS PORT with the address in place of the name"],
  },
  EAI_AGAIN: {
    meaning: "the name could not be looked up now",
    wire: "a name server was asked (UDP port 53), and no answer came in time",
    causes: ["this machine has no network now", "the name server is down, or a firewall keeps it away"],
    tries: ["ip route", "getent hosts HOST", "/connect ADDRESS PORT with the address in place of the name"],
  },
  ECONNREFUSED: {
    meaning: "the machine answers, and nobody listens there",
    wire: "TCP: our SYN was answered with RST. UDP: our datagram came back as ICMP port unreachable",
    causes: [
      "the program there is not running, or ended",
      "it listens on another port, or only on another address, as 127.0.0.1",
      "a firewall refuses on its behalf",
    ],
    tries: [
      "ss -ltun on that machine",
      "bun run start -l HOST PORT there (over UDP -u -l), then /reconnect",
      "/connect HOST PORT with another port",
    ],
  },
  ENETUNREACH: {
    meaning: "no way leads to that network",
    wire: "nothing was sent: the routing table has no line for the address, and no default route",
    causes: ["the cable, WLAN or VPN is down", "an IPv6 address, and this network has only IPv4"],
    tries: ["ip route get HOST", "ip -brief address", "bun run start -4 HOST PORT"],
  },
  EHOSTUNREACH: {
    meaning: "the machine cannot be reached",
    wire: "nobody answered for its link address (ARP, or neighbour discovery), or a router answered with ICMP host unreachable",
    causes: [
      "the machine is off, or sleeps",
      "the address is wrong by a digit",
      "a router or firewall keeps it away",
    ],
    tries: ["ping HOST", "ip neigh", "/connect HOST PORT with another address"],
  },
  ETIMEDOUT: {
    meaning: "nothing came back in time",
    wire: "connecting: our SYN was sent again and again without an answer. Later: segments, or keep-alive probes, were never acknowledged",
    causes: [
      "a firewall drops what comes, without a word",
      "the machine is off, or its network was cut",
      "the listener's backlog is full: it accepts nobody now",
    ],
    tries: ["ping HOST", "bun run start -w 30 HOST PORT to wait longer", "/reconnect"],
  },
  ECONNRESET: {
    meaning: "the peer broke the connection off",
    wire: "a segment with RST came: both directions ended at once, and what was on its way is lost",
    causes: [
      "its program ended, or crashed, with bytes unread",
      "it closed both ways, and then we wrote",
      "it wanted to: /rst does the same",
      "a firewall or NAT has forgotten the connection",
    ],
    tries: ["/reconnect", "F2 to see which call came before it"],
  },
  EPIPE: {
    meaning: "we wrote into a connection that is over",
    wire: "the peer had closed; our bytes were answered with RST, and the kernel takes no more",
    causes: [
      "the peer read what it wanted, closed, and does not wait: the tutorial's server does",
      "we sent FIN ourselves before",
    ],
    tries: ["/reconnect", "F2 shows the FIN that came before"],
  },
  EMSGSIZE: {
    meaning: "one datagram cannot hold that much",
    wire: "nothing was sent: UDP has 16 bits for the length, so that 65,507 bytes are the most over IPv4",
    causes: [
      "the message is too long for UDP",
      "it must not be cut on its way, and some link takes less (IPv6)",
    ],
    tries: ["/tcp to send it as a stream", "send it in several lines"],
  },
  ENAMETOOLONG: {
    meaning: "the name does not fit",
    wire: "nothing was sent: a UNIX socket's path has room for 107 bytes, a host's name for 253",
    causes: ["the path is long; what counts is bytes, not characters"],
    tries: ["/listen -U /tmp/chat", "/connect -U PATH by a shorter way to the same place"],
  },
  ENOENT: {
    meaning: "there is nothing of that name",
    wire: "nothing was sent: a UNIX socket is a file, and there is none at that path, or no such folder",
    causes: ["nobody listens there yet", "the path is misspelt, or relative to another folder"],
    tries: ["ls -l PATH", "/listen -U PATH to be the one who listens"],
  },
  EMFILE: {
    meaning: "no descriptor is left",
    wire: "nothing was sent: each connection needs a descriptor, and this process has all that it may have",
    causes: ["more peers than the limit allows", "the limit of the shell is low: often 1024"],
    tries: ["ulimit -n 65536, then start again", "bun run start -l -m 100 to let fewer join"],
  },
  EINVAL: {
    meaning: "that is no address the call can use",
    wire: "nothing was sent: the kernel does not take the arguments",
    causes: ["a link-local address needs its interface, as in fe80::1%eth0", "the port is 0 or above 65,535"],
    tries: ["ip -brief address", "/connect HOST PORT once more, digit by digit"],
  },
  EAFNOSUPPORT: {
    meaning: "the address is of another family than the socket",
    wire: "nothing was sent: a socket speaks IPv4 or IPv6, and the address is of the other",
    causes: ["IPv6 is switched off on this machine", "an IPv4 socket was to send to an IPv6 address"],
    tries: ["bun run start -4 HOST PORT, or -6", "/connect 127.0.0.1 PORT"],
  },
  EUNKNOWN: {
    meaning: "the runtime gave no reason",
    wire: "it is not known how far it came",
    causes: ["a limit or a fault of the system that has no name here"],
    tries: ["F2 shows the call that failed", "bun run start -v tells every call on standard error"],
  },
};

/** The error code of a word in upper or lower case; undefined if there is none. */
export function findErrorCode(word: string): ErrorCode | undefined {
  const wanted = word.toUpperCase();
  return Object.hasOwn(errorPages, wanted) ? (wanted as ErrorCode) : undefined;
}
