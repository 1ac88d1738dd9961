/**
 * The commands to the sockets of LAN discovery, and the events that they report. Chat and transport share these types,
 * and never import each other.
 */

import type { Endpoint } from "../address/endpoint.ts";

/** `ok`, or the system's error code, as ENODEV or EADDRNOTAVAIL. Clean. */
export type SystemResult = string;

/** An interface of this machine, for one address family. */
export interface LanInterface {
  /** `eth0 IPv4`: unique. */
  readonly id: string;
  readonly name: string;
  readonly family: "IPv4" | "IPv6";
  /**
   * Its addresses of this family, with prefix lengths: `192.0.2.7/24`. The first is the source address of its
   * datagrams.
   */
  readonly cidrs: readonly [string, ...string[]];
  /** Traffic that never leaves this machine. */
  readonly isLoopback: boolean;
  /** Whether the group was joined on it, or why not. */
  readonly joined: SystemResult;
}

export type LanEvent =
  /** Reported at the start and after each change. */
  | { readonly type: "interfaces"; readonly interfaces: readonly LanInterface[] }
  /** A datagram to the group was received. The bytes are owned. */
  | { readonly type: "received"; readonly from: Endpoint; readonly bytes: Uint8Array }
  /** The result of binding a socket to the group's port. */
  | { readonly type: "bound"; readonly local: Endpoint; readonly result: SystemResult }
  /** The result of sending a datagram to the group through an interface. */
  | {
      readonly type: "sent";
      readonly id: string;
      readonly to: Endpoint;
      readonly bytes: number;
      readonly result: SystemResult;
    };

export type LanWork =
  /** Opens the sockets, or checks the interfaces again. Reports `interfaces`. */
  | { readonly type: "open" }
  /** Sends one datagram to the group through an interface. */
  | { readonly type: "send"; readonly id: string; readonly payload: Uint8Array }
  /** Leaves the groups and closes the sockets. */
  | { readonly type: "close" };

/** The address of a CIDR notation, without the prefix length. */
export function stripPrefixLength(cidr: string): string {
  return cidr.slice(0, cidr.lastIndexOf("/"));
}
