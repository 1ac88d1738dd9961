/**
 * Connections that are refused at accept. Each is sent the reason as one plain line, then FIN, and lingers until the
 * peer closes: closing at once with unread bytes would send RST and could lose the line. They never become peers.
 */

import type { StreamReceiver, StreamSocket } from "./tcp-socket.ts";

/** Refused connections that may linger at a time; any beyond are closed at once. */
const lingeringMax = 64;
const lingerMs = 1000;

export class RefusedConnections {
  readonly #lingering = new Set<StreamSocket>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Sends `line`, if any, and closes the connection; without lingering if the descriptor is needed (`closeAtOnce`). */
  refuse(socket: StreamSocket, line: string | undefined, closeAtOnce: boolean): void {
    if (line !== undefined) socket.write(Buffer.from(`${line}\n`));
    if (closeAtOnce || this.#lingering.size >= lingeringMax) {
      socket.end();
      return;
    }
    this.#lingering.add(socket);
    socket.data = this.#receiver(socket);
    socket.shutdown();
    this.#timer ??= setTimeout(() => this.closeAll(), lingerMs);
  }

  /** Closes all lingering connections. */
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
