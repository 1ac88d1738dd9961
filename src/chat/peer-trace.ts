/** What is kept of one peer so that messages can be traced to its calls: values, and how to make them. It notes nothing itself. */

import type { PartsCame } from "./carried.ts";
import type { Config } from "./config.ts";
import type { PassedBytes } from "./passed-bytes.ts";
import { TracedMessages } from "./traced-messages.ts";

export interface PeerTrace {
  /** The message whose last part is still to come. */
  partsCame: PartsCame | undefined;
  /** What of it was passed on in a raw room and may be of a line to come. */
  passed: readonly PassedBytes[];
  /** Messages of it that were shown here. */
  heard: TracedMessages;
}

/** Whether messages are traced to their calls: a screen may show them. */
export function isTraced({ keepCalls }: Config): boolean {
  return keepCalls;
}

/** Of a peer of whom nothing came so far; undefined: nothing is traced. */
export function createPeerTrace(config: Config): PeerTrace | undefined {
  if (!isTraced(config)) return undefined;
  return { partsCame: undefined, passed: [], heard: new TracedMessages() };
}

/** The peer begins anew, and calls its messages by ids that meant others before. */
export function forgetMessages(trace: PeerTrace | undefined): void {
  if (trace === undefined) return;
  trace.partsCame = undefined;
  trace.heard = new TracedMessages();
}
