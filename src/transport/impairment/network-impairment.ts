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
import { HeldDatagrams } from "./delayed-datagrams.ts";

/** Counts are told so often at most. */
const tellIntervalMs = 200;

type Count = keyof TroubleCounts;

/** One for all UDP sockets of a session: trouble may come and go while they are open. */
export class BadNetwork {
  readonly #onCounted: (counts: TroubleCounts) => void;
  #dice: { readonly in: FateDice; readonly out: FateDice } | undefined;
  #counts: TroubleCounts = noTroubleYet;
  #tellTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #held = new HeldDatagrams(troubleHeldMax, troubleHeldMaxBytes);

  /** `onCounted` is told all that was done since the trouble began, a few times a second while something is. */
  constructor(onCounted: (counts: TroubleCounts) => void) {
    this.#onCounted = onCounted;
  }

  /** Begins anew, with new counts; undefined: the network is as it is. What is held already still arrives in its time. */
  setTrouble(trouble: SeededTrouble | undefined): void {
    this.#dice = trouble && { in: new FateDice(trouble, "in"), out: new FateDice(trouble, "out") };
    this.#counts = noTroubleYet;
    clearTimeout(this.#tellTimer);
    this.#tellTimer = undefined;
  }

  /** `open`'s sockets, with this network before them. */
  around(open: OpenDatagramSocket): OpenDatagramSocket {
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
      // What a socket brought is valid only now.
      const kept = fate.delayMs === 0 ? bytes : bytes.slice();
      const arrive = (): void => {
        if (isOpen) handlers.onData(kept, port, address);
      };
      for (let copy = 0; copy < fate.copies; copy += 1) {
        if (fate.delayMs === 0) arrive();
        else this.#hold(fate.delayMs, kept, arrive);
      }
    };
    const onDrain = (): void => handlers.onDrain();
    const onError = (thrown: unknown): void => handlers.onError(thrown);
    return { handlers: { onData, onDrain, onError }, close: () => (isOpen = false) };
  }

  #outward(socket: DatagramSocket, closeInward: () => void): DatagramSocket {
    // The socket was full when a datagram was to pass: it comes again, and its fate is decided already.
    let isBlocked = false;
    const send = (payload: Uint8Array, port: number, address: string): boolean => {
      if (this.#dice === undefined) return socket.send(payload, port, address);
      const fate = isBlocked ? undefined : this.#decide("out");
      const sendLate = (): void => this.#sendLate(socket, payload, port, address);
      if (fate?.copies === 0) return true;
      if (fate !== undefined && fate.delayMs > 0) {
        for (let copy = 0; copy < fate.copies; copy += 1) this.#hold(fate.delayMs, payload, sendLate, socket);
        return true;
      }
      isBlocked = !sendOnce(socket, payload, port, address);
      if (fate?.copies === 2 && !isBlocked) sendLate();
      return !isBlocked;
    };
    const close = (): void => {
      closeInward();
      // Whoever closes has said its last word: a network would deliver it still.
      this.#held.release(socket);
      socket.close();
    };
    const { port, localAddress } = socket;
    const setBroadcast = (on: boolean): boolean => socket.setBroadcast?.(on) ?? false;
    return { port, ...(localAddress !== undefined && { localAddress }), send, setBroadcast, close };
  }

  /** The socket's user was told that it is sent, so nobody is left to hear of a failure but as of a loss. */
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

  /** `owner`: whose closing lets it out at once. */
  #hold(ms: number, bytes: Uint8Array, arrive: () => void, owner?: object): void {
    if (!this.#held.hold(ms, bytes.length, arrive, owner)) this.#count("dropped");
  }

  #count(what: Count): void {
    this.#counts = { ...this.#counts, [what]: this.#counts[what] + 1 };
    this.#tellTimer ??= setTimeout(() => this.tellCounts(), tellIntervalMs);
  }

  /** Tells at once what was not told yet. */
  tellCounts(): void {
    if (this.#tellTimer === undefined) return;
    clearTimeout(this.#tellTimer);
    this.#tellTimer = undefined;
    this.#onCounted(this.#counts);
  }
}

/**
 * Bun 1.4.5 throws the error of an earlier datagram from the next send, which is not sent, and hands it to the error
 * handler as well (bun-traps.test.ts): so it is told from there, and the send tried again.
 */
function sendOnce(socket: DatagramSocket, payload: Uint8Array, port: number, address: string): boolean {
  try {
    return socket.send(payload, port, address);
  } catch {
    return socket.send(payload, port, address);
  }
}
