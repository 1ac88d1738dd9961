/**
 * Connections that are refused at accept: each gets the reason in one plain line and is closed gently, so that the line is
 * not lost to an RST when the peer had already sent something. They never become peers.
 */

import type { StreamReceiver, StreamSocket } from "./tcp-socket.ts";

/** So many may linger until they have read the line; further ones are closed at once. */
const lingeringMax = 64;
const lingerMs = 1000;

export class RefusedConnections {
  readonly #lingering = new Set<StreamSocket>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Sends `line` and closes: at once if `keepNone`, for then the descriptor is needed. */
  refuse(socket: StreamSocket, line: string, keepNone: boolean): void {
    socket.write(Buffer.from(`${line}\n`));
    if (keepNone || this.#lingering.size >= lingeringMax) {
      socket.end();
      return;
    }
    this.#lingering.add(socket);
    socket.data = this.#receiver(socket);
    socket.shutdown();
    this.#timer ??= setTimeout(() => this.closeAll(), lingerMs);
  }

  /** Closes those that still linger. */
  closeAll(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lingering = [...this.#lingering];
    this.#lingering.clear();
    for (const socket of lingering) socket.end();
  }

  #receiver(socket: StreamSocket): StreamReceiver {
    return {
      onData: () => {},
      onEnd: () => socket.end(),
      onDrain: () => {},
      onClose: () => void this.#lingering.delete(socket),
    };
  }
}
