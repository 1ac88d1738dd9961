/** What one turn says to an audience: each hears all of it but its own words, once, whoever could not wait included. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import type { SharedBlock } from "../../src/transport/fanout/shared-block.ts";
import { type Audience, BroadcastLog, type Hearer } from "../../src/transport/fanout/turn-block.ts";

/** Keeps what it hears: a copy of the bytes, or as one who has to wait for its turn. Every second one takes it at once. */
class Ear implements Hearer {
  readonly id: ConnectionId;
  readonly takesAll: boolean;
  text = "";
  readonly kept: Uint8Array[] = [];
  calls = 0;

  constructor(id: number) {
    this.id = id as ConnectionId;
    this.takesAll = id % 2 === 0;
  }

  hear(block: SharedBlock): boolean {
    this.calls += 1;
    this.text += Buffer.from(block.bytes).toString();
    this.kept.push(block.lasting());
    return this.takesAll;
  }
}

function nobodyAsks(): void {}

function audienceOf(ears: readonly Ear[]): Audience<Ear> {
  return { listeners: new Set(ears), seen: ears.length };
}

function earsFor(count: number): readonly Ear[] {
  return Array.from({ length: count }, (_, index) => new Ear(index));
}

describe("broadcast log", () => {
  test("everybody hears all but its own words, in one block", () => {
    const ears = earsFor(4);
    const log = new BroadcastLog(audienceOf(ears), nobodyAsks);
    for (const [text, origin] of [
      ["a1 ", 0],
      ["a2 ", 0],
      ["b1 ", 1],
      ["all ", undefined],
      ["a3 ", 0],
      ["d1", 3],
    ] as const)
      log.add(Buffer.from(text), origin === undefined ? undefined : ears[origin]!.id);
    log.giveToAll(true);
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
    const log = new BroadcastLog(audienceOf(ears), (connections, payload) => {
      told.push(`${connections.join()} ${Buffer.from(payload).toString()}`);
    });
    log.add(Buffer.from("a"), undefined);
    log.giveTo(ears[4]!);
    log.add(Buffer.from("b"), ears[2]!.id);
    log.giveToAll(true);
    expect(told).toEqual(["4 a", "2 a", "4 b", "0,6 ab"]);
  });

  test("who keeps all of it keeps the same bytes as the others", () => {
    const ears = earsFor(3);
    const log = new BroadcastLog(audienceOf(ears), nobodyAsks);
    log.add(Buffer.from("one "), undefined);
    log.add(Buffer.from("two "), ears[2]!.id);
    log.giveToAll(true);
    expect(ears[0]!.kept[0]).toBe(ears[1]!.kept[0]!);
    // Its own words are the last: what is before them is a part of what the others keep.
    expect(ears[2]!.kept[0]!.buffer).toBe(ears[0]!.kept[0]!.buffer);
  });

  test("only one's own words: nothing is heard", () => {
    const [ear] = earsFor(1) as [Ear];
    const log = new BroadcastLog(audienceOf([ear]), nobodyAsks);
    log.add(Buffer.from("mine"), ear.id);
    log.giveTo(ear);
    log.giveToAll(true);
    expect([ear.text, ear.calls]).toEqual(["", 0]);
  });

  test("who comes hears what follows, and what was gathered before it came stays with the others", () => {
    const [first, second, third] = earsFor(3) as [Ear, Ear, Ear];
    const audience = audienceOf([]);
    const log = new BroadcastLog(audience, nobodyAsks);
    log.admit(first);
    log.add(Buffer.from("a"), undefined);
    log.admit(second);
    log.giveTo(second);
    log.add(Buffer.from("b"), second.id);
    log.add(Buffer.from("c"), first.id);
    log.admit(third);
    log.giveToAll(true);
    expect([first.text, second.text, third.text]).toEqual(["ab", "c", ""]);
    const next = new BroadcastLog(audience, nobodyAsks);
    next.add(Buffer.from("d"), undefined);
    next.giveToAll(true);
    expect([first.text, second.text, third.text]).toEqual(["abd", "cd", "d"]);
  });

  test("who is not of the audience is given nothing", () => {
    const [one, other] = earsFor(2) as [Ear, Ear];
    const log = new BroadcastLog(audienceOf([one]), nobodyAsks);
    log.add(Buffer.from("words"), other.id);
    log.giveTo(other);
    log.giveToAll(true);
    expect([one.text, other.text]).toEqual(["words", ""]);
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
        const log = new BroadcastLog(audienceOf(ears), (connections, payload) => {
          for (const id of connections) sent[id] += Buffer.from(payload).toString();
        });
        const expected = ears.map(() => "");
        for (const one of steps) {
          if ("giveTo" in one) {
            const ear = ears[one.giveTo];
            if (ear !== undefined) log.giveTo(ear);
            continue;
          }
          log.add(Buffer.from(one.say), one.by === null ? undefined : (one.by as ConnectionId));
          for (const ear of ears) if (ear.id !== one.by) expected[ear.id] += one.say;
        }
        log.giveToAll(true);
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
