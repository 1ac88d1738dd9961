/**
 * What a script does with `--json`: joins messages to the calls that carried them by nothing but the fields of the events.
 * It knows no chat.
 */

import type { ReportedSpan, SpanInCall } from "../../src/chat/spans/reported-spans.ts";

/** A `call` event for bytes, and where it stands among all events. */
export interface CallEvent {
  readonly index: number;
  readonly call: string;
  readonly connection: number;
  readonly peer: string;
  readonly offset: number;
  readonly bytes: number;
}

type Event = Readonly<Record<string, unknown>> & { readonly type: string };
type Place = Omit<ReportedSpan, "peer" | "connection"> & { readonly connection: number };

export class ToldLedger {
  readonly #calls: CallEvent[] = [];
  readonly #places = new Map<number, Place[]>();

  constructor(events: readonly Event[]) {
    for (const [index, event] of events.entries()) {
      if (event.type === "message") this.#place(event["id"] as number, event["carried"] as ReportedSpan[]);
      if (event.type === "call" && typeof event["connection"] === "number") this.#call(index, event);
    }
  }

  #call(index: number, event: Event): void {
    const { connection, call } = event as unknown as CallEvent;
    if (typeof event["offset"] === "number" && typeof event["bytes"] === "number" && event["bytes"] > 0)
      this.#calls.push({ ...(event as unknown as CallEvent), index });
    const carries = (event["carries"] ?? []) as readonly SpanInCall[];
    const earlier = (event["earlier"] ?? []) as readonly SpanInCall[];
    for (const { id, ...piece } of carries) this.#place(id, [{ ...piece, call: call as never, connection }]);
    for (const { id, ...piece } of earlier) {
      const brought = event["transport"] === "tcp" ? "recv" : "recvfrom";
      this.#place(id, [{ ...piece, call: brought, connection }]);
    }
  }

  #place(id: number, places: readonly Place[] = []): void {
    this.#places.set(id, [...(this.#places.get(id) ?? []), ...places]);
  }

  /** The calls that moved a byte of the message, or of word of it, in their order. */
  carriers(id: number, what?: SpanInCall["what"]): readonly CallEvent[] {
    const places = (this.#places.get(id) ?? []).filter((place) => what === undefined || place.what === what);
    return this.#calls.filter((call) =>
      places.some(
        (place) =>
          place.call === call.call &&
          place.connection === call.connection &&
          call.offset < place.end &&
          call.offset + call.bytes > place.start,
      ),
    );
  }
}
