/**
 * A connection whose bytes are left where they are: its receive buffer is made small and nothing is read, so that the
 * window that TCP grants the peer closes. It knows what a person asked for, and nothing of queues or pauses of the room.
 */

import type { Called } from "../../protocol/sockets/socket-event.ts";
import { liftWindowClamp, setReceiveBuffer } from "../kernel/socket-options.ts";

type OptionCall = Pick<Called, "type" | "call" | "result">;

export class ReceiveHold {
  #bufferBefore: number | undefined;
  #isHeld = false;

  /** Nothing is to be read. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Holds with a buffer of `bytes`, or with undefined lets go and gives the buffer back; the call that was made of the kernel. */
  set(socket: object, bytes: number | undefined): OptionCall {
    this.#isHeld = bytes !== undefined;
    // The kernel tells twice what it was asked for.
    const wanted = bytes ?? Math.floor((this.#bufferBefore ?? 0) / 2);
    const sizes = wanted > 0 ? setReceiveBuffer(socket, wanted) : undefined;
    if (bytes === undefined) {
      this.#bufferBefore = undefined;
      liftWindowClamp(socket);
    } else this.#bufferBefore ??= sizes?.before;
    return { type: "called", call: "setsockopt", result: resultOf(sizes?.after, bytes === undefined) };
  }
}

function resultOf(size: number | undefined, isLifted: boolean): string {
  if (size === undefined) return "EINVAL";
  return `SO_RCVBUF ${size} B${isLifted ? ", TCP_WINDOW_CLAMP" : ""}`;
}
