/**
 * What a session needs of the machine around it: sockets, a clock, discovery and a look into the kernel. Types only;
 * real-ports.ts has the real ones, and tests bring their own.
 */

import type { Config } from "../chat/config/config.ts";
import type { Effect, Subnets } from "../chat/model/effect.ts";
import type { FoundDuet } from "../chat/config/open-request.ts";
import type { Endpoint } from "../protocol/address/endpoint.ts";
import type { Target } from "../protocol/address/target.ts";
import type { LanEvent, LanWork } from "../protocol/lan/lan-event.ts";
import type { NetworkError } from "../protocol/sockets/network-error.ts";
import type { SeededTrouble, TroubleCounts } from "../protocol/sockets/network-impairment.ts";
import type { SocketEvent, TransportName } from "../protocol/sockets/socket-event.ts";
import type { TcpObservation } from "../protocol/sockets/tcp-facts.ts";
import type { StreamTransport, Transport } from "../transport/contract.ts";

/** Called by the ports, possibly from inside a call of theirs: the session takes the event in after the one that it is at. */
export interface PortEvents {
  readonly onSocketEvent: (transport: TransportName, event: SocketEvent) => void;
  /** What the impaired network has done so far, a few times a second while that changes. */
  readonly onImpairmentCounted: (counts: TroubleCounts) => void;
  readonly onLanEvent: (event: LanEvent) => void;
  /** The moment that `Clock.wakeAt` was given has come. */
  readonly onWake: () => void;
}

export type OpenPorts = (events: PortEvents, config: Config) => Ports;

export interface Ports {
  /** Tells this session from every other one, and the secret that its keys are made from; both hexadecimal. */
  readonly identity: { readonly session: string; readonly secret: string };
  readonly clock: Clock;
  readonly sockets: Sockets;
  readonly announcements: LocalAnnouncements;
  readonly lan: { readonly perform: (work: LanWork) => void };
  readonly machine: Machine;
  /** Every effect before it is carried out, if somebody records them; its bytes are valid only during the call. */
  readonly onEffect?: (effect: Effect) => void;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `onWake` once, at that moment; undefined: never. Replaces the moment before. */
  wakeAt(atMs: number | undefined): void;
  /** Calls `work` once, after all events that are due now. */
  later(work: () => void): void;
}

/** One transport each for TCP and UDP, opened anew each time. */
export interface Sockets {
  /** The transport that was opened last, stopped or not. */
  readonly tcp: StreamTransport | undefined;
  get(name: TransportName): Transport | undefined;
  listen(name: TransportName, target: Target): void;
  connect(name: TransportName, target: Target, timeoutMs: number): void;
  /** Sends one datagram to a broadcast address. undefined: it left. */
  broadcastDatagram(payload: Uint8Array, address: string, port: number): NetworkError | undefined;
  /** Puts an impaired network between the session and its UDP sockets; undefined: takes it away. */
  impair(trouble: SeededTrouble | undefined): void;
  /** Reports the counts of the impaired network now, if they have changed. */
  reportImpairment(): void;
}

/** The duets of one user on this machine. */
export interface LocalAnnouncements {
  announce(transport: TransportName, local: Endpoint, name: string): void;
  withdraw(transport: TransportName, local: Endpoint): void;
  /** `tell` is called later, never at once. */
  readOthers(transport: TransportName, tell: (found: readonly FoundDuet[]) => void): void;
  /** Synchronous, and the last call. */
  removeAll(): void;
}

/** What the machine knows, asked for when it is needed; each answer is for the one question. */
export interface Machine {
  /** Every event of a TCP transport but its calls: the kernel is asked about the connections among them. */
  noteTcpEvent(event: SocketEvent): void;
  lookAtTcp(tcp: Transport | undefined, tell: (seen: readonly TcpObservation[]) => void): void;
  findPortHolder(transport: TransportName, port: number, tell: (holder: string) => void): void;
  findSubnets(tell: (subnets: Subnets) => void): void;
}
