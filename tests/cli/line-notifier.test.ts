/**
 * A mention or a private line among printed lines calls the person, by the choice of --bell and as often as on a
 * screen.
 */

import { expect, test } from "bun:test";
import type { Output } from "../../src/chat/model/output.ts";
import { LineNotifier } from "../../src/cli/terminal/line-notifier.ts";
import type { BellChoice } from "../../src/cli/options/option-values.ts";
import { alertIntervalMs } from "../../src/view/conversation/alerts.ts";
import { asWritten, english } from "../support/words.ts";

function notifierOf(bell: BellChoice) {
  return new LineNotifier({ bell, getOwnName: () => "ann", words: english, terminalType: "xterm" });
}

function message(text: string, rest: Partial<Extract<Output, { type: "message" }>> = {}): Output {
  return {
    ...{ type: "message", atMs: 0, transport: "tcp", id: 1, direction: "in", peer: "h:1", name: "bob" },
    ...{ text, bytes: text.length, action: false, security: "plain" },
    ...rest,
  };
}

function printed(text: string): Output {
  return { type: "lines", atMs: 0, transport: "tcp", bytes: Buffer.from(text) };
}

/** The alert for an output; empty if there is none. */
const alertOf = (notifier: LineNotifier, output: Output): string => notifier.takeAlert(output) ?? "";

const notified = (words: string): string => `\x1b]9;duet: ${words}\x1b\\`;

test.each([
  ["bell", "\x07"],
  ["osc9", notified("bob: Ann ␛[31m")],
  ["both", `\x07${notified("bob: Ann ␛[31m")}`],
  ["none", ""],
] as const)("with %s a mention calls by %p, with cleaned text", (bell, expected) => {
  expect(alertOf(notifierOf(bell), message("Ann \x1b[31m"))).toBe(expected);
});

test.each(["dumb", "", undefined])("a terminal of type %p receives no notification to print", (type) => {
  const callFor = (bell: BellChoice) =>
    alertOf(
      new LineNotifier({ bell, getOwnName: () => "ann", words: english, terminalType: type }),
      message("ann"),
    );
  expect([callFor("bell"), callFor("both"), callFor("osc9")]).toEqual(["\x07", "\x07", ""]);
});

test("a private line calls with any text; our own lines and lines to others do not", () => {
  expect(alertOf(notifierOf("both"), message("psst", { private: true }))).toBe(
    `\x07${notified("bob (to you): psst")}`,
  );
  for (const other of [message("hello all"), message("anna"), message("ann, I said", { direction: "out" })])
    expect(alertOf(notifierOf("bell"), other)).toBe("");
  const notice = { type: "notice", atMs: 0, transport: "tcp", tone: "joined", hint: undefined } as const;
  expect(alertOf(notifierOf("bell"), { ...notice, text: asWritten("ann joined") })).toBe("");
});

test("each line of a printed block is checked, and its author's name is no mention", () => {
  const notifier = notifierOf("osc9");
  expect(alertOf(notifier, printed("<ann~2> hello\n<ann~2> all\n"))).toBe("");
  expect(alertOf(notifier, printed("<h:1> ann?\n<h:1> <ann> said\n<h:1> all\n"))).toBe(
    notified("h:1: <ann> said"),
  );
});

test("a call is made at most once in ten seconds, and a line without a call does not count", () => {
  const notifier = notifierOf("bell");
  const at = (atMs: number, text = "ann"): string => alertOf(notifier, message(text, { atMs }));
  expect([at(1000, "all"), at(1001), at(1002), at(1000 + alertIntervalMs)]).toEqual(["", "\x07", "", ""]);
  expect([at(1001 + alertIntervalMs), at(1002 + alertIntervalMs)]).toEqual(["\x07", ""]);
});

test("a mention is of our name on the line's transport", () => {
  const getOwnName = (transport: string): string => (transport === "udp" ? "ann~2" : "ann");
  const notifier = new LineNotifier({ bell: "bell", getOwnName, words: english, terminalType: "xterm" });
  expect(alertOf(notifier, message("ann", { transport: "udp" }))).toBe("");
  expect(alertOf(notifier, message("ann~2", { transport: "udp" }))).toBe("\x07");
});
