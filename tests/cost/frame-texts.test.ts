/** The work on a frame of any type is in proportion to its length: four times the text costs at most six times (quadratic: 16). */

import { describe, expect, test } from "bun:test";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import type { Frame } from "../../src/protocol/frames/frame.ts";
import { measureGrowth } from "../support/cost.ts";
import { Core, makeClient } from "./core.ts";
import { shapes } from "./shapes.ts";

/** For each type, its fields with a long text; frames of numbers alone have it in a field that no version knows. */
const frames: Readonly<Record<Frame["type"], (text: string) => object>> = {
  hello: (text) => ({ name: text, session: text, key: text }),
  welcome: (text) => ({
    you: 2,
    key: text,
    members: [
      { number: 1, name: text, address: text },
      { number: 4, name: text },
    ],
  }),
  joined: (text) => ({ number: 3, name: text, address: text }),
  left: (text) => ({ number: 3, reason: text }),
  renamed: (text) => ({ name: text }),
  message: (text) => ({ id: 1, text }),
  undelivered: (text) => ({ id: 1, to: 1, reason: text }),
  slowed: (text) => ({ reason: text }),
  receipt: (text) => ({ stage: "read", first: 1, last: 2, later: text }),
  ack: (text) => ({ upTo: 1, also: Array.from(text, (_, at) => [2 * at + 3, 2 * at + 3]), delayMs: 1 }),
  skip: (text) => ({ upTo: 1, later: text }),
  ping: (text) => ({ number: 1, at: text, proof: text }),
  pong: (text) => ({ number: 1, later: text }),
  rekey: (text) => ({ step: 1, noise: text }),
  verify: (text) => ({ step: "end", of: "0".repeat(16), why: text }),
  goodbye: (text) => ({ reason: text }),
};

/** A client that knows member 3, and a room that a peer is about to join or has joined. */
const receivers: Readonly<Record<string, (type: string) => Core>> = {
  "of a host": () => makeClient().receive(1, `${encodeFrame({ type: "joined", number: 3, name: "eve" })}\n`),
  "of a member": (type) => (type === "hello" ? new Core().connect(1) : new Core().duet(1)),
};

describe.each(Object.entries(frames))("%s", (type, makeFields) => {
  test.each(Object.entries(receivers))("%s", (_name, makeReceiver) => {
    const growths = Object.entries(shapes).map(([shape, makeText]) => {
      const run = (size: number) => {
        const core = makeReceiver(type);
        const line = `duet/1 ${JSON.stringify({ type, ...makeFields(makeText(size)) })}\n`;
        return () => core.receive(1, line);
      };
      return { shape, growth: measureGrowth(run, 2048) };
    });
    // Linear work is 5.1 at most: a line of more than 8 KiB is read in another way, which is dearer once.
    expect(growths.filter(({ growth }) => growth > 6)).toEqual([]);
  });
});
