/** The two connections to the engine: one writes and asks, the other waits for entries. */

import { RedisClient } from "bun";
import { engineSilentMs } from "../../protocol/limits.ts";
import { makeEngineUrl, type RoomPlace } from "../../protocol/hubs/room-place.ts";

/** The engine did not answer in time. */
export class EngineSilence extends Error {}

export interface EngineLink {
  /** Sends a command on the connection for writing. Rejects with EngineSilence, or the client's error. */
  readonly ask: (command: string, ...words: readonly string[]) => Promise<unknown>;
  /** The same on the connection that waits. */
  readonly wait: (command: string, ...words: readonly string[]) => Promise<unknown>;
  readonly close: () => void;
}

/** Connects both. `onClosed`: one of them was closed, but not by `close`. Rejects if one does not connect in time. */
export async function openEngineLink(place: RoomPlace, onClosed: () => void): Promise<EngineLink> {
  let isClosed = false;
  const clients = [makeClient(place), makeClient(place)] as const;
  const close = (): void => {
    isClosed = true;
    for (const client of clients) client.close();
  };
  try {
    await Promise.all(clients.map((client) => withinTime(client.connect())));
  } catch (error) {
    close();
    throw error;
  }
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the client is no EventTarget
  for (const client of clients) client.onclose = () => void (isClosed || onClosed());
  const [asking, waiting] = clients;
  return {
    ask: watch((command, words) => asking.send(command, [...words])),
    wait: (command, ...words) => withinTime(waiting.send(command, [...words])),
    close,
  };
}

/** Without reconnecting: a link that is lost is opened anew, since what was written on it has an unknown outcome. */
function makeClient(place: RoomPlace): RedisClient {
  const tls = place.isTls ? { tls: { serverName: place.host, rejectUnauthorized: true } } : {};
  return new RedisClient(makeEngineUrl(place), {
    autoReconnect: false,
    enableOfflineQueue: false,
    connectionTimeout: engineSilentMs,
    ...tls,
  });
}

/** One timer for all commands of a connection, which answers them in their order, in place of one for each. */
function watch(send: (command: string, words: readonly string[]) => Promise<unknown>): EngineLink["ask"] {
  const waiting = new Set<{ readonly sentMs: number; readonly reject: (error: Error) => void }>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    timer = undefined;
    const [oldest] = waiting;
    if (oldest === undefined) return;
    const leftMs = oldest.sentMs + engineSilentMs - performance.now();
    if (leftMs > 0) return arm(leftMs);
    for (const { reject } of waiting) reject(new EngineSilence());
    waiting.clear();
  };
  const arm = (ms: number): void => {
    timer ??= setTimeout(look, ms);
    timer.unref();
  };
  return (command, ...words) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const asked = { sentMs: performance.now(), reject };
    waiting.add(asked);
    arm(engineSilentMs);
    const settle = (): void => void waiting.delete(asked);
    send(command, words).then(
      (answer) => {
        settle();
        resolve(answer);
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
    return promise;
  };
}

function withinTime<Value>(answer: Promise<Value>): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const timer = setTimeout(() => reject(new EngineSilence()), engineSilentMs);
  timer.unref();
  answer.then(resolve, reject);
  return promise.finally(() => clearTimeout(timer));
}
