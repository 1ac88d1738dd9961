/** What is kept of one peer so that messages can be traced to its calls: values, and how to make them. It notes nothing itself. */

import type { Config } from "../config/config.ts";
import type { StreamPlace } from "../log/entry.ts";
import type { PartsCame } from "./message-spans.ts";
import { TracedMessages } from "./traced-messages.ts";
import { UntoldPieces } from "./unreported-spans.ts";

/** A piece of what a peer has sent, from one of its offsets to another, and where that peer's first byte would be in the others. */
export interface PassedBytes {
  readonly on: readonly StreamPlace[];
  readonly start: number;
  readonly end: number;
  /** It went to more than these, or the piece before it is forgotten. */
  readonly isCut: boolean;
}

export interface PeerTrace {
  /** The message whose last part is still to come. */
  partsCame: PartsCame | undefined;
  /** What of it was passed on in a raw room and may be of a line to come. */
  passed: readonly PassedBytes[];
  /** Messages of it that were shown here. */
  heard: TracedMessages;
  /** Only where events tell what calls carried. */
  readonly untold: Untold | undefined;
}

/** Word of messages that has come, and what was given for the peer and has not left. */
interface Untold {
  readonly came: UntoldPieces;
  readonly left: UntoldPieces;
}

/** Whether messages are traced to their calls: a screen may show it, or events tell it. */
export function isTraced({ keepCalls, tellCarried }: Config): boolean {
  return keepCalls || tellCarried;
}

/** Of a peer of whom nothing came so far; undefined: nothing is traced. */
export function createPeerTrace(config: Config): PeerTrace | undefined {
  if (!isTraced(config)) return undefined;
  const untold = config.tellCarried ? { came: new UntoldPieces(), left: new UntoldPieces() } : undefined;
  return { partsCame: undefined, passed: [], heard: new TracedMessages(), untold };
}

/** The peer begins anew, and calls its messages by ids that meant others before. */
export function forgetMessages(trace: PeerTrace | undefined): void {
  if (trace === undefined) return;
  trace.partsCame = undefined;
  trace.heard = new TracedMessages();
}
