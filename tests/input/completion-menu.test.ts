import { describe, expect, test } from "bun:test";
import { Composer } from "../../src/input/composer/composer.ts";
import { buildMenu, menuRowsMax } from "../../src/input/composer/completion-menu.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { english } from "../support/words.ts";
import { translateCommands } from "../../src/view/overlays/help-lines.ts";

const paths = (): string[] => ["a\x1b[31m.txt", "你好.txt"];

/** The menu after these keys, in a frame of its width. */
function drawn(keys: string, columns: number, rows = 20): string {
  const composer = new Composer({
    commands: translateCommands(english),
    names: () => ["bob", "bobby"],
    paths,
  });
  for (const event of new KeyDecoder().push(Buffer.from(keys))) composer.handle(event);
  const { completion } = composer.snapshot();
  if (completion === undefined) return "closed";
  const menu = buildMenu(completion, english, columns, rows);
  return `\n${menu.map(({ text, isSelected }) => `┃${text}${isSelected ? "◀" : "┃"}`).join("\n")}\n`;
}

describe("at 60 columns", () => {
  test("each command has its summary, and the chosen one is marked", () => {
    expect(drawn("/c\t\t", 60)).toBe(`
┃  /connect HOST PORT  connect to a peer                     ┃
┃▸ /close [PEER]       close a peer's connection, or this si…◀
┃  /clear              empty the conversation on this screen ┃
`);
  });

  test("nothing is marked before a choice", () => {
    expect(drawn("bo\t", 60)).toBe(`
┃  bob                                                       ┃
┃  bobby                                                     ┃
`);
  });

  test("control characters in a path are written out", () => {
    expect(drawn("/save \t", 60)).toContain("a␛[31m.txt");
  });
});

test("at 30 columns summaries are left out, and at 10 labels are cut", () => {
  expect(drawn("/c\t\t", 30)).toBe(`
┃  /connect HOST PORT          ┃
┃▸ /close [PEER]               ◀
┃  /clear                      ┃
`);
  for (const columns of [10, 20, 30, 40, 80, 200])
    for (const row of drawn("/\t\t\t", columns).trim().split("\n"))
      expect(measureColumns(row)).toBe(columns + 2);
});

test("the menu shows one page, with its position", () => {
  const pages = (presses: number): string[] =>
    drawn(`/${"\t".repeat(presses)}`, 60)
      .trim()
      .split("\n");
  expect(pages(1)).toHaveLength(menuRowsMax);
  expect(pages(1).at(-1)).toMatch(/ 1–6 of \d+ ┃$/);
  expect(pages(6).at(-1)).toMatch(/▸ .* 1–6 of \d+ ◀$/);
  expect(pages(7)[0]).toMatch(/▸/);
  expect(pages(7).at(-1)).toMatch(/ 7–12 of \d+ ┃$/);
  expect(drawn("/\t\t", 60, 1).trim()).toMatch(/▸ \/tcp .* 2–2 of \d+ ◀$/);
});
