/** Mentions and links in wrapped rows, and the pieces in which a row is painted. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { MessageEntry } from "../../src/chat/log/entry.ts";
import { selectRows } from "../../src/view/conversation/conversation-rows.ts";
import { cutRow } from "../../src/view/conversation/row-pieces.ts";
import { formatTime, message, notice, scrollbackOf } from "../components/screen-fixture.ts";
import type { Row } from "../../src/view/conversation/row.ts";
import { english } from "../support/words.ts";

function rowsOf(text: string, columns = 80, rest: Partial<MessageEntry> = {}): readonly Row[] {
  const scrollback = scrollbackOf([message(1, "bob", text, rest)]);
  return selectRows(scrollback, {
    columns,
    rows: 100,
    formatTime,
    words: english,
    anchor: "newest",
    ourName: "ann",
  }).rows;
}

function linksOf(rows: readonly Row[]): readonly (readonly [string, string, string])[] {
  return rows.flatMap((row) =>
    cutRow(row).flatMap(({ text, link }) => (link === undefined ? [] : [[text, link.url, link.id] as const])),
  );
}

describe("a link", () => {
  test("that is wrapped has the whole URL in every part, with one id", () => {
    const url = "https://example.org/a/very/long/path/that/fits/on/no/row?of=forty&columns=at#all";
    const rows = rowsOf(`see ${url} and more`, 40);
    const links = linksOf(rows);
    expect(links.length).toBeGreaterThan(2);
    expect(links.map(([text]) => text).join("")).toBe(url);
    expect(new Set(links.map(([, whole, id]) => `${whole} ${id}`))).toEqual(
      new Set([`${url} ${links[0]?.[2]}`]),
    );
  });

  test("has an id of its own, even if the same URL occurs twice", () => {
    const ids = linksOf(rowsOf("http://a.example http://a.example\nhttp://a.example")).map(([, , id]) => id);
    expect(new Set(ids).size).toBe(3);
  });

  test("is also found in sent messages, but not in notices", () => {
    expect(linksOf(rowsOf("http://a.example", 80, { direction: "out" }))).toHaveLength(1);
    const scrollback = scrollbackOf([notice(1, "info", "http://a.example")]);
    const request = {
      columns: 80,
      rows: 9,
      formatTime,
      words: english,
      anchor: "newest",
      ourName: "ann",
    } as const;
    expect(linksOf(selectRows(scrollback, request).rows)).toEqual([]);
  });

  test("leads only where its text reads, even within a peer's OSC 8 sequence", () => {
    const [row] = rowsOf("\x1b]8;;https://evil.example\x1b\\https://good.example\x1b]8;;\x1b\\");
    expect(row?.text).toContain("␛]8;;https://evil.example␛");
    expect(linksOf([row!]).map(([text, url]) => text === url)).toEqual([true, true]);
  });
});

describe("a mention", () => {
  const names = (rows: readonly Row[]) =>
    rows.flatMap((row) => cutRow(row).filter(({ isMention }) => isMention)).map(({ text }) => text);

  test("highlights the name, and marks every row of the message", () => {
    const rows = rowsOf(`${"word ".repeat(20)} Ann, hi`, 40);
    expect(names(rows)).toEqual(["Ann"]);
    expect(rows.every(({ isMention }) => isMention === true)).toBe(true);
  });

  test("is not found in sent messages, in the author of /me, or within a word", () => {
    expect(rowsOf("ann", 80, { direction: "out" })[0]?.isMention).toBeUndefined();
    expect(rowsOf("waves", 80, { action: true, name: "ann" })[0]?.isMention).toBeUndefined();
    expect(names(rowsOf("waves to ann", 80, { action: true, name: "ann" }))).toEqual(["ann"]);
    expect(rowsOf("anna")[0]?.isMention).toBeUndefined();
  });

  test("inside a link is none", () => {
    const [row] = rowsOf("http://ann.example/ ann");
    const pieces = cutRow(row!).filter(({ isMention }) => isMention);
    expect(pieces.map(({ text, link }) => [text, link?.url])).toEqual([["ann", undefined]]);
  });
});

test("the pieces of a row add up to its text, whatever it contains", () => {
  const piece = fc.oneof(fc.constantFrom("ann", " ", "http://a.b/c", "\n", "你好", "(", ")."), fc.string());
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 20, max: 90 }), (words, columns) => {
      for (const row of rowsOf(words.join(""), columns)) {
        expect(
          cutRow(row)
            .map(({ text }) => text)
            .join(""),
        ).toBe(row.text);
      }
    }),
    { numRuns: 200 },
  );
});
