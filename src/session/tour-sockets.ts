/**
 * The sockets of the walk: a server and a client of duet's own transports, on ports of 127.0.0.1 that the system
 * chooses. It does what a step asks for and tells each call as it returned; it knows no words, and no chat.
 */

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

const anyPort: Target = { kind: "ip", host: "127.0.0.1", port: 0 };
/** What the tutorial's programs say. */
const greeting = new TextEncoder().encode("你好");
const answer = new TextEncoder().encode("hello");
/** Others of this machine can come to the server, too: they are sent away, and there is room to do it. */
const peersMax = 8;
const flushMs = 1000;
/** The acknowledgement of a FIN may be held back for 40 ms (RFC 1122 §4.2.3.2). */
const lookAfterMs = 100;
/** Loss is all that the bad network does here: its seed makes no difference. */
const everythingLost = { lossPercent: 100, duplicatePercent: 0, reorderPercent: 0, delayMs: 0, seed: 0 };

/** A socket of the walk. */
interface End {
  readonly name: TourEnd;
  transport: Transport | undefined;
  /** Its connection, or association, with the other end. */
  connection: ConnectionId | undefined;
  /** What its next send hands over. */
  sending: Uint8Array;
}

export class TourSockets {
  readonly #onEvent: (event: TourEvent) => void;
  /** The client's alone: what it loses on purpose must not look as if the server's socket had. */
  readonly #network = new UdpNetwork(({ dropped }) => this.#tell({ type: "dropped", count: dropped }));
  #server = newEnd("server");
  #client = newEnd("client");
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isFinishing = false;
  /** Both ends of the TCP connection, from when it is made. */
  #between: Readonly<Record<TourEnd, Endpoint>> | undefined;
  #lookTimer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  /** `onEvent` may be called from inside `carryOut`. */
  constructor(onEvent: (event: TourEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** Begins what a step asks for. Its calls are told as they return, and `time-over` when they took too long. */
  carryOut(work: TourWork): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell({ type: "time-over" }), tourStepMaxMs);
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
        return this.#lose();
      case "udp-send-again":
        return this.#send(this.#client, greeting);
      case "udp-close":
        return this.#stop();
    }
    work satisfies never;
  }

  /** Closes whatever is open, and tells nothing any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#lookTimer);
    this.#stop();
  }

  #listen(): void {
    const end = this.#server;
    end.transport = listenTcp({ target: anyPort, peersMax }, (event) => this.#heard(end, event));
  }

  #connect(): void {
    const end = this.#client;
    const target = targetOf(this.#server);
    if (target === undefined) return;
    const request = { target, timeoutMs: tourStepMaxMs };
    end.transport = connectTcp(request, (event) => this.#heard(end, event));
  }

  /** The server's first: the client's is made to speak to it. */
  #bind(): void {
    this.#stop();
    this.#between = undefined;
    this.#server = newEnd("server");
    this.#client = newEnd("client");
    const end = this.#server;
    end.transport = bindUdp({ bind: anyPort, peer: undefined, peersMax }, (event) => {
      this.#heard(end, event);
      if (event.type === "listening") queueMicrotask(() => this.#bindClient());
    });
  }

  #bindClient(): void {
    const end = this.#client;
    const request = { bind: anyPort, peer: targetOf(this.#server), peersMax };
    if (this.#isClosed || request.peer === undefined) return;
    end.transport = this.#network.bind(request, (event) => this.#heard(end, event));
  }

  #send(end: End, payload: Uint8Array): void {
    end.sending = payload;
    if (end.connection !== undefined) end.transport?.send(end.connection, payload);
  }

  #lose(): void {
    this.#network.setTrouble(everythingLost);
    this.#send(this.#client, greeting);
    this.#network.reportCounts();
    this.#network.setTrouble(undefined);
  }

  #setReading({ transport, connection }: End, reading: boolean): void {
    if (connection !== undefined) transport?.setReading(connection, reading);
  }

  #close({ transport, connection }: End): void {
    if (connection !== undefined) transport?.close(connection, "flush");
  }

  /** The client answers the server's FIN with its own; once that is through, the server listens no more. */
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
    for (const { transport } of [this.#client, this.#server]) transport?.stop(flushMs);
  }

  /** From inside a transport: what follows from it waits for the end of its run. */
  #heard(end: End, event: SocketEvent): void {
    if (this.#isClosed || !this.#isOurs(end, event)) return;
    switch (event.type) {
      case "called":
        return this.#tellCalled(end, event);
      case "received":
        return this.#tell({ type: "received", end: end.name, bytes: event.bytes.slice() });
      case "connected":
        // What comes waits in the kernel for the step that reads it.
        if (end === this.#server) queueMicrotask(() => this.#setReading(end, false));
        return;
      case "disconnected":
        end.connection = undefined;
        return queueMicrotask(() => this.#stopIfFinished());
      case "sent-to-all":
      case "listening":
      case "connecting":
      case "peer-shut-down":
      case "shut-down":
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

  #tellCalled(end: End, called: Called): void {
    const payload = called.call.startsWith("send") && called.result === "ok" ? end.sending : undefined;
    this.#tell({ type: "called", end: end.name, called, ...(payload && { payload }) });
    const { call, local, peer } = called;
    if (call === "connect" && local !== undefined && peer !== undefined)
      this.#between = { client: local, server: peer };
    this.#lookSoon();
  }

  /** A moment after the last call: packets take one, too. */
  #lookSoon(): void {
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
    this.#tell({ type: "kernel", seen });
  }

  /** An end has one connection, the other end's; anybody else who comes is sent away untold. */
  #isOurs(end: End, event: SocketEvent): boolean {
    if (end.connection === undefined && this.#begins(end, event)) end.connection = event.connection;
    if (!("connection" in event) || event.connection === undefined) return event.type !== "turned-away";
    const { connection } = event;
    if (connection === end.connection) return true;
    if (event.type === "connected") queueMicrotask(() => end.transport?.close(connection, "reset"));
    return false;
  }

  #begins(
    end: End,
    event: SocketEvent,
  ): event is Extract<SocketEvent, { readonly type: "called" | "connected" }> {
    if (event.type === "called")
      return event.call === "connect" || (event.call === "accept" && this.#client.transport !== undefined);
    if (event.type !== "connected" || end.transport?.name !== "udp") return false;
    const other = end === this.#server ? this.#client : this.#server;
    const { local } = other.transport ?? {};
    return local !== undefined && formatEndpoint(local) === formatEndpoint(event.peer);
  }

  #tell(event: TourEvent): void {
    if (!this.#isClosed) this.#onEvent(event);
  }
}

function newEnd(name: TourEnd): End {
  return { name, transport: undefined, connection: undefined, sending: greeting };
}

/** Where it listens or is bound. */
function targetOf({ transport }: End): Target | undefined {
  const local = transport?.local;
  return local === undefined || local.family === "unix"
    ? undefined
    : { kind: "ip", host: local.address, port: local.port };
}
