import { describe, expect, test } from "bun:test";
import { PassThrough, Writable } from "node:stream";
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import { Terminal } from "@xterm/headless";
import { Box, render, renderToString, Text } from "ink";
import { moveToSavedColumn, restoreCursor } from "../../components/paint/columns.ts";
import { Composer, countComposerRows } from "../../components/prompt/Composer.tsx";
import type { ComposerFrame } from "../../src/input/composer/composer-shape.ts";
import type { ComposerSnapshot } from "../../src/input/composer/composer.ts";
import { Composer as ComposerStore } from "../../src/input/composer/composer.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import { composerMaxUnits } from "../../src/protocol/limits.ts";
import { english } from "../support/words.ts";
import { translateCommands } from "../../src/view/overlays/help-lines.ts";

const words = { ...english.composer, placeholder: "Type a message, or /help" };

/** The composer after these keys, in a terminal's encoding. */
function snapshotAfter(keys: string): ComposerSnapshot {
  const store = new ComposerStore({
    commands: translateCommands(english),
    names: () => ["bob", "中村"],
    columns: () => 33,
  });
  for (const event of new KeyDecoder().push(Buffer.from(keys))) store.handle(event);
  return store.snapshot();
}

/** A screen of this size, on which the composer may take a third of the rows. */
function frameOf(columns: number, rows = 24, queuedLines = 0, name = "ann"): ComposerFrame {
  return { name, words, columns, rows, queuedLines };
}

/** The drawn rows in a frame of their width, and the number of rows that the composer asked for. */
function drawn(keys: string, columns: number, rows = 24, name = "ann"): string {
  const snapshot = snapshotAfter(keys);
  const frame = frameOf(columns, rows, 0, name);
  const composer = <Composer snapshot={snapshot} frame={frame} />;
  const drawnRows = Bun.stripANSI(renderToString(composer, { columns })).split("\n");
  expect(drawnRows).toHaveLength(countComposerRows(snapshot, frame));
  const padded = drawnRows.map((row) => `┃${row}${" ".repeat(columns - Bun.stringWidth(row))}┃`);
  return `\n${padded.join("\n")}\n`;
}

const pasted = (text: string): string => `\x1b[200~${text}\x1b[201~`;

test("the number of queued lines is at the end of the line", () => {
  const held = (columns: number): string => {
    const composer = <Composer snapshot={snapshotAfter("more")} frame={frameOf(columns, 24, 3)} />;
    return Bun.stripANSI(renderToString(composer, { columns }));
  };
  expect(held(80)).toBe(`ann │ more${" ".repeat(54)}waiting: 3 lines`);
  expect(held(40)).toBe(`ann │ more${" ".repeat(28)}⧗3`);
});

describe("at 40 columns", () => {
  test("an empty line has a placeholder", () => {
    expect(drawn("", 40)).toBe(`
┃ann │ Type a message, or /help          ┃
`);
  });

  test("leading spaces are shown", () => {
    expect(drawn("  hello 你好 👨‍👩‍👧", 40)).toBe(`
┃ann │   hello 你好 👨‍👩‍👧                   ┃
`);
  });

  test("a long line is wrapped at spaces, and a word that is longer than a row where it is full", () => {
    expect(drawn("the quick brown fox jumps over the lazy dog", 40)).toBe(`
┃ann │ the quick brown fox jumps over    ┃
┃    │ the lazy dog                      ┃
`);
    expect(drawn("0123456789".repeat(5), 40)).toBe(`
┃ann │ 012345678901234567890123456789012 ┃
┃    │ 34567890123456789                 ┃
`);
  });

  test("Alt-Enter begins a row, and so do the lines of a paste", () => {
    expect(drawn(`one\x1b\rtwo${pasted("\nthree\n\nfive\n")}`, 40)).toBe(`
┃ann │ one                               ┃
┃    │ two                               ┃
┃    │ three                             ┃
┃    │                                   ┃
┃    │ five                              ┃
`);
  });

  test("the composer takes a third of the screen, and shows the rows around the cursor", () => {
    const ten = Array.from({ length: 10 }, (_, index) => `line ${index}`).join("\n");
    expect(drawn(pasted(ten), 40, 12)).toBe(`
┃ann │↑line 6                            ┃
┃    │ line 7                            ┃
┃    │ line 8                            ┃
┃    │ line 9                            ┃
`);
    expect(drawn(pasted(ten) + "\x1b[A".repeat(5), 40, 12)).toBe(`
┃ann │↑line 2                            ┃
┃    │ line 3                            ┃
┃    │ line 4                            ┃
┃    │↓line 5                            ┃
`);
    expect(drawn(pasted(ten) + "\x1b[A".repeat(9), 40, 12)).toBe(`
┃ann │ line 0                            ┃
┃    │ line 1                            ┃
┃    │ line 2                            ┃
┃    │↓line 3                            ┃
`);
  });

  test("on a low screen it is one row: the end of a long line has a cell for the cursor", () => {
    expect(drawn("0123456789".repeat(5), 40, 5)).toBe(`
┃ann │‹89012345678901234567890123456789  ┃
`);
    expect(drawn("你好".repeat(20) + "\x1b[D".repeat(12), 40, 5)).toBe(`
┃ann │‹好你好你好你好你好你好你好你好你 ›┃
`);
    expect(drawn(`hi ${pasted("one\ntwo\n")}`, 40, 5)).toBe(`
┃ann │ hi one⏎two                        ┃
`);
  });

  test("the question about a long paste is short", () => {
    expect(drawn(`hi${pasted(tooLong)}`, 40)).toBe(`
┃524,289 lines pasted: y sends, n drops  ┃
┃ann │ hi                                ┃
`);
  });

  test("a long name takes at most a third", () => {
    expect(drawn("hello", 40, 24, "中村中村中村中村")).toBe(`
┃中村中村中… │ hello                     ┃
`);
  });
});

const tooLong = "x\n".repeat(composerMaxUnits / 2) + "y";

test("at 80 columns the question about a long paste is a whole sentence", () => {
  expect(drawn(pasted(tooLong), 80)).toBe(`
┃524,289 lines pasted: y sends, n drops                                          ┃
┃ann │ Type a message, or /help                                                  ┃
`);
  expect(drawn(pasted(tooLong), 100)).toBe(`
┃Paste of 524,289 lines (1,048,577 characters), too long to edit: y sends it, n drops it.            ┃
┃ann │ Type a message, or /help                                                                      ┃
`);
});

test("at 10 columns the name is left out", () => {
  expect(drawn("hello world", 10)).toBe(`
┃> hello   ┃
┃  world   ┃
`);
});

/** The position of the terminal's cursor, on a screen of nine rows. */
async function cursorAfter(
  keys: string,
  columns: number,
): Promise<{ x: number; y: number; character: string }> {
  const rows = 9;
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  terminal.loadAddon(new UnicodeGraphemesAddon());
  const written: Buffer[] = [];
  const write = (chunk: Buffer, _: unknown, done: () => void): void => {
    written.push(chunk);
    done();
  };
  const stdout = Object.assign(new Writable({ write }), { isTTY: true, columns, rows });
  const snapshot = snapshotAfter(keys);
  const screen = (
    <Box flexDirection="column" height={rows}>
      <Box flexGrow={1}>
        <Text>conversation</Text>
      </Box>
      <Composer snapshot={snapshot} frame={frameOf(columns, rows)} />
    </Box>
  );
  const options = { stdout, stdin: new PassThrough(), interactive: true, patchConsole: false, maxFps: 1000 };
  const ink = render(screen, { ...options, alternateScreen: true, incrementalRendering: true });
  await ink.waitUntilRenderFlush();
  const { promise, resolve } = Promise.withResolvers<void>();
  const output = Buffer.concat(written).toString().replaceAll(moveToSavedColumn, restoreCursor);
  terminal.write(output, resolve);
  await promise;
  const { cursorX: x, cursorY: y } = terminal.buffer.active;
  const character = terminal.buffer.active.getLine(y)?.getCell(x)?.getChars() ?? "";
  ink.unmount();
  return { x, y, character };
}

describe("the terminal's cursor, where an input method opens", () => {
  test.each([
    ["on the placeholder's first character", "", { x: 6, y: 8, character: "T" }],
    ["after the typed text", "你好", { x: 10, y: 8, character: "" }],
    ["on the character at the insertion point", "a你b👨‍👩‍👧c\x1b[D\x1b[D", { x: 10, y: 8, character: "👨‍👩‍👧" }],
    ["after the end of a long line", "x".repeat(100), { x: 7, y: 8, character: "" }],
    ["at the end of a full row", "x".repeat(33), { x: 39, y: 8, character: "" }],
    ["in the row that it was moved to", "one\x1b\rtwo\x1b\rthree\x1b[A\x1b[A", { x: 9, y: 6, character: "" }],
    ["in the line, not in the hint above it", "/c\t", { x: 15, y: 8, character: "" }],
  ])("%s", async (_, keys, expected) => {
    expect(await cursorAfter(keys, 40)).toEqual(expected);
  });
});
