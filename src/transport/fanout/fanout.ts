/** Sends the same bytes to a group of connections. All that one turn of the loop publishes leaves in one write to each. */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { publishSoonBytes, relayBlockMaxBytes } from "../../protocol/limits.ts";
import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import type { Fanout } from "../contract.ts";
import { type Flushable, flushAfterTurn, flushThisTurn } from "../queue/write-coalescer.ts";
import { type BlockReceiver, type OnSentToAll, TurnBlock } from "./turn-block.ts";

/** The transport of a group. */
export interface FanoutOwner<Receiver extends BlockReceiver> {
  find(connection: ConnectionId): Receiver | undefined;
  readonly onSentToAll: OnSentToAll;
  /** Runs `send`, and reports only afterwards what its writes led to: by then every connection has been served. */
  deferEvents(send: () => void): void;
}

export class StreamFanout<Receiver extends BlockReceiver> implements Fanout, Flushable {
  readonly #owner: FanoutOwner<Receiver>;
  readonly #receivers = new Set<Receiver>();
  /** The bytes published in this turn. */
  #turn: TurnBlock | undefined;

  constructor(owner: FanoutOwner<Receiver>) {
    this.#owner = owner;
  }

  get connections(): readonly ConnectionId[] {
    return Array.from(this.#receivers, ({ id }) => id);
  }

  join(connection: ConnectionId): void {
    const receiver = this.#owner.find(connection);
    if (receiver === undefined || this.#receivers.has(receiver)) return;
    this.#receivers.add(receiver);
    this.#turn?.skip(connection);
  }

  leave(connection: ConnectionId): void {
    const receiver = this.#owner.find(connection);
    if (receiver === undefined) return;
    this.bringUpToDate(receiver);
    this.#receivers.delete(receiver);
  }

  publish(bytes: BorrowedBytes, except: ConnectionId | undefined): void {
    if (this.#turn !== undefined && this.#turn.bytes + bytes.length > relayBlockMaxBytes) this.flush();
    if (this.#turn === undefined) flushAfterTurn(this);
    this.#turn ??= new TurnBlock(this.#owner.onSentToAll);
    this.#turn.append(bytes, except);
    if (this.#turn.bytes > publishSoonBytes) flushThisTurn();
  }

  /** Sends everything published so far to one connection, since bytes for it alone are to follow. */
  bringUpToDate(receiver: Receiver): void {
    if (this.#turn !== undefined && this.#receivers.has(receiver)) this.#turn.sendTo(receiver);
  }

  flush(): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    this.#turn = undefined;
    this.#owner.deferEvents(() => turn.sendToAll(this.#receivers));
  }
}
