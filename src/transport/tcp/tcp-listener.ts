/**
 * A listening stream socket, TCP or UNIX, and the connections it accepted. Only their number is limited here; --allow
 * and --deny are the chat's.
 */

import { type Endpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import { descriptorsShareMax } from "../../protocol/limits.ts";
import type { ErrorCode, NetworkError } from "../../protocol/sockets/network-error.ts";
import type { ListenRequest, OnSocketEvent, StreamTransport } from "../contract.ts";
import type { Target } from "../../protocol/address/target.ts";
import { readErrorCode, formatTarget, makeNetworkErrorFrom, makeNetworkError } from "../kernel/error-code.ts";
import type { FoundPlace } from "../addresses/found-place.ts";
import { resolveHost } from "../addresses/resolve.ts";
import { isOutOfDescriptors, readDescriptorLimit, readDescriptor } from "../kernel/socket-options.ts";
import { isIpv6Missing } from "../addresses/route-probe.ts";
import { type StreamEndpoints, readStreamEndpoints } from "../kernel/stream-endpoints.ts";
import { StreamPlaces } from "./stream-places.ts";
import { TcpConnections } from "./tcp-connections.ts";
import { streamHandlers, type StreamReceiver, type StreamSocket, type TcpSocket } from "./tcp-socket.ts";
import { RefusedConnections } from "./refused-connections.ts";
import {
  type FileIdentity,
  addPathFile,
  removeStaleSocket,
  readSocketIdentity,
  encodeSocketPath,
  stopKeepingForeignFile,
  runWithPrivateUmask,
} from "../unix/unix-path.ts";
import type { CallName } from "../../protocol/sockets/socket-call.ts";
import { displacedLine, formatRefusal, type StreamRefusal } from "../../protocol/sockets/refusal.ts";

/**
 * Listens at `request.target`: a `::` host is dual-stack unless its family is 6. Reports `listening`, or `failed` and
 * `stopped`, after it has returned.
 */
export function listenTcp(request: ListenRequest, onEvent: OnSocketEvent): StreamTransport {
  const listener = new TcpListener(request, onEvent);
  queueMicrotask(() => void listener.start());
  return listener.transport;
}

type BunListener =
  Bun.TCPSocketListener<StreamReceiver | undefined> | Bun.UnixSocketListener<StreamReceiver | undefined>;

class TcpListener {
  readonly transport: StreamTransport;
  readonly #request: ListenRequest;
  readonly #emit: OnSocketEvent;
  readonly #connections: TcpConnections;
  readonly #places: StreamPlaces<TcpSocket>;
  readonly #refused = new RefusedConnections();
  readonly #handlers = { ...streamHandlers, open: (socket: StreamSocket) => this.#onOpen(socket) };
  #listener: BunListener | undefined;
  #local: Endpoint | undefined;
  #file: FileIdentity | undefined;
  /** Accepted UNIX peers have no address, so they are numbered. */
  #unixPeers = 0;
  #state: "opening" | "listening" | "stopping" | "stopped" = "opening";

  constructor(request: ListenRequest, emit: OnSocketEvent) {
    this.#request = request;
    this.#emit = emit;
    this.#places = new StreamPlaces(request.peersMax);
    this.#connections = new TcpConnections(emit, () => this.#stopIfEmpty(), {
      bytesOnly: request.bytesOnly,
      places: this.#places,
    });
    this.transport = this.#connections.createTransport(
      () => this.#local,
      (idleMs) => this.#stop(idleMs),
    );
  }

  async start(): Promise<void> {
    if (this.#state !== "opening") return;
    const { target } = this.#request;
    try {
      if (target.kind === "unix") this.#listenUnix(target.path);
      else await this.#listenIp(target);
    } catch (thrown) {
      const error = makeNetworkErrorFrom(thrown, "bind", formatTarget(target), "tcp");
      this.#fail("bind", target.kind === "unix" ? addPathFile(error, target.path) : error);
    }
  }

  async #listenIp(target: Extract<Target, { kind: "ip" }>): Promise<void> {
    const resolution = await resolveHost(target.host, target.family);
    if (this.#state !== "opening") return;
    if (!resolution.ok) return this.#failWith(resolution.code, "resolve");
    const [{ address, family }] = resolution.addresses;
    const isMissing = family === 6 && (await isIpv6Missing());
    if (this.#state !== "opening") return;
    if (isMissing && (address !== "::" || target.family === 6)) return this.#failWith("EAFNOSUPPORT", "bind");
    const hostname = isMissing ? "0.0.0.0" : address;
    // `ipv6Only` works though Bun 1.4.5 does not type it.
    const options = { hostname, port: target.port, ipv6Only: target.family === 6, allowHalfOpen: true };
    const listener = this.#tryListen(() =>
      Bun.listen({ ...options, data: undefined, socket: this.#handlers }),
    );
    if (listener !== undefined) this.#onListening(listener, makeIpEndpoint(hostname, listener.port));
  }

  #listenUnix(path: string): void {
    const checked = encodeSocketPath(path);
    if (!checked.ok) return this.#failWith(checked.code, "bind");
    const listen = () => this.#listenAt(checked.path);
    try {
      this.#listener = listen();
    } catch (thrown) {
      if (readErrorCode(thrown) !== "EADDRINUSE" || !removeStaleSocket(path)) throw thrown;
      this.#listener = listen();
    }
    if (!path.startsWith("@")) this.#file = readSocketIdentity(path);
    this.#onListening(this.#listener, { family: "unix", path });
  }

  #listenAt(unix: string): BunListener {
    const options = { unix, allowHalfOpen: true, data: undefined, socket: this.#handlers };
    return runWithPrivateUmask(() => Bun.listen<StreamReceiver | undefined>(options));
  }

  /** Bun 1.4.5 reports no code when the process is out of descriptors (bun-traps.test.ts). */
  #tryListen<Listener>(listen: () => Listener): Listener | undefined {
    try {
      return listen();
    } catch (thrown) {
      if (readErrorCode(thrown) !== "EUNKNOWN" || !isOutOfDescriptors()) throw thrown;
      this.#failWith("EMFILE", "bind");
      return undefined;
    }
  }

  #onListening(listener: BunListener, local: Endpoint): void {
    this.#listener = listener;
    this.#local = local;
    this.#state = "listening";
    this.#emit({ type: "called", call: "bind", result: "ok", local });
    this.#emit({ type: "called", call: "listen", result: "ok", local });
    this.#emit({ type: "listening", local });
  }

  #failWith(code: ErrorCode, call: NetworkError["call"]): void {
    this.#fail("bind", makeNetworkError(code, call, formatTarget(this.#request.target), "tcp"));
  }

  #fail(call: CallName, error: NetworkError): void {
    if (this.#state !== "opening") return;
    this.#state = "stopping";
    if (error.call === call) this.#emit({ type: "called", call, result: error.code });
    this.#emit({ type: "failed", error });
    this.#stopIfEmpty();
  }

  #onOpen(socket: StreamSocket): void {
    const ends = this.#readEnds(socket);
    // The connection is closed already and its address unknown; without an address it could evade --deny.
    if (ends === undefined) return void socket.terminate();
    const found = this.#findPlace(socket, ends.peer);
    if (found.is === "yielded") this.#displace(found.by);
    if (found.is !== "refused") return this.#connections.add(socket, ends, true);
    const { refusal } = found;
    this.#emit({ type: "called", call: "accept", result: "ok", ...ends });
    this.#emit({ type: "turned-away", peer: ends.peer, refusal, count: 1 });
    const line = this.#request.explainsRefusals?.() === false ? undefined : formatRefusal(refusal);
    this.#refused.refuse(socket, line, refusal.is === "no-descriptors");
  }

  /** Ends a connection whose place a newcomer takes, with one line that says so. */
  #displace(connection: TcpSocket): void {
    const socket = connection.displace();
    if (socket !== undefined) this.#refused.refuse(socket, displacedLine, false);
  }

  /**
   * The place of a new connection, or why it is refused. The kernel assigns the lowest free descriptor, so a high
   * one means that all below it are in use. The last fifth is kept free, so that accept never fails: Bun 1.4.5 spins
   * at 95 % of a processor once descriptors are exhausted.
   */
  #findPlace(socket: StreamSocket, peer: Endpoint): FoundPlace<TcpSocket, StreamRefusal> {
    if (this.#state !== "listening") return { is: "refused", refusal: { is: "closing" } };
    if (readDescriptor(socket) >= readDescriptorLimit() * descriptorsShareMax)
      return { is: "refused", refusal: { is: "no-descriptors" } };
    return this.#places.find(peer, performance.now());
  }

  #readEnds(socket: StreamSocket): StreamEndpoints | undefined {
    const { target } = this.#request;
    if (target.kind === "unix") {
      this.#unixPeers += 1;
      const { path } = target;
      return { local: { family: "unix", path }, peer: { family: "unix", path, number: this.#unixPeers } };
    }
    return readStreamEndpoints(socket);
  }

  #stop(idleMs: number): void {
    if (this.#state === "stopping" || this.#state === "stopped") return;
    const wasListening = this.#state === "listening";
    this.#state = "stopping";
    if (wasListening) this.#closeListener();
    this.#refused.closeAll();
    this.#connections.closeAll(idleMs);
    this.#stopIfEmpty();
  }

  #closeListener(): void {
    const { target } = this.#request;
    const stop = () => this.#listener?.stop(false);
    if (target.kind === "unix" && !target.path.startsWith("@"))
      stopKeepingForeignFile(target.path, this.#file, stop);
    else stop();
    this.#emit({ type: "called", call: "close", result: "ok", ...(this.#local && { local: this.#local }) });
  }

  #stopIfEmpty(): void {
    if (this.#state !== "stopping" || this.#connections.size > 0) return;
    this.#state = "stopped";
    this.#emit({ type: "stopped" });
  }
}
