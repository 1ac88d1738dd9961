/** Words of many scripts in tmux, which has a width table of its own: typed code point by code point, and received. */

import { expect } from "bun:test";
import { cleanText } from "../../src/protocol/text/text.ts";
import { measureColumns } from "../../src/protocol/text/width.ts";
import { Folder } from "../support/duet.ts";
import { withPrograms } from "../support/programs.ts";
import { commandOf, screenEnvironment } from "../support/screens.ts";
import { selectWords } from "../support/scripts.ts";
import { followTableInTests, knownTables } from "../support/widths.ts";
import { Tmux, type TmuxScreen } from "../support/tmux.ts";

followTableInTests(knownTables.tmux);

const clearScreen = "\x1b[2J";
const frameStart = "\x1b[?2026h";
const frameEnd = "\x1b[?2026l";
const rows = 14;
const name = "ज्ञानी";
const widths = [120, 80, 40];

/** tmux 3.3a keeps a joiner back until the next character, and has no cell for emoji that its C library does not know. */
function simplify(text: string): string {
  return text
    .replace(/\u200C|\u200D|\uFE0E/g, "")
    .replace(/[\u{1FAE8}-\u{1FAEF}]/gu, "")
    .trimEnd();
}

/** A frame is complete since the output had this length, in bytes. */
function hasDrawn(tmux: Tmux, before: number): boolean {
  return tmux.outputBytes > before && tmux.output().endsWith(frameEnd);
}

/** Of the screen, which must not change meanwhile: a line that grows is closed after a second of silence. */
async function expectRedrawn(tmux: Tmux, what: string): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    const before = tmux.output().length;
    const shown = await tmux.screen();
    await tmux.press("C-l");
    const redrawn = await tmux.waitFor(() => {
      const written = tmux.output().slice(before);
      return written.includes(clearScreen) && written.endsWith(frameEnd);
    }, "a redraw");
    const frames = tmux.output().slice(before).split(frameStart).length - 1;
    if (frames > 1) continue;
    expect(withoutCounters(redrawn), what).toEqual(withoutCounters(shown));
    return;
  }
  throw new Error(`other frames came between the redraws: ${what}`);
}

/** The amounts of bytes and their rates change at any time. */
function withoutCounters({ rows: drawn, cursor }: TmuxScreen): TmuxScreen {
  return { rows: drawn.map((row) => row.replace(/↓.*$/, "↓")), cursor };
}

/** tmux with a program that shows what is typed. */
function openRuler(folder: Folder): Promise<Tmux> {
  const command = ["sh", "-c", "stty raw -echo; echo ready; exec cat"];
  return Tmux.open(command, { columns: 120, rows: 2 }, screenEnvironment(folder));
}

/** Where tmux itself leaves the cursor after a text. */
async function measureOn(ruler: Tmux, text: string): Promise<number> {
  await ruler.type(`\x1b[2J\x1b[2;1H${text.length} done\x1b[1;1H${text}`);
  const { cursor } = await ruler.waitFor(
    ({ rows: [first = "", second] }) =>
      simplify(first) === simplify(text) && second === `${text.length} done`,
    `${text} on the ruler`,
  );
  return cursor.column;
}

withPrograms(["tmux"])(
  "in tmux the screen equals a full redraw after each code point typed, and after each piece received",
  async () => {
    for (const columns of widths) {
      using folder = new Folder();
      await using ruler = await openRuler(folder);
      const path = `${folder.path}/talk`;
      const command = commandOf(["-l", "-U", path, "--name", name]);
      await using tmux = await Tmux.open(command, { columns, rows }, screenEnvironment(folder));
      await tmux.waitFor((seen) => (seen.rows.at(-1) ?? "").startsWith(`${name} │`), "the first frame");
      const nc = await Bun.connect({ unix: path, socket: { data() {} } });
      await tmux.waitFor((seen) => seen.rows.some((row) => row.includes("-->")), "nc");
      for (const [script, word] of selectWords(columns, widths)) {
        await typeWord(tmux, ruler, `${script} at ${columns}`, word);
        await receiveWord(tmux, nc, `${script} at ${columns}`, word, columns);
      }
      nc.end();
    }
  },
  600_000,
);

/** The width of the peers' panel at 120 columns. */
const panelColumns = 36;

function hasBorderAt(row: string, column: number): boolean {
  return [...row.matchAll(/│/g)].some(({ index }) => measureColumns(row.slice(0, index)) === column);
}

async function typeWord(tmux: Tmux, ruler: Tmux, script: string, word: string): Promise<void> {
  let typed = "";
  for (const character of word) {
    typed += character;
    const before = tmux.outputBytes;
    await tmux.type(character);
    const expected = `${name} │ ${cleanText(typed)}`;
    const shown = await tmux.waitFor(
      (seen) => simplify(seen.rows.at(-1) ?? "") === simplify(expected) && hasDrawn(tmux, before),
      `${expected} (${script})`,
    );
    await expectRedrawn(tmux, script);
    const column = await measureOn(ruler, expected);
    expect([script, typed, shown.cursor]).toEqual([script, typed, { column, row: rows - 1 }]);
  }
  await tmux.press("Enter");
  await tmux.waitFor(
    (seen) => seen.rows.at(-1)?.startsWith(`${name} │ type`) ?? false,
    `${script} to be sent`,
  );
}

async function receiveWord(
  tmux: Tmux,
  nc: { readonly write: (text: string) => unknown },
  script: string,
  word: string,
  columns: number,
): Promise<void> {
  let grown = "";
  const characters = Array.from(word);
  const pieces = [characters.slice(0, 2), characters.slice(2, 4), [...characters.slice(4), " end"]];
  for (const piece of pieces.map((part) => part.join("")).filter((part) => part !== "")) {
    grown += piece;
    const before = tmux.outputBytes;
    nc.write(piece);
    const text = simplify(`│ ${cleanText(grown)}▌`);
    const shown = await tmux.waitFor(
      (seen) => seen.rows.some((row) => simplify(row).includes(text)) && hasDrawn(tmux, before),
      `${text} (${script})`,
    );
    await expectRedrawn(tmux, script);
    if (columns < 100) continue;
    const crooked = shown.rows.slice(1, rows - 2).filter((row) => !hasBorderAt(row, columns - panelColumns));
    expect(crooked, script).toEqual([]);
  }
  nc.write("\n");
  await tmux.waitFor((seen) => !seen.rows.some((row) => row.includes("▌")), `the end of ${script}`);
}
