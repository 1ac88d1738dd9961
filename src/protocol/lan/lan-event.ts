/**
 * The words in which the sockets of discovery tell what they did and are told what to do. Chat and transport both speak
 * them and never import each other.
 */

import type { Endpoint } from "../address/endpoint.ts";

/** `ok`, or what the system said: ENODEV, EADDRNOTAVAIL. Clean. */
export type SystemResult = string;

/** One family of one interface of this machine. */
export interface LanInterface {
  /** `eth0 IPv4`: unique. */
  readonly id: string;
  readonly name: string;
  readonly family: "IPv4" | "IPv6";
  /** All of this family, each with its prefix: `192.0.2.7/24`. The first one is what others see. */
  readonly cidrs: readonly [string, ...string[]];
  /** Traffic that never leaves this machine. */
  readonly isLoopback: boolean;
  /** Whether the group was joined there, or why not. */
  readonly joined: SystemResult;
}

export type LanEvent =
  /** At the start, and whenever they have changed. */
  | { readonly type: "interfaces"; readonly interfaces: readonly LanInterface[] }
  /** What came to the group. The bytes are a copy. */
  | { readonly type: "heard"; readonly from: Endpoint; readonly bytes: Uint8Array }
  /** A socket was bound to the port of the group, or could not be. */
  | { readonly type: "bound"; readonly local: Endpoint; readonly result: SystemResult }
  /** A datagram left through an interface for the group, or could not. */
  | {
      readonly type: "sent";
      readonly id: string;
      readonly to: Endpoint;
      readonly bytes: number;
      readonly result: SystemResult;
    };

export type LanWork =
  /** Answered by `interfaces`. Again: the interfaces are looked at anew. */
  | { readonly type: "open" }
  /** One datagram to the group, through an interface. */
  | { readonly type: "send"; readonly id: string; readonly payload: Uint8Array }
  /** Leaves the groups; nothing is heard any more. */
  | { readonly type: "close" };

/** The address of a `cidr`, without its prefix. */
export function stripPrefixLength(cidr: string): string {
  return cidr.slice(0, cidr.lastIndexOf("/"));
}
