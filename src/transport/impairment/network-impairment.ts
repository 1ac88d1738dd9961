/**
 * A bad network between duet and its own UDP sockets, both ways, while a person wants one: it drops, doubles and delays
 * datagrams as protocol/sockets/network-impairment.ts decides. The socket's user cannot tell it from a network: a
 * `sendto` whose datagram is dropped here succeeded, and a datagram dropped on its way in was never received. The
 * impairments are counted instead.
 */

import { troubleHeldMax, troubleHeldMaxBytes } from "../../protocol/limits.ts";
import {
  type Fate,
  FateDice,
  noTroubleYet,
  type SeededTrouble,
  type TroubleCounts,
} from "../../protocol/sockets/network-impairment.ts";
import type { DatagramHandlers, DatagramSocket, OpenDatagramSocket } from "../udp/datagram-socket.ts";
import { DelayedDatagrams } from "./delayed-datagrams.ts";

/** Counts are reported so often at most. */
const reportIntervalMs = 200;

type Count = keyof TroubleCounts;

/** One for all UDP sockets of a session: trouble may come and go while they are open. */
export class NetworkImpairment {
  readonly #onCounted: (counts: TroubleCounts) => void;
  #dice: { readonly in: FateDice; readonly out: FateDice } | undefined;
  #counts: TroubleCounts = noTroubleYet;
  #reportTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #delayed = new DelayedDatagrams(troubleHeldMax, troubleHeldMaxBytes);

  /** `onCounted` gets all counts since the impairment began, a few times a second while they change. */
  constructor(onCounted: (counts: TroubleCounts) => void) {
    this.#onCounted = onCounted;
  }

  /** Starts with new counts; undefined: no impairment. Datagrams that are delayed already still arrive in their time. */
  setTrouble(trouble: SeededTrouble | undefined): void {
    this.#dice = trouble && { in: new FateDice(trouble, "in"), out: new FateDice(trouble, "out") };
    this.#counts = noTroubleYet;
    clearTimeout(this.#reportTimer);
    this.#reportTimer = undefined;
  }

  /** `open`'s sockets, with this network before them. */
  wrap(open: OpenDatagramSocket): OpenDatagramSocket {
    return async (bind, handlers) => {
      const inward = this.#inward(handlers);
      const socket = await open(bind, inward.handlers);
      return this.#outward(socket, inward.close);
    };
  }

  #inward(handlers: DatagramHandlers): { readonly handlers: DatagramHandlers; readonly close: () => void } {
    let isOpen = true;
    const onData = (bytes: Uint8Array, port: number, address: string): void => {
      const fate = this.#decide("in");
      if (fate === undefined || (fate.copies === 1 && fate.delayMs === 0))
        return handlers.onData(bytes, port, address);
      // The bytes are borrowed from the socket.
      const kept = fate.delayMs === 0 ? bytes : bytes.slice();
      const arrive = (): void => {
        if (isOpen) handlers.onData(kept, port, address);
      };
      for (let copy = 0; copy < fate.copies; copy += 1) {
        if (fate.delayMs === 0) arrive();
        else this.#delay(fate.delayMs, kept, arrive);
      }
    };
    const onDrain = (): void => handlers.onDrain();
    const onError = (thrown: unknown): void => handlers.onError(thrown);
    return { handlers: { onData, onDrain, onError }, close: () => (isOpen = false) };
  }

  #outward(socket: DatagramSocket, closeInward: () => void): DatagramSocket {
    // The socket was full: the same datagram is sent again, and its fate is decided already.
    let isBlocked = false;
    const send = (payload: Uint8Array, port: number, address: string): boolean => {
      if (this.#dice === undefined) return socket.send(payload, port, address);
      const fate = isBlocked ? undefined : this.#decide("out");
      const sendLate = (): void => this.#sendLate(socket, payload, port, address);
      if (fate?.copies === 0) return true;
      if (fate !== undefined && fate.delayMs > 0) {
        for (let copy = 0; copy < fate.copies; copy += 1)
          this.#delay(fate.delayMs, payload, sendLate, socket);
        return true;
      }
      isBlocked = !sendOnce(socket, payload, port, address);
      if (fate?.copies === 2 && !isBlocked) sendLate();
      return !isBlocked;
    };
    const close = (): void => {
      closeInward();
      // Closing sends the last frames, and a network would still deliver them.
      this.#delayed.release(socket);
      socket.close();
    };
    const { port, localAddress } = socket;
    const setBroadcast = (on: boolean): boolean => socket.setBroadcast?.(on) ?? false;
    return { port, ...(localAddress !== undefined && { localAddress }), send, setBroadcast, close };
  }

  /** The send was reported as done, so a failure now can only count as a loss. */
  #sendLate(socket: DatagramSocket, payload: Uint8Array, port: number, address: string): void {
    try {
      if (!sendOnce(socket, payload, port, address)) this.#count("dropped");
    } catch {
      this.#count("dropped");
    }
  }

  /** Undefined while there is no trouble. */
  #decide(way: "in" | "out"): Fate | undefined {
    const fate = this.#dice?.[way].next();
    if (fate === undefined) return undefined;
    if (fate.copies === 0) this.#count("dropped");
    if (fate.copies === 2) this.#count("duplicated");
    if (fate.delayMs > 0) this.#count("delayed");
    if (fate.reordered) this.#count("reordered");
    return fate;
  }

  /** Closing `owner` lets the datagram arrive at once. */
  #delay(ms: number, bytes: Uint8Array, arrive: () => void, owner?: object): void {
    if (!this.#delayed.add(ms, bytes.length, arrive, owner)) this.#count("dropped");
  }

  #count(what: Count): void {
    this.#counts = { ...this.#counts, [what]: this.#counts[what] + 1 };
    this.#reportTimer ??= setTimeout(() => this.reportCounts(), reportIntervalMs);
  }

  /** Reports counts that are not reported yet, at once. */
  reportCounts(): void {
    if (this.#reportTimer === undefined) return;
    clearTimeout(this.#reportTimer);
    this.#reportTimer = undefined;
    this.#onCounted(this.#counts);
  }
}

/**
 * Bun 1.4.5 throws the error of an earlier datagram from the next send, which is not sent, and hands it to the error
 * handler as well (bun-traps.test.ts): so it is reported from there, and the send is tried again.
 */
function sendOnce(socket: DatagramSocket, payload: Uint8Array, port: number, address: string): boolean {
  try {
    return socket.send(payload, port, address);
  } catch {
    return socket.send(payload, port, address);
  }
}
