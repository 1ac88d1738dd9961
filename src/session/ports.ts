/**
 * The ports of a session: sockets, clock, discovery, kernel. Types only; real-ports.ts has the real ones, and tests
 * have fakes.
 */

import type { FolderProblem } from "../protocol/errors/folder-problem.ts";
import type { Config } from "../chat/config/config.ts";
import type { Effect, Subnets } from "../chat/model/effect.ts";
import type { IdentityAct, PeopleSource } from "../chat/records/people.ts";
import type { PeerChange } from "../protocol/identity/known-peers.ts";
import type { FoundDuet } from "../chat/config/open-request.ts";
import type { Endpoint } from "../protocol/address/endpoint.ts";
import type { HostAddresses } from "../protocol/address/host-range.ts";
import type { Target } from "../protocol/address/target.ts";
import type { EngineEvent, EngineWork } from "../protocol/hubs/engine-event.ts";
import type { LanEvent, LanWork } from "../protocol/lan/lan-event.ts";
import type { NetworkError, PortHolder } from "../protocol/sockets/network-error.ts";
import type { SeededImpairment, ImpairmentCounts } from "../protocol/sockets/network-impairment.ts";
import type { SocketEvent, TransportName } from "../protocol/sockets/socket-event.ts";
import type { TcpObservation } from "../protocol/sockets/tcp-facts.ts";
import type { StreamTransport, Transport } from "../transport/contract.ts";
import type { Sentence } from "../words/sentences/sentence.ts";

/** Called by the ports, possibly from inside one of their methods: the session then queues the event. */
export interface PortEvents {
  readonly onSocketEvent: (transport: TransportName, event: SocketEvent) => void;
  /** The counts of the impaired network, a few times a second while they change. */
  readonly onImpairmentCounted: (counts: ImpairmentCounts) => void;
  readonly onLanEvent: (event: LanEvent) => void;
  readonly onEngineEvent: (event: EngineEvent) => void;
  /** The time of `Clock.wakeAt` was reached. */
  readonly onWake: () => void;
}

export type OpenPorts = (events: PortEvents, config: Config) => Ports;

export interface Ports {
  /**
   * The token of this session, unique among all, and the secret from which the keys of greetings are derived, both
   * hexadecimal. `seed`: 32 random bytes for the secrets of sealed sessions; filled with zero when they were read.
   */
  readonly identity: { readonly session: string; readonly secret: string; readonly seed: Uint8Array };
  readonly people: PeopleFiles;
  readonly clock: Clock;
  readonly sockets: Sockets;
  readonly announcements: LocalAnnouncements;
  readonly lan: { readonly perform: (work: LanWork) => void };
  /** The engine of a shared room, and our id among its hubs; undefined: the room is on this machine alone. */
  readonly engine?: { readonly hub: string; readonly perform: (work: EngineWork) => void } | undefined;
  readonly machine: Machine;
  /** Called with every effect before it is performed, for recording; its bytes are borrowed. */
  readonly onEffect?: (effect: Effect) => void;
}

/** The identity and the known peers of our person. */
export interface PeopleFiles extends PeopleSource {
  /** Keeps what was learned; readKnown has it from now on. `onProblem`: it cannot be written to the file. */
  readonly learn: (change: PeerChange, onProblem: (problem: Sentence) => void) => void;
  /** Carries out what our person asks of the identity's file. `report`: what became of it. */
  readonly changeIdentity: (act: IdentityAct, report: (result: IdentityResult) => void) => void;
}

export interface IdentityResult {
  readonly sentence: Sentence;
  readonly tone: "info" | "warning";
}

export interface Clock {
  /** Milliseconds of a monotonic clock that stands still while the process does not run (active-clock.ts). */
  now(): number;
  /** The wall clock, in milliseconds since 1970. */
  readWall(): number;
  /** Calls `onWake` once, at that monotonic time; undefined: never. Replaces an earlier request. */
  wakeAt(atMs: number | undefined): void;
  /** Calls `work` once, after all events that are already due. */
  runLater(work: () => void): void;
}

/** One transport for TCP and one for UDP; `listen` and `connect` open a new one each time. */
export interface Sockets {
  /** The transport that was opened last, stopped or not. */
  readonly tcp: StreamTransport | undefined;
  get(name: TransportName): Transport | undefined;
  /** `explainsRefusals`: asked for each refused connection (see ListenRequest). */
  listen(name: TransportName, target: Target, explainsRefusals: () => boolean): void;
  connect(name: TransportName, target: Target, timeoutMs: number): void;
  /** Sends one datagram to a broadcast address. Undefined if it was sent. */
  broadcastDatagram(payload: Uint8Array, address: string, port: number): NetworkError | undefined;
  /** Impairs the network of the UDP sockets; undefined: restores it. */
  impair(impairment: SeededImpairment | undefined): void;
  /** Reports the counts of the impaired network now, if they have changed. */
  reportImpairment(): void;
}

/** Announcements by which the duets of one user on this machine find each other. */
export interface LocalAnnouncements {
  /** `onFailed` is called if no folder could be written to: once for each transport, never synchronously. */
  announce(
    transport: TransportName,
    local: Endpoint,
    name: string,
    onFailed: (problems: readonly FolderProblem[]) => void,
  ): void;
  withdraw(transport: TransportName, local: Endpoint): void;
  /** `onFound` is never called synchronously. `problems`: why no duet can announce itself here, if that is so. */
  readOthers(
    transport: TransportName,
    onFound: (found: readonly FoundDuet[], problems: readonly FolderProblem[]) => void,
  ): void;
  /** Synchronous, and the last call. */
  removeAll(): void;
}

/** Facts of the machine. Each callback is called once. */
export interface Machine {
  /** Notes an event of a TCP transport, other than a call, to learn which connections to look at. */
  noteTcpEvent(event: SocketEvent): void;
  lookAtTcp(tcp: Transport | undefined, onObserved: (seen: readonly TcpObservation[]) => void): void;
  findPortHolder(
    transport: TransportName,
    host: string,
    port: number,
    onFound: (found: PortHolder) => void,
  ): void;
  findSubnets(onFound: (subnets: Subnets) => void): void;
  /** All addresses of a name. */
  findAddresses(host: string, onFound: (found: HostAddresses) => void): void;
}
