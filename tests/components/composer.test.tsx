import { describe, expect, test } from "bun:test";
import { PassThrough, Writable } from "node:stream";
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import { Terminal } from "@xterm/headless";
import { Box, render, renderToString, Text } from "ink";
import { Composer, countComposerRows } from "../../components/prompt/Composer.tsx";
import type { ComposerSnapshot } from "../../src/input/composer/composer.ts";
import { Composer as ComposerStore } from "../../src/input/composer/composer.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import { english } from "../support/words.ts";
import { translateCommands } from "../../src/view/overlays/help-lines.ts";

const words = { ...english.composer, placeholder: "Type a message, or /help" };

/** The composer after these keys, in a terminal's encoding. */
function snapshotAfter(keys: string): ComposerSnapshot {
  const store = new ComposerStore({ commands: translateCommands(english), names: () => ["bob", "中村"] });
  for (const event of new KeyDecoder().push(Buffer.from(keys))) store.handle(event);
  return store.snapshot();
}

/** The drawn rows in a frame of their width, and the number of rows that the composer asked for. */
function drawn(keys: string, columns: number, name = "ann"): string {
  const snapshot = snapshotAfter(keys);
  const composer = <Composer snapshot={snapshot} name={name} words={words} columns={columns} row={0} />;
  const rows = Bun.stripANSI(renderToString(composer, { columns })).split("\n");
  expect(rows).toHaveLength(countComposerRows(snapshot));
  const padded = rows.map((row) => `┃${row}${" ".repeat(columns - Bun.stringWidth(row))}┃`);
  return `\n${padded.join("\n")}\n`;
}

test("the number of queued lines is at the end of the line", () => {
  const held = (columns: number): string => {
    const composer = (
      <Composer
        snapshot={snapshotAfter("more")}
        name="ann"
        words={words}
        columns={columns}
        queuedLines={3}
        row={0}
      />
    );
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

  test("the end of a long line has a cell for the cursor", () => {
    expect(drawn("0123456789".repeat(5), 40)).toBe(`
┃ann │‹89012345678901234567890123456789  ┃
`);
  });

  test("a long line of wide characters is shown around the cursor", () => {
    expect(drawn("你好".repeat(20) + "\x1b[D".repeat(12), 40)).toBe(`
┃ann │‹好你好你好你好你好你好你好你好你 ›┃
`);
  });

  test("the question about a paste is short", () => {
    expect(drawn("hi\x1b[200~one\ntwo\n\x1b[201~", 40)).toBe(`
┃2 lines pasted: y send, e edit, n drop  ┃
┃ann │ hi                                ┃
`);
  });

  test("a long name takes at most a third", () => {
    expect(drawn("hello", 40, "中村中村中村中村")).toBe(`
┃中村中村中… │ hello                     ┃
`);
  });
});

describe("at 80 columns", () => {
  test("the question about a paste is a whole sentence", () => {
    expect(drawn("\x1b[200~one\ntwo\n\x1b[201~", 80)).toBe(`
┃Paste of 2 lines (8 characters): Enter or y sends, e edits, n drops.            ┃
┃ann │ Type a message, or /help                                                  ┃
`);
  });

  test("a paste edited in the line shows its newlines", () => {
    expect(drawn("hi \x1b[200~one\ntwo\n\x1b[201~e", 80)).toBe(`
┃ann │ hi one⏎two                                                                ┃
`);
  });
});

test("at 120 columns the question includes the number of lines", () => {
  expect(drawn(`\x1b[200~${"ab\n".repeat(1000)}c\x1b[201~`, 120)).toBe(`
┃Paste of 1,001 lines (3,001 characters): Enter or y sends, e edits, n drops.                                            ┃
┃ann │ Type a message, or /help                                                                                          ┃
`);
});

test("at 10 columns the name is left out", () => {
  expect(drawn("hello world", 10)).toBe(`
┃>‹ world  ┃
`);
});

/** The position of the terminal's cursor, with three rows above the composer. */
async function cursorAfter(
  keys: string,
  columns: number,
): Promise<{ x: number; y: number; character: string }> {
  const rows = 5;
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
      <Composer snapshot={snapshot} name="ann" words={words} columns={columns} row={rows - 1} />
    </Box>
  );
  const options = { stdout, stdin: new PassThrough(), interactive: true, patchConsole: false, maxFps: 1000 };
  const ink = render(screen, { ...options, alternateScreen: true, incrementalRendering: true });
  await ink.waitUntilRenderFlush();
  const { promise, resolve } = Promise.withResolvers<void>();
  terminal.write(Buffer.concat(written), resolve);
  await promise;
  const { cursorX: x, cursorY: y } = terminal.buffer.active;
  const character = terminal.buffer.active.getLine(y)?.getCell(x)?.getChars() ?? "";
  ink.unmount();
  return { x, y, character };
}

describe("the terminal's cursor, where an input method opens", () => {
  test.each([
    ["on the placeholder's first character", "", { x: 6, y: 4, character: "T" }],
    ["after the typed text", "你好", { x: 10, y: 4, character: "" }],
    ["on the character at the insertion point", "a你b👨‍👩‍👧c\x1b[D\x1b[D", { x: 10, y: 4, character: "👨‍👩‍👧" }],
    ["after the end of a long line", "x".repeat(100), { x: 38, y: 4, character: "" }],
    ["in the line, not in the hint above it", "/c\t", { x: 15, y: 4, character: "" }],
  ])("%s", async (_, keys, expected) => {
    expect(await cursorAfter(keys, 40)).toEqual(expected);
  });
});
