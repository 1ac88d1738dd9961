/**
 * Timers as values, earliest first. No clock: the time arrives with events, and the session arms one real timer for
 * `earliestMs`. A timer that is set again moves.
 */

import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";

/** The kinds of timers by their owner. When the owner ends, its timers are cleared. */
export const timerKinds = {
  /** Cleared once the connection is over. */
  connection: [
    /** The first silence of a peer: greet it, or decide whether it is raw. */
    "recognition",
    /** The next greeting over UDP. */
    "hello",
    /** The handshake of a sealed session has taken too long. */
    "seal",
    /** The keys of a sealed session are to be renewed. */
    "rekey",
    /** A line without a newline ends after a second of silence. */
    "unfinished-line",
    /** The next waiting line of a rate-limited stranger. */
    "stranger-turn",
    /** A peer whose queue stays full is reset. */
    "stall",
    /** Messages whose missing parts are no longer awaited. */
    "unfinished-messages",
    /** Retransmissions and acknowledgements over UDP. */
    "delivery",
    /** Receipts that are paced. */
    "receipts",
    /** The last acknowledgements before a connection is closed. */
    "flush",
  ],
  /** Cleared once the transport holds no socket. */
  socket: [
    /** The next attempt to pair. */
    "pairing-retry",
    /** The next look for neighbours. */
    "neighbours",
    /** One round of pings and checks for silent peers. */
    "watch",
    /** The idle time-out (-i). */
    "idle",
  ],
  /** Owned by a transport's conversation and counters, which outlive its sockets. */
  side: [
    /** The notice that counts suppressed notices. */
    "suppressed-notices",
    /** One sample of the throughput. */
    "rate-sample",
    /** Counters for NDJSON. */
    "stats",
  ],
  /** Cleared once discovery on the local network is off. */
  lan: [
    /** Our next announcement. */
    "lan-announcement",
    /** Our own announcement should have returned by now: redraw. */
    "lan-echo",
    /** The list of duets, where no screen shows it. */
    "lan-report",
  ],
  /** Owned by the chat itself. */
  chat: [
    /** The next look at the kernel's connections, while the wire panel shows them. */
    "kernel-look",
    /** The room reads again. */
    "room-pause",
    /** The time that peers have to close after our input ended (-N). */
    "linger",
    /** A comparison of keys has taken too long. */
    "comparison",
    /** The engine of a shared room, which took no entry, is asked again. */
    "engine-retry",
    /** Receipts for messages of other hubs, which leave together. */
    "hub-receipts",
    /** The engine has not answered to the hub's end. */
    "engine-close",
  ],
} as const;

/** One deadline: its kind, and the connection or transport that it is for. */
export type Timer =
  | { readonly kind: (typeof timerKinds)["connection"][number]; readonly of: ConnectionId }
  | { readonly kind: (typeof timerKinds)["socket" | "side"][number]; readonly of: TransportName }
  | { readonly kind: (typeof timerKinds)["lan" | "chat"][number] };

type TimerOwner = ConnectionId | TransportName | undefined;

/** The state of one timer. A slot stays until its deadline surfaces in the heap, set or not. */
interface Slot {
  readonly timer: Timer;
  /** undefined: the timer was cleared. */
  dueMs: number | undefined;
  /** The live deadline in the heap, at `dueMs` or before. */
  heapMs: number;
}

interface Deadline {
  readonly timer: Timer;
  readonly atMs: number;
}

export class Timers {
  /** One map for each kind, so that no key has to be put together for each datagram. */
  readonly #slots = new Map<Timer["kind"], Map<TimerOwner, Slot>>();
  /** A binary heap. A deadline that surfaces before its timer is due is armed again. */
  readonly #heap: Deadline[] = [];

  /** Sets a timer, or moves it. */
  set(timer: Timer, atMs: number): void {
    const slot = this.#slotOf(timer);
    if (slot !== undefined) slot.dueMs = atMs;
    // A deadline is often moved later (by each byte of an unfinished line), which must not grow the heap.
    if (slot === undefined || atMs < slot.heapMs) this.#push({ timer, atMs });
  }

  clear(timer: Timer): void {
    const slot = this.#slotOf(timer);
    if (slot !== undefined) slot.dueMs = undefined;
  }

  /** Clears every timer of a connection that is over. */
  clearTimersOf(connection: ConnectionId): void {
    for (const kind of timerKinds.connection) this.clear({ kind, of: connection });
  }

  /** Clears every timer of a transport's socket that is closed. */
  clearTimersOfSocket(transport: TransportName): void {
    for (const kind of timerKinds.socket) this.clear({ kind, of: transport });
  }

  /** Clears every timer of discovery on the local network. */
  clearTimersOfLan(): void {
    for (const kind of timerKinds.lan) this.clear({ kind });
  }

  /** Clears every timer: the chat is over. */
  clearAll(): void {
    this.#slots.clear();
    this.#heap.length = 0;
  }

  has(timer: Timer): boolean {
    return this.#slotOf(timer)?.dueMs !== undefined;
  }

  /** When a timer is due; undefined: it is not set. */
  dueMs(timer: Timer): number | undefined {
    return this.#slotOf(timer)?.dueMs;
  }

  /** The timers that are set, in no order. */
  all(): readonly Timer[] {
    const slots = [...this.#slots.values()].flatMap((each) => [...each.values()]);
    return slots.filter(({ dueMs }) => dueMs !== undefined).map(({ timer }) => timer);
  }

  /** When the next timer is due, at the earliest; undefined: none. */
  get earliestMs(): number | undefined {
    this.#settle();
    return this.#heap[0]?.atMs;
  }

  /** Takes out the timers that are due, earliest first. */
  takeDue(nowMs: number): readonly Timer[] {
    const due: Timer[] = [];
    for (this.#settle(); this.#heap[0] !== undefined && this.#heap[0].atMs <= nowMs; this.#settle()) {
      const { timer } = this.#heap[0];
      this.#forget(timer);
      this.#pop();
      due.push(timer);
    }
    return due;
  }

  #slotOf(timer: Timer): Slot | undefined {
    return this.#slots.get(timer.kind)?.get(getOwner(timer));
  }

  #forget(timer: Timer): void {
    this.#slots.get(timer.kind)?.delete(getOwner(timer));
  }

  /** Makes the top of the heap a deadline that still holds. */
  #settle(): void {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      const { timer, atMs } = top;
      const slot = this.#slotOf(timer);
      const isLive = slot?.heapMs === atMs;
      if (isLive && slot.dueMs === atMs) return;
      this.#pop();
      if (!isLive) continue;
      if (slot.dueMs === undefined) this.#forget(timer);
      else this.#push({ timer, atMs: slot.dueMs });
    }
  }

  #push(deadline: Deadline): void {
    this.#noteInHeap(deadline);
    const heap = this.#heap;
    let index = heap.push(deadline) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (heap[parent]!.atMs <= deadline.atMs) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = deadline;
  }

  #noteInHeap({ timer, atMs }: Deadline): void {
    let slots = this.#slots.get(timer.kind);
    if (slots === undefined) this.#slots.set(timer.kind, (slots = new Map()));
    const slot = slots.get(getOwner(timer));
    if (slot === undefined) slots.set(getOwner(timer), { timer, dueMs: atMs, heapMs: atMs });
    else slot.heapMs = atMs;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.atMs < heap[child]!.atMs) child += 1;
      if (heap[child]!.atMs >= last.atMs) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function getOwner(timer: Timer): TimerOwner {
  return "of" in timer ? timer.of : undefined;
}
