/** Joins messages to the calls that carried them, by the fields of `--json` events alone, as a script would. */

import type { ReportedSpan, SpanInCall } from "../../src/chat/spans/reported-spans.ts";

/** A `call` event with bytes, and its index among all events. */
export interface CallEvent {
  readonly index: number;
  readonly call: string;
  readonly connection: number;
  readonly peer: string;
  readonly offset: number;
  readonly bytes: number;
}

type Event = Readonly<Record<string, unknown>> & { readonly type: string };
type Span = Omit<ReportedSpan, "peer" | "connection"> & { readonly connection: number };

export class MessageCalls {
  readonly #calls: CallEvent[] = [];
  readonly #spans = new Map<number, Span[]>();

  constructor(events: readonly Event[]) {
    for (const [index, event] of events.entries()) {
      if (event.type === "message") this.#addSpans(event["id"] as number, event["carried"] as ReportedSpan[]);
      if (event.type === "call" && typeof event["connection"] === "number") this.#call(index, event);
    }
  }

  #call(index: number, event: Event): void {
    const { connection, call } = event as unknown as CallEvent;
    if (typeof event["offset"] === "number" && typeof event["bytes"] === "number" && event["bytes"] > 0)
      this.#calls.push({ ...(event as unknown as CallEvent), index });
    const carries = (event["carries"] ?? []) as readonly SpanInCall[];
    const earlier = (event["earlier"] ?? []) as readonly SpanInCall[];
    for (const { id, ...piece } of carries)
      this.#addSpans(id, [{ ...piece, call: call as never, connection }]);
    for (const { id, ...piece } of earlier) {
      const call = event["transport"] === "tcp" ? "recv" : "recvfrom";
      this.#addSpans(id, [{ ...piece, call, connection }]);
    }
  }

  #addSpans(id: number, places: readonly Span[] = []): void {
    this.#spans.set(id, [...(this.#spans.get(id) ?? []), ...places]);
  }

  /** The calls that moved a byte of the message or of its receipts, in order. */
  callsOf(id: number, what?: SpanInCall["what"]): readonly CallEvent[] {
    const spans = (this.#spans.get(id) ?? []).filter((place) => what === undefined || place.what === what);
    return this.#calls.filter((call) =>
      spans.some(
        (place) =>
          place.call === call.call &&
          place.connection === call.connection &&
          call.offset < place.end &&
          call.offset + call.bytes > place.start,
      ),
    );
  }
}
