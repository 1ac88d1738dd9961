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
    ask: (command, ...words) => withinTime(asking.send(command, [...words])),
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

function withinTime<Value>(answer: Promise<Value>): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const timer = setTimeout(() => reject(new EngineSilence()), engineSilentMs);
  timer.unref();
  answer.then(resolve, reject);
  return promise.finally(() => clearTimeout(timer));
}
