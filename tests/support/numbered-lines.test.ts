/** An observer of numbered lines counts their faults, and ignores other members' lines between them. */

import { expect, test } from "bun:test";
import { LineMaker, Observer } from "../bench/hub/numbered-lines.ts";

const lineBytes = 64;
const name = Buffer.from("<127.0.0.1:40000> ");

function named(lines: Uint8Array): Buffer {
  return Buffer.concat([name, lines]);
}

test("short lines that together are as long as a numbered line do not count as torn", () => {
  const maker = new LineMaker(0, lineBytes);
  const observer = new Observer(lineBytes, 1, 1);
  observer.read(named(maker.make(1)));
  const short = `${"x".repeat((name.length + lineBytes) / 2 - 1)}\n`;
  observer.read(Buffer.concat([Buffer.from(short + short), named(maker.make(1))]));
  expect([observer.torn, observer.repeated, observer.reordered, observer.missing([maker])]).toEqual([
    0, 0, 0, 0,
  ]);
});

test("a line that is torn, missing or repeated is counted", () => {
  const maker = new LineMaker(0, lineBytes);
  const observer = new Observer(lineBytes, 1, 1);
  const first = named(maker.make(1));
  maker.make(1);
  observer.read(
    Buffer.concat([first, first, named(maker.make(1)), name, name, name, name, Buffer.from("\n")]),
  );
  expect([observer.torn, observer.repeated, observer.missing([maker])]).toEqual([1, 1, 1]);
});
