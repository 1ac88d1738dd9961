/** OSC 52: what is written to the terminal, what the person reads about it, and how much it takes. */

import { expect, test } from "bun:test";
import { copyText } from "../../src/cli/terminal/clipboard.ts";
import { clipboardSequence } from "../../src/cli/terminal/terminal-modes.ts";
import { copiedMaxBytes } from "../../src/protocol/limits.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { english } from "../support/words.ts";

function copy(text: string, env: Readonly<Record<string, string>> = {}, isMouseOn = false) {
  const taken: string[] = [];
  const terminal = { setClipboard: (copied: string) => void taken.push(copied) };
  return { taken, hint: english.word(copyText(terminal, text, { env, isMouseOn })) };
}

test("the sequence is base64 of the UTF-8 text, whatever is in it", () => {
  expect(clipboardSequence("你好\n\x1b\\") as string).toBe(
    `\x1b]52;c;${Buffer.from("你好\n\x1b\\").toString("base64")}\x1b\\`,
  );
});

test.each([
  ["a plain terminal", {}, false, "copied 2 characters (OSC 52); not there? the mouse selects"],
  ["with mouse reports", {}, true, "copied 2 characters (OSC 52); not there? Shift and the mouse select"],
  [
    "tmux",
    { TMUX: "/tmp/tmux-0/default,1,0" },
    false,
    "copied 2 characters (OSC 52); not there? tmux set -s set-clipboard on",
  ],
  [
    "GNU screen",
    { STY: "1.tty" },
    false,
    "copied 2 characters (OSC 52), which GNU screen drops: the mouse selects",
  ],
] as const)("%s: the person reads what was copied, and the way out", (_, env, isMouseOn, hint) => {
  expect(copy("👋好", env, isMouseOn)).toEqual({ taken: ["👋好"], hint });
  expect(measureColumns(hint)).toBeLessThanOrEqual(78);
});

test("text at the bound is copied, and text beyond it is not", () => {
  expect(copy("x".repeat(copiedMaxBytes)).taken).toHaveLength(1);
  const { taken, hint } = copy("x".repeat(copiedMaxBytes + 1));
  expect(taken).toEqual([]);
  expect(hint).toBe("too long for the clipboard: 74,995 bytes, at most 74,994");
});
