/** A local network of one interface or more, and announcements received there. */

import { makeIpEndpoint } from "../../src/protocol/address/endpoint.ts";
import { encodeLanAnnouncement, type LanAnnouncement } from "../../src/protocol/lan/lan-announcement.ts";
import type { LanInterface } from "../../src/protocol/lan/lan-event.ts";
import type { Duet } from "./chat-world.ts";

export const eth: LanInterface = {
  id: "eth0 IPv4",
  name: "eth0",
  family: "IPv4",
  cidrs: ["192.0.2.7/24"],
  isLoopback: false,
  joined: "ok",
};
export const eth6: LanInterface = { ...eth, id: "eth0 IPv6", family: "IPv6", cidrs: ["fe80::7/64"] };
export const lo: LanInterface = {
  ...eth,
  id: "lo IPv4",
  name: "lo",
  cidrs: ["127.0.0.1/8"],
  isLoopback: true,
};

/** An announcement of a different duet for each number. */
export function announcement(number: number, over: Partial<LanAnnouncement> = {}): LanAnnouncement {
  return {
    type: "here",
    session: number.toString(16).padStart(24, "0"),
    name: `bob${number}`,
    services: [{ transport: "tcp", port: 8080 }],
    isQuery: false,
    probe: "0".repeat(16),
    also: [],
    ...over,
  };
}

export function receiveAnnouncement(duet: Duet, from: string, received: LanAnnouncement): void {
  const event = {
    type: "received",
    from: makeIpEndpoint(from, 40_000),
    bytes: encodeLanAnnouncement(received),
  } as const;
  duet.dispatch({ type: "lan", event });
}
