import { expect, test } from "bun:test";
import { wireBytesMax, wirePayloadMaxBytes, wireRowsMax } from "../../src/protocol/limits.ts";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import { type WireCall, WireLog } from "../../src/chat/log/wire-log.ts";

const small = { rows: 3, payloadBytes: 4, bytes: 10 };

function recv(bytes: number): WireCall {
  return {
    atMs: 0,
    call: "recv",
    result: "ok",
    connection: 1 as ConnectionId,
    peer: "bob",
    address: "127.0.0.1:9",
    bytes,
    ofBytes: undefined,
    offset: 0,
  };
}

function push(log: WireLog, text: string): void {
  log.push(recv(text.length), Buffer.from(text));
}

function payloads(log: WireLog): readonly (string | undefined)[] {
  return Array.from({ length: log.length }, (_, index) => {
    const payload = log.payloadOf(log.at(index)!);
    return payload === undefined ? undefined : Buffer.from(payload).toString();
  });
}

test("the newest calls are kept up to the bound, and one more drops the oldest", () => {
  const log = new WireLog(small);
  for (const text of ["a", "b", "c"]) push(log, text);
  expect(payloads(log)).toEqual(["a", "b", "c"]);
  push(log, "d");
  expect(payloads(log)).toEqual(["b", "c", "d"]);
  expect([log.count, log.at(0)?.number, log.at(2)?.number, log.at(3)]).toEqual([4, 2, 4, undefined]);
});

test("a payload is cut at its bound", () => {
  const log = new WireLog(small);
  push(log, "1234");
  push(log, "12345");
  expect(payloads(log)).toEqual(["1234", "1234"]);
  expect(log.at(1)?.bytes).toBe(5);
});

test("no payload is split at the ring's end, and an overwritten one is not shown", () => {
  const log = new WireLog(small);
  push(log, "aaaa");
  push(log, "bbbb");
  // Two bytes are left at the end: the next payload begins at the start.
  push(log, "cccc");
  expect(payloads(log)).toEqual([undefined, "bbbb", "cccc"]);
  push(log, "dd");
  expect(payloads(log)).toEqual([undefined, "cccc", "dd"]);
});

test("a payload that fills the ring to its last byte is whole", () => {
  const log = new WireLog({ rows: 3, payloadBytes: 5, bytes: 10 });
  push(log, "aaaaa");
  push(log, "bbbbb");
  expect(payloads(log)).toEqual(["aaaaa", "bbbbb"]);
  push(log, "c");
  expect(payloads(log)).toEqual([undefined, "bbbbb", "c"]);
});

test("a pushed payload may be reused at once", () => {
  const log = new WireLog(small);
  const block = Buffer.from("good");
  log.push(recv(4), block);
  block.fill("x");
  expect(payloads(log)).toEqual(["good"]);
});

test("a partial send keeps only the bytes it sent", () => {
  const log = new WireLog(small);
  log.push({ ...recv(2), call: "send", result: "partial", ofBytes: 4 }, Buffer.from("abcd"));
  log.push({ ...recv(0), call: "send", result: "would-block", ofBytes: 4 }, Buffer.from("abcd"));
  expect(payloads(log)).toEqual(["ab", undefined]);
});

test("while paused, calls are counted and the kept rows stay", () => {
  const log = new WireLog(small);
  push(log, "a");
  log.setPaused(true);
  for (let call = 0; call < 10; call += 1) push(log, "x");
  expect([log.length, log.count, log.passedOver, log.paused]).toEqual([1, 11, 10, true]);
  log.setPaused(false);
  push(log, "b");
  expect(payloads(log)).toEqual(["a", "b"]);
  expect([log.at(1)?.number, log.passedOver]).toEqual([12, 0]);
});

test("a row is found by its number, a dropped one as the next newer, and one past the newest as none", () => {
  const log = new WireLog(small);
  for (let call = 0; call < 5; call += 1) push(log, "x");
  expect([1, 3, 4, 5, 6].map((number) => log.indexOf(number))).toEqual([0, 0, 1, 2, 3]);
});

test("the default bounds hold", () => {
  const log = new WireLog();
  const payload = new Uint8Array(wirePayloadMaxBytes + 1);
  for (let call = 0; call < wireRowsMax + 1; call += 1) log.push(recv(payload.length), payload);
  expect(log.length).toBe(wireRowsMax);
  const kept = payloads(log).filter((text) => text !== undefined);
  expect(kept.length).toBe(wireBytesMax / wirePayloadMaxBytes);
  expect(kept.every((text) => text?.length === wirePayloadMaxBytes)).toBe(true);
});
