/** The trace of one peer, which links messages to its calls: values, and how to create them. */

import type { Config } from "../config/config.ts";
import type { StreamPlace } from "../log/entry.ts";
import type { PartsCame } from "./message-spans.ts";
import { TracedMessages } from "./traced-messages.ts";
import { UntoldPieces } from "./unreported-spans.ts";

/**
 * A stretch of the bytes that a peer sent and that were relayed unchanged, and its place in the streams of the
 * recipients. `on`: where the peer's first byte would be in each.
 */
export interface PassedBytes {
  readonly on: readonly StreamPlace[];
  readonly start: number;
  readonly end: number;
  /** There were more recipients than `on` names, or the stretch before this one was dropped. */
  readonly isCut: boolean;
}

export interface PeerTrace {
  /** The message whose last part has not arrived. */
  partsCame: PartsCame | undefined;
  /** Relayed stretches that may belong to a line that is not complete. */
  passed: readonly PassedBytes[];
  /** Messages of the peer that were shown here. */
  heard: TracedMessages;
  /** Only where outputs carry spans. */
  readonly untold: Untold | undefined;
}

/** Received spans that report on messages, and enqueued spans that have not been sent. */
interface Untold {
  readonly came: UntoldPieces;
  readonly left: UntoldPieces;
}

/** True if messages are linked to their calls, for a screen that may show the link or outputs that carry it. */
export function isTraced({ keepCalls, tellCarried }: Config): boolean {
  return keepCalls || tellCarried;
}

/** Creates the trace of a new peer; undefined if nothing is traced. */
export function createPeerTrace(config: Config): PeerTrace | undefined {
  if (!isTraced(config)) return undefined;
  const untold = config.tellCarried ? { came: new UntoldPieces(), left: new UntoldPieces() } : undefined;
  return { partsCame: undefined, passed: [], heard: new TracedMessages(), untold };
}

/** Forgets the peer's messages: after a restart it numbers them from the beginning. */
export function forgetMessages(trace: PeerTrace | undefined): void {
  if (trace === undefined) return;
  trace.partsCame = undefined;
  trace.heard = new TracedMessages();
}
