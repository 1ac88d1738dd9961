import { expect, test } from "bun:test";
import type { NewEntry } from "../../src/chat/log/entry.ts";
import { Notifier } from "../../src/cli/terminal/notifier.ts";
import type { BellChoice } from "../../src/cli/options/option-values.ts";
import type { PaceClock } from "../../src/cli/terminal/paced-store.ts";
import { message, screenModel } from "../components/screen-fixture.ts";

function notifierOf(bell: BellChoice) {
  const calls: string[] = [];
  const entries: NewEntry[] = [];
  const timers: { readonly atMs: number; readonly due: () => void }[] = [];
  let nowMs = 1000;
  const clock: PaceClock = {
    nowMs: () => nowMs,
    after: (delayMs, due) => {
      timers.push({ atMs: nowMs + delayMs, due });
      return () => {};
    },
  };
  const terminal = {
    setTitle: (title: string) => calls.push(`title ${title}`),
    ringBell: () => calls.push("bell"),
    notify: (text: string) => calls.push(`notify ${text}`),
  };
  const notifier = new Notifier({
    read: () => screenModel({ entries }),
    terminal: () => terminal,
    bell,
    clock,
  });
  return {
    calls,
    notifier,
    receive: (text: string, rest = {}) => {
      entries.push(message(entries.length + 1, "bob", text, rest));
      notifier.onModelChange();
    },
    pass: (ms: number) => {
      nowMs += ms;
      for (const { due } of timers.splice(0).filter(({ atMs }) => atMs <= nowMs)) due();
    },
  };
}

test.each([
  ["bell", ["bell"]],
  ["osc9", ["notify duet: bob: ann ␛[31m"]],
  ["both", ["bell", "notify duet: bob: ann ␛[31m"]],
  ["none", []],
] as const)("with %s a mention while unfocused calls by %p, with cleaned text", (bell, expected) => {
  const { calls, notifier, receive } = notifierOf(bell);
  receive("ann, seen");
  notifier.setFocused(false);
  receive("ann \x1b[31m");
  expect(calls.filter((call) => !call.startsWith("title"))).toEqual([...expected]);
});

test("a notification marks a private line, and is cut", () => {
  const { calls, notifier, receive } = notifierOf("osc9");
  notifier.setFocused(false);
  receive("x".repeat(500), { privateWith: "ann" });
  const call = calls.find((word) => word.startsWith("notify")) ?? "";
  expect(call).toStartWith("notify duet: bob (to you): xxx");
  expect(call.length).toBeLessThan(130);
});

test("the title changes at once, and under a flood at most four times a second", () => {
  const { calls, notifier, receive, pass } = notifierOf("none");
  receive("one");
  expect(calls).toEqual(["title duet: TCP CLOSED"]);
  notifier.setFocused(false);
  for (let line = 0; line < 50; line += 1) receive("more");
  expect(calls).toHaveLength(1);
  pass(250);
  expect(calls.slice(1)).toEqual(["title (50) duet: TCP CLOSED"]);
  pass(1000);
  notifier.setFocused(true);
  expect(calls.at(-1)).toBe("title duet: TCP CLOSED");
});

test("where the terminal reports no focus, a mention rings and the title counts until a key", () => {
  const { calls, notifier, receive, pass } = notifierOf("bell");
  receive("ann, seen");
  pass(60_000);
  receive("ann");
  expect(calls).toEqual(["title duet: TCP CLOSED", "bell", "title (1) duet: TCP CLOSED"]);
  pass(1000);
  notifier.onKey();
  expect(calls.at(-1)).toBe("title duet: TCP CLOSED");
  notifier.onKey();
  receive("ann once more");
  expect(calls).toHaveLength(4);
});
