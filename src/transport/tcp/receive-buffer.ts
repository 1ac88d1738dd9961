/**
 * The receive buffer of one connection, which a person can make small (`/buffer`). Reading is paused meanwhile, so
 * that the window that TCP grants the peer closes.
 */

import type { Called } from "../../protocol/sockets/socket-event.ts";
import { liftWindowClamp, setReceiveBuffer } from "../kernel/socket-options.ts";

type OptionCall = Pick<Called, "type" | "call" | "result">;

export class ReceiveBuffer {
  #bufferBefore: number | undefined;
  #isLimited = false;

  /** True while the buffer is limited and reading is paused for it. */
  get isLimited(): boolean {
    return this.#isLimited;
  }

  /** Limits the buffer to `bytes`, or restores it if undefined. Returns the setsockopt call. */
  set(socket: object, bytes: number | undefined): OptionCall {
    this.#isLimited = bytes !== undefined;
    // Linux reports twice the size that was requested.
    const requested = bytes ?? Math.floor((this.#bufferBefore ?? 0) / 2);
    const sizes = requested > 0 ? setReceiveBuffer(socket, requested) : undefined;
    if (bytes === undefined) {
      this.#bufferBefore = undefined;
      liftWindowClamp(socket);
    } else this.#bufferBefore ??= sizes?.before;
    return { type: "called", call: "setsockopt", result: formatResult(sizes?.after, bytes === undefined) };
  }
}

function formatResult(size: number | undefined, isRestored: boolean): string {
  if (size === undefined) return "EINVAL";
  return `SO_RCVBUF ${size} B${isRestored ? ", TCP_WINDOW_CLAMP" : ""}`;
}
