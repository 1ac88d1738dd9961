/**
 * One bound UDP socket and its peers. The socket is never connected, so that all datagrams leave from the bound port
 * and new peers can send to it. A payload is one datagram.
 */

import { type Endpoint, formatEndpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import { connectTimeoutMsDefault, datagramMaxBytes, waitingNewcomersMax } from "../../protocol/limits.ts";
import type { ErrorCode, NetworkError } from "../../protocol/sockets/network-error.ts";
import type { KeptPlace } from "../../protocol/sockets/kept-place.ts";
import type { ConnectionId, EndCause } from "../../protocol/sockets/socket-event.ts";
import { createConnectionId } from "../connection-id.ts";
import type { DatagramRequest, DatagramTransport, OnSocketEvent, SendResult } from "../contract.ts";
import type { Target } from "../../protocol/address/target.ts";
import { DatagramPlaces } from "./datagram-places.ts";
import { DatagramQueue } from "./datagram-queue.ts";
import { openBunSocket } from "./address-sockets.ts";
import type { DatagramSocket, OpenDatagramSocket } from "./datagram-socket.ts";
import { readErrorCode, formatTarget, makeNetworkErrorFrom, makeNetworkError } from "../kernel/error-code.ts";
import { isBroadcastAddress } from "../addresses/subnets.ts";
import { type Addresses, resolveHost, resolvePeer } from "../addresses/resolve.ts";
import {
  type BindChoices,
  listClientBinds,
  listListenerBinds,
  noUnixDatagrams,
  openFirst,
  readReachableFamily,
  resolveWithin,
} from "./udp-address.ts";
import {
  DatagramSessions,
  isGreetingDatagram,
  looksSealed,
} from "../../protocol/sealed/datagram-sessions.ts";
import type { DatagramSession } from "../../protocol/sealed/datagram-session.ts";
import type { NewSession, SessionKeys } from "../../protocol/sealed/session-keys.ts";
import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { processTurns } from "../queue/receive-turns.ts";
import { DatagramRoom, DatagramSource } from "./waiting-datagrams.ts";
import { ReceiveBudget } from "./receive-budget.ts";
import { RefusedNewcomers } from "./refused-newcomers.ts";
import { formatPeer, makeRecvfromCall, type UdpPeer, UdpPeers } from "./udp-peers.ts";

/**
 * Binds, then associates `request.peer`. Reports `listening`, or `failed` and `stopped`, after it has returned. When
 * peersMax peers have a place, DatagramPlaces decides which one yields it to a newcomer.
 */
export function bindUdp(
  request: DatagramRequest,
  onEvent: OnSocketEvent,
  open: OpenDatagramSocket = openBunSocket,
): DatagramTransport {
  const socket = new UdpSocket(request, onEvent, open);
  queueMicrotask(() => void socket.start());
  return socket;
}

/** A send throws the pending error of an earlier datagram, and there may be one for each of several dead peers. */
const sendAttemptsMax = 4;
/** Bun 1.4.5 passes an error that `send` threw to the error handler as well, within this time. */
const errorEchoMs = 50;

interface Opened {
  readonly owner: UdpPeer;
  readonly plain: Uint8Array;
  readonly isNewest: boolean;
}

/** `local`: the address of this machine that was asked, if it is known. */
interface SentFrom {
  readonly address: string;
  readonly port: number;
  readonly local: string | undefined;
}

class UdpSocket implements DatagramTransport {
  readonly name = "udp";
  readonly #request: DatagramRequest;
  readonly #emit: OnSocketEvent;
  readonly #openSocket: OpenDatagramSocket;
  readonly #peers = new UdpPeers();
  readonly #places: DatagramPlaces;
  #socket: DatagramSocket | undefined;
  #local: Endpoint | undefined;
  readonly #queue: DatagramQueue;
  #state: "opening" | "bound" | "stopping" | "stopped" = "opening";
  #stopTimer: ReturnType<typeof setTimeout> | undefined;
  #errorThrownAtMs = Number.NEGATIVE_INFINITY;
  readonly #refused: RefusedNewcomers;
  readonly #room = new DatagramRoom();
  readonly #sessions = new DatagramSessions<UdpPeer>();
  /** The plain text of payloads that are sealed and were not sent yet. */
  readonly #plains = new WeakMap<Uint8Array, Uint8Array>();
  readonly #sources = new Map<UdpPeer, DatagramSource>();
  /** Endpoints without an association share one source, however many they are. */
  readonly #newcomers = this.#openSource(waitingNewcomersMax);
  readonly #budget = new ReceiveBudget((count) => this.#emit({ type: "overrun", count }));

  constructor(request: DatagramRequest, emit: OnSocketEvent, open: OpenDatagramSocket) {
    this.#request = request;
    this.#emit = emit;
    this.#openSocket = open;
    this.#places = new DatagramPlaces(request.peersMax);
    this.#queue = new DatagramQueue(emit);
    this.#refused = new RefusedNewcomers(emit);
  }

  get local(): Endpoint | undefined {
    return this.#local;
  }

  async start(): Promise<void> {
    const target = this.#request.bind ?? this.#request.peer;
    const name = target === undefined ? "0.0.0.0:0" : formatTarget(target);
    try {
      await this.#start();
    } catch (thrown) {
      this.#fail(makeNetworkErrorFrom(thrown, "bind", name, "udp"));
    }
  }

  async #start(): Promise<void> {
    const { bind, peer } = this.#request;
    if (bind?.kind === "unix" || peer?.kind === "unix") throw noUnixDatagrams;
    const binds = await this.#listBinds();
    if (binds === undefined || this.#state !== "opening") return;
    const ipv6Only = bind?.family === 6;
    const { hostname, to, socket } = await openFirst(binds, ({ hostname }) =>
      this.#openSocket({ hostname, port: bind?.port ?? 0, ipv6Only, isListener: bind !== undefined }, this),
    );
    if (this.#state !== "opening") return socket.close(); // Stopped meanwhile.
    this.#onBound(socket, makeIpEndpoint(socket.localAddress ?? hostname, socket.port));
    if (peer === undefined) return;
    const [address] = (to ? [to] : await this.#resolve(peer, readReachableFamily(hostname))) ?? [];
    if (address !== undefined && this.#isBound()) this.#associate(address.address, peer.port);
  }

  /** The addresses to bind to; undefined if resolving failed, which is then reported. */
  async #listBinds(): Promise<BindChoices | undefined> {
    const { bind, peer } = this.#request;
    if (bind?.kind === "ip") {
      const found = await this.#resolve(bind);
      return found && listListenerBinds(found, bind.family);
    }
    if (peer?.kind !== "ip") return [{ hostname: "0.0.0.0" }];
    const found = await this.#resolve(peer);
    return found && listClientBinds(found);
  }

  /** The addresses of a target; undefined if resolving failed, which is then reported. */
  async #resolve(target: Extract<Target, { kind: "ip" }>, family?: 4 | 6): Promise<Addresses | undefined> {
    const resolve = target === this.#request.bind ? resolveHost : resolvePeer;
    const work = resolve(target.host, target.family ?? family);
    const resolution = await resolveWithin(work, connectTimeoutMsDefault);
    if (resolution.ok) return resolution.addresses;
    this.#fail(makeNetworkError(resolution.code, "resolve", formatTarget(target), "udp"));
    return undefined;
  }

  #isBound(): boolean {
    return this.#state === "bound";
  }

  #onBound(socket: DatagramSocket, local: Endpoint): void {
    this.#socket = socket;
    this.#local = local;
    this.#state = "bound";
    this.#peers.isIPv6 = local.family === "IPv6";
    this.#emit({ type: "called", call: "bind", result: "ok", local });
    const answersFromAny = socket.answersFromAsked === false;
    this.#emit({ type: "listening", local, ...(answersFromAny && { answersFromAny }) });
  }

  #fail(error: NetworkError): void {
    if (this.#state === "stopping" || this.#state === "stopped") return;
    if (error.call === "bind") this.#emit({ type: "called", call: "bind", result: error.code });
    this.#emit({ type: "failed", error });
    this.stop(0);
  }

  associate(peer: Endpoint): ConnectionId {
    if (peer.family === "unix" || this.#state === "opening")
      throw new Error("associate: an IP peer, once bound");
    if (!this.#isBound()) return createConnectionId();
    return this.#associate(peer.address, peer.port);
  }

  #associate(address: string, port: number): ConnectionId {
    const known = this.#peers.find(address, port);
    if (known !== undefined) return known.id;
    const nowMs = performance.now();
    const silent = this.#places.isFull ? this.#places.findLongestSilent(nowMs) : undefined;
    if (silent !== undefined) this.#forget(silent, "displaced");
    const peer = this.#peers.add(address, port, "chosen", nowMs);
    this.#places.add(peer);
    this.#emitConnected(peer, false);
    return peer.id;
  }

  #emitConnected(peer: UdpPeer, isInbound: boolean): void {
    const local = this.#local ?? makeIpEndpoint("0.0.0.0", 0);
    this.#emit({ type: "connected", connection: peer.id, isInbound, local, peer: peer.endpoint });
  }

  onData(bytes: Uint8Array, port: number, address: string, local?: string): void {
    if (!this.#isBound()) return;
    if (this.#budget.shouldDrop(performance.now())) return;
    const peer = this.#peers.find(address, port);
    const source = peer === undefined ? this.#newcomers : this.#findSource(peer);
    if (!source.receive(bytes, port, address, local)) this.#budget.drop();
  }

  #findSource(peer: UdpPeer): DatagramSource {
    const known = this.#sources.get(peer);
    if (known !== undefined) return known;
    const source = this.#openSource();
    this.#sources.set(peer, source);
    return source;
  }

  #openSource(countMax?: number): DatagramSource {
    const report = this.#report.bind(this);
    return new DatagramSource(this.#room, processTurns, report, countMax);
  }

  #report(bytes: BorrowedBytes, port: number, address: string, local: string | undefined): void {
    if (!this.#isBound()) return;
    const nowMs = performance.now();
    const known = this.#peers.find(address, port);
    const opened = this.#sessions.isEmpty ? undefined : this.#open(bytes, nowMs, known);
    if (opened !== undefined) return this.#reportOpened(opened, bytes, { address, port, local });
    // The host of a session that it has forgotten, or a record that was changed: it makes nobody a peer.
    if (known === undefined && looksSealed(bytes)) return this.#emit({ type: "unopened" });
    const peer = known ?? this.#admit(address, port, bytes, nowMs);
    if (peer === undefined) return;
    const isDropped = this.#sessions.has(peer) && !isGreetingDatagram(bytes);
    if (!isDropped) {
      peer.receivedAtMs = nowMs;
      peer.local = local;
    }
    this.#emit(makeRecvfromCall(peer, bytes, isDropped ? new Uint8Array(0) : undefined));
    if (isDropped) this.#emit({ type: "unopened", connection: peer.id });
    else this.#emit({ type: "received", connection: peer.id, bytes });
  }

  /** Opens a datagram of a session. A client follows nobody: its host has one endpoint. */
  #open(bytes: BorrowedBytes, nowMs: number, known: UdpPeer | undefined): Opened | undefined {
    return this.#sessions.open(bytes, nowMs, (owner) => owner === known || owner.place !== "chosen");
  }

  /** Reports a datagram of a session, and moves its peer to where the newest one was sent from. */
  #reportOpened({ owner: peer, plain, isNewest }: Opened, bytes: BorrowedBytes, from: SentFrom): void {
    const there = this.#peers.find(from.address, from.port);
    if (there !== peer && isNewest && this.#mayYield(there)) this.#move(peer, there, from);
    if (this.#peers.find(from.address, from.port) === peer) peer.local = from.local;
    peer.receivedAtMs = performance.now();
    this.#emit(makeRecvfromCall(peer, bytes, plain));
    // The event of the move may have ended it.
    if (this.#peers.has(peer))
      this.#emit({ type: "received", connection: peer.id, bytes: plain, isOpened: true });
  }

  /** A member may forge its own address: it displaces nobody who is known there. */
  #mayYield(there: UdpPeer | undefined): boolean {
    return (
      there === undefined ||
      ((there.place === "raw" || there.place === "greeting") && !this.#sessions.has(there))
    );
  }

  #move(peer: UdpPeer, there: UdpPeer | undefined, { address, port }: SentFrom): void {
    if (there !== undefined) this.#forget(there, "displaced");
    this.#places.changeAddress(peer, () => this.#peers.move(peer, address, port));
    this.#emit({ type: "moved", connection: peer.id, peer: peer.endpoint });
  }

  seal(connection: ConnectionId, session: NewSession): void {
    const peer = this.#peers.get(connection);
    if (peer !== undefined && this.#isBound()) this.#sessions.begin(peer, session);
  }

  renew(connection: ConnectionId, keys: SessionKeys, isResponder: boolean): void {
    const peer = this.#peers.get(connection);
    if (peer !== undefined) this.#sessions.get(peer)?.renew(keys, isResponder);
  }

  #reportWear(peer: UdpPeer, session: DatagramSession): void {
    const wear = session.takeWear();
    if (wear === "due") this.#emit({ type: "keys-due", connection: peer.id });
    else if (wear === "spent") this.#emit({ type: "seal-broken", connection: peer.id, why: "spent" });
  }

  #admit(address: string, port: number, bytes: BorrowedBytes, nowMs: number): UdpPeer | undefined {
    const endpoint = makeIpEndpoint(address, port);
    const isGreeting = beginsAsFrame(bytes);
    const found = this.#places.find(endpoint, isGreeting, nowMs);
    if (found.is === "refused") {
      this.#refused.add(endpoint, found.refusal);
      return undefined;
    }
    if (found.is === "yielded") this.#forget(found.by, "displaced");
    const peer = this.#peers.add(address, port, isGreeting ? "greeting" : "raw", nowMs);
    peer.receivedAtMs = nowMs;
    this.#places.add(peer);
    if (this.#newcomers.isWaiting) this.#newcomers.moveTo(this.#findSource(peer), port, address);
    this.#emitConnected(peer, true);
    return peer;
  }

  keepPlace(connection: ConnectionId, place: KeptPlace): void {
    const peer = this.#peers.get(connection);
    if (peer === undefined || !this.#isBound()) return;
    const found = this.#places.keep(peer, place, performance.now());
    if (found.is === "yielded") this.#forget(found.by, "displaced");
    if (found.is !== "refused") return;
    this.#refused.add(peer.endpoint, found.refusal);
    this.#forget(peer);
  }

  /** An ICMP error, or one that `send` threw before. The kernel does not report whose datagram it was. */
  onError(thrown: unknown): void {
    if (!this.#isBound()) return;
    const code = readErrorCode(thrown);
    if (performance.now() - this.#errorThrownAtMs < errorEchoMs) {
      this.#errorThrownAtMs = Number.NEGATIVE_INFINITY;
      return;
    }
    this.#emit({ type: "called", call: "recvfrom", result: code });
    if (code === "ECONNREFUSED" || code === "EHOSTUNREACH" || code === "ENETUNREACH")
      this.#reportUnreachable(code, "recvfrom");
  }

  /** `call`: the one that returned the error, as it was reported. */
  #reportUnreachable(code: ErrorCode, call: "sendto" | "recvfrom"): void {
    const suspect = this.#peers.findOnlySuspect(performance.now());
    const target =
      suspect === undefined
        ? formatEndpoint(this.#local ?? makeIpEndpoint("0.0.0.0", 0))
        : formatPeer(suspect);
    const error = makeNetworkError(code, call, target, "udp");
    this.#emit({ type: "unreachable", error, ...(suspect && { connection: suspect.id }) });
  }

  /** Returns `closed` also for a datagram that cannot be sent at all, after reporting `send-failed`. */
  send(connection: ConnectionId, plain: Uint8Array, isUnsealed = false): SendResult {
    const peer = this.#peers.get(connection);
    if (peer === undefined || peer.isClosing || !this.#isBound()) return "closed";
    const payload = isUnsealed ? plain : this.#seal(peer, plain);
    if (payload.length > datagramMaxBytes) {
      this.#emitSendTo(peer, payload, "EMSGSIZE");
      return this.#onSendFailed(peer, "EMSGSIZE", plain.length);
    }
    const result = this.#queue.isEmpty ? this.#trySend(peer, payload) : "would-block";
    if (result === "ok") return "sent";
    if (result !== "would-block") return this.#onSendFailed(peer, result, plain.length);
    return this.#queue.enqueue(peer, payload) ? "queued" : "full";
  }

  /** The counter is used up whatever becomes of the datagram. */
  #seal(peer: UdpPeer, plain: Uint8Array): Uint8Array {
    const session = this.#sessions.get(peer);
    if (session === undefined) return plain;
    const payload = session.seal(plain);
    this.#reportWear(peer, session);
    this.#plains.set(payload, plain);
    return payload;
  }

  #onSendFailed(peer: UdpPeer, code: ErrorCode, bytes: number): "closed" {
    const made = makeNetworkError(code, "sendto", formatPeer(peer), "udp");
    const isBroadcast = code === "EACCES" && isBroadcastAddress(peer.host);
    const error: NetworkError = isBroadcast ? { ...made, isBroadcast } : made;
    this.#emit({ type: "send-failed", connection: peer.id, error, bytes });
    return "closed";
  }

  #emitSendTo(peer: UdpPeer, payload: Uint8Array, result: string): void {
    const plain = this.#plains.get(payload);
    const ends = { connection: peer.id, peer: peer.endpoint };
    const isSent = result === "ok";
    const countOf = ({ length }: Uint8Array) => ({ bytes: isSent ? length : 0, ofBytes: length });
    const sealed = plain && { sealed: { ...countOf(payload), payload } };
    const moved = plain ?? payload;
    this.#emit({
      type: "called",
      call: "sendto",
      result,
      ...ends,
      ...countOf(moved),
      payload: moved,
      ...sealed,
    });
  }

  /**
   * Bun 1.4.5 throws the ECONNREFUSED of an earlier datagram, to any peer, from the next send, which then sends
   * nothing (bun-traps.test.ts). So the error is reported and the send repeated.
   */
  #trySend(peer: UdpPeer, payload: Uint8Array): "ok" | "would-block" | ErrorCode {
    let code: ErrorCode = "EUNKNOWN";
    for (let attempts = 0; attempts < sendAttemptsMax; attempts += 1) {
      try {
        const isSent = this.#socket?.send(payload, peer.port, peer.host, peer.local) ?? false;
        if (isSent) {
          peer.sentAtMs = performance.now();
          this.#budget.noteSent();
        }
        this.#emitSendTo(peer, payload, isSent ? "ok" : "would-block");
        return isSent ? "ok" : "would-block";
      } catch (thrown) {
        code = readErrorCode(thrown);
        this.#emitSendTo(peer, payload, code);
        this.#errorThrownAtMs = performance.now();
        if (code !== "ECONNREFUSED") return code;
        this.#reportUnreachable(code, "sendto");
      }
    }
    return code;
  }

  onMoved(localAddress: string): void {
    if (!this.#isBound() || this.#local === undefined || this.#local.family === "unix") return;
    this.#local = makeIpEndpoint(localAddress, this.#local.port);
    this.#emit({ type: "listening", local: this.#local });
  }

  onDrain(): void {
    this.#queue.flush(
      (peer, payload) => this.#sendQueued(peer, payload),
      (peer) => peer.isClosing && peer.queuedBytes === 0 && this.#peers.has(peer) && this.#forget(peer),
    );
    if (this.#state === "stopping" && this.#queue.isEmpty) this.#finish();
  }

  /** False if the kernel has no room. */
  #sendQueued(peer: UdpPeer, payload: Uint8Array): boolean {
    const result = this.#trySend(peer, payload);
    if (result !== "ok" && result !== "would-block")
      this.#onSendFailed(peer, result, (this.#plains.get(payload) ?? payload).length);
    return result !== "would-block";
  }

  shutdown(): void {}
  setReading(): void {}
  limitReceiveBuffer(): void {}
  getDescriptor = (): number => -1;

  countQueuedBytes(connection: ConnectionId): number {
    return this.#peers.get(connection)?.queuedBytes ?? 0;
  }

  close(connection: ConnectionId, how: "flush" | "reset"): void {
    const peer = this.#peers.get(connection);
    if (peer === undefined) return;
    if (how === "reset" || peer.queuedBytes === 0) this.#forget(peer);
    else peer.isClosing = true;
  }

  #forget(peer: UdpPeer, cause: EndCause = "ours"): void {
    this.#peers.remove(peer);
    this.#places.remove(peer);
    this.#queue.drop(peer);
    this.#sessions.end(peer);
    this.#sources.get(peer)?.end();
    this.#sources.delete(peer);
    this.#emit({ type: "disconnected", connection: peer.id, cause });
  }

  stop(idleMs: number): void {
    if (this.#state === "stopping" || this.#state === "stopped") return;
    this.#state = "stopping";
    if (this.#queue.isEmpty || idleMs <= 0) return this.#finish();
    this.#stopTimer = setTimeout(() => this.#finish(), idleMs);
  }

  #finish(): void {
    if (this.#state === "stopped") return;
    this.#state = "stopped";
    clearTimeout(this.#stopTimer);
    this.#newcomers.end();
    for (const peer of this.#peers.list()) this.#forget(peer);
    if (this.#socket !== undefined) {
      this.#socket.close();
      this.#emit({ type: "called", call: "close", result: "ok", ...(this.#local && { local: this.#local }) });
    }
    this.#emit({ type: "stopped" });
  }
}

const frameStart = Buffer.from("duet/");

/** True for a datagram that only a duet sends, or text that pretends to be one. */
function beginsAsFrame(bytes: BorrowedBytes): boolean {
  return frameStart.every((byte, index) => bytes[index] === byte);
}
