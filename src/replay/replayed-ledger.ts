/**
 * Restores the spans of each message from recorded events. A file may contain several runs of duet, each of which
 * counts from 1.
 */

import type { MessageSpans } from "../chat/log/entry.ts";
import type { SpanInCall } from "../chat/spans/reported-spans.ts";
import { TracedMessages } from "../chat/spans/traced-messages.ts";
import { getDirection } from "../chat/trace/call-links.ts";
import { addSpan } from "../chat/trace/enqueued-spans.ts";
import { recordedConnectionsMax } from "../protocol/limits.ts";
import type { ConnectionId, TransportName } from "../protocol/sockets/socket-event.ts";
import type { RecordedEvent } from "./recorded-event.ts";

type EventOf<Type extends RecordedEvent["type"]> = Extract<RecordedEvent, { readonly type: Type }>;

export class ReplayedLedger {
  readonly #messages = new TracedMessages();
  readonly #runs = { tcp: 0, udp: 0 };

  /** Begins another run: a side was opened. */
  opened(transport: TransportName): void {
    this.#runs[transport] += 1;
  }

  /** A connection id that is unique among the runs. */
  connection(transport: TransportName, connection: ConnectionId | undefined): ConnectionId | undefined {
    if (connection === undefined) return undefined;
    return (this.#runs[transport] * recordedConnectionsMax + connection) as ConnectionId;
  }

  /** The spans of a message as reported with it; later calls may add to them. */
  message({ id, carried = [] }: EventOf<"message">): MessageSpans {
    const known: MessageSpans = { id, list: [] };
    for (const { call, connection, what, start, end } of carried) {
      const way = getDirection({ call });
      const transport = call === "recvfrom" || call === "sendto" ? "udp" : "tcp";
      const on = this.connection(transport, connection);
      if (way !== undefined && on !== undefined) addSpan(known, { what, way, on, start, end });
    }
    this.#messages.note(id, known);
    return known;
  }

  /** Adds the spans that a call reports for earlier messages. */
  call({ transport, call, connection, carries = [], earlier = [] }: EventOf<"call">): void {
    const way = getDirection({ call });
    const on = this.connection(transport, connection);
    if (on === undefined) return;
    const note = ({ id, what, start, end }: SpanInCall, way: "in" | "out"): void => {
      const known = this.#messages.get(id);
      if (known !== undefined) addSpan(known, { what, way, on, start, end });
    };
    if (way !== undefined) for (const piece of carries) note(piece, way);
    for (const piece of earlier) note(piece, "in");
  }
}
