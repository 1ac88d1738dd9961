/** A socket event that waits for its turn keeps its bytes while the transport reuses its buffer. */

import { expect, test } from "bun:test";
import { copyEvent } from "../../src/chat/copy-event.ts";
import { wirePayloadMaxBytes } from "../../src/protocol/limits.ts";
import type { ConnectionId, SocketEvent } from "../../src/protocol/sockets/socket-event.ts";
import { testConfig } from "../support/chat-world.ts";

const connection = 7 as ConnectionId;
const reader = testConfig({ keepCalls: true });

function copyThenReuse(again: (bytes: Buffer) => SocketEvent, settings = reader): SocketEvent {
  const bytes = Buffer.alloc(wirePayloadMaxBytes + 10, "a");
  const event = copyEvent(again(bytes), settings);
  bytes.fill("b");
  return event;
}

test("received bytes are copied whole", () => {
  const event = copyThenReuse((bytes) => ({ type: "received", connection, bytes }));
  if (event.type !== "received") throw new Error(event.type);
  expect(Buffer.from(event.bytes).toString()).toBe("a".repeat(wirePayloadMaxBytes + 10));
});

test("a call's payload is copied up to its bound, where calls are kept or payloads reported", () => {
  const call = (payload: Buffer): SocketEvent => ({
    type: "called",
    call: "send",
    result: "ok",
    connection,
    bytes: payload.length,
    payload,
  });
  for (const settings of [reader, testConfig({ reportCalls: true, reportPayloads: true })]) {
    const event = copyThenReuse(call, settings);
    if (event.type !== "called") throw new Error(event.type);
    expect(Buffer.from(event.payload ?? []).toString()).toBe("a".repeat(wirePayloadMaxBytes));
    expect(event.bytes).toBe(wirePayloadMaxBytes + 10);
  }
});

test("an event without bytes is returned unchanged", () => {
  const event: SocketEvent = { type: "drained", connection };
  expect(copyEvent(event, reader)).toBe(event);
});
