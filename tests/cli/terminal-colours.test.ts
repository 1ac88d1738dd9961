import { describe, expect, test } from "bun:test";
import { createTheme } from "../../components/paint/theme.ts";
import { guessBackground, readBackground, TerminalColours } from "../../src/cli/terminal/terminal-colours.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import type { ReplyEvent } from "../../src/input/keys/key-event.ts";

const xterm = { TERM: "xterm-256color" };

function replyTo(bytes: string): ReplyEvent {
  const [event] = new KeyDecoder().push(Buffer.from(bytes));
  if (event?.type !== "reply") throw new Error(JSON.stringify(event));
  return event;
}

test.each([
  ["15;0", "dark"],
  ["0;15", "light"],
  ["0;default;15", "light"],
  ["0;7", "light"],
  ["15;8", "dark"],
  ["0;default", "unknown"],
  ["12;99", "unknown"],
  ["", "unknown"],
] as const)("COLORFGBG %p is %s", (value, background) => {
  expect(guessBackground({ COLORFGBG: value })).toBe(background);
});

test.each([
  ["\x1b]11;rgb:ffff/ffff/ffff\x1b\\", "light"],
  ["\x1b]11;rgb:0000/0000/0000\x07", "dark"],
  ["\x1b]11;rgb:fd/f6/e3\x07", "light"],
  ["\x1b]11;rgba:0000/2b2b/3636/ffff\x07", "dark"],
  ["\x1b]10;rgb:ffff/ffff/ffff\x07", undefined],
  ["\x1b]11;rgb:zz/1/2\x07", undefined],
  ["\x1bP11;rgb:ff/ff/ff\x1b\\", undefined],
] as const)("the answer %p is %p", (bytes, background) => {
  expect(readBackground(replyTo(bytes))).toBe(background);
});

describe("the theme", () => {
  const light = replyTo("\x1b]11;rgb:ff/ff/ff\x07");
  const bright = createTheme({ hasColour: true, background: "light", hasLinks: true });

  test("auto guesses first, queries the terminal, and applies the answer as one change", () => {
    const colours = new TerminalColours("auto", { ...xterm, COLORFGBG: "15;0" });
    let changes = 0;
    colours.theme.subscribe(() => (changes += 1));
    expect(colours.theme.read()).toEqual(
      createTheme({ hasColour: true, background: "dark", hasLinks: true }),
    );
    expect(colours.query.getSequence()).toBe("\x1b]11;?\x1b\\");
    colours.query.onReply(light);
    colours.query.onReply(light);
    expect(colours.theme.read()).toEqual(bright);
    expect(changes).toBe(1);
  });

  test("a chosen theme makes no query, ignores answers, and overrides NO_COLOR", () => {
    for (const variables of [xterm, { ...xterm, NO_COLOR: "1" }]) {
      const colours = new TerminalColours("dark", variables);
      expect(colours.query.getSequence()).toBe("");
      colours.query.onReply(light);
      expect(colours.theme.read()).toEqual(
        createTheme({ hasColour: true, background: "dark", hasLinks: true }),
      );
    }
    expect(new TerminalColours("plain", xterm).theme.read()).toEqual(
      createTheme({ hasColour: false, hasLinks: true }),
    );
  });

  test("NO_COLOR that is not empty and a terminal without colours have a plain theme", () => {
    const plain = createTheme({ hasColour: false, hasLinks: true });
    expect(new TerminalColours("auto", { ...xterm, NO_COLOR: "1" }).theme.read()).toEqual(plain);
    expect(
      new TerminalColours("auto", { ...xterm, NO_COLOR: "" }).theme.read().nameStyles.length,
    ).toBeGreaterThan(1);
    expect(new TerminalColours("auto", { TERM: "vt220" }).theme.read()).toEqual({
      ...plain,
      hasLinks: false,
    });
  });

  test("the Linux console is not queried and has no links", () => {
    const colours = new TerminalColours("auto", { TERM: "linux" });
    expect(colours.query.getSequence()).toBe("");
    expect(colours.theme.read().hasLinks).toBe(false);
  });
});
