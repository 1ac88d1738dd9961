/**
 * Connects a stream socket, TCP or UNIX: resolves the name, tries its addresses one after another within one deadline,
 * and reports the true error if none answers. Never retries.
 */

import { readZone } from "../../protocol/address/address.ts";
import { type Endpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import type { ErrorCode, NetworkError } from "../../protocol/sockets/network-error.ts";
import type { ConnectRequest, OnSocketEvent, StreamTransport } from "../contract.ts";
import { readErrorCode, formatTarget, makeNetworkErrorFrom, makeNetworkError } from "../kernel/error-code.ts";
import { type Address, resolveHost } from "../addresses/resolve.ts";
import { findConnectErrorCode, probeRoute } from "../addresses/route-probe.ts";
import { abortConnect } from "../kernel/socket-options.ts";
import { type StreamEndpoints, readStreamEndpoints } from "../kernel/stream-endpoints.ts";
import { TcpConnections } from "./tcp-connections.ts";
import { streamHandlers, type StreamReceiver, type StreamSocket } from "./tcp-socket.ts";
import { addPathFile, encodeSocketPath } from "../unix/unix-path.ts";

/**
 * Connects to `request.target` within `timeoutMs`, including name resolution. Reports `connecting`, a `called` for
 * each address tried, then `connected`, or `failed` and `stopped`; all after it has returned. The transport stops by
 * itself when the connection ends.
 */
export function connectTcp(request: ConnectRequest, onEvent: OnSocketEvent): StreamTransport {
  const connector = new TcpConnector(request, onEvent);
  queueMicrotask(() => void connector.start());
  return connector.transport;
}

/** How a connect to one address ended. `abandoned`: by its deadline, or because the transport was stopped. */
type Outcome = "connected" | "abandoned" | ErrorCode;

/** The error that is reported when several addresses failed: the one that stands first here, as the most specific. */
const errorPriority: readonly ErrorCode[] = [
  "ECONNREFUSED",
  "ETIMEDOUT",
  "EACCES",
  "EHOSTUNREACH",
  "ENETUNREACH",
];

/** A connect without a result for this long has its route probed: Bun does not report some errors. */
const routeProbeDelayMs = 50;

class TcpConnector {
  readonly transport: StreamTransport;
  readonly #request: ConnectRequest;
  readonly #emit: OnSocketEvent;
  readonly #target: string;
  readonly #connections: TcpConnections;
  #local: Endpoint | undefined;
  #state: "connecting" | "connected" | "stopping" | "stopped" = "connecting";
  /** Ends the current attempt. */
  #abandonAttempt: () => void = () => {};

  constructor(request: ConnectRequest, emit: OnSocketEvent) {
    this.#request = request;
    this.#emit = emit;
    this.#target = formatTarget(request.target);
    this.#connections = new TcpConnections(emit, () => this.#onEnded());
    this.transport = this.#connections.createTransport(
      () => this.#local,
      (flushMs) => this.#stop(flushMs),
    );
  }

  async start(): Promise<void> {
    if (this.#state === "connecting") {
      const { target } = this.#request;
      this.#emit({ type: "connecting", target: this.#target });
      const error = await this.#connect().catch((thrown: unknown) =>
        makeNetworkErrorFrom(thrown, "connect", this.#target, "tcp"),
      );
      if (error !== undefined && this.#isConnecting())
        this.#emit({
          type: "failed",
          error: target.kind === "unix" ? addPathFile(error, target.path) : error,
        });
    }
    if (this.#state === "connected") return;
    this.#state = "stopping";
    this.#stopIfEmpty();
  }

  #isConnecting(): boolean {
    return this.#state === "connecting";
  }

  #connect(): Promise<NetworkError | undefined> {
    const { target } = this.#request;
    return target.kind === "unix" ? this.#connectUnix(target.path) : this.#connectIp(target);
  }

  async #connectUnix(path: string): Promise<NetworkError | undefined> {
    const checked = encodeSocketPath(path);
    if (!checked.ok) return this.#makeError(checked.code);
    const peer: Endpoint = { family: "unix", path };
    // The connecting end of a UNIX socket has no name; `*` is what ss(8) prints for it.
    const ends = () => ({ local: { family: "unix", path: "*" } as const, peer });
    const outcome = await this.#attempt({ unix: checked.path }, ends, this.#request.timeoutMs);
    return this.#settle(outcome === "abandoned" ? "ETIMEDOUT" : outcome, peer);
  }

  async #connectIp(target: {
    host: string;
    port: number;
    family?: 4 | 6;
  }): Promise<NetworkError | undefined> {
    if (!(target.port > 0 && target.port < 65_536)) return this.#makeError("EINVAL");
    const deadline = performance.now() + this.#request.timeoutMs;
    const resolution = await this.#awaitWithDeadline(resolveHost(target.host, target.family));
    if (resolution === undefined) return this.#makeError("ETIMEDOUT", "resolve");
    if (!resolution.ok) return this.#makeError(resolution.code, "resolve");
    let worst: NetworkError | undefined;
    for (const [index, address] of resolution.addresses.entries()) {
      if (this.#state !== "connecting") return undefined;
      const share = (deadline - performance.now()) / (resolution.addresses.length - index);
      const error = await this.#connectAddress(address, target.port, Math.max(1, share));
      if (error === undefined) return undefined;
      worst = worst === undefined ? error : chooseMoreSpecific(worst, error);
    }
    return worst;
  }

  async #connectAddress(to: Address, port: number, ms: number): Promise<NetworkError | undefined> {
    const options = { hostname: to.address, port };
    const readEnds = (socket: StreamSocket) => readStreamEndpoints(socket, readZone(to.address));
    const outcome = await this.#attempt(options, readEnds, ms, () => probeRoute(to, port));
    // The kernel may still be connecting, unless it was refused.
    if (outcome !== "connected" && outcome !== "ECONNREFUSED") abortConnect(to.address, port);
    const code = outcome === "abandoned" ? "ETIMEDOUT" : outcome;
    return this.#settle(
      code === "connected" ? code : await findConnectErrorCode(code, to, port),
      makeIpEndpoint(to.address, port),
    );
  }

  /** Reports a failed attempt. */
  #settle(outcome: "connected" | ErrorCode, peer: Endpoint): NetworkError | undefined {
    if (outcome === "connected" || this.#state !== "connecting") return undefined;
    this.#emit({ type: "called", call: "connect", result: outcome, peer });
    return this.#makeError(outcome);
  }

  #makeError(code: ErrorCode, call: NetworkError["call"] = "connect"): NetworkError {
    return makeNetworkError(code, call, this.#target, "tcp");
  }

  /** Connects one socket to one address. Bun cannot abort a connect, so a socket that opens too late is terminated. */
  #attempt(
    to: { unix: string } | { hostname: string; port: number },
    readEnds: (socket: StreamSocket) => StreamEndpoints | undefined,
    ms: number,
    routeError?: () => Promise<ErrorCode | undefined>,
  ): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    let isSettled = false;
    const settle = (outcome: Outcome) => {
      isSettled = true;
      clearTimeout(deadline);
      clearTimeout(probeTimer);
      resolve(outcome);
    };
    const deadline = setTimeout(() => settle("abandoned"), ms);
    const probeTimer = setTimeout(() => {
      void routeError?.().then((code) => code !== undefined && settle(code));
    }, routeProbeDelayMs);
    this.#abandonAttempt = () => settle("abandoned");
    const open = (socket: StreamSocket) => {
      const ends = readEnds(socket);
      if (ends === undefined) {
        socket.terminate();
        return settle("ECONNRESET");
      }
      if (isSettled || ("hostname" in to && Bun.deepEquals(ends.local, ends.peer))) {
        socket.terminate();
        return settle("ECONNREFUSED"); // Connected to itself (RFC 9293 §3.5): nobody listens there.
      }
      settle("connected");
      this.#onOpen(socket, ends);
    };
    const connectError = (_socket: StreamSocket, thrown: Error) => settle(readErrorCode(thrown));
    void openSocket({ ...to, open, connectError }).catch((thrown: unknown) => settle(readErrorCode(thrown)));
    return promise;
  }

  #onOpen(socket: StreamSocket, ends: StreamEndpoints): void {
    this.#state = "connected";
    this.#local = ends.local;
    this.#connections.add(socket, ends, false);
  }

  /** The transport ends with its only connection. */
  #onEnded(): void {
    this.#state = "stopping";
    this.#stopIfEmpty();
  }

  async #awaitWithDeadline<Value>(work: Promise<Value>): Promise<Value | undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(resolve, this.#request.timeoutMs, undefined);
    this.#abandonAttempt = () => resolve(undefined);
    const value = await Promise.race([work, promise]);
    clearTimeout(timer);
    return value;
  }

  /** While connecting it abandons the attempt, and `start` reports the end. */
  #stop(flushMs: number): void {
    const wasConnected = this.#state === "connected";
    if (wasConnected || this.#state === "connecting") this.#state = "stopping";
    this.#abandonAttempt();
    if (!wasConnected) return;
    this.#connections.closeAll(flushMs);
    this.#stopIfEmpty();
  }

  #stopIfEmpty(): void {
    if (this.#state !== "stopping" || this.#connections.size > 0) return;
    this.#state = "stopped";
    this.#emit({ type: "stopped" });
  }
}

function chooseMoreSpecific(one: NetworkError, other: NetworkError): NetworkError {
  const rank = ({ code }: NetworkError) =>
    errorPriority.includes(code) ? errorPriority.indexOf(code) : errorPriority.length;
  return rank(one) <= rank(other) ? one : other;
}

type OpenOptions = ({ readonly unix: string } | { readonly hostname: string; readonly port: number }) & {
  readonly open: (socket: StreamSocket) => void;
  readonly connectError: (socket: StreamSocket, error: Error) => void;
};

/** Bun.connect throws some errors and rejects with others; here all reject. */
async function openSocket({ open, connectError, ...to }: OpenOptions): Promise<void> {
  const socket = { ...streamHandlers, open, connectError };
  const options = { allowHalfOpen: true, data: undefined, socket };
  if ("unix" in to) await Bun.connect<StreamReceiver | undefined>({ ...options, unix: to.unix });
  else await Bun.connect<StreamReceiver | undefined>({ ...options, hostname: to.hostname, port: to.port });
}
