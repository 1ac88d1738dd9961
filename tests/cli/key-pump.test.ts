/** Keys from a keyboard that the test types on. */

import { expect, test } from "bun:test";
import { EventEmitter } from "node:events";
import type { KeyEvent } from "../../src/input/keys/key-event.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import { type InputDecoder, pumpKeys } from "../../src/cli/terminal/key-pump.ts";
import { until } from "../support/wait.ts";

/** Like process.stdin: once resumed it emits read after read, without a turn of the event loop between two. */
class Keyboard extends EventEmitter {
  readonly typed: string[] = [];
  #isPaused = false;

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    while (!this.#isPaused && this.typed.length > 0) this.emit("data", Buffer.from(this.typed.shift()!));
  }
}

function startPump(decoder: InputDecoder = new KeyDecoder()) {
  const keyboard = new Keyboard();
  const events: KeyEvent[] = [];
  let ends = 0;
  const stop = pumpKeys({
    keyboard,
    decoder,
    onKey: (event) => events.push(event),
    onEnd: () => (ends += 1),
  });
  const type = (text: string): void => void keyboard.emit("data", Buffer.from(text));
  const names = (): string[] =>
    events.map((event) =>
      event.type === "key" ? event.name : event.type === "text" ? event.text : event.type,
    );
  return { keyboard, type, names, stop, ends: () => ends };
}

test("keys in one read are reported one by one", () => {
  const { type, names } = startPump();
  type("hi\r\x1b[A");
  expect(names()).toEqual(["hi", "enter", "up"]);
});

test("the event loop has a turn between two reads of a full keyboard", async () => {
  const { keyboard, names } = startPump();
  keyboard.typed.push("a", "b", "c");
  keyboard.resume();
  for (const read of [["a"], ["a", "b"], ["a", "b", "c"]]) {
    expect(names()).toEqual(read);
    await new Promise((resolve) => setImmediate(resolve));
  }
});

test("a lone Escape is a key once no byte follows it", async () => {
  const { type, names } = startPump();
  type("\x1b");
  expect(names()).toEqual([]);
  await until(() => names().length > 0, "the Escape key");
  expect(names()).toEqual(["escape"]);
});

test("unfinished bytes are flushed after the decoder's delay, which restarts with each read", async () => {
  const held: string[] = [];
  const decoder = {
    push: (bytes: Uint8Array) => (held.push(Buffer.from(bytes).toString()), []),
    flush: (): KeyEvent[] => [{ type: "text", text: held.splice(0).join("") }],
    get pendingDelayMs() {
      return held.length > 0 ? 5 : undefined;
    },
  };
  const { type, names } = startPump(decoder);
  type("un");
  type("finished");
  await until(() => names().length > 0, "the flush");
  expect(names()).toEqual(["unfinished"]);
});

test("the end of input is reported once, and no key after it", () => {
  const { keyboard, type, names, ends } = startPump();
  for (const event of ["error", "end", "close"]) if (keyboard.listenerCount(event) > 0) keyboard.emit(event);
  type("late");
  expect([ends(), names()]).toEqual([1, []]);
});

test("a stopped pump leaves the keyboard alone", () => {
  const { keyboard, type, names, stop, ends } = startPump();
  stop();
  type("late");
  keyboard.emit("end");
  expect([names(), ends(), keyboard.listenerCount("data")]).toEqual([[], 0, 0]);
});
