/**
 * An impaired network between duet and its own UDP sockets: drops, duplicates and delays datagrams both ways, as
 * protocol/sockets/network-impairment.ts decides. To the user of the socket it looks like a network: a `sendto` whose
 * datagram is dropped here succeeds, and a datagram dropped on its way in is never received. Both are counted instead.
 */

import { delayedDatagramsMax, delayedDatagramsMaxBytes } from "../../protocol/limits.ts";
import {
  type DatagramFate,
  FateSequence,
  noImpairmentYet,
  type SeededImpairment,
  type ImpairmentCounts,
} from "../../protocol/sockets/network-impairment.ts";
import type { DatagramHandlers, DatagramSocket, OpenDatagramSocket } from "../udp/datagram-socket.ts";
import { DelayedDatagrams } from "./delayed-datagrams.ts";

/** The shortest interval between two reports of the counts. */
const reportIntervalMs = 200;

type Count = keyof ImpairmentCounts;

/** One for all UDP sockets of a session: impairment can be switched on and off while they are open. */
export class NetworkImpairment {
  readonly #onCounted: (counts: ImpairmentCounts) => void;
  #fates: { readonly in: FateSequence; readonly out: FateSequence } | undefined;
  #counts: ImpairmentCounts = noImpairmentYet;
  #reportTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #delayed = new DelayedDatagrams(delayedDatagramsMax, delayedDatagramsMaxBytes);

  /** `onCounted` receives all counts since the impairment was switched on, a few times a second while they change. */
  constructor(onCounted: (counts: ImpairmentCounts) => void) {
    this.#onCounted = onCounted;
  }

  /**
   * Starts with new counts; undefined: no impairment. Datagrams already delayed still arrive at the end of their
   * delay.
   */
  setImpairment(trouble: SeededImpairment | undefined): void {
    this.#fates = trouble && { in: new FateSequence(trouble, "in"), out: new FateSequence(trouble, "out") };
    this.#counts = noImpairmentYet;
    clearTimeout(this.#reportTimer);
    this.#reportTimer = undefined;
  }

  /** `open`, with this network between its sockets and their users. */
  wrap(open: OpenDatagramSocket): OpenDatagramSocket {
    return async (bind, handlers) => {
      const inbound = this.#wrapHandlers(handlers);
      const socket = await open(bind, inbound.handlers);
      return this.#wrapSocket(socket, inbound.close);
    };
  }

  #wrapHandlers(handlers: DatagramHandlers): {
    readonly handlers: DatagramHandlers;
    readonly close: () => void;
  } {
    let isOpen = true;
    const onData = (bytes: Uint8Array, port: number, address: string, local?: string): void => {
      const fate = this.#decide("in");
      if (fate === undefined || (fate.copies === 1 && fate.delayMs === 0))
        return handlers.onData(bytes, port, address, local);
      // The bytes are borrowed from the socket.
      const ownedBytes = fate.delayMs === 0 ? bytes : bytes.slice();
      const arrive = (): void => {
        if (isOpen) handlers.onData(ownedBytes, port, address, local);
      };
      for (let copy = 0; copy < fate.copies; copy += 1) {
        if (fate.delayMs === 0) arrive();
        else this.#delay(fate.delayMs, ownedBytes, arrive);
      }
    };
    const onDrain = (): void => handlers.onDrain();
    const onError = (thrown: unknown): void => handlers.onError(thrown);
    const onMoved = (localAddress: string): void => handlers.onMoved?.(localAddress);
    return { handlers: { onData, onDrain, onError, onMoved }, close: () => (isOpen = false) };
  }

  #wrapSocket(socket: DatagramSocket, closeInbound: () => void): DatagramSocket {
    // The socket was full: the user sends the same datagram again, and its fate is already decided.
    let isBlocked = false;
    const send = (payload: Uint8Array, port: number, address: string, local?: string): boolean => {
      if (this.#fates === undefined) return socket.send(payload, port, address, local);
      const fate = isBlocked ? undefined : this.#decide("out");
      const sendLate = (): void => this.#sendLate(socket, payload, port, address, local);
      if (fate?.copies === 0) return true;
      if (fate !== undefined && fate.delayMs > 0) {
        for (let copy = 0; copy < fate.copies; copy += 1)
          this.#delay(fate.delayMs, payload, sendLate, socket);
        return true;
      }
      isBlocked = !sendPastStaleError(socket, payload, port, address, local);
      if (fate?.copies === 2 && !isBlocked) sendLate();
      return !isBlocked;
    };
    const close = (): void => {
      closeInbound();
      // A real network would still deliver the last frames after a close.
      this.#delayed.release(socket);
      socket.close();
    };
    const { port, localAddress, answersFromAsked = true } = socket;
    const setBroadcast = (on: boolean): boolean => socket.setBroadcast?.(on) ?? false;
    const moved = localAddress !== undefined && { localAddress };
    return { port, ...moved, answersFromAsked, send, setBroadcast, close };
  }

  /** The send was reported as successful, so a failure now can only count as a loss. */
  #sendLate(...datagram: Parameters<typeof sendPastStaleError>): void {
    try {
      if (!sendPastStaleError(...datagram)) this.#count("dropped");
    } catch {
      this.#count("dropped");
    }
  }

  /** Undefined while there is no impairment. */
  #decide(way: "in" | "out"): DatagramFate | undefined {
    const fate = this.#fates?.[way].next();
    if (fate === undefined) return undefined;
    if (fate.copies === 0) this.#count("dropped");
    if (fate.copies === 2) this.#count("duplicated");
    if (fate.delayMs > 0) this.#count("delayed");
    if (fate.isReordered) this.#count("reordered");
    return fate;
  }

  /** The datagram arrives at once if `owner` is closed. */
  #delay(ms: number, bytes: Uint8Array, arrive: () => void, owner?: object): void {
    if (!this.#delayed.add(ms, bytes.length, arrive, owner)) this.#count("dropped");
  }

  #count(counter: Count): void {
    this.#counts = { ...this.#counts, [counter]: this.#counts[counter] + 1 };
    this.#reportTimer ??= setTimeout(() => this.reportCounts(), reportIntervalMs);
  }

  /** Reports counts that have changed, at once. */
  reportCounts(): void {
    if (this.#reportTimer === undefined) return;
    clearTimeout(this.#reportTimer);
    this.#reportTimer = undefined;
    this.#onCounted(this.#counts);
  }
}

/**
 * Bun 1.4.5 throws the error of an earlier datagram from the next send, which then sends nothing, and passes it to the
 * error handler as well (bun-traps.test.ts). The handler reports it, so the send is repeated here.
 */
function sendPastStaleError(
  socket: DatagramSocket,
  payload: Uint8Array,
  port: number,
  address: string,
  local: string | undefined,
): boolean {
  try {
    return socket.send(payload, port, address, local);
  } catch {
    return socket.send(payload, port, address, local);
  }
}
