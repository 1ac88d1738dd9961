/** Network errors in English: event and cause, and the next step. */

import {
  cleanWords,
  isBindOrListen,
  privilegedPortsEnd,
  readDetail,
} from "../../protocol/errors/error-place.ts";
import { datagramMaxBytes, socketPathMaxBytes } from "../../protocol/limits.ts";
import {
  againCommand,
  chatProgram,
  listenCommand,
  listPortCommand,
  nextPortCommand,
  pathCommand,
  routeCommand,
  startCommand,
} from "../parts/error-commands.ts";
import type { ErrorTable } from "../parts/error-table.ts";

export const networkErrorsEnglish: ErrorTable = {
  "name-in-use": (_error, _place, subject) => ({
    message: `${subject}is in use: another program has a socket of that name.`,
    hint: "Choose another name; to see who has it: ss -xap",
  }),
  "path-in-use": (_error, { host }, subject) => ({
    message: `${subject}is in use: a socket or file of that name is there already.`,
    hint: `Choose another path; see if a program has it: ss -xap; if none has, remove it: rm ${host}`,
  }),
  "path-has-owner": (error, _place, subject, program) => ({
    message: `${subject}is in use: another program has that socket.`,
    hint: `Choose another path: ${pathCommand(program, error)}; to see who has it: ss -xap`,
  }),
  "path-no-socket": (error, { text, host }, _subject, program) => ({
    message: `${text} is not a socket.`,
    hint: `Choose another path: ${pathCommand(program, error)}; to see what it is: ls -ld ${host}`,
  }),
  "path-is-datagram": (_error, { text, host }) => ({
    message: `${text} is a datagram socket: it takes no connection, and duet has streams alone there.`,
    hint: `Send it a datagram: nc -uU ${host}`,
  }),
  "path-not-accepting": (error, place, _subject, program) => ({
    message: `A program has the socket ${place.text} and does not accept: its backlog is full, or it does not listen.`,
    hint: `Try again: ${againCommand(program, error, place)}; to see who has it: ss -xap`,
  }),
  "port-in-use": (error, place, subject, program) => {
    const holder = cleanWords(error.holder ?? "") || "another program";
    return {
      message: `${subject}is in use: ${holder} has the port.`,
      hint: `Choose another port: ${nextPortCommand(program, error, place)}; to see who has it: ${listPortCommand(error, place)}`,
    };
  },
  "port-kept": (error, place, subject, program) => ({
    message: `${subject}is in use: the kernel keeps the port for a connection that has ended (${error.kept?.state ?? "TIME-WAIT"}).`,
    hint: `Wait a minute, or choose another port: ${nextPortCommand(program, error, place)}; to see it: ${listPortCommand(error, place)}`,
  }),
  "address-not-ours": (error, { text, port }, _subject, program) => ({
    message: `Nothing can listen on ${text}: this machine does not have that address.`,
    hint: `Its addresses: ip -brief address; all of them: ${startCommand(program, error, "-l", "0.0.0.0", port)}`,
  }),
  "no-local-port": (_error, { text }) => ({
    message: `This machine has no address of its own, or no free port, from which it could reach ${text}.`,
    hint: "See its addresses: ip -brief address; and how many ports are in TIME-WAIT, for a minute each: ss -s",
  }),
  "path-forbidden": (error, { text, host }, _subject, program) => ({
    message: `The permissions of ${text} or its folder do not let you ${isBindOrListen(error) ? "listen there" : "connect"}.`,
    hint: `See who may: ls -ld ${isBindOrListen(error) ? `"$(dirname ${host})"` : host}; or choose a path of your own: ${pathCommand(program, error)}`,
  }),
  "port-forbidden": (error, { host }, subject, program) => ({
    message: `${subject}is not for everyone: ports below ${privilegedPortsEnd} are the administrator's.`,
    hint: `Choose ${privilegedPortsEnd} or above: ${startCommand(program, error, "-l", host, undefined)}`,
  }),
  "listen-forbidden": (_error, { text }) => ({
    message: `The system does not let you listen on ${text}.`,
    hint: "See from which port on everybody may: cat /proc/sys/net/ipv4/ip_unprivileged_port_start",
  }),
  "broadcast-forbidden": ({ transport }, { text, host }) => ({
    message: `${text} is a broadcast address: ${transport === "tcp" ? "TCP connects to one machine alone" : "an ordinary datagram cannot be sent there"}.`,
    hint: `Give the address of one machine; or over UDP, on the screen, to all of the subnet: /broadcast TEXT ${host}`,
  }),
  "call-forbidden": ({ call }, place) => ({
    message: `The system does not permit ${call} for ${place.text}: a rule of its firewall, or a route, forbids it.`,
    hint: `Look at the route: ${routeCommand(place)}; and at the firewall's rules, as root: nft list ruleset`,
  }),
  ENOTFOUND: (_error, { text, host }) => ({
    message: `No address was found for the name in ${text}.`,
    hint: `Check the spelling, or give the address in place of the name; this machine's answer: getent ahosts ${host}`,
  }),
  EAI_AGAIN: (error, { text, port }, _subject, program) => ({
    message: `The name in ${text} could not be looked up now: no name server gave an answer.`,
    hint: `Check the network, or give the address in place of the name: ${startCommand(program, error, "", "ADDRESS", port)}`,
  }),
  "resolve-timed-out": (error, { text, port }, _subject, program) => ({
    message: `The name in ${text} was not looked up in time: no name server has answered yet.`,
    hint: `Check the network, or give the address in place of the name: ${startCommand(program, error, "", "ADDRESS", port)}`,
  }),
  "path-refused": (error, place, _subject, program) => ({
    message: `Nobody listens at ${place.text}: the program that made the socket has ended.`,
    hint: `Check the path, or listen there first: ${listenCommand(program, error, place)}`,
  }),
  "path-silent": (error, place, _subject, program) => ({
    message: `Nobody listens at the UNIX socket ${place.text}.`,
    hint: `Check its name, or listen there first: ${listenCommand(program, error, place)}`,
  }),
  "datagram-refused": (error, place, subject, program) => ({
    message: `${subject}refused a datagram (ICMP port unreachable): no program takes any there, or a firewall refuses for it.`,
    hint: `Check host and port, or listen there first: ${listenCommand(program, error, place)}`,
  }),
  "connection-refused": (error, place, subject, program) => ({
    message: `${subject}refused the connection: no program listens on that port, or a firewall refuses for it.`,
    hint: `Check host and port, or listen there first: ${listenCommand(program, error, place)}`,
  }),
  ENETUNREACH: (_error, place) => ({
    message: `No route leads to the network of ${place.text}: this machine has none, or a router on the way.`,
    hint: `Check the cable, WLAN or VPN; the route taken: ${routeCommand(place)}`,
  }),
  EHOSTUNREACH: (_error, { text, host }) => ({
    message: `The machine of ${text} cannot be reached: nothing answers at that address, or a route, router or firewall blocks it.`,
    hint: `See if it answers at all: ping ${host}`,
  }),
  "connect-timed-out": (_error, { host }, subject, program) => ({
    message: `${subject}did not answer in time: it is off, a firewall drops the packets, or its backlog is full.`,
    hint: `See if it answers at all: ping ${host}; ${program === chatProgram ? "then /reconnect" : "or give it more seconds: -w SECONDS"}`,
  }),
  "went-silent": (error, place, subject, program) => ({
    message: `${subject}went silent: what was sent last was not acknowledged in time.`,
    hint: `Check the network, then connect again: ${againCommand(program, error, place)}`,
  }),
  ECONNRESET: (error, place, subject, program) => ({
    message: `${subject}reset the connection (RST): its program ended, closed with bytes unread, or did so on purpose.`,
    hint: `Connect again: ${againCommand(program, error, place)}`,
  }),
  EPIPE: (error, place, subject, program) => ({
    message: `${subject}has closed the connection, and reads no more.`,
    hint: `Connect again: ${againCommand(program, error, place)}`,
  }),
  EMSGSIZE: (_error, { text }) => ({
    message: `The message to ${text} is too large for one datagram, which holds at most ${datagramMaxBytes.toLocaleString("en-US")} bytes.`,
    hint: "Send it in parts, or over TCP (on the screen: Ctrl-T)",
  }),
  "host-too-long": (_error, { text }) => ({
    message: `The name in ${text} is too long to be a host's.`,
    hint: "Check the host: it has at most 253 characters",
  }),
  "path-too-long": (error, { text }, _subject, program) => ({
    message: `The path ${text} is too long: a UNIX socket's has at most ${socketPathMaxBytes} bytes.`,
    hint: `Choose a shorter one: ${pathCommand(program, error)}`,
  }),
  "path-through-file": (_error, { text, host }) => ({
    message: `A part of ${text} before the last is not a folder.`,
    hint: `See which: namei -l ${host}`,
  }),
  "folder-missing": (_error, { text, host }) => ({
    message: `The folder of ${text} is not there.`,
    hint: `Make it first: mkdir -p "$(dirname ${host})"`,
  }),
  "socket-missing": (error, place, _subject, program) => ({
    message: `There is no socket at ${place.text}.`,
    hint: `Check the path, or listen there first: ${listenCommand(program, error, place)}`,
  }),
  EMFILE: (_error, { text }) => ({
    message: `No socket can be opened for ${text}: this process, or the system, has all the descriptors it may have.`,
    hint: 'Allow more and start again: ulimit -n "$(ulimit -Hn)"; or let fewer join: -m 100',
  }),
  EINVAL: ({ call }, { text }) => ({
    message: `The system does not take ${text} as an address to ${call}.`,
    hint: "Check host and port; a link-local address needs its interface, as in [fe80::1%eth0]:8080",
  }),
  EAFNOSUPPORT: (_error, { text }) => ({
    message: `${text} is of an address family that this socket, or this machine, does not have.`,
    hint: "Give an address of the other family, or a name with -4 (IPv4) or -6 (IPv6)",
  }),
  ENODEV: (_error, { text }) => ({
    message: `This machine has no network interface as ${text} needs it.`,
    hint: "Its interfaces: ip -brief link; an address with its interface is written [fe80::1%eth0]:8080",
  }),
  EUNKNOWN: ({ call, detail }, { text }) => ({
    message: `${call} failed for ${text}: ${readDetail(detail) || "the runtime gave no reason"}.`,
    hint: "See what the sockets did: F2 on the screen, -v without one",
  }),
};
