import { expect, test } from "bun:test";
import type { NewEntry } from "../../src/chat/log/entry.ts";
import { Notifier } from "../../src/cli/terminal/notifier.ts";
import type { BellChoice } from "../../src/cli/options/option-values.ts";
import type { PaceClock } from "../../src/cli/terminal/paced-store.ts";
import { message, screenModel } from "../components/screen-fixture.ts";

function notifierOf(bell: BellChoice) {
  const heard: string[] = [];
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
    setTitle: (title: string) => heard.push(`title ${title}`),
    ringBell: () => heard.push("bell"),
    notify: (text: string) => heard.push(`notify ${text}`),
  };
  const notifier = new Notifier({
    read: () => screenModel({ entries }),
    terminal: () => terminal,
    bell,
    clock,
  });
  return {
    heard,
    notifier,
    hear: (text: string, rest = {}) => {
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
] as const)("with %s a mention while unfocused calls by %p, and text is clean", (bell, expected) => {
  const { heard, notifier, hear } = notifierOf(bell);
  hear("ann, seen");
  notifier.setFocused(false);
  hear("ann \x1b[31m");
  expect(heard.filter((said) => !said.startsWith("title"))).toEqual([...expected]);
});

test("a notification says that a line is for us alone, and is cut", () => {
  const { heard, notifier, hear } = notifierOf("osc9");
  notifier.setFocused(false);
  hear("x".repeat(500), { privateWith: "ann" });
  const said = heard.find((word) => word.startsWith("notify")) ?? "";
  expect(said).toStartWith("notify duet: bob (to you): xxx");
  expect(said.length).toBeLessThan(130);
});

test("the title follows at once, and under a flood four times a second at most", () => {
  const { heard, notifier, hear, pass } = notifierOf("none");
  hear("one");
  expect(heard).toEqual(["title duet: TCP CLOSED"]);
  notifier.setFocused(false);
  for (let line = 0; line < 50; line += 1) hear("more");
  expect(heard).toHaveLength(1);
  pass(250);
  expect(heard.slice(1)).toEqual(["title (50) duet: TCP CLOSED"]);
  pass(1000);
  notifier.setFocused(true);
  expect(heard.at(-1)).toBe("title duet: TCP CLOSED");
});
