/** A transport under test and the events it reported: tests wait for a condition on them and never sleep. */

import { waitTimeoutMsDefault } from "./wait.ts";
import { copyBytes, lendBytes } from "../../src/protocol/borrowed-bytes.ts";
import type { OnSocketEvent, Transport } from "../../src/transport/contract.ts";
import {
  type Called,
  expandCalls,
  type ConnectionId,
  type SocketEvent,
} from "../../src/protocol/sockets/socket-event.ts";
import type { CallName } from "../../src/protocol/sockets/socket-call.ts";

export type EventOf<Type extends SocketEvent["type"]> = Extract<SocketEvent, { type: Type }>;

const waitMs = waitTimeoutMsDefault;

/** Collects what a transport reports; received bytes are copied. */
export class Witness<Opened extends Transport = Transport> implements AsyncDisposable {
  readonly transport: Opened;
  readonly events: SocketEvent[] = [];
  receivedBytes = 0;
  /** Called at each event, before waiting tests look. */
  onEvent: OnSocketEvent = () => {};
  #waiting = new Set<() => void>();

  constructor(open: (onEvent: OnSocketEvent) => Opened) {
    this.transport = open((event) => {
      if (event.type === "received") this.receivedBytes += event.bytes.length;
      this.events.push(event.type === "received" ? { ...event, bytes: copyBytes(event.bytes) } : event);
      this.onEvent(event);
      for (const check of this.#waiting) check();
    });
  }

  /** Waits until `find` returns a value, or throws with the latest events after `withinMs`. */
  async until<Found>(what: string, find: () => Found | undefined | false, withinMs = waitMs): Promise<Found> {
    const { promise, resolve, reject } = Promise.withResolvers<Found>();
    const check = () => {
      const found = find();
      if (found !== undefined && found !== false) resolve(found);
    };
    const timer = setTimeout(
      () => reject(new Error(`no ${what} in ${withinMs} ms: ${this.summary()}`)),
      withinMs,
    );
    this.#waiting.add(check);
    check();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(check);
    }
  }

  /** Waits for the first event of a type that also passes `test`. */
  event<Type extends SocketEvent["type"]>(type: Type, test: (event: EventOf<Type>) => boolean = () => true) {
    const isIt = (event: SocketEvent): event is EventOf<Type> =>
      event.type === type && test(event as EventOf<Type>);
    return this.until<EventOf<Type>>(type, () => this.events.find(isIt));
  }

  /** All events of a type so far. */
  all<Type extends SocketEvent["type"]>(type: Type): readonly EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  /** All calls of one name so far, including those that one event reports together. */
  calls(call: CallName): readonly Called[] {
    return this.events.flatMap(callsIn).filter((one) => one.call === call);
  }

  /** All bytes received on one connection, or on any, as text. */
  text(connection?: ConnectionId): string {
    const payloads = this.all("received").filter(
      (event) => connection === undefined || event.connection === connection,
    );
    return Buffer.concat(payloads.map((event) => lendBytes(event.bytes))).toString();
  }

  summary(): string {
    const words = this.events.map((event) =>
      event.type === "called" ? `${event.call} ${event.result}` : event.type,
    );
    return words.slice(-60).join(", ");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.transport.stop(0);
    await this.event("stopped");
  }
}

function callsIn(event: SocketEvent): readonly Called[] {
  if (event.type === "sent-to-all") return expandCalls(event);
  return event.type === "called" ? [event] : [];
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
