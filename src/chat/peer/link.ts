/** The connection of a peer: where it leads, its state, and how it ends. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { StateWord } from "../records/connection-state.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";

/** A TCP connection, or a UDP association keyed by its endpoint. */
export interface Link {
  readonly connection: ConnectionId;
  readonly transport: TransportName;
  readonly endpoint: Endpoint;
  readonly local: Endpoint;
  /** The endpoint, printed; shown in place of a name until the peer has one. */
  readonly address: string;
  /** True if the peer connected to us. */
  readonly isInbound: boolean;
  readonly sinceMs: number;
  state: StateWord;
  /** The peer sends no more. */
  isFinReceived: boolean;
  /** We send no more. */
  isFinSent: boolean;
  /** Why we are ending the connection, once we are. */
  endReason: Sentence | undefined;
  /** The connection is closed once the peer has acknowledged what it was sent. */
  isFlushing: boolean;
  /** It is ended for a fault, which is the exit code where we connected. */
  hasFailed: boolean;
}
