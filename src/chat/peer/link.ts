/** The connection of a peer: its endpoints, its state, and how it ends. */

import { type Endpoint, formatEndpoint } from "../../protocol/address/endpoint.ts";
import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { StateWord } from "../records/connection-state.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";

/** A TCP connection, or a UDP association keyed by its endpoint. */
export interface Link {
  readonly connection: ConnectionId;
  readonly transport: TransportName;
  /** Over UDP the peer of a session may move. */
  endpoint: Endpoint;
  readonly local: Endpoint;
  /** The endpoint as text, which stands in for a name until the peer has one. */
  address: string;
  /** True if the peer connected to us. */
  readonly isInbound: boolean;
  readonly sinceMs: number;
  state: StateWord;
  /** The peer has closed its sending half. */
  isFinReceived: boolean;
  /** We have closed our sending half. */
  isFinSent: boolean;
  /** The reason for which we end the connection; undefined until we begin to. */
  endReason: Sentence | undefined;
  /** The connection is closed once the peer has acknowledged what it was sent. */
  isAwaitingAcks: boolean;
  /** We end the connection for the peer's fault or silence. If we opened it, this sets the exit code. */
  isFaulty: boolean;
}

/** Begins the end of a connection. The first reason stands. */
export function setEndReason(link: Link, reason: Sentence): void {
  link.endReason ??= reason;
}

export function moveLink(link: Link, endpoint: Endpoint): void {
  link.endpoint = endpoint;
  link.address = formatEndpoint(endpoint);
}

export function setLinkState(link: Link, state: StateWord): void {
  link.state = state;
}
