/** Messages that were sent and await receipts, and the receipts that are owed to a peer. */

import type { ReceiptStage } from "../../protocol/frames/frame.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Carried, MessageEntry } from "../log/entry.ts";
import type { CarriedTold } from "../spans/reported-spans.ts";

/** The messages to one peer whose arrival is followed, and the receipts that it is owed. */
export interface Receipts {
  /** The ends of messages among the enqueued bytes that the kernel has not reached yet, in order. */
  readonly offsets: Mark[];
  /** Messages to a duet that it may still send receipts for, the oldest first. */
  readonly awaited: Said[];
  /** Messages that have left and are not known to have arrived; only while somebody looks. */
  readonly unacked: Mark[];
  /** The receipts that we owe the peer. */
  pending: Owed | undefined;
}

/** The end of one message among the bytes handed over for a peer. */
export interface Mark {
  readonly message: Said;
  readonly endOffset: number;
}

/** A message of which not all frames have left for a peer: the last one's number. */
export interface Unsent {
  readonly message: Said;
  readonly number: number;
}

/** A message of ours, for as long as something more may become known of it. */
export interface Said {
  readonly id: number;
  readonly transport: TransportName;
  readonly atMs: number;
  /** Its line on the screen. */
  readonly entry: MessageEntry | undefined;
  /** Where messages are traced. */
  readonly carried: Carried | undefined;
  /** How many it was for, and how many of them are duets, who can say what became of it. */
  readonly of: number;
  readonly able: number;
  /** Whom alone it was for, behind the hub it went to. */
  readonly to: number | undefined;
  /** Peers for whom it still waits; NaN once one of them is gone without it. */
  waiting: number;
  /** Peers whose kernel is not known to have it. */
  unacked: number;
  queued: boolean;
  /** By their numbers in the room. Made when the first receipt comes. */
  readonly by: Partial<Record<ReceiptStage, Set<number>>>;
  /** What told each of them so, at most reportedSpansMax; only where events tell it. */
  readonly toldBy: Partial<Record<ReceiptStage, CarriedTold[]>>;
  /** For whom it was lost; clean. */
  readonly lostFor: string[];
}

export type Runs = [first: number, last: number][];

/** Messages of one peer, by their ids, that it has not been told of. */
export interface Owed {
  readonly received: Runs;
  readonly read: Runs;
  /** Shown, and not looked at so far as is known. */
  readonly unread: Runs;
  /** A message is missing before the next one that each of these takes: no run may bridge it. */
  readonly broken: Set<Runs>;
  toldMs: number;
}
