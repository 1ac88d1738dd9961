/**
 * The bytes that one turn of the loop publishes to a group, gathered as one block. A connection that receives all of it
 * is sent that very block, without a copy.
 */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { relayBlockMaxBytes } from "../../protocol/limits.ts";
import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import { type SharedBlock, partOf, shareBytes } from "./shared-block.ts";

/** A connection that can be sent a block. */
export interface BlockReceiver {
  readonly id: ConnectionId;
  /**
   * Sends a block after everything sent before. True if one write took all of it, which the caller then reports.
   */
  sendBlock(block: SharedBlock): boolean;
}

/** One write to each of these connections took the whole payload. */
export type OnSentToAll = (connections: readonly ConnectionId[], payload: BorrowedBytes) => void;

/** Pairs of offsets: the parts of the block that one connection is not sent. */
type ExceptedRanges = number[];

/** Buffers that blocks are gathered in, kept for the next turn. Usually two are in use, one for each group. */
const buffersKept = 2;
const buffers: Uint8Array<ArrayBuffer>[] = [];
/** A block without its excepted ranges. Blocks are sent synchronously, so one buffer serves all. */
let partsBuffer = new Uint8Array(relayBlockMaxBytes);

export class TurnBlock {
  readonly #onSentToAll: OnSentToAll;
  readonly #excepted = new Map<ConnectionId, ExceptedRanges>();
  /** The offset up to which a connection is up to date, if it could not wait for the end of the turn. */
  readonly #sentUpTo = new Map<ConnectionId, number>();
  #buffer = buffers.pop() ?? new Uint8Array(relayBlockMaxBytes);
  #bytes = 0;
  /** Everything gathered so far. All that have to queue it keep the same copy. */
  #block: SharedBlock | undefined;

  constructor(onSentToAll: OnSentToAll) {
    this.#onSentToAll = onSentToAll;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Appends a copy of `bytes` for everyone but `except`. */
  append(bytes: BorrowedBytes, except: ConnectionId | undefined): void {
    const start = this.#bytes;
    const end = start + bytes.length;
    if (end > this.#buffer.length) this.#buffer = grow(this.#buffer, end);
    this.#buffer.set(bytes, start);
    this.#bytes = end;
    this.#block = undefined;
    if (except === undefined) return;
    const ranges = this.#excepted.get(except);
    if (ranges === undefined) this.#excepted.set(except, [start, end]);
    else if (ranges.at(-1) === start) ranges[ranges.length - 1] = end;
    else ranges.push(start, end);
  }

  /** Leaves a connection out of everything gathered so far. */
  skip(connection: ConnectionId): void {
    this.#sentUpTo.set(connection, this.#bytes);
  }

  /** Sends everything gathered so far to one connection. */
  sendTo(receiver: BlockReceiver): void {
    if (this.#sentUpTo.get(receiver.id) === this.#bytes) return;
    if (this.#send(receiver)) this.#reportSent([receiver.id]);
    this.#sentUpTo.set(receiver.id, this.#bytes);
  }

  /** Sends the rest to all. Nothing may be appended afterwards. */
  sendToAll(receivers: Iterable<BlockReceiver>): void {
    const sent: ConnectionId[] = [];
    for (const receiver of receivers) if (this.#send(receiver)) sent.push(receiver.id);
    this.#reportSent(sent);
    if (buffers.length < buffersKept && this.#buffer.length === relayBlockMaxBytes)
      buffers.push(this.#buffer);
  }

  #reportSent(connections: readonly ConnectionId[]): void {
    if (connections.length > 0) this.#onSentToAll(connections, this.#whole.bytes);
  }

  get #whole(): SharedBlock {
    return (this.#block ??= shareBytes(this.#buffer.subarray(0, this.#bytes)));
  }

  /** True if one write took the whole block, and nobody has reported it. */
  #send(receiver: BlockReceiver): boolean {
    const block = this.#whole;
    const excepted = this.#excepted.get(receiver.id);
    const from = this.#sentUpTo.size === 0 ? 0 : (this.#sentUpTo.get(receiver.id) ?? 0);
    if (excepted === undefined && from === 0) return receiver.sendBlock(block);
    const parts = joinParts(block, findParts(from, excepted ?? [], this.#bytes));
    if (parts !== undefined && receiver.sendBlock(parts)) this.#onSentToAll([receiver.id], parts.bytes);
    return false;
  }
}

/** Pairs of offsets: everything from an offset on, but the excepted ranges. */
function findParts(from: number, excepted: ExceptedRanges, bytes: number): readonly number[] {
  const parts: number[] = [];
  let start = from;
  for (let index = 0; index <= excepted.length; index += 2) {
    const end = excepted[index] ?? bytes;
    if (end > start) parts.push(start, end);
    start = Math.max(start, excepted[index + 1] ?? bytes);
  }
  return parts;
}

function joinParts(block: SharedBlock, parts: readonly number[]): SharedBlock | undefined {
  const [first, firstEnd] = parts;
  if (first === undefined || firstEnd === undefined) return undefined;
  if (parts.length === 2) return partOf(block, first, firstEnd);
  if (partsBuffer.length < block.bytes.length) partsBuffer = grow(partsBuffer, block.bytes.length);
  // One copy of everything and one move for each gap: a view of each part would cost more than its bytes.
  partsBuffer.set(block.bytes);
  let length = 0;
  for (let index = 0; index < parts.length; index += 2) {
    const [start = 0, end = 0] = [parts[index], parts[index + 1]];
    if (start > length) partsBuffer.copyWithin(length, start, end);
    length += end - start;
  }
  return shareBytes(partsBuffer.subarray(0, length));
}

function grow(buffer: Uint8Array<ArrayBuffer>, bytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(bytes, buffer.length * 2));
  larger.set(buffer);
  return larger;
}
