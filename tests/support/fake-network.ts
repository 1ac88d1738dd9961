/**
 * TCP and UDP without sockets: one end's effects become the other end's socket events, in order and without loss,
 * unless a test asks for it.
 */

import { formatEndpoint } from "../../src/protocol/address/endpoint.ts";
import { outQueueHighBytes, outQueueMaxBytes } from "../../src/protocol/limits.ts";
import {
  DatagramSessions,
  isGreetingDatagram,
  looksSealed,
} from "../../src/protocol/sealed/datagram-sessions.ts";
import type { DatagramSession } from "../../src/protocol/sealed/datagram-session.ts";
import type { NewSession } from "../../src/protocol/sealed/session-keys.ts";
import type { NetworkError } from "../../src/protocol/sockets/network-error.ts";
import type {
  ConnectionId,
  EndCause,
  SocketEvent,
  TransportName,
} from "../../src/protocol/sockets/socket-event.ts";

/** Receives the events of one end's socket. */
export interface Node {
  readonly onEvent: (transport: TransportName, event: SocketEvent) => void;
  /** Runs work of its sockets behind all that was received before; undefined: at once. */
  readonly receiveLater?: (work: () => void) => void;
}

export interface IpEndpoint {
  readonly family: "IPv4" | "IPv6";
  readonly address: string;
  readonly port: number;
}

/** One end of a TCP connection. */
interface TcpEnd {
  readonly node: Node;
  readonly id: ConnectionId;
  other: TcpEnd | undefined;
  finSent: boolean;
  finReceived: boolean;
  ended: boolean;
  /** False: bytes sent to this end wait at the sender. */
  reading: boolean;
  waiting: { readonly bytes: Uint8Array; readonly opened: Uint8Array | undefined }[];
  backlogged: boolean;
}

interface UdpSocket {
  readonly node: Node;
  readonly local: IpEndpoint;
  readonly peers: Map<string, ConnectionId>;
  readonly sessions: DatagramSessions<ConnectionId>;
}

/** `isInbound`: the peer sent first; only such a one may move. */
interface Association {
  readonly socket: UdpSocket;
  peer: IpEndpoint;
  readonly isInbound: boolean;
}

export class FakeNetwork {
  readonly #listeners = new Map<string, Node>();
  readonly #sockets = new Map<string, UdpSocket>();
  readonly #ends = new Map<ConnectionId, TcpEnd>();
  readonly #associations = new Map<ConnectionId, Association>();
  #nextId = 1;
  #nextPort = 50_000;
  /**
   * Receives datagrams that leave, and delivers them with `datagram` at any time and any number of times. Undefined:
   * each is delivered once, at once.
   */
  forward: ((from: IpEndpoint, to: IpEndpoint, bytes: Uint8Array) => void) | undefined;
  /** True: calls are reported as by real sockets, receiving ones included, with their payloads. */
  reportsAllCalls = false;
  /** Every payload that was sent. */
  readonly datagrams: { from: string; to: string; bytes: Uint8Array }[] = [];

  takePort(): number {
    this.#nextPort += 1;
    return this.#nextPort;
  }

  #takeId(): ConnectionId {
    this.#nextId += 1;
    return this.#nextId as ConnectionId;
  }

  listenTcp(node: Node, local: IpEndpoint): boolean {
    const name = formatEndpoint(local);
    if (this.#listeners.has(name)) return false;
    this.#listeners.set(name, node);
    return true;
  }

  stopListening(node: Node): void {
    for (const [name, listener] of this.#listeners) if (listener === node) this.#listeners.delete(name);
  }

  /** Returns the id of the connecting end; undefined: refused. */
  connectTcp(node: Node, to: IpEndpoint, from = loopback(this.takePort())): ConnectionId | undefined {
    const listener = this.#listeners.get(formatEndpoint(to));
    if (listener === undefined) return undefined;
    const ours = this.#newEnd(node);
    const theirs = this.#newEnd(listener);
    ours.other = theirs;
    theirs.other = ours;
    node.onEvent("tcp", { type: "connected", connection: ours.id, isInbound: false, local: from, peer: to });
    listener.onEvent("tcp", {
      type: "connected",
      connection: theirs.id,
      isInbound: true,
      local: to,
      peer: from,
    });
    return ours.id;
  }

  #newEnd(node: Node): TcpEnd {
    const end: TcpEnd = {
      node,
      id: this.#takeId(),
      other: undefined,
      finSent: false,
      finReceived: false,
      ended: false,
      reading: true,
      waiting: [],
      backlogged: false,
    };
    this.#ends.set(end.id, end);
    return end;
  }

  /** Sets whether the other end of a connection takes bytes; waiting bytes arrive when it does again. */
  setReading(id: ConnectionId, reading: boolean): void {
    const end = this.#ends.get(id);
    if (end === undefined) return;
    end.reading = reading;
    const from = end.other;
    if (!reading || from === undefined) return;
    for (const { bytes, opened } of from.waiting.splice(0)) this.#deliver(from, bytes, opened);
    if (from.backlogged) {
      from.backlogged = false;
      from.node.onEvent("tcp", { type: "drained", connection: from.id });
    }
  }

  /** The other end's id. */
  peerOf(id: ConnectionId): ConnectionId | undefined {
    return this.#ends.get(id)?.other?.id;
  }

  /** `opened`: what the bytes seal. */
  sendTcp(id: ConnectionId, bytes: Uint8Array, opened?: Uint8Array): "sent" | "queued" | "full" | "closed" {
    const end = this.#ends.get(id);
    if (end === undefined || end.ended || end.finSent || end.other === undefined) return "closed";
    if (end.other.ended) {
      this.#end(end, "reset");
      return "closed";
    }
    if (end.other.reading) {
      this.#deliver(end, bytes, opened);
      return "sent";
    }
    const queued = end.waiting.reduce((sum, one) => sum + one.bytes.length, 0) + bytes.length;
    if (queued > outQueueMaxBytes) return "full";
    end.waiting.push({ bytes: bytes.slice(), opened: opened?.slice() });
    if (queued > outQueueHighBytes && !end.backlogged) {
      end.backlogged = true;
      end.node.onEvent("tcp", { type: "backlogged", connection: id, queuedBytes: queued });
    }
    return "queued";
  }

  #deliver(from: TcpEnd, bytes: Uint8Array, opened?: Uint8Array): void {
    this.#reportSent(from.node, "tcp", from.id, bytes, opened);
    const to = from.other;
    if (to === undefined || to.ended) return;
    if (this.reportsAllCalls) this.#reportReceived(to.node, "tcp", to.id, bytes);
    to.node.onEvent("tcp", { type: "received", connection: to.id, bytes: bytes.slice() });
  }

  #reportSent(
    node: Node,
    transport: TransportName,
    connection: ConnectionId,
    bytes: Uint8Array,
    opened?: Uint8Array,
  ): void {
    const call = transport === "tcp" ? "send" : "sendto";
    const moved = opened ?? bytes;
    const { length } = moved;
    const sealed = opened && {
      sealed: { bytes: bytes.length, ofBytes: bytes.length, payload: bytes.slice() },
    };
    const sent = { type: "called", call, result: "ok", connection, bytes: length, ofBytes: length } as const;
    node.onEvent(transport, this.reportsAllCalls ? { ...sent, payload: moved.slice(), ...sealed } : sent);
  }

  #reportReceived(node: Node, transport: TransportName, connection: ConnectionId, bytes: Uint8Array): void {
    const call = transport === "tcp" ? "recv" : "recvfrom";
    const carried = { bytes: bytes.length, payload: bytes.slice() };
    node.onEvent(transport, { type: "called", call, result: "ok", connection, ...carried });
  }

  shutdownTcp(id: ConnectionId): void {
    const end = this.#ends.get(id);
    if (end === undefined || end.ended || end.finSent) return;
    end.finSent = true;
    end.node.onEvent("tcp", { type: "shut-down", connection: id });
    this.#finArrives(end);
    if (end.finReceived) this.#end(end, "fin");
  }

  #finArrives(from: TcpEnd): void {
    const to = from.other;
    if (to === undefined || to.ended) return;
    to.finReceived = true;
    to.node.onEvent("tcp", { type: "peer-shut-down", connection: to.id });
    if (to.finSent) this.#end(to, "fin");
  }

  closeTcp(id: ConnectionId, how: "flush" | "reset"): void {
    const end = this.#ends.get(id);
    if (end === undefined || end.ended) return;
    this.#end(end, "ours");
    const other = end.other;
    if (other === undefined || other.ended) return;
    if (how === "reset") this.#end(other, "reset");
    else if (!end.finSent) this.#finArrives(end);
  }

  #end(end: TcpEnd, cause: EndCause): void {
    if (end.ended) return;
    end.ended = true;
    this.#ends.delete(end.id);
    const error = cause === "reset" ? { error: resetError() } : {};
    end.node.onEvent("tcp", { type: "disconnected", connection: end.id, cause, ...error });
  }

  bindUdp(node: Node, local: IpEndpoint): boolean {
    const name = formatEndpoint(local);
    if (this.#sockets.has(name)) return false;
    this.#sockets.set(name, { node, local, peers: new Map(), sessions: new DatagramSessions() });
    return true;
  }

  associate(node: Node, peer: IpEndpoint): ConnectionId {
    const socket = this.#socketOf(node);
    return this.#association(socket, peer, false);
  }

  #socketOf(node: Node): UdpSocket {
    for (const socket of this.#sockets.values()) if (socket.node === node) return socket;
    throw new Error("this node has no UDP socket");
  }

  #association(socket: UdpSocket, peer: IpEndpoint, isInbound: boolean): ConnectionId {
    const known = socket.peers.get(formatEndpoint(peer));
    if (known !== undefined) return known;
    const id = this.#takeId();
    socket.peers.set(formatEndpoint(peer), id);
    this.#associations.set(id, { socket, peer, isInbound });
    socket.node.onEvent("udp", { type: "connected", connection: id, isInbound, local: socket.local, peer });
    return id;
  }

  sealUdp(id: ConnectionId, session: NewSession): void {
    this.#associations.get(id)?.socket.sessions.begin(id, session);
  }

  /** The session of a UDP peer. */
  findSession(id: ConnectionId): DatagramSession | undefined {
    return this.#associations.get(id)?.socket.sessions.get(id);
  }

  sendUdp(id: ConnectionId, plain: Uint8Array, isUnsealed = false): "sent" | "closed" {
    const association = this.#associations.get(id);
    if (association === undefined) return "closed";
    const { socket, peer } = association;
    const session = isUnsealed ? undefined : this.findSession(id);
    const bytes = session?.seal(plain) ?? plain;
    this.#reportSent(socket.node, "udp", id, bytes, session && plain);
    if (this.forward !== undefined) this.forward(socket.local, peer, bytes.slice());
    else if (!this.datagram(socket.local, peer, bytes)) {
      const error = { code: "ECONNREFUSED", call: "sendto", target: formatEndpoint(peer) } as const;
      socket.node.onEvent("udp", {
        type: "unreachable",
        connection: id,
        error: { ...error, transport: "udp" },
      });
    }
    return "sent";
  }

  /** Delivers a datagram from any endpoint, forged or not. False: no socket is bound there. */
  datagram(from: IpEndpoint, to: IpEndpoint, bytes: Uint8Array): boolean {
    if (this.forward === undefined)
      this.datagrams.push({ from: formatEndpoint(from), to: formatEndpoint(to), bytes: bytes.slice() });
    const target = this.#sockets.get(formatEndpoint(to));
    if (target === undefined) return false;
    const { node } = target;
    const copy = bytes.slice();
    if (node.receiveLater === undefined) this.#receiveDatagram(target, from, copy);
    else node.receiveLater(() => this.#receiveDatagram(target, from, copy));
    return true;
  }

  #receiveDatagram(target: UdpSocket, from: IpEndpoint, bytes: Uint8Array): void {
    if (this.#sockets.get(formatEndpoint(target.local)) !== target) return;
    if (this.#receiveSealed(target, from, bytes)) return;
    if (!target.peers.has(formatEndpoint(from)) && looksSealed(bytes))
      return target.node.onEvent("udp", { type: "unopened" });
    const connection = this.#association(target, from, true);
    if (target.sessions.get(connection) !== undefined && !isGreetingDatagram(bytes))
      return target.node.onEvent("udp", { type: "unopened", connection });
    if (this.reportsAllCalls) this.#reportReceived(target.node, "udp", connection, bytes);
    target.node.onEvent("udp", { type: "received", connection, bytes: bytes.slice() });
  }

  /** As the real socket: a session is found by its index, and its newest datagram moves a peer that came to us. */
  #receiveSealed(socket: UdpSocket, from: IpEndpoint, bytes: Uint8Array): boolean {
    const isElsewhereOf = (id: ConnectionId): boolean => socket.peers.get(formatEndpoint(from)) !== id;
    const mayBeOf = (id: ConnectionId): boolean =>
      !isElsewhereOf(id) || this.#associations.get(id)?.isInbound === true;
    const opened = socket.sessions.open(bytes, 0, mayBeOf);
    if (opened === undefined) return false;
    const { owner: connection, plain, isNewest } = opened;
    const association = this.#associations.get(connection);
    if (association === undefined) return false;
    const isElsewhere = isElsewhereOf(connection);
    const there = socket.peers.get(formatEndpoint(from));
    const mayYield = there === undefined || !socket.sessions.has(there);
    if (isElsewhere && isNewest && mayYield) this.#move(association, connection, from);
    if (this.reportsAllCalls) this.#reportOpened(socket.node, connection, bytes, plain);
    socket.node.onEvent("udp", { type: "received", connection, bytes: plain, isOpened: true });
    return true;
  }

  #move(association: Association, connection: ConnectionId, to: IpEndpoint): void {
    const { socket } = association;
    const there = socket.peers.get(formatEndpoint(to));
    if (there !== undefined) this.closeUdp(there);
    socket.peers.delete(formatEndpoint(association.peer));
    association.peer = to;
    socket.peers.set(formatEndpoint(to), connection);
    socket.node.onEvent("udp", { type: "moved", connection, peer: to });
  }

  #reportOpened(node: Node, connection: ConnectionId, bytes: Uint8Array, plain: Uint8Array): void {
    const sealed = { bytes: bytes.length, payload: bytes.slice() };
    const carried = { bytes: plain.length, payload: plain, sealed };
    node.onEvent("udp", { type: "called", call: "recvfrom", result: "ok", connection, ...carried });
  }

  /** Gives a node's UDP socket another endpoint, as a network does that it moves to. */
  moveSocket(node: Node, to: IpEndpoint): void {
    const socket = this.#socketOf(node);
    this.#sockets.delete(formatEndpoint(socket.local));
    const moved = { ...socket, local: to };
    this.#sockets.set(formatEndpoint(to), moved);
    for (const [id, association] of this.#associations)
      if (association.socket === socket) this.#associations.set(id, { ...association, socket: moved });
  }

  closeUdp(id: ConnectionId): void {
    const association = this.#associations.get(id);
    if (association === undefined) return;
    this.#associations.delete(id);
    association.socket.sessions.end(id);
    association.socket.peers.delete(formatEndpoint(association.peer));
    association.socket.node.onEvent("udp", { type: "disconnected", connection: id, cause: "ours" });
  }

  /** Removes a node without any event: its ports are free, and datagrams to them find no socket. */
  vanish(node: Node): void {
    this.stopListening(node);
    for (const [id, end] of this.#ends) if (end.node === node) this.#ends.delete(id);
    for (const [name, socket] of this.#sockets) if (socket.node === node) this.#sockets.delete(name);
    for (const [id, { socket }] of this.#associations)
      if (socket.node === node) this.#associations.delete(id);
  }

  /** Closes all that a node has open on a transport. */
  stop(node: Node, transport: TransportName): void {
    if (transport === "tcp") {
      this.stopListening(node);
      for (const end of [...this.#ends.values()]) if (end.node === node) this.closeTcp(end.id, "flush");
      return;
    }
    for (const [name, socket] of this.#sockets) {
      if (socket.node !== node) continue;
      for (const id of [...socket.peers.values()]) this.closeUdp(id);
      this.#sockets.delete(name);
    }
  }
}

export function loopback(port: number): IpEndpoint {
  return { family: "IPv4", address: "127.0.0.1", port };
}

function resetError(): NetworkError {
  return { code: "ECONNRESET", call: "recv", target: "127.0.0.1:8080", transport: "tcp" };
}
