/** A socket's event that has to wait for its turn: its bytes are the transport's own, which uses them again. */

import { wirePayloadMaxBytes } from "../protocol/limits.ts";
import type { SocketEvent } from "../protocol/sockets/socket-event.ts";
import type { Config } from "./config/config.ts";

/** The same event, with bytes of its own where somebody is to read them. */
export function withOwnBytes(event: SocketEvent, { keepCalls, tellPayloads }: Config): SocketEvent {
  if (event.type === "received") return { ...event, bytes: new Uint8Array(event.bytes) };
  if (event.type !== "called" || event.payload === undefined || !(keepCalls || tellPayloads)) return event;
  return { ...event, payload: new Uint8Array(event.payload.subarray(0, wirePayloadMaxBytes)) };
}
