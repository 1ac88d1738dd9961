/**
 * The ports of a session in virtual time: sockets of the fake network, a clock that a test moves, and announcements
 * in memory. A port answers later, or inside the call, as the real one does.
 */

import type { FolderProblem } from "../../src/protocol/errors/folder-problem.ts";
import { type BorrowedBytes, copyBytes } from "../../src/protocol/borrowed-bytes.ts";
import type { FoundDuet } from "../../src/chat/config/open-request.ts";
import { type Endpoint, formatEndpoint, makeIpEndpoint } from "../../src/protocol/address/endpoint.ts";
import type { Target } from "../../src/protocol/address/target.ts";
import type { PortHolder } from "../../src/protocol/sockets/network-error.ts";
import type { ConnectionId, TransportName } from "../../src/protocol/sockets/socket-event.ts";
import type { NewSession, SessionKeys } from "../../src/protocol/sealed/session-keys.ts";
import { makeIdentity, renewIdentity } from "../../src/protocol/identity/identity.ts";
import { noPeople } from "../../src/chat/records/people.ts";
import { changeKnownPeers, type KnownPeers } from "../../src/protocol/identity/known-peers.ts";
import { ActiveClock } from "../../src/session/active-clock.ts";
import type { Clock, LocalAnnouncements, Machine, PeopleFiles, Sockets } from "../../src/session/ports.ts";
import type { Fanout, SendResult, StreamTransport, Transport } from "../../src/transport/contract.ts";
import type { FakeReceiving } from "./fake-receiving.ts";
import { type FakeNetwork, type IpEndpoint, loopback, type Node } from "./fake-network.ts";

/** Runs work behind all current work, in the order of the calls. */
type Later = (work: () => void) => void;

export class FakeClock implements Clock {
  readonly #active: ActiveClock;
  readonly #wallMs: () => number;
  readonly runLater: Later;
  readonly #nowMs: () => number;
  #dueMs: number | undefined;

  constructor(nowMs: () => number, wallMs: () => number, later: Later) {
    this.#nowMs = nowMs;
    this.#active = new ActiveClock(nowMs);
    this.#wallMs = wallMs;
    this.runLater = later;
  }

  now(): number {
    return this.#active.now();
  }

  readWall(): number {
    return this.#wallMs();
  }

  wakeAt(atMs: number | undefined): void {
    this.#dueMs = atMs;
    this.#active.setDue(atMs);
  }

  /** The time of the world at which the session is to be woken. */
  get dueMs(): number | undefined {
    // The difference first: the sum of two such times would lose the fraction of a millisecond.
    return this.#dueMs === undefined ? undefined : this.#dueMs + (this.#nowMs() - this.now());
  }
}

/** The network, and what a node does with what it receives from it. */
interface FakeLink {
  readonly network: FakeNetwork;
  readonly receiving: FakeReceiving;
}

/** A node's end of one transport. Its events are the node's. */
class FakeTransport implements Transport {
  readonly name: TransportName;
  readonly local: Endpoint | undefined;
  protected readonly network: FakeNetwork;
  readonly #receiving: FakeReceiving;
  readonly #node: Node;
  readonly #onStopped: () => void;

  constructor(
    name: TransportName,
    node: Node,
    { network, receiving }: FakeLink,
    local: Endpoint | undefined,
    onStopped: () => void,
  ) {
    this.name = name;
    this.local = local;
    this.network = network;
    this.#receiving = receiving;
    this.#node = node;
    this.#onStopped = onStopped;
  }

  send(connection: ConnectionId, payload: Uint8Array, isUnsealed = false): SendResult {
    if (this.name === "udp") return this.network.sendUdp(connection, payload, isUnsealed);
    const session = this.#receiving.sessions.get(connection);
    if (session === undefined) return this.network.sendTcp(connection, payload);
    return this.network.sendTcp(connection, session.seal(payload), payload);
  }

  seal(connection: ConnectionId, session: NewSession): void {
    if (this.name === "tcp") this.#receiving.seal(connection, session);
    else this.network.sealUdp(connection, session);
  }

  renew(connection: ConnectionId, keys: SessionKeys, isResponder: boolean): void {
    if (this.name === "tcp") this.#receiving.sessions.get(connection)?.renew(keys, isResponder);
    else this.network.findSession(connection)?.renew(keys, isResponder);
  }

  #sealEnd(connection: ConnectionId): void {
    const session = this.#receiving.sessions.get(connection);
    if (session === undefined) return;
    this.network.sendTcp(connection, session.sealEnd(), new Uint8Array(0));
  }

  keepPlace(): void {}

  shutdown(connection: ConnectionId): void {
    this.#sealEnd(connection);
    if (this.name === "tcp") this.network.shutdownTcp(connection);
  }

  close(connection: ConnectionId, how: "flush" | "reset"): void {
    if (how === "flush") this.#sealEnd(connection);
    if (this.name === "tcp") this.network.closeTcp(connection, how);
    else this.network.closeUdp(connection);
  }

  setReading(connection: ConnectionId, reading: boolean): void {
    if (this.name === "tcp") this.#receiving.setReading(connection, reading);
  }

  limitReceiveBuffer(): void {}

  getDescriptor(): number {
    return -1;
  }

  countQueuedBytes(): number {
    return 0;
  }

  stop(): void {
    if (this.name === "tcp")
      for (const connection of this.#receiving.sessions.keys()) this.#sealEnd(connection);
    this.network.stop(this.#node, this.name);
    this.#onStopped();
  }
}

class FakeStream extends FakeTransport implements StreamTransport {
  override readonly name = "tcp";
  readonly fanouts: StreamTransport["fanouts"];

  constructor(node: Node, link: FakeLink, local: Endpoint | undefined, onStopped: () => void) {
    super("tcp", node, link, local, onStopped);
    const send = this.send.bind(this);
    this.fanouts = { raw: new FakeFanout(node, send), duets: new FakeFanout(node, send) };
  }

  sendLent(connection: ConnectionId, bytes: BorrowedBytes): SendResult {
    return this.send(connection, copyBytes(bytes));
  }
}

class FakeFanout implements Fanout {
  readonly #node: Node;
  readonly #send: (connection: ConnectionId, payload: Uint8Array) => SendResult;
  readonly #connections = new Set<ConnectionId>();

  constructor(node: Node, send: (connection: ConnectionId, payload: Uint8Array) => SendResult) {
    this.#node = node;
    this.#send = send;
  }

  get connections(): readonly ConnectionId[] {
    return [...this.#connections];
  }

  join(connection: ConnectionId): void {
    this.#connections.add(connection);
  }

  leave(connection: ConnectionId): void {
    this.#connections.delete(connection);
  }

  publish(bytes: BorrowedBytes, except: ConnectionId | undefined): void {
    const block = copyBytes(bytes);
    for (const connection of this.#connections) {
      if (connection === except || this.#send(connection, block) !== "full") continue;
      this.#node.onEvent("tcp", { type: "overflowed", connection, bytes: bytes.length });
    }
  }
}

export class FakeSockets implements Sockets {
  tcp: FakeStream | undefined;
  #udp: FakeTransport | undefined;
  readonly #node: Node & { readonly address: string };
  readonly #network: FakeNetwork;
  readonly #open = new Set<TransportName>();
  #tcpConnects = false;

  readonly #receiving: FakeReceiving;

  constructor(node: Node & { readonly address: string }, network: FakeNetwork, receiving: FakeReceiving) {
    this.#node = node;
    this.#network = network;
    this.#receiving = receiving;
  }

  get(name: TransportName): Transport | undefined {
    return name === "tcp" ? this.tcp : this.#udp;
  }

  listen(name: TransportName, target: Target): void {
    const local = endpointOf(target);
    this.#opened(name, local);
    const taken =
      name === "tcp" ? this.#network.listenTcp(this.#node, local) : this.#network.bindUdp(this.#node, local);
    if (taken) return this.#node.onEvent(name, { type: "listening", local });
    const call = name === "tcp" ? "listen" : "bind";
    const error = { code: "EADDRINUSE", call, target: formatEndpoint(local), transport: name } as const;
    this.#node.onEvent(name, { type: "failed", error });
    this.#stopped(name);
  }

  connect(name: TransportName, target: Target): void {
    const to = endpointOf(target);
    if (name === "udp") {
      const local = { ...loopback(this.#network.takePort()), address: this.#node.address };
      this.#opened("udp", local);
      this.#network.bindUdp(this.#node, local);
      this.#node.onEvent("udp", { type: "listening", local });
      return void this.#network.associate(this.#node, to);
    }
    this.#opened("tcp", undefined);
    this.#tcpConnects = true;
    this.#node.onEvent("tcp", { type: "connecting", target: formatEndpoint(to) });
    if (this.#network.connectTcp(this.#node, to) !== undefined) return;
    const error = { code: "ECONNREFUSED", call: "connect", target: formatEndpoint(to) } as const;
    this.#node.onEvent("tcp", { type: "failed", error: { ...error, transport: "tcp" } });
    this.#stopped("tcp");
  }

  #opened(name: TransportName, local: IpEndpoint | undefined): void {
    this.#open.add(name);
    const onStopped = (): void => this.#stopped(name);
    if (name === "tcp") this.#tcpConnects = false;
    const link = { network: this.#network, receiving: this.#receiving };
    if (name === "tcp") this.tcp = new FakeStream(this.#node, link, local, onStopped);
    else this.#udp = new FakeTransport("udp", this.#node, link, local, onStopped);
  }

  /** A transport reports only once that it has stopped. */
  #stopped(name: TransportName): void {
    if (this.#open.delete(name)) this.#node.onEvent(name, { type: "stopped" });
  }

  /** A transport that connected stops by itself with its connection. */
  tcpDisconnected(): void {
    if (this.#tcpConnects) this.#stopped("tcp");
  }

  broadcastDatagram(): undefined {}

  impair(): void {}

  reportImpairment(): void {}
}

/** Announcements of all duets of one user on one machine. */
export type Announced = Map<string, FoundDuet & { readonly transport: TransportName }>;

export interface AnnouncementsWorld {
  readonly announced: Announced;
  /** False: they are invisible, as another user's are. */
  readonly areAnnouncementsVisible: boolean;
  /** Why nothing can be announced; empty: everything can. */
  readonly folderProblems: readonly FolderProblem[];
}

export function fakeAnnouncements(world: AnnouncementsWorld, later: Later): LocalAnnouncements {
  const ours = new Set<string>();
  const withdraw = (key: string): void => {
    if (ours.delete(key)) world.announced.delete(key);
  };
  return {
    announce: (transport, local, name, onFailed) => {
      const problems = world.folderProblems;
      if (problems.length > 0) return later(() => onFailed(problems));
      const key = `${transport} ${formatEndpoint(local)}`;
      ours.add(key);
      world.announced.set(key, { transport, endpoint: local, name });
    },
    withdraw: (transport, local) => withdraw(`${transport} ${formatEndpoint(local)}`),
    readOthers: (transport, tell) => {
      const all = world.areAnnouncementsVisible ? [...world.announced.values()] : [];
      const found = all.filter((one) => one.transport === transport);
      later(() => tell(found, world.folderProblems));
    },
    removeAll: () => {
      for (const key of ours) withdraw(key);
    },
  };
}

export interface MachineWorld {
  /** What has each port that is in use. */
  readonly portHolder: PortHolder;
  /** The addresses of each name that the resolver knows. */
  readonly hostAddresses: ReadonlyMap<string, readonly string[]>;
}

/** A kernel that answers no query about a connection by itself: a test dispatches its answer. */
export function fakeMachine(world: MachineWorld, later: Later): Machine {
  return {
    noteTcpEvent: () => {},
    lookAtTcp: () => {},
    findPortHolder: (_transport, _host, _port, tell) => later(() => tell(world.portHolder)),
    findAddresses: (host, tell) =>
      later(() => {
        const addresses = world.hostAddresses.get(host);
        tell(addresses === undefined ? { ok: false, code: "ENOTFOUND" } : { ok: true, addresses });
      }),
    findSubnets: (tell) =>
      later(() => tell({ broadcasts: ["192.0.2.255", "198.51.100.255"], ours: ["192.0.2.7", "127.0.0.1"] })),
  };
}

function endpointOf(target: Target): IpEndpoint {
  if (target.kind === "unix") throw new Error("the fake network has no paths");
  return makeIpEndpoint(target.host, target.port) as IpEndpoint;
}

/** Nobody is known, and nothing is kept. */
export const noPeopleFiles: PeopleFiles = { ...noPeople, learn: () => {}, changeIdentity: () => {} };

/** People in memory, with an identity of its own for each number, which changeIdentity renews. */
export function fakePeople(number: number): PeopleFiles {
  let known: KnownPeers = new Map();
  const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
  let renewals = 0;
  let identity = makeIdentity(fill(number + 100), fill(number + 101));
  return {
    readIdentity: () => identity,
    readKnown: () => known,
    identityPath: undefined,
    learn: (change) => {
      known = changeKnownPeers(known, [change]);
    },
    // Each time with other secrets.
    changeIdentity: () => {
      renewals += 1;
      identity = renewIdentity(
        identity,
        fill(number + 102 + 2 * renewals),
        fill(number + 103 + 2 * renewals),
      );
    },
  };
}
