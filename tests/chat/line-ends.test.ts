/** Raw peers end their lines in different ways: each way gives the same messages, and none grows for ever. */

import { expect, test } from "bun:test";
import { lineMaxBytes } from "../../src/protocol/limits.ts";
import { World } from "../support/chat-world.ts";

const ways = ["\n", "\r\n", "\r", "\r\0", "\n\r"];

test("lines of every kind are messages, and are relayed with the room's line end", () => {
  for (const end of ways) {
    for (const isCut of [false, true]) {
      const world = new World();
      const hub = world.hub();
      const [device, other] = [world.program().connect(), world.program().connect()];
      other.send("here\n");
      const lines = Array.from({ length: 2_000 }, (_, index) => `measured ${index}`);
      const bytes = Buffer.from(lines.map((line) => line + end).join(""));
      const step = isCut ? 4093 : bytes.length;
      for (let start = 0; start < bytes.length; start += step)
        device.send(bytes.subarray(start, start + step));
      world.pass(2000);
      expect([end, hub.receivedLines().slice(1).length]).toEqual([end, lines.length]);
      const name = `${device.local.address}:${device.local.port}`;
      expect(hub.receivedLines().slice(1)).toEqual(lines.map((line) => `<${name}> ${line}`));
      expect(other.received).toEndWith(lines.map((line) => `<${name}> ${line}\n`).join(""));
    }
  }
});

test("a line that a person ends with CR is a message at once, from the second on", () => {
  const world = new World();
  const hub = world.hub();
  const device = world.program().connect();
  for (const key of "hello\r") device.send(key);
  world.pass(2000);
  device.send("again\r");
  expect(hub.receivedLines().map((line) => line.replace(/^<.*> /, ""))).toEqual(["hello", "again"]);
  device.send("\0\rafter an empty line\r");
  expect(hub.receivedLines().map((line) => line.replace(/^<.*> /, ""))).toEqual([
    "hello",
    "again",
    "",
    "after an empty line",
  ]);
});

test("a line with a few CRs in it is one message, if its first end is an LF", () => {
  for (const pieces of [["up\rdown\r!\n"], ["up\rdo", "wn\r", "!\n"]]) {
    const world = new World();
    const hub = world.hub();
    const device = world.program().connect();
    for (const piece of pieces) device.send(piece);
    expect(hub.receivedLines().map((line) => line.replace(/^<.*> /, ""))).toEqual(["up\rdown\r!"]);
  }
});

test("lines that end in CR are whole although FIN follows at once", () => {
  const world = new World();
  const hub = world.hub();
  world.program().connect().send("one\rtwo\r").fin();
  expect(hub.receivedLines().map((line) => line.replace(/^<.*> /, ""))).toEqual(["one", "two"]);
});

test("a console that ends lines with CR behind a banner with LF loses none of them", () => {
  const world = new World();
  const hub = world.hub();
  const device = world.program().connect().send("Welcome\r\n");
  const lines = Array.from({ length: 10_000 }, (_, index) => `state ${index}`);
  const text = lines.map((line) => `${line}\r`).join("");
  expect(text.length).toBeGreaterThan(4 * lineMaxBytes);
  for (let start = 0; start < text.length; start += 1000) device.send(text.slice(start, start + 1000));
  expect(hub.receivedLines().map((line) => line.replace(/^<.*> /, ""))).toEqual(["Welcome", ...lines]);
});

test("the line end of a datagram is no part of its text", () => {
  for (const end of ways) {
    const world = new World();
    const hub = world.hub({}, "udp");
    world.program("udp").connect().send(`one${end}`);
    expect(hub.receivedLines("udp").map((line) => line.replace(/^<.*> /, ""))).toEqual(["one"]);
  }
});
