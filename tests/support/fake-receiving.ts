/**
 * The receiving half of a duet's fake sockets: the program's own readers, queues and turns, between the fake network and
 * the session, in virtual time.
 */

import type { NewSession } from "../../src/protocol/sealed/session-keys.ts";
import { type OpenedBytes, StreamSession } from "../../src/protocol/sealed/stream-session.ts";
import type {
  Called,
  ConnectionId,
  SocketEvent,
  TransportName,
} from "../../src/protocol/sockets/socket-event.ts";
import { ReceiveTurns, type TurnClock } from "../../src/transport/queue/receive-turns.ts";
import { StreamReader } from "../../src/transport/tcp/stream-reader.ts";
import { DatagramRoom, DatagramSource } from "../../src/transport/udp/waiting-datagrams.ts";
import type { FakeNetwork } from "./fake-network.ts";

type OnEvent = (transport: TransportName, event: SocketEvent) => void;
type Received = Extract<SocketEvent, { type: "received" }>;

interface Stream {
  readonly reader: StreamReader;
  /** The end of the connection, reported after its bytes. */
  end: SocketEvent | undefined;
}

export class FakeReceiving {
  readonly #clock: TurnClock;
  readonly #turns: ReceiveTurns;
  readonly #network: FakeNetwork;
  readonly #emit: OnEvent;
  readonly #streams = new Map<ConnectionId, Stream>();
  readonly #sources = new Map<ConnectionId, DatagramSource>();
  readonly #room = new DatagramRoom();
  /** The sealed streams of this node. */
  readonly sessions = new Map<ConnectionId, StreamSession>();
  /** What a reported recv has opened, until its `received`. */
  readonly #opened = new Map<ConnectionId, OpenedBytes>();

  constructor(clock: TurnClock, network: FakeNetwork, emit: OnEvent) {
    this.#clock = clock;
    this.#turns = new ReceiveTurns(clock);
    this.#network = network;
    this.#emit = emit;
  }

  /** Reports an event of the network, or lets it wait for its turn. */
  onEvent(transport: TransportName, event: SocketEvent): void {
    if (transport === "udp") this.#onDatagramEvent(event);
    else this.#onStreamEvent(event);
  }

  setReading(connection: ConnectionId, reading: boolean): void {
    this.#findStream(connection).reader.setReading(reading);
  }

  /** Opens what a stream brings from now on, `rest` first. */
  seal(connection: ConnectionId, start: NewSession): void {
    const session = new StreamSession(start);
    this.sessions.set(connection, session);
    const buffered = this.#findStream(connection).reader.takeUnreported();
    this.#reportOpened(connection, session.open(Buffer.concat([start.rest, buffered])));
  }

  #reportOpened(connection: ConnectionId, { plain, fault }: OpenedBytes): void {
    if (plain.length > 0) this.#receive({ type: "received", connection, bytes: plain });
    if (fault !== undefined) this.#emit("tcp", { type: "seal-broken", connection, why: fault });
  }

  #onDatagramEvent(event: SocketEvent): void {
    if (event.type === "received") return this.#receiveDatagram(event);
    if (event.type === "disconnected") {
      this.#sources.get(event.connection)?.end();
      this.#sources.delete(event.connection);
    }
    this.#emit("udp", event);
  }

  #receiveDatagram({ connection, bytes, isOpened = false }: Received): void {
    // Datagrams of a session are opened already: here they take no turn.
    if (isOpened) return this.#emit("udp", { type: "received", connection, bytes, isOpened });
    let source = this.#sources.get(connection);
    if (source === undefined) {
      source = new DatagramSource(this.#room, this.#turns, (datagram) =>
        this.#emit("udp", { type: "received", connection, bytes: datagram }),
      );
      this.#sources.set(connection, source);
    }
    if (!source.receive(bytes, 0, "")) this.#emit("udp", { type: "overrun", count: 1 });
  }

  #onStreamEvent(event: SocketEvent): void {
    switch (event.type) {
      case "called":
        return this.#emit("tcp", this.#openCall(event));
      case "received": {
        const session = this.sessions.get(event.connection);
        if (session === undefined) return this.#receive(event);
        const opened = this.#opened.get(event.connection) ?? session.open(event.bytes);
        this.#opened.delete(event.connection);
        return this.#reportOpened(event.connection, opened);
      }
      case "peer-shut-down":
        if (this.sessions.get(event.connection)?.isEnded === false)
          return this.#emit("tcp", { type: "seal-broken", connection: event.connection, why: "cut" });
        return this.#findStream(event.connection).reader.receiveFin();
      case "disconnected":
        return this.#endStream(event);
      default:
        return this.#emit("tcp", event);
    }
  }

  #openCall(event: Called): Called {
    const { connection, call, payload } = event;
    const session = connection === undefined ? undefined : this.sessions.get(connection);
    if (session === undefined || call !== "recv" || payload === undefined || connection === undefined)
      return event;
    const opened = session.open(payload);
    this.#opened.set(connection, opened);
    const { plain } = opened;
    return { ...event, bytes: plain.length, payload: plain, sealed: { bytes: payload.length, payload } };
  }

  #receive({ connection, bytes }: Received): void {
    const { reader } = this.#findStream(connection);
    if (reader.isBuffering) reader.keep(new Uint8Array(bytes));
    else reader.receive(bytes);
  }

  #endStream(event: Extract<SocketEvent, { type: "disconnected" }>): void {
    const stream = this.#findStream(event.connection);
    stream.end = event;
    if (event.cause !== "ours") return stream.reader.finish();
    stream.reader.end();
    this.#reportEnd(event.connection, stream);
  }

  #reportEnd(connection: ConnectionId, { end }: Stream): void {
    this.#streams.delete(connection);
    this.sessions.get(connection)?.erase();
    this.sessions.delete(connection);
    if (end !== undefined) this.#emit("tcp", end);
  }

  #findStream(connection: ConnectionId): Stream {
    const known = this.#streams.get(connection);
    if (known !== undefined) return known;
    let isPaused = false;
    const socket = {
      pause: () => {
        isPaused = true;
        this.#network.setReading(connection, false);
      },
      // A socket reports nothing from inside `resume`.
      resume: () => {
        isPaused = false;
        this.#clock.runLater(() => isPaused || this.#network.setReading(connection, true));
      },
    };
    const owner = {
      onChunk: (bytes: Received["bytes"]) =>
        this.#emit("tcp", {
          type: "received",
          connection,
          bytes,
          ...(this.sessions.has(connection) && { isOpened: true }),
        }),
      onFin: () => this.#emit("tcp", { type: "peer-shut-down", connection }),
      onFinished: () => this.#reportEnd(connection, stream),
    };
    const stream: Stream = { reader: new StreamReader(socket, owner, this.#turns), end: undefined };
    this.#streams.set(connection, stream);
    return stream;
  }
}
