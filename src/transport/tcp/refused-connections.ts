/**
 * Connections that are refused at accept: told why in one plain line, then closed gently, so that the line
 * is not lost to an RST when the peer had already spoken. They are no members of anything.
 */

import type { StreamReceiver, StreamSocket } from "./tcp-socket.ts";

/** So many may take their time to read the line; the next are closed at once. */
const lingeringMax = 64;
const lingerMs = 1000;

export class TurnedAway {
  readonly #lingering = new Set<StreamSocket>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Says `line` and closes: at once if `keepNone`, for then the descriptor is needed. */
  refuse(socket: StreamSocket, line: string, keepNone: boolean): void {
    socket.write(Buffer.from(`${line}\n`));
    if (keepNone || this.#lingering.size >= lingeringMax) {
      socket.end();
      return;
    }
    this.#lingering.add(socket);
    socket.data = this.#receiver(socket);
    socket.shutdown();
    this.#timer ??= setTimeout(() => this.letGo(), lingerMs);
  }

  /** Closes those that still linger. */
  letGo(): void {
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
