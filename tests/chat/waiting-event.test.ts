/** A socket's event that waits for its turn, while the transport uses its bytes again. */

import { expect, test } from "bun:test";
import { copyEvent } from "../../src/chat/waiting-event.ts";
import { wirePayloadMaxBytes } from "../../src/protocol/limits.ts";
import type { ConnectionId, SocketEvent } from "../../src/protocol/sockets/socket-event.ts";
import { testConfig } from "../support/chat-world.ts";

const connection = 7 as ConnectionId;
const reader = testConfig({ keepCalls: true });

function used(again: (bytes: Buffer) => SocketEvent, settings = reader): SocketEvent {
  const bytes = Buffer.alloc(wirePayloadMaxBytes + 10, "a");
  const event = copyEvent(again(bytes), settings);
  bytes.fill("b");
  return event;
}

test("what was received is whole and its own", () => {
  const event = used((bytes) => ({ type: "received", connection, bytes }));
  if (event.type !== "received") throw new Error(event.type);
  expect(Buffer.from(event.bytes).toString()).toBe("a".repeat(wirePayloadMaxBytes + 10));
});

test("of a call's payload, as much as is kept of it, where calls are kept or their payloads told", () => {
  const call = (payload: Buffer): SocketEvent => ({
    type: "called",
    call: "send",
    result: "ok",
    connection,
    bytes: payload.length,
    payload,
  });
  for (const settings of [reader, testConfig({ reportCalls: true, reportPayloads: true })]) {
    const event = used(call, settings);
    if (event.type !== "called") throw new Error(event.type);
    expect(Buffer.from(event.payload ?? []).toString()).toBe("a".repeat(wirePayloadMaxBytes));
    expect(event.bytes).toBe(wirePayloadMaxBytes + 10);
  }
});

test("an event without bytes is the same", () => {
  const event: SocketEvent = { type: "drained", connection };
  expect(copyEvent(event, reader)).toBe(event);
});
