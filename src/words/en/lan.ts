/** The local network, and broadcasts to a subnet, in English. */

import { formatEndpoint } from "../../protocol/address/endpoint.ts";
import { duetCommand } from "../parts/invitation.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { LanSentences } from "../sentences/lan.ts";

export const lanEnglish: SentenceTable<LanSentences<Sentence>> = {
  "lan-looking": ({ interfaces }, _word, _program, place) => {
    const looking = `looking for duets on the local network (${interfaces.join(", ")})`;
    return place === "shell" ? looking : `${looking}; /lan lists them`;
  },
  "lan-looking-hint": (_params, _word, _program, place) => {
    const announced = "sides that listen beyond this machine are announced there";
    return place === "shell" ? announced : `${announced}; /lan off ends it`;
  },
  "lan-no-network": (_params, _word, _program, place) =>
    `there is no network to look for duets on; ${place === "shell" ? "ip -brief address" : "/lan"} lists each interface`,
  "lan-off": "no longer looking for duets on the local network, and nothing is announced there",
  "lan-was-off": "not looking for duets on the local network",
  "lan-off-hint": "/close ends listening; /lan looks again",
  "lan-found": ({ name, places, marks }, word) => {
    const where = places.map(
      ({ transport, endpoint }) => `${transport.toUpperCase()} ${formatEndpoint(endpoint)}`,
    );
    const mark = marks.length === 0 ? "" : ` (${marks.map(word).join("; ")})`;
    return `${name} is on the local network: ${where.join(", ")}${mark}`;
  },
  "lan-key-of": ({ name, isVerified }) =>
    `announced with the ${isVerified ? "VERIFIED key" : "key"} of ${name}, which only joining proves`,
  "lan-other-key": "not announced with the key of the person you know by this name",
  "lan-id-elsewhere": "another address claims to be this duet",
  "lan-name-elsewhere": "another address has this name",
  "lan-found-hint": ({ words }, _word, program, place) => {
    if (place === "shell") return `this joins it: ${program} ${words}`;
    return place === "screen"
      ? "/lan lists all, and Enter there joins"
      : "/lan lists all, and how to join each";
  },
  "lan-gone": ({ name, reason }, word) => {
    if (reason.id === "said-goodbye") return `${name} left the local network`;
    return `${name} is no longer on the local network: ${word(reason)}`;
  },
  "lan-duet-gone": "that duet is no longer there",
  "lan-nobody": "nobody was found on the local network yet",
  "lan-nobody-can-join": (_params, _word, _program, place) =>
    `nobody can join here: nothing listens beyond this machine (${place === "shell" ? "--lan without HOST PORT does" : "/listen 0.0.0.0 does"})`,
  "lan-blocked": "where multicast is blocked (guest WLANs, VPNs, other networks), hand this over:",
  "lan-invitation": ({ invitation }, _word, program) => `  ${duetCommand(program, invitation)}`,
  "lan-connect": ({ transport, isActive, place: there, key }, _word, program, place) => {
    if (place === "shell")
      return `${program} ${transport === "udp" ? "-u " : ""}--duet ${there}${key === undefined ? "" : ` --key ${key}`}`;
    return `${isActive ? "" : `/${transport}, then `}/connect ${there}`;
  },
  "interface-joined": "joined",
  "interface-not-joined": ({ code }) => `not joined (${code})`,
  "interface-has-echo": "sees itself",
  "interface-deaf": "does not see itself",
  "interface-listens": "listens",
  "interface-cannot-send": ({ code }) => `cannot send (${code})`,
  "interface-receives": ({ names, more }) => {
    if (names.length === 0) return "sees nobody else";
    return `sees ${names.join(", ")}${more === 0 ? "" : ` and ${more} more`}`;
  },
  "broadcast-too-long": ({ bytes }) => `a broadcast takes at most ${bytes} bytes`,
  "broadcast-needs-socket": "a broadcast leaves from the UDP side, and nothing is open there",
  "broadcast-needs-network": "the UDP side reaches this machine alone: /udp, then /listen 0.0.0.0",
  "no-subnet": "there is no subnet to reach",
  "no-broadcast-address": ({ address }) => `${address} is not a subnet's broadcast address here`,
  "broadcast-addresses": ({ addresses, nearest }) => {
    const ours =
      addresses.length === 0 ? "this machine is in none" : `this machine's: ${addresses.join(", ")}`;
    return `${ours}; ${nearest} is the nearest network's`;
  },
};
