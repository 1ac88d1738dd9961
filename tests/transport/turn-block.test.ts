/** What one turn publishes: each connection is sent all of it but its own bytes, once, even if it could not wait. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { lendBytes } from "../../src/protocol/borrowed-bytes.ts";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import type { SharedBlock } from "../../src/transport/fanout/shared-block.ts";
import { type BlockReceiver, TurnBlock } from "../../src/transport/fanout/turn-block.ts";

/** Keeps what it is sent. Every second one takes all of it in one write. */
class Ear implements BlockReceiver {
  readonly id: ConnectionId;
  readonly takesAll: boolean;
  text = "";
  readonly kept: Uint8Array[] = [];
  calls = 0;

  constructor(id: number) {
    this.id = id as ConnectionId;
    this.takesAll = id % 2 === 0;
  }

  sendBlock(block: SharedBlock): boolean {
    this.calls += 1;
    this.text += Buffer.from(lendBytes(block.bytes)).toString();
    this.kept.push(block.keep());
    return this.takesAll;
  }
}

function ignoreSent(): void {}

function earsFor(count: number): readonly Ear[] {
  return Array.from({ length: count }, (_, index) => new Ear(index));
}

describe("turn block", () => {
  test("everybody hears all but its own words, in one block", () => {
    const ears = earsFor(4);
    const log = new TurnBlock(ignoreSent);
    for (const [text, origin] of [
      ["a1 ", 0],
      ["a2 ", 0],
      ["b1 ", 1],
      ["all ", undefined],
      ["a3 ", 0],
      ["d1", 3],
    ] as const)
      log.append(Buffer.from(text), origin === undefined ? undefined : ears[origin]!.id);
    log.sendToAll(ears);
    expect(ears.map(({ text }) => text)).toEqual([
      "b1 all d1",
      "a1 a2 all a3 d1",
      "a1 a2 b1 all a3 d1",
      "a1 a2 b1 all a3 ",
    ]);
    expect(ears.map(({ calls }) => calls)).toEqual([1, 1, 1, 1]);
  });

  test("who took the very same bytes is told of together, and who took a part by itself", () => {
    const ears = earsFor(7);
    const told: string[] = [];
    const log = new TurnBlock((connections, payload) => {
      told.push(`${connections.join()} ${Buffer.from(lendBytes(payload)).toString()}`);
    });
    log.append(Buffer.from("a"), undefined);
    log.sendTo(ears[4]!);
    log.append(Buffer.from("b"), ears[2]!.id);
    log.sendToAll(ears);
    expect(told).toEqual(["4 a", "2 a", "4 b", "0,6 ab"]);
  });

  test("who keeps all of it keeps the same bytes as the others", () => {
    const ears = earsFor(3);
    const log = new TurnBlock(ignoreSent);
    log.append(Buffer.from("one "), undefined);
    log.append(Buffer.from("two "), ears[2]!.id);
    log.sendToAll(ears);
    expect(ears[0]!.kept[0]).toBe(ears[1]!.kept[0]!);
    // Its own words are the last: what is before them is a part of what the others keep.
    expect(ears[2]!.kept[0]!.buffer).toBe(ears[0]!.kept[0]!.buffer);
  });

  test("only one's own words: nothing is heard", () => {
    const ears = earsFor(1);
    const [ear] = ears as [Ear];
    const log = new TurnBlock(ignoreSent);
    log.append(Buffer.from("mine"), ear.id);
    log.sendTo(ear);
    log.sendToAll(ears);
    expect([ear.text, ear.calls]).toEqual(["", 0]);
  });

  test("a connection that joins is sent what follows, and nothing of what was gathered before", () => {
    const ears = earsFor(3);
    const [first, second, third] = ears as [Ear, Ear, Ear];
    const log = new TurnBlock(ignoreSent);
    log.append(Buffer.from("a"), undefined);
    log.skip(second.id);
    log.sendTo(second);
    log.append(Buffer.from("b"), second.id);
    log.append(Buffer.from("c"), first.id);
    log.skip(third.id);
    log.sendToAll(ears);
    expect([first.text, second.text, third.text]).toEqual(["ab", "c", ""]);
  });

  test("however it is gathered and asked for early, each hears the same, and what is kept never changes", () => {
    const step = fc.oneof(
      fc.record({ say: fc.string({ minLength: 1, maxLength: 5 }), by: fc.option(fc.nat(4)) }),
      fc.record({ giveTo: fc.nat(4) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const ears = earsFor(4);
        const sent = ears.map(() => "");
        const log = new TurnBlock((connections, payload) => {
          for (const id of connections) sent[id] += Buffer.from(lendBytes(payload)).toString();
        });
        const expected = ears.map(() => "");
        for (const one of steps) {
          if ("giveTo" in one) {
            const ear = ears[one.giveTo];
            if (ear !== undefined) log.sendTo(ear);
            continue;
          }
          log.append(Buffer.from(one.say), one.by === null ? undefined : (one.by as ConnectionId));
          for (const ear of ears) if (ear.id !== one.by) expected[ear.id] += one.say;
        }
        log.sendToAll(ears);
        expect(ears.map(({ text }) => text)).toEqual(expected.map((text) => Buffer.from(text).toString()));
        // Who takes it at once says nothing of its calls.
        expect(sent).toEqual(ears.map(({ text, takesAll }) => (takesAll ? text : "")));
        // However much was put together since.
        for (const ear of ears) expect(Buffer.concat(ear.kept).toString()).toBe(ear.text);
      }),
      { numRuns: 500 },
    );
  });
});
