/** Who has lines printed is called for a mention and a private line, by the choice of --bell, and no oftener than on a screen. */

import { expect, test } from "bun:test";
import type { Output } from "../../src/chat/model/output.ts";
import { LineNotifier } from "../../src/cli/terminal/line-notifier.ts";
import type { BellChoice } from "../../src/cli/options/option-values.ts";
import { alertIntervalMs } from "../../src/view/conversation/alerts.ts";
import { asWritten, english } from "../support/words.ts";

function notifierOf(bell: BellChoice) {
  return new LineNotifier({ bell, getOwnName: () => "ann", words: english, terminalType: "xterm" });
}

function said(text: string, rest: Partial<Extract<Output, { type: "message" }>> = {}): Output {
  return {
    ...{ type: "message", atMs: 0, transport: "tcp", id: 1, direction: "in", peer: "h:1", name: "bob" },
    ...{ text, bytes: text.length, action: false },
    ...rest,
  };
}

function printed(text: string): Output {
  return { type: "lines", atMs: 0, transport: "tcp", bytes: Buffer.from(text) };
}

const notified = (words: string): string => `\x1b]9;duet: ${words}\x1b\\`;

test.each([
  ["bell", "\x07"],
  ["osc9", notified("bob: Ann ␛[31m")],
  ["both", `\x07${notified("bob: Ann ␛[31m")}`],
  ["none", ""],
] as const)("with %s a mention calls by %p, and text is clean", (bell, expected) => {
  expect(notifierOf(bell).takeAlert(said("Ann \x1b[31m"))).toBe(expected);
});

test.each(["dumb", "", undefined])("a terminal of type %p is given no notification to print", (type) => {
  const given = (bell: BellChoice) =>
    new LineNotifier({ bell, getOwnName: () => "ann", words: english, terminalType: type }).takeAlert(
      said("ann"),
    );
  expect([given("bell"), given("both"), given("osc9")]).toEqual(["\x07", "\x07", ""]);
});

test("a private line calls, whatever it says; lines of ours, and for others, do not", () => {
  expect(notifierOf("both").takeAlert(said("psst", { private: true }))).toBe(
    `\x07${notified("bob (to you): psst")}`,
  );
  for (const other of [said("hello all"), said("anna"), said("ann, I said", { direction: "out" })])
    expect(notifierOf("bell").takeAlert(other)).toBe("");
  const notice = { type: "notice", atMs: 0, transport: "tcp", tone: "joined", hint: undefined } as const;
  expect(notifierOf("bell").takeAlert({ ...notice, text: asWritten("ann joined") })).toBe("");
});

test("of lines that are printed together each is looked at, and who speaks is no mention", () => {
  const notifier = notifierOf("osc9");
  expect(notifier.takeAlert(printed("<ann~2> hello\n<ann~2> all\n"))).toBe("");
  expect(notifier.takeAlert(printed("<h:1> ann?\n<h:1> <ann> said\n<h:1> all\n"))).toBe(
    notified("h:1: <ann> said"),
  );
});

test("once in ten seconds, however often, and none is lost to a line that called nobody", () => {
  const notifier = notifierOf("bell");
  const at = (atMs: number, text = "ann"): string => notifier.takeAlert(said(text, { atMs }));
  expect([at(1000, "all"), at(1001), at(1002), at(1000 + alertIntervalMs)]).toEqual(["", "\x07", "", ""]);
  expect([at(1001 + alertIntervalMs), at(1002 + alertIntervalMs)]).toEqual(["\x07", ""]);
});

test("the name is the one we have where the line came", () => {
  const getOwnName = (transport: string): string => (transport === "udp" ? "ann~2" : "ann");
  const notifier = new LineNotifier({ bell: "bell", getOwnName, words: english, terminalType: "xterm" });
  expect(notifier.takeAlert(said("ann", { transport: "udp" }))).toBe("");
  expect(notifier.takeAlert(said("ann~2", { transport: "udp" }))).toBe("\x07");
});
