/** The trace of one peer, which links messages to its calls: values, and how to create them. */

import type { Config } from "../config/config.ts";
import type { StreamPlace } from "../log/entry.ts";
import type { ReceivedParts } from "./message-spans.ts";
import { TracedMessages } from "./traced-messages.ts";
import { SpanQueue } from "./unreported-spans.ts";

/**
 * A stretch of the bytes that a peer sent and that were relayed unchanged, and its place in the streams of the
 * recipients. `on`: where the peer's first byte would be in each.
 */
export interface RelayedSpan {
  readonly on: readonly StreamPlace[];
  readonly start: number;
  readonly end: number;
  /** There were more recipients than `on` names, or the stretch before this one was dropped. */
  readonly isCut: boolean;
}

export interface PeerTrace {
  /** The message whose last part has not arrived. */
  receivedParts: ReceivedParts | undefined;
  /** Relayed stretches that may belong to a line that is not complete. */
  relayedSpans: readonly RelayedSpan[];
  /** Messages of the peer that were shown here. */
  shownMessages: TracedMessages;
  /** Only where outputs carry spans. */
  readonly unreported: UnreportedSpans | undefined;
}

/** Received spans that report on messages, and enqueued spans that have not been sent. */
interface UnreportedSpans {
  readonly received: SpanQueue;
  readonly sent: SpanQueue;
}

/** True if messages are linked to their calls, for a screen that may show the link or outputs that carry it. */
export function isTraced({ keepCalls, reportSpans }: Config): boolean {
  return keepCalls || reportSpans;
}

/** Creates the trace of a new peer; undefined if nothing is traced. */
export function createPeerTrace(config: Config): PeerTrace | undefined {
  if (!isTraced(config)) return undefined;
  const unreported = config.reportSpans ? { received: new SpanQueue(), sent: new SpanQueue() } : undefined;
  return { receivedParts: undefined, relayedSpans: [], shownMessages: new TracedMessages(), unreported };
}

/** The message whose parts are received now; undefined once it is whole. */
export function setReceivedParts(trace: PeerTrace, parts: ReceivedParts | undefined): void {
  trace.receivedParts = parts;
}

/** Forgets the peer's messages: after a restart it numbers them from the beginning. */
export function forgetMessages(trace: PeerTrace | undefined): void {
  if (trace === undefined) return;
  trace.receivedParts = undefined;
  trace.shownMessages = new TracedMessages();
}
