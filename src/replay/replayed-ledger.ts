/**
 * The ledger of a recording, made anew from what its events tell: the pieces of each message, and the connections they are
 * in. A file may hold several runs of duet, which all count from 1. It shows nothing.
 */

import type { Carried } from "../chat/log/entry.ts";
import type { CarriesTold } from "../chat/spans/reported-spans.ts";
import { TracedMessages } from "../chat/spans/traced-messages.ts";
import { directionOf } from "../chat/trace/call-ledger.ts";
import { noteCarried } from "../chat/trace/message-spans.ts";
import { recordedConnectionsMax } from "../protocol/limits.ts";
import type { ConnectionId, TransportName } from "../protocol/sockets/socket-event.ts";
import type { RecordedEvent } from "./recorded-event.ts";

type EventOf<Type extends RecordedEvent["type"]> = Extract<RecordedEvent, { readonly type: Type }>;

export class ReplayedLedger {
  readonly #messages = new TracedMessages();
  readonly #runs = { tcp: 0, udp: 0 };

  /** A side is opened: it may be another run. */
  opened(transport: TransportName): void {
    this.#runs[transport] += 1;
  }

  /** Unlike that of any other run. */
  connection(transport: TransportName, connection: ConnectionId | undefined): ConnectionId | undefined {
    if (connection === undefined) return undefined;
    return (this.#runs[transport] * recordedConnectionsMax + connection) as ConnectionId;
  }

  /** What is known of a message as it is told; what calls tell of it later is added. */
  message({ id, carried = [] }: EventOf<"message">): Carried {
    const known: Carried = { id, ranges: [] };
    for (const { call, connection, what, start, end } of carried) {
      const way = directionOf({ call });
      const transport = call === "recvfrom" || call === "sendto" ? "udp" : "tcp";
      const on = this.connection(transport, connection);
      if (way !== undefined && on !== undefined) noteCarried(known, { what, way, on, start, end });
    }
    this.#messages.note(id, known);
    return known;
  }

  /** What a call tells of messages before it. */
  call({ transport, call, connection, carries = [], earlier = [] }: EventOf<"call">): void {
    const way = directionOf({ call });
    const on = this.connection(transport, connection);
    if (on === undefined) return;
    const note = ({ id, what, start, end }: CarriesTold, way: "in" | "out"): void => {
      const known = this.#messages.get(id);
      if (known !== undefined) noteCarried(known, { what, way, on, start, end });
    };
    if (way !== undefined) for (const piece of carries) note(piece, way);
    for (const piece of earlier) note(piece, "in");
  }
}
