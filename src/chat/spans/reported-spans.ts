/** The ledger's fields of a reported event: which bytes of which call were which message. */

import type { CallName } from "../../protocol/sockets/socket-call.ts";
import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import type { CarriedRange } from "../log/entry.ts";

/** A piece of a stream: what it was of the message `id`. `start` and `end`, which is no part of it, count as `offset` does. */
export interface CarriesTold {
  readonly id: number;
  readonly what: CarriedRange["what"];
  readonly start: number;
  readonly end: number;
}

/** A piece of the stream that these calls move bytes of; `connection` and `peer` are as theirs. */
export interface CarriedTold extends Omit<CarriesTold, "id"> {
  readonly call: CallName;
  readonly connection: ConnectionId;
  readonly peer: string;
}

/** What a call moved of messages that were told before it. */
export interface CallLedger {
  readonly carries?: readonly CarriesTold[];
  /** What calls before this one have brought, and is known only now. */
  readonly earlier?: readonly CarriesTold[];
  /** There was more than is followed, or told at once (reportedSpansMax). */
  readonly carriesMore?: boolean;
}

/** Where a message, or a receipt, is among the bytes of calls, as far as it is known when it is told. */
export interface MessageLedger {
  readonly carried?: readonly CarriedTold[] | undefined;
  readonly carriedMore?: boolean | undefined;
}
