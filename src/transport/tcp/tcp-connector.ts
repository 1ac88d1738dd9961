/**
 * Connects a stream socket, TCP or UNIX: resolves the name, tries its addresses one after another (RFC 8305), each
 * without waiting long for the one before, and reports the true error if none answers. Never retries.
 */

import { readZone } from "../../protocol/address/address.ts";
import { type Endpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import { connectAttemptDelayMs } from "../../protocol/limits.ts";
import type { ErrorCode, NetworkError } from "../../protocol/sockets/network-error.ts";
import type { ConnectRequest, OnSocketEvent, StreamTransport } from "../contract.ts";
import { readErrorCode, formatTarget, makeNetworkErrorFrom, makeNetworkError } from "../kernel/error-code.ts";
import { type Address, interleaveFamilies, resolvePeer } from "../addresses/resolve.ts";
import { isBroadcastAddress } from "../addresses/subnets.ts";
import { findConnectErrorCode, probeRoute } from "../addresses/route-probe.ts";
import { abortConnect } from "../kernel/socket-options.ts";
import { type StreamEndpoints, readStreamEndpoints } from "../kernel/stream-endpoints.ts";
import { TcpConnections } from "./tcp-connections.ts";
import { streamHandlers, type StreamReceiver, type StreamSocket } from "./tcp-socket.ts";
import { addPathFile, encodeSocketPath, readFolderProblem } from "../unix/unix-path.ts";

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
  /** Each ends an attempt that has no outcome yet. */
  readonly #abandons = new Set<() => void>();

  constructor(request: ConnectRequest, emit: OnSocketEvent) {
    this.#request = request;
    this.#emit = emit;
    this.#target = formatTarget(request.target);
    this.#connections = new TcpConnections(emit, () => this.#onEnded(), { bytesOnly: request.bytesOnly });
    this.transport = this.#connections.createTransport(
      () => this.#local,
      (idleMs) => this.#stop(idleMs),
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
    // It may have been connected and closed while other attempts ended.
    if (this.#state === "connected" || this.#state === "stopped") return;
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
    if (outcome === "abandoned") return this.#settle("ETIMEDOUT", peer);
    // Bun reports ENOTDIR as a refusal.
    const leadsNowhere = outcome === "ECONNREFUSED" && readFolderProblem(path) !== undefined;
    return this.#settle(leadsNowhere ? "ENOENT" : outcome, peer);
  }

  async #connectIp(target: {
    host: string;
    port: number;
    family?: 4 | 6;
  }): Promise<NetworkError | undefined> {
    if (!(target.port > 0 && target.port < 65_536)) return this.#makeError("EINVAL");
    const deadline = performance.now() + this.#request.timeoutMs;
    const resolution = await this.#awaitWithDeadline(resolvePeer(target.host, target.family));
    if (resolution === undefined) return this.#makeError("ETIMEDOUT", "resolve");
    if (!resolution.ok) return this.#makeError(resolution.code, "resolve");
    const errors = await this.#raceAddresses(interleaveFamilies(resolution.addresses), target.port, deadline);
    return this.#isConnecting() ? chooseMostSpecific(errors) : undefined;
  }

  /**
   * Connects to each address in turn, and to the next one when an attempt fails or connectAttemptDelayMs is over. The
   * first socket that opens ends the other attempts.
   */
  async #raceAddresses(
    addresses: readonly Address[],
    port: number,
    deadline: number,
  ): Promise<readonly NetworkError[]> {
    const errors: NetworkError[] = [];
    const running = new Set<Promise<void>>();
    for (const to of addresses) {
      if (!this.#isConnecting()) break;
      const attempt = this.#connectAddress(to, port, Math.max(1, deadline - performance.now())).then(
        (error) => {
          running.delete(attempt);
          if (error !== undefined) errors.push(error);
        },
      );
      running.add(attempt);
      if (to !== addresses.at(-1)) await raceWithTimer(running, connectAttemptDelayMs);
    }
    await Promise.all(running);
    return errors;
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
    const error = this.#makeError(outcome);
    const isBroadcast = outcome === "EACCES" && peer.family !== "unix" && isBroadcastAddress(peer.address);
    return isBroadcast ? { ...error, isBroadcast } : error;
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
    const abandon = () => settle("abandoned");
    const settle = (outcome: Outcome) => {
      isSettled = true;
      this.#abandons.delete(abandon);
      clearTimeout(deadline);
      clearTimeout(probeTimer);
      resolve(outcome);
    };
    const deadline = setTimeout(abandon, ms);
    const probeTimer = setTimeout(() => {
      void routeError?.().then((code) => code !== undefined && settle(code));
    }, routeProbeDelayMs);
    this.#abandons.add(abandon);
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
    this.#abandonAll();
  }

  #abandonAll(): void {
    for (const abandon of this.#abandons) abandon();
  }

  /** The transport ends with its only connection. */
  #onEnded(): void {
    this.#state = "stopping";
    this.#stopIfEmpty();
  }

  async #awaitWithDeadline<Value>(work: Promise<Value>): Promise<Value | undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const abandon = () => resolve(undefined);
    const timer = setTimeout(abandon, this.#request.timeoutMs);
    this.#abandons.add(abandon);
    const value = await Promise.race([work, promise]);
    this.#abandons.delete(abandon);
    clearTimeout(timer);
    return value;
  }

  /** While connecting it abandons the attempts, and `start` reports the end. */
  #stop(idleMs: number): void {
    const wasConnected = this.#state === "connected";
    if (wasConnected || this.#state === "connecting") this.#state = "stopping";
    this.#abandonAll();
    if (!wasConnected) return;
    this.#connections.closeAll(idleMs);
    this.#stopIfEmpty();
  }

  #stopIfEmpty(): void {
    if (this.#state !== "stopping" || this.#connections.size > 0) return;
    this.#state = "stopped";
    this.#emit({ type: "stopped" });
  }
}

function chooseMostSpecific(errors: readonly NetworkError[]): NetworkError | undefined {
  const rank = ({ code }: NetworkError) =>
    errorPriority.includes(code) ? errorPriority.indexOf(code) : errorPriority.length;
  return errors.toSorted((one, other) => rank(one) - rank(other))[0];
}

/** Resolves when one of `running` does, or after `ms`. */
async function raceWithTimer(running: Iterable<Promise<void>>, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([...running, promise]);
  clearTimeout(timer);
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
