/** Socket events that wait for their turn: their bytes are borrowed from the transport and must be copied. */

import { copyBytes } from "../protocol/borrowed-bytes.ts";
import { wirePayloadMaxBytes } from "../protocol/limits.ts";
import type { SocketEvent } from "../protocol/sockets/socket-event.ts";
import type { Config } from "./config/config.ts";

/** The same event with copied bytes, or without a copy where nothing reads them. */
export function copyEvent(event: SocketEvent, { keepCalls, reportPayloads }: Config): SocketEvent {
  if (event.type === "received") return { ...event, bytes: copyBytes(event.bytes) };
  if (event.type !== "called" || event.payload === undefined || !(keepCalls || reportPayloads)) return event;
  const { sealed } = event;
  return {
    ...event,
    payload: copyBytes(event.payload.subarray(0, wirePayloadMaxBytes)),
    ...(sealed && {
      sealed: { ...sealed, payload: copyBytes(sealed.payload.subarray(0, wirePayloadMaxBytes)) },
    }),
  };
}
