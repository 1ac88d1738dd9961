/**
 * The sockets of the tour: a server and a client over duet's own transports, on ephemeral ports of 127.0.0.1. Each
 * step's work is performed here, and its calls are reported as they return.
 */

import { copyBytes } from "../protocol/borrowed-bytes.ts";
import { type Endpoint, formatEndpoint } from "../protocol/address/endpoint.ts";
import { tourStepMaxMs } from "../protocol/limits.ts";
import type { Called, ConnectionId, SocketEvent } from "../protocol/sockets/socket-event.ts";
import type { Target } from "../protocol/address/target.ts";
import type { TourEvent } from "../tour/tour-state.ts";
import type { TourWork } from "../tour/tour-steps.ts";
import type { Transport } from "../transport/contract.ts";
import { connectTcp } from "../transport/tcp/tcp-connector.ts";
import { listenTcp } from "../transport/tcp/tcp-listener.ts";
import { isRowBetween, readTcpTable } from "../transport/kernel/tcp-table.ts";
import { UdpNetwork } from "../transport/impairment/udp-network.ts";
import { bindUdp } from "../transport/udp/udp-socket.ts";
import type { TourEnd } from "../words/tables/tour-words.ts";
import { recordTypes } from "../protocol/sealed/records.ts";
import { makeSealedTalk, type SealedSend } from "./tour-sealing.ts";

const ephemeralPort: Target = { kind: "ip", host: "127.0.0.1", port: 0 };
/** The messages of the tutorial's programs. */
const greeting = new TextEncoder().encode("你好");
const answer = new TextEncoder().encode("hello");
/** Other programs of this machine can connect to the server too: there is room to accept and reset them. */
const peersMax = 8;
const idleMs = 1000;
/** Longer than the 40 ms by which the acknowledgement of a FIN may be delayed (RFC 1122 §4.2.3.2). */
const lookAfterMs = 100;
/** The bytes shown of a hello or record: its size says more. */
const talkBytesShown = 16;
/** The impaired network drops every datagram, so its seed makes no difference. */
const everythingLost = { lossPercent: 100, duplicatePercent: 0, reorderPercent: 0, delayMs: 0, seed: 0 };

/** A socket of the tour. */
interface TourSocket {
  readonly name: TourEnd;
  transport: Transport | undefined;
  /** The connection, or association, with the other socket. */
  connection: ConnectionId | undefined;
  /** The payload of its latest send. */
  payload: Uint8Array;
}

export class TourSockets {
  readonly #onEvent: (event: TourEvent) => void;
  /** Only for the client, so that datagrams dropped on purpose do not seem to be dropped by the server. */
  readonly #network = new UdpNetwork(({ dropped }) => this.#report({ type: "dropped", count: dropped }));
  #server = makeEnd("server");
  #client = makeEnd("client");
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isFinishing = false;
  /** Both endpoints of the TCP connection, once it is established. */
  #between: Readonly<Record<TourEnd, Endpoint>> | undefined;
  #lookTimer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  /** The chapter on encryption, once it has begun, and what is still to be sent in its step. */
  #talk: ReturnType<typeof makeSealedTalk> | undefined;
  #script: readonly SealedSend[] = [];

  /** `onEvent` may be called from inside `perform`. */
  constructor(onEvent: (event: TourEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** Begins the work of a step. Its calls are reported as they return, and `time-over` if they take too long. */
  perform(work: TourWork): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#report({ type: "time-over" }), tourStepMaxMs);
    switch (work) {
      case "tcp-listen":
        return this.#listen();
      case "tcp-connect":
        return this.#connect();
      case "tcp-send":
      case "udp-send":
        return this.#send(this.#client, greeting);
      case "tcp-recv":
        return this.#setReading(this.#server, true);
      case "tcp-answer":
        return this.#send(this.#server, answer);
      case "tcp-close":
        return this.#close(this.#server);
      case "tcp-finish":
        return this.#finish();
      case "udp-bind":
        return this.#bind();
      case "udp-answer":
        return this.#send(this.#server, greeting);
      case "udp-lose":
        return this.#sendIntoLoss();
      case "udp-send-again":
        return this.#send(this.#client, greeting);
      case "udp-close":
        return this.#stop();
      case "sealed-hello":
        return this.#beginTalk();
      case "sealed-handshake":
        return this.#play(this.#talk?.handshake ?? []);
      case "sealed-record":
      case "sealed-middle":
        return this.#sendRecord(work === "sealed-middle");
    }
    work satisfies never;
  }

  /** Closes all sockets, and reports nothing any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#lookTimer);
    this.#stop();
  }

  /** Listens and connects once more; the two hellos follow. */
  #beginTalk(): void {
    this.#stop();
    this.#between = undefined;
    this.#server = makeEnd("server");
    this.#client = makeEnd("client");
    this.#talk = makeSealedTalk((bytes) => crypto.getRandomValues(new Uint8Array(bytes)));
    this.#script = this.#talk.hellos;
    this.#listen();
  }

  /** Sends these one after the other, each once the one before was received. */
  #play(script: readonly SealedSend[]): void {
    this.#script = script;
    this.#sendNext();
  }

  #sendNext(): void {
    const [next, ...rest] = this.#script;
    this.#script = rest;
    if (next === undefined) return;
    const end = next.from === "server" ? this.#server : this.#client;
    this.#send(end, next.payload);
  }

  /** A sealed greeting. `isChanged`: with one bit changed, as by somebody on its way. */
  #sendRecord(isChanged: boolean): void {
    const record = new Uint8Array(this.#talk?.seal(greeting) ?? []);
    if (isChanged) record.set([(record.at(-1) ?? 0) ^ 1], record.length - 1);
    this.#play([{ from: "client", payload: record }]);
  }

  /** The bytes that an end received in the chapter on encryption; a record of the session is opened. */
  #receiveSealed(end: TourSocket, bytes: Uint8Array): void {
    const isRecord = this.#script.length === 0 && end === this.#server && bytes[2] === recordTypes.data;
    const opened = isRecord ? this.#talk?.open(bytes) : bytes;
    this.#report({ type: "received", end: end.name, bytes: (opened ?? bytes).subarray(0, talkBytesShown) });
    if (opened !== undefined) return queueMicrotask(() => this.#sendNext());
    this.#isFinishing = true;
    queueMicrotask(() => end.connection !== undefined && end.transport?.close(end.connection, "reset"));
  }

  #listen(): void {
    const end = this.#server;
    end.transport = listenTcp({ target: ephemeralPort, peersMax }, (event) =>
      this.#onSocketEvent(end, event),
    );
  }

  #connect(): void {
    const end = this.#client;
    const target = findTarget(this.#server);
    if (target === undefined) return;
    const request = { target, timeoutMs: tourStepMaxMs };
    end.transport = connectTcp(request, (event) => this.#onSocketEvent(end, event));
  }

  /** Binds the server's socket first, since the client's needs its endpoint. */
  #bind(): void {
    this.#stop();
    this.#between = undefined;
    this.#server = makeEnd("server");
    this.#client = makeEnd("client");
    const end = this.#server;
    end.transport = bindUdp({ bind: ephemeralPort, peer: undefined, peersMax }, (event) => {
      this.#onSocketEvent(end, event);
      if (event.type === "listening") queueMicrotask(() => this.#bindClient());
    });
  }

  #bindClient(): void {
    const end = this.#client;
    const request = { bind: ephemeralPort, peer: findTarget(this.#server), peersMax };
    if (this.#isClosed || request.peer === undefined) return;
    end.transport = this.#network.bind(request, (event) => this.#onSocketEvent(end, event));
  }

  #send(end: TourSocket, payload: Uint8Array): void {
    end.payload = payload;
    if (end.connection !== undefined) end.transport?.send(end.connection, payload);
  }

  #sendIntoLoss(): void {
    this.#network.setImpairment(everythingLost);
    this.#send(this.#client, greeting);
    this.#network.reportCounts();
    this.#network.setImpairment(undefined);
  }

  #setReading({ transport, connection }: TourSocket, reading: boolean): void {
    if (connection !== undefined) transport?.setReading(connection, reading);
  }

  #close({ transport, connection }: TourSocket): void {
    if (connection !== undefined) transport?.close(connection, "flush");
  }

  /** The client answers the server's FIN with its own; the server then stops listening. */
  #finish(): void {
    this.#isFinishing = true;
    this.#close(this.#client);
    this.#stopIfFinished();
  }

  #stopIfFinished(): void {
    if (!this.#isFinishing || this.#server.connection !== undefined || this.#client.connection !== undefined)
      return;
    this.#isFinishing = false;
    this.#stop();
  }

  #stop(): void {
    for (const { transport } of [this.#client, this.#server]) transport?.stop(idleMs);
  }

  /** Called from inside a transport, so work that the event causes is queued as a microtask. */
  #onSocketEvent(end: TourSocket, event: SocketEvent): void {
    if (this.#isClosed || !this.#isOurs(end, event)) return;
    switch (event.type) {
      case "called":
        return this.#reportCall(end, event);
      case "received": {
        const bytes = copyBytes(event.bytes);
        if (this.#talk !== undefined) return this.#receiveSealed(end, bytes);
        return this.#report({ type: "received", end: end.name, bytes });
      }
      case "listening":
        return this.#talk === undefined ? undefined : queueMicrotask(() => this.#connect());
      case "connected":
        if (this.#talk !== undefined)
          return end === this.#client ? queueMicrotask(() => this.#sendNext()) : undefined;
        // Bytes wait in the kernel for the step that reads them.
        if (end === this.#server) queueMicrotask(() => this.#setReading(end, false));
        return;
      case "disconnected":
        end.connection = undefined;
        return queueMicrotask(() => this.#stopIfFinished());
      case "sent-to-all":
      case "connecting":
      case "peer-shut-down":
      case "shut-down":
      case "seal-broken":
      case "unopened":
      case "keys-due":
      case "moved":
      case "backlogged":
      case "drained":
      case "overflowed":
      case "overrun":
      case "unreachable":
      case "turned-away":
      case "failed":
      case "send-failed":
      case "stopped":
        return; // The calls show all of it.
    }
    event satisfies never;
  }

  #reportCall(end: TourSocket, called: Called): void {
    const isSent = called.call.startsWith("send") && called.result === "ok";
    const payload = isSent ? end.payload.subarray(0, this.#talk && talkBytesShown) : undefined;
    this.#report({ type: "called", end: end.name, called, ...(payload && { payload }) });
    const { call, local, peer } = called;
    if (call === "connect" && local !== undefined && peer !== undefined)
      this.#between = { client: local, server: peer };
    this.#scheduleLook();
  }

  /** Looks a moment after the last call, since packets take one too. */
  #scheduleLook(): void {
    clearTimeout(this.#lookTimer);
    if (this.#between !== undefined) this.#lookTimer = setTimeout(() => this.#look(), lookAfterMs);
  }

  #look(): void {
    if (this.#between === undefined) return;
    const { server, client } = this.#between;
    const table = readTcpTable();
    const seenOf = (local: Endpoint, remote: Endpoint) => {
      const facts = table.find((row) => isRowBetween(row, local, remote))?.facts;
      return facts && { state: facts.state, unreadBytes: facts.unreadBytes };
    };
    const ends = { server: seenOf(server, client), client: seenOf(client, server) };
    const seen = {
      ...(ends.server && { server: ends.server }),
      ...(ends.client && { client: ends.client }),
    };
    this.#report({ type: "kernel", states: seen });
  }

  /**
   * Each socket has one connection, with the other socket; connections of other programs are reset and not reported.
   */
  #isOurs(end: TourSocket, event: SocketEvent): boolean {
    if (end.connection === undefined && this.#isFirstEvent(end, event)) end.connection = event.connection;
    if (!("connection" in event) || event.connection === undefined) return event.type !== "turned-away";
    const { connection } = event;
    if (connection === end.connection) return true;
    if (event.type === "connected") queueMicrotask(() => end.transport?.close(connection, "reset"));
    return false;
  }

  #isFirstEvent(
    end: TourSocket,
    event: SocketEvent,
  ): event is Extract<SocketEvent, { readonly type: "called" | "connected" }> {
    if (event.type === "called")
      return event.call === "connect" || (event.call === "accept" && this.#client.transport !== undefined);
    if (event.type !== "connected" || end.transport?.name !== "udp") return false;
    const other = end === this.#server ? this.#client : this.#server;
    const { local } = other.transport ?? {};
    return local !== undefined && formatEndpoint(local) === formatEndpoint(event.peer);
  }

  #report(event: TourEvent): void {
    if (!this.#isClosed) this.#onEvent(event);
  }
}

function makeEnd(name: TourEnd): TourSocket {
  return { name, transport: undefined, connection: undefined, payload: greeting };
}

/** The endpoint that the socket is bound to, as a target. */
function findTarget({ transport }: TourSocket): Target | undefined {
  const local = transport?.local;
  return local === undefined || local.family === "unix"
    ? undefined
    : { kind: "ip", host: local.address, port: local.port };
}
