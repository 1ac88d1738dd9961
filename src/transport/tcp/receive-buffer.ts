/**
 * The receive buffer of one connection, made small by a person (`/buffer`): nothing is read then, so that the window that
 * TCP grants the peer closes. It knows nothing of queues or of a room's pauses.
 */

import type { Called } from "../../protocol/sockets/socket-event.ts";
import { liftWindowClamp, setReceiveBuffer } from "../kernel/socket-options.ts";

type OptionCall = Pick<Called, "type" | "call" | "result">;

export class ReceiveBuffer {
  #bufferBefore: number | undefined;
  #isLimited = false;

  /** The buffer is limited, and nothing is to be read. */
  get isLimited(): boolean {
    return this.#isLimited;
  }

  /** Limits the buffer to `bytes`, or restores it if undefined; returns the setsockopt call. */
  set(socket: object, bytes: number | undefined): OptionCall {
    this.#isLimited = bytes !== undefined;
    // Linux reports twice the size that was set.
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
