import { describe, expect, test } from "bun:test";
import { idlePeersMax, wireBytesMax, wirePayloadMaxBytes, wireRowsMax } from "../../src/protocol/limits.ts";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { isKeepalive } from "../../src/chat/log/keepalive.ts";
import { type WireCall, WireLog } from "../../src/chat/log/wire-log.ts";
import { describeCall } from "../../src/view/wire/call-text.ts";
import { type Duet, World } from "../support/chat-world.ts";
import { english } from "../support/words.ts";

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

function keepalive(connection: number, atMs: number, isKeepalive = true): WireCall {
  return { ...recv(4), connection: connection as ConnectionId, atMs, isKeepalive };
}

/** The rows as `CONNECTION+KEEPALIVES`. */
function counts(log: WireLog): readonly string[] {
  return Array.from({ length: log.length }, (_, index) => {
    const { connection, keepalives } = log.at(index)!;
    return `${connection}+${keepalives}`;
  });
}

test("keepalives of a connection are one row that counts, until another call comes between", () => {
  const log = new WireLog();
  for (const [connection, atMs] of [
    [1, 10],
    [2, 20],
    [1, 30],
    [1, 40],
    [2, 50],
  ] as const)
    log.push(keepalive(connection, atMs), Buffer.from("ping"));
  expect(counts(log)).toEqual(["1+2", "2+1"]);
  expect([log.count, log.at(0)?.number, log.at(0)?.atMs, log.at(1)?.atMs]).toEqual([5, 1, 40, 50]);
  log.push(keepalive(1, 60, false), Buffer.from("text"));
  log.push(keepalive(1, 70), Buffer.from("ping"));
  log.push(keepalive(1, 80), Buffer.from("ping"));
  expect(counts(log)).toEqual(["1+2", "2+1", "1+0", "1+1"]);
  expect(payloads(log)).toEqual(["ping", "ping", "text", "ping"]);
});

test("while paused no keepalive is counted by a row, and a full log drops the row of the oldest", () => {
  const log = new WireLog(small);
  log.push(keepalive(1, 0), undefined);
  log.setPaused(true);
  log.push(keepalive(1, 1), undefined);
  expect([counts(log), log.passedOver]).toEqual([["1+0"], 1]);
  log.setPaused(false);
  for (const connection of [2, 3, 4, 3]) log.push(keepalive(connection, 2), undefined);
  expect(counts(log)).toEqual(["2+0", "3+1", "4+0"]);
});

test("as many idle peers as the bound have one row each, and one more has several", () => {
  for (const [peers, rows] of [
    [idlePeersMax, idlePeersMax],
    [idlePeersMax + 1, 3 * (idlePeersMax + 1)],
  ] as const) {
    const log = new WireLog();
    for (let round = 0; round < 3; round += 1)
      for (let peer = 0; peer < peers; peer += 1) log.push(keepalive(peer, round), undefined);
    expect(log.length).toBe(rows);
  }
});

test.each([
  [true, "a ping over UDP", encodeFrame({ type: "ping", number: 12 }, "0123456789abcdef")],
  [true, "a pong over TCP", `${encodeFrame({ type: "pong", number: 12 })}\n`],
  [false, "a ping with a message behind it", `${encodeFrame({ type: "ping", number: 1 })}\nx\n`],
  [false, "another frame", encodeFrame({ type: "goodbye", reason: "" })],
  [false, "text", 'duet/1 {"type":"pork"}'],
  [false, "no bytes", ""],
])("%p: %s is a keepalive", (expected, _, text) => {
  const bytes = Buffer.from(text);
  expect(isKeepalive({ bytes: bytes.length, result: "ok" }, bytes)).toBe(expected);
  expect(isKeepalive({ bytes: bytes.length, result: "partial" }, bytes)).toBe(false);
  expect(isKeepalive({ bytes: bytes.length + 1, result: "ok" }, bytes)).toBe(false);
});

describe.each(["udp", "tcp"] as const)("over %s", (transport) => {
  const end = transport === "tcp" ? "\n" : "";

  function reportKeepalives(hub: Duet, connection: ConnectionId, count: number): void {
    for (let number = 0; number < count; number += 1) {
      const [call, type] =
        number % 2 === 0
          ? ([transport === "tcp" ? "send" : "sendto", "ping"] as const)
          : ([transport === "tcp" ? "recv" : "recvfrom", "pong"] as const);
      const payload = Buffer.from(encodeFrame({ type, number }) + end);
      const event = {
        type: "called",
        call,
        result: "ok",
        connection,
        bytes: payload.length,
        payload,
      } as const;
      hub.dispatch({ type: "socket", transport, event });
    }
  }

  test("the pings and pongs of a duet are one row in the panel, and each is counted", () => {
    const world = new World();
    const hub = world.hub({}, transport);
    world.member("bob", transport);
    world.pass(1000);
    const calls = hub.chat.sides[transport].calls!;
    const before = [calls.length, calls.count] as const;
    reportKeepalives(hub, [...hub.chat.peers.keys()][0]!, 100);
    expect([calls.length - before[0], calls.count - before[1]]).toEqual([1, 100]);
    expect(describeCall(calls.at(calls.length - 1)!, english.wire)).toMatch(
      /^send(to)? \d+ B \+99 keepalives$/,
    );
  });

  test("the same bytes of a program that is no duet are its text, in a row each", () => {
    const world = new World();
    const hub = world.hub({}, transport);
    world.program(transport).connect().send("hi\n");
    world.pass(3000);
    const calls = hub.chat.sides[transport].calls!;
    const before = calls.length;
    reportKeepalives(hub, [...hub.chat.peers.keys()][0]!, 4);
    expect(calls.length - before).toBe(4);
  });
});
