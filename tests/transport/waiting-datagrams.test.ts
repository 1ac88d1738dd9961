/** Datagrams that exceed their source's share of a turn: their order, their bound, and that no source takes all room. */

import { describe, expect, test } from "bun:test";
import { lendBytes } from "../../src/protocol/borrowed-bytes.ts";
import {
  chunkDatagrams,
  datagramFramesMax,
  receivedLineWork,
  receivedWorkMax,
  receiveTurnMs,
  waitingDatagramCost,
  waitingDatagramsMaxBytes,
} from "../../src/protocol/limits.ts";
import { DatagramRoom, DatagramSource } from "../../src/transport/udp/waiting-datagrams.ts";
import { TurnWorld } from "../support/turn-world.ts";

const address = "192.0.2.7";

function open() {
  const world = new TurnWorld();
  const room = new DatagramRoom();
  const seen: string[] = [];
  const openSource = (countMax?: number): DatagramSource =>
    new DatagramSource(
      room,
      world.turns,
      (bytes, port) => void seen.push(`${port} ${Buffer.from(lendBytes(bytes)).toString()}`),
      countMax,
    );
  return { world, seen, openSource };
}

describe("a source's datagrams", () => {
  test("are reported at once within its budget, and the rest in order in later turns", () => {
    const { world, seen, openSource } = open();
    const source = openSource();
    const count = receivedWorkMax / (receivedLineWork + 4) + 1;
    for (let number = 1000; number < 1000 + count + 1; number += 1)
      expect(source.receive(Buffer.from(String(number)), 1, address)).toBe(true);
    expect([seen.length, source.isWaiting]).toEqual([Math.floor(count), true]);
    world.endAllTurns();
    expect(seen).toEqual(Array.from({ length: Math.ceil(count) + 1 }, (_, index) => `1 ${1000 + index}`));
  });

  test("cost the work of each line, as far as lines are read", () => {
    const countReported = (datagram: string): number => {
      const { seen, openSource } = open();
      const source = openSource();
      while (!source.isWaiting) source.receive(Buffer.from(datagram), 1, address);
      return seen.length;
    };
    const most = (lines: number): number =>
      Math.ceil(receivedWorkMax / (2 * datagramFramesMax + lines * receivedLineWork));
    const lines = (count: number): string => "x\n".repeat(count - 1).padEnd(2 * datagramFramesMax, "x");
    expect(countReported(lines(4))).toBe(most(4));
    expect(countReported(lines(datagramFramesMax))).toBe(most(datagramFramesMax));
    expect(countReported(lines(datagramFramesMax + 1))).toBe(most(datagramFramesMax));
  });

  test("are copied when they wait, since Bun uses their buffer again", () => {
    const { world, seen, openSource } = open();
    world.nowMs += 1;
    const source = openSource();
    source.receive(Buffer.from("a"), 1, address);
    world.nowMs += receiveTurnMs;
    const bytes = Buffer.from("b");
    source.receive(bytes, 1, address);
    bytes.fill("c");
    world.endAllTurns();
    expect(seen).toEqual(["1 a", "1 b"]);
  });

  test(`wait ${chunkDatagrams} by ${chunkDatagrams} beside those of another source`, () => {
    const { world, seen, openSource } = open();
    const [one, two] = [openSource(), openSource()];
    one.receive(Buffer.from("x"), 1, address);
    world.nowMs += receiveTurnMs;
    for (let count = 0; count < 3 * chunkDatagrams; count += 1) one.receive(Buffer.from("x"), 1, address);
    two.receive(Buffer.from("x"), 2, address);
    seen.length = 0;
    world.endAllTurns();
    expect(seen.indexOf("2 x")).toBe(chunkDatagrams);
  });

  test("of an endpoint go on in order when it gets a source of its own", () => {
    const { world, seen, openSource } = open();
    const [newcomers, own] = [openSource(), openSource()];
    newcomers.receive(Buffer.from("a"), 1, address);
    world.nowMs += receiveTurnMs;
    for (const text of ["b", "c"])
      for (const port of [1, 2]) newcomers.receive(Buffer.from(text), port, address);
    newcomers.moveTo(own, 1, address);
    own.receive(Buffer.from("d"), 1, address);
    world.endAllTurns();
    expect(seen.filter((line) => line.startsWith("1"))).toEqual(["1 a", "1 b", "1 c", "1 d"]);
    expect(seen.filter((line) => line.startsWith("2"))).toEqual(["2 b", "2 c"]);
  });

  test("wait up to its bound, and the next one is dropped", () => {
    const { world, openSource } = open();
    const source = openSource(2);
    source.receive(Buffer.from("at once"), 1, address);
    world.nowMs += receiveTurnMs;
    const results = ["a", "b", "c"].map((text) => source.receive(Buffer.from(text), 1, address));
    expect(results).toEqual([true, true, false]);
  });

  test("are dropped with their source", () => {
    const { world, seen, openSource } = open();
    const source = openSource();
    source.receive(Buffer.from("a"), 1, address);
    world.nowMs += receiveTurnMs;
    source.receive(Buffer.from("b"), 1, address);
    source.end();
    world.endAllTurns();
    expect(seen).toEqual(["1 a"]);
  });
});

describe("the room of a socket", () => {
  test("lets a queue grow as long as what is left, to the byte, and gives its room back", () => {
    const room = new DatagramRoom();
    const half = waitingDatagramsMaxBytes / 2;
    expect(room.take(half + 1, 0)).toBe(false);
    expect(room.take(half, 0)).toBe(true);
    expect(room.take(1, half)).toBe(false);
    expect(room.take(half / 2, 0)).toBe(true);
    room.release(half);
    expect(room.take(half / 2, half / 2)).toBe(true);
  });

  test("has place for another source when one has filled its own", () => {
    const { world, openSource } = open();
    const [flood, honest] = [openSource(), openSource()];
    flood.receive(Buffer.from("x"), 1, address);
    world.nowMs += receiveTurnMs;
    const bytes = new Uint8Array(1024 - waitingDatagramCost);
    let count = 0;
    while (flood.receive(bytes, 1, address)) count += 1;
    expect(count).toBe(waitingDatagramsMaxBytes / 2 / 1024);
    expect(honest.receive(Buffer.from("honest"), 2, address)).toBe(true);
  });
});
