/** The fan-out of one turn: each listener receives all payloads once, except its own. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import type { SharedBlock } from "../../src/transport/fanout/shared-block.ts";
import { type Audience, BroadcastLog, type Hearer } from "../../src/transport/fanout/turn-block.ts";

/** Keeps received payloads: a copy of the bytes, and the lasting block. Every second one takes the block at once. */
class Listener implements Hearer {
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

function ignoreCalls(): void {}

function audienceOf(listeners: readonly Listener[]): Audience<Listener> {
  return { listeners: new Set(listeners), seen: listeners.length };
}

function makeListeners(count: number): readonly Listener[] {
  return Array.from({ length: count }, (_, index) => new Listener(index));
}

describe("broadcast log", () => {
  test("each listener receives all payloads but its own, in one block", () => {
    const listeners = makeListeners(4);
    const log = new BroadcastLog(audienceOf(listeners), ignoreCalls);
    for (const [text, origin] of [
      ["a1 ", 0],
      ["a2 ", 0],
      ["b1 ", 1],
      ["all ", undefined],
      ["a3 ", 0],
      ["d1", 3],
    ] as const)
      log.add(Buffer.from(text), origin === undefined ? undefined : listeners[origin]!.id);
    log.giveToAll(true);
    expect(listeners.map(({ text }) => text)).toEqual([
      "b1 all d1",
      "a1 a2 all a3 d1",
      "a1 a2 b1 all a3 d1",
      "a1 a2 b1 all a3 ",
    ]);
    expect(listeners.map(({ calls }) => calls)).toEqual([1, 1, 1, 1]);
  });

  test("listeners that took the same bytes are reported together, and partial ones each by themselves", () => {
    const listeners = makeListeners(7);
    const reported: string[] = [];
    const log = new BroadcastLog(audienceOf(listeners), (connections, payload) => {
      reported.push(`${connections.join()} ${Buffer.from(payload).toString()}`);
    });
    log.add(Buffer.from("a"), undefined);
    log.giveTo(listeners[4]!);
    log.add(Buffer.from("b"), listeners[2]!.id);
    log.giveToAll(true);
    expect(reported).toEqual(["4 a", "2 a", "4 b", "0,6 ab"]);
  });

  test("listeners that queue the block share its bytes", () => {
    const listeners = makeListeners(3);
    const log = new BroadcastLog(audienceOf(listeners), ignoreCalls);
    log.add(Buffer.from("one "), undefined);
    log.add(Buffer.from("two "), listeners[2]!.id);
    log.giveToAll(true);
    expect(listeners[0]!.kept[0]).toBe(listeners[1]!.kept[0]!);
    // Its own payload is the last: the bytes before it are a part of the others' block.
    expect(listeners[2]!.kept[0]!.buffer).toBe(listeners[0]!.kept[0]!.buffer);
  });

  test("a listener with only its own payload receives nothing", () => {
    const [listener] = makeListeners(1) as [Listener];
    const log = new BroadcastLog(audienceOf([listener]), ignoreCalls);
    log.add(Buffer.from("mine"), listener.id);
    log.giveTo(listener);
    log.giveToAll(true);
    expect([listener.text, listener.calls]).toEqual(["", 0]);
  });

  test("an admitted listener receives later payloads only", () => {
    const [first, second, third] = makeListeners(3) as [Listener, Listener, Listener];
    const audience = audienceOf([]);
    const log = new BroadcastLog(audience, ignoreCalls);
    log.admit(first);
    log.add(Buffer.from("a"), undefined);
    log.admit(second);
    log.giveTo(second);
    log.add(Buffer.from("b"), second.id);
    log.add(Buffer.from("c"), first.id);
    log.admit(third);
    log.giveToAll(true);
    expect([first.text, second.text, third.text]).toEqual(["ab", "c", ""]);
    const next = new BroadcastLog(audience, ignoreCalls);
    next.add(Buffer.from("d"), undefined);
    next.giveToAll(true);
    expect([first.text, second.text, third.text]).toEqual(["abd", "cd", "d"]);
  });

  test("a listener outside the audience receives nothing", () => {
    const [one, other] = makeListeners(2) as [Listener, Listener];
    const log = new BroadcastLog(audienceOf([one]), ignoreCalls);
    log.add(Buffer.from("words"), other.id);
    log.giveTo(other);
    log.giveToAll(true);
    expect([one.text, other.text]).toEqual(["words", ""]);
  });

  test("early flushes change neither the received bytes nor kept blocks", () => {
    const step = fc.oneof(
      fc.record({ say: fc.string({ minLength: 1, maxLength: 5 }), by: fc.option(fc.nat(4)) }),
      fc.record({ giveTo: fc.nat(4) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const listeners = makeListeners(4);
        const sent = listeners.map(() => "");
        const log = new BroadcastLog(audienceOf(listeners), (connections, payload) => {
          for (const id of connections) sent[id] += Buffer.from(payload).toString();
        });
        const expected = listeners.map(() => "");
        for (const one of steps) {
          if ("giveTo" in one) {
            const listener = listeners[one.giveTo];
            if (listener !== undefined) log.giveTo(listener);
            continue;
          }
          log.add(Buffer.from(one.say), one.by === null ? undefined : (one.by as ConnectionId));
          for (const listener of listeners) if (listener.id !== one.by) expected[listener.id] += one.say;
        }
        log.giveToAll(true);
        expect(listeners.map(({ text }) => text)).toEqual(
          expected.map((text) => Buffer.from(text).toString()),
        );
        // A listener that takes the block at once is not reported itself.
        expect(sent).toEqual(listeners.map(({ text, takesAll }) => (takesAll ? text : "")));
        // Kept blocks do not change when later ones are built.
        for (const listener of listeners) expect(Buffer.concat(listener.kept).toString()).toBe(listener.text);
      }),
      { numRuns: 500 },
    );
  });
});
