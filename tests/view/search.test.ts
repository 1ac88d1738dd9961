import { describe, expect, test } from "bun:test";
import { pressKey } from "../../src/input/keys/key-event.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import { Scrollback } from "../../src/chat/log/scrollback.ts";
import { scrollbackMaxLines, searchMatchesMax } from "../../src/protocol/limits.ts";
import {
  type ScrollAnchor,
  scrollBy,
  scrollToTop,
  selectRows,
} from "../../src/view/conversation/conversation-rows.ts";
import { openSearch, pressInSearch, formatCount, type SearchResult } from "../../src/view/search/search.ts";
import { findMatches, compileSearch } from "../../src/view/conversation/search-matches.ts";
import { formatTime, message, notice, scrollbackOf } from "../components/screen-fixture.ts";
import { english } from "../support/words.ts";

/** Leaves 23 columns for the text next to a short name. */
const shape = { columns: 37, rows: 4, formatTime, words: english };

function lines(count: number): Scrollback {
  return scrollbackOf(
    Array.from({ length: count }, (_, index) =>
      message(index + 1, "bob", (index + 1) % 10 === 0 ? `Line ${index + 1} is found` : `line ${index + 1}`),
    ),
  );
}

/** The search after these keys, as a terminal sends them. */
function searched(scrollback: Scrollback, keys: string, anchor: ScrollAnchor = "newest", term = "") {
  const view = { transport: "tcp", scrollback, shape } as const;
  let result: SearchResult = openSearch({ ...view, anchor }, term);
  for (const event of new KeyDecoder().push(Buffer.from(keys))) {
    if (result.search === undefined) throw new Error("the search is over");
    result = pressInSearch(result.search, event, { ...view, anchor: result.anchor });
  }
  const highlight = result.search && { term: result.search.line.text, current: result.search.match };
  const { rows } = selectRows(scrollback, { ...shape, anchor: result.anchor, highlight });
  return { ...result, seen: rows.map(({ text }) => text), rows };
}

function count(scrollback: Scrollback, keys: string): string {
  const { search } = searched(scrollback, keys);
  return search === undefined ? "over" : formatCount(search, english.search);
}

/** The highlighted text, the current match in brackets. */
function highlighted({ rows }: ReturnType<typeof searched>): string[] {
  return rows.flatMap(({ text, highlights: spans = [] }) =>
    spans.map(({ start, end, isCurrent }) =>
      isCurrent ? `[${text.slice(start, end)}]` : text.slice(start, end),
    ),
  );
}

/** The highlighted part of each row's name. */
function highlightedNames({ rows }: ReturnType<typeof searched>): string[] {
  return rows.map(({ name = "", nameHighlights = [] }) =>
    nameHighlights
      .map(({ start, end, isCurrent }) =>
        isCurrent ? `[${name.slice(start, end)}]` : name.slice(start, end),
      )
      .join(""),
  );
}

const up = "\x1b[A";
const down = "\x1b[B";

describe("the current match", () => {
  test("is the newest one at first; ↑ and Ctrl-R move it up, ↓ and Ctrl-S down", () => {
    const scrollback = lines(50);
    expect(count(scrollback, "found")).toBe("5/5");
    expect(count(scrollback, `found${up}`)).toBe("4/5");
    expect(count(scrollback, "found\x12\x12")).toBe("3/5");
    expect(count(scrollback, `found${up}${up}${down}`)).toBe("4/5");
    expect(count(scrollback, `found${up}${up}\x13`)).toBe("4/5");
  });

  test("wraps around at both ends", () => {
    expect(count(lines(20), `found${up}${up}`)).toBe("2/2");
    expect(count(lines(20), `found${down}`)).toBe("1/2");
  });

  test("stays while the term is typed and still matches", () => {
    const scrollback = lines(50);
    expect(searched(scrollback, "line 3").seen).toContain("line 39");
    expect(searched(scrollback, "line 31").seen).toContain("line 31");
    expect(count(scrollback, "nowhere")).toBe("not found");
    expect(searched(scrollback, "nowhere").seen.at(-1)).toBe("Line 50 is found");
    expect(count(scrollback, "")).toBe("");
  });

  test("is searched from the lowest entry in view if the view is scrolled up", () => {
    const anchor = { entryId: lines(50).at(17)!.id, rowOffset: 0 };
    expect(formatCount(searched(lines(50), "", anchor, "found").search!, english.search)).toBe("2/5");
  });

  test("is scrolled into view with rows around it, unless it is in view already", () => {
    expect(searched(lines(50), `found${up}`).seen).toEqual([
      "line 38",
      "line 39",
      "Line 40 is found",
      "line 41",
    ]);
    expect(searched(lines(50), "line 49").seen).toEqual([
      "line 47",
      "line 48",
      "line 49",
      "Line 50 is found",
    ]);
  });

  test("stays in view when entries are added", () => {
    const scrollback = lines(20);
    const { anchor } = searched(scrollback, "found");
    for (let id = 21; id < 40; id += 1) scrollback.push(message(id, "bob", `line ${id}`));
    expect(selectRows(scrollback, { ...shape, anchor }).rows.at(-1)?.text).toBe("Line 20 is found");
  });
});

describe("the keys of the search", () => {
  test("Escape, Ctrl-C and Ctrl-G restore the view, Enter keeps it", () => {
    const scrollback = lines(50);
    for (const key of ["\x1b[27u", "\x03", "\x07"])
      expect(searched(scrollback, `found${up}${up}${key}`)).toMatchObject({
        search: undefined,
        anchor: "newest",
      });
    const stayed = searched(scrollback, `found${up}${up}\r`);
    expect(stayed.search).toBeUndefined();
    expect(stayed.seen).toContain("Line 30 is found");
  });

  test("edit the term as in the composer; of a paste the first line is taken", () => {
    expect(searched(lines(50), "xfound\x01\x1b[3~").search?.line.text).toBe("found");
    expect(searched(lines(50), "\x1b[200~found\nmore\x1b[201~").search).toMatchObject({ count: 5 });
  });

  test("are the screen's if the search does not use them", () => {
    const view = { transport: "tcp", scrollback: lines(50), shape, anchor: "newest" } as const;
    const { search } = openSearch(view, "found");
    for (const key of [pressKey("page-up"), pressKey("f1"), pressKey("t", { ctrl: true })])
      expect(pressInSearch(search!, key, view).isUsed).toBe(false);
  });

  test("repeat the previous term if the new one is empty", () => {
    const view = { transport: "tcp", scrollback: lines(50), shape, anchor: "newest" } as const;
    const { search } = openSearch(view, "", "found");
    expect(pressInSearch(search!, pressKey("r", { ctrl: true }), view).search).toMatchObject({ position: 5 });
  });
});

describe("a search finds", () => {
  test("case-sensitively only if the term has a capital", () => {
    const scrollback = scrollbackOf([message(1, "bob", "Straße ÄÖ äö"), message(2, "bob", "äö")]);
    expect(count(scrollback, "äö")).toBe("3/3");
    expect(count(scrollback, "ÄÖ")).toBe("1/1");
    expect(count(scrollback, "stra")).toBe("1/1");
  });

  test("characters of patterns literally", () => {
    const scrollback = scrollbackOf([message(1, "bob", String.raw`a.b (c) [d] \e $f ^g {h} |i/ *?+`)]);
    for (const term of [".", "(c)", "[d]", String.raw`\e`, "$f", "^g", "{h}", "|i/", "*?+"])
      expect([term, count(scrollback, term)]).toEqual([term, "1/1"]);
  });

  test("every match in a line, the current one highlighted differently", () => {
    const scrollback = scrollbackOf([message(1, "bob", "one two one"), message(2, "bob", "one")]);
    expect(highlighted(searched(scrollback, "one"))).toEqual(["one", "one", "[one]"]);
    expect(highlighted(searched(scrollback, `one${up}`))).toEqual(["one", "[one]", "one"]);
  });

  test("a wrapped match, highlighted in both rows", () => {
    const scrollback = scrollbackOf([message(1, "bob", "see twenty columns and more of them")]);
    expect(searched(scrollback, "").seen).toEqual(["see twenty columns and", "more of them"]);
    expect(highlighted(searched(scrollback, "and more"))).toEqual(["[and]", "[more]"]);
    const cut = scrollbackOf([message(1, "bob", "0123456789".repeat(5))]);
    expect(highlighted(searched(cut, "90123"))).toEqual(["90123", "9012", "3", "90123", "[90123]"]);
  });

  test("the row of a match in a message that is higher than the view", () => {
    const long = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ");
    const { seen } = searched(scrollbackOf([message(1, "bob", long), message(2, "bob", "end")]), "word30");
    expect(seen.join(" ")).toContain("word30 ");
  });

  test("matches in all lines of a datagram, in a /me, a notice and its hint", () => {
    const scrollback = scrollbackOf([
      message(1, "bob", "first\n\nthird here"),
      message(2, "bob", "waves", { action: true }),
      notice(3, "error", "it was refused", "start a duet here"),
    ]);
    expect(highlighted(searched(scrollback, "here"))).toEqual(["here", "[here]"]);
    expect(highlighted(searched(scrollback, `here${up}`))[0]).toBe("[here]");
    expect(highlighted(searched(scrollback, "bob waves"))).toEqual(["[bob waves]"]);
    expect(highlighted(searched(scrollback, "refused"))).toEqual(["[refused]"]);
  });

  test("the author, whose name precedes the text", () => {
    const scrollback = scrollbackOf([
      message(1, "bob", "ask ann"),
      message(2, "ann", "bob?", { direction: "out" }),
      message(3, "bob", "here, bob"),
    ]);
    expect(count(scrollback, "bob")).toBe("4/4");
    expect(highlightedNames(searched(scrollback, "bob"))).toEqual(["bob", "", "bob"]);
    expect(highlighted(searched(scrollback, "bob"))).toEqual(["bob", "[bob]"]);
    const above = searched(scrollback, `bob${up}`);
    expect([highlightedNames(above), highlighted(above)]).toEqual([
      ["bob", "", "[bob]"],
      ["bob", "bob"],
    ]);
    expect(highlightedNames(searched(scrollback, "an"))).toEqual(["", "[an]", ""]);
    expect(count(scrollback, "BOB")).toBe("not found");
    expect(count(lines(20), "bo")).toBe("20/20");
  });

  test("a name below a day rule, and scrolls to the name rather than the rule", () => {
    const formatDay = (atMs: number): string => (atMs < message(20, "", "").atMs ? "one day" : "the next");
    const scrollback = scrollbackOf([message(1, "ann", "a"), message(20, "bob", "b")]);
    const days = { ...shape, formatDay, rows: 1 };
    const above = { entryId: scrollback.at(0)!.id, rowOffset: 0 };
    const view = { transport: "tcp", scrollback, shape: days, anchor: above } as const;
    const { search, anchor } = openSearch(view, "bob");
    const highlight = { term: "bob", current: search?.match };
    const { rows } = selectRows(scrollback, { ...days, anchor, highlight });
    expect(rows.map(({ name, nameHighlights }) => [name, nameHighlights?.length])).toEqual([["bob", 1]]);
  });

  test("the addressee of a private message, and the author of a /me once", () => {
    const scrollback = scrollbackOf([
      message(1, "ann", "psst", { direction: "out", privateWith: "bob" }),
      message(2, "bob", "what?", { privateWith: "ann" }),
      message(3, "bob", "waves", { action: true }),
    ]);
    const found = searched(scrollback, "bob");
    expect([highlightedNames(found), highlighted(found), found.search?.count]).toEqual([
      ["bob", "bob", ""],
      ["[bob]"],
      3,
    ]);
    expect(count(scrollback, "ann")).toBe("not found");
  });

  test("a truncated name: the visible part is highlighted, or else all of it", () => {
    // The name column is 8 wide.
    const cut = scrollbackOf([message(1, "bartholomew", "x"), message(2, "127.0.0.1:51234", "y")]);
    const names = (term: string): string[] => highlightedNames(searched(cut, term));
    expect(names("barth")).toEqual(["[barth]", ""]);
    expect(names("tholomew")).toEqual(["[thol]", ""]);
    expect(names("mew")).toEqual(["[barthol…]", ""]);
    expect(names("512")).toEqual(["", "[512]"]);
    expect(names("127.0")).toEqual(["", "[…1:51234]"]);
  });

  test("invisible characters as they are written out", () => {
    const scrollback = scrollbackOf([message(1, "bob", "a\x1b[31mb\u200bc")]);
    expect(highlighted(searched(scrollback, "<u+200b>"))).toEqual(["[<U+200B>]"]);
    expect(highlighted(searched(scrollback, "␛[31m"))).toEqual(["[␛[31m]"]);
  });
});

test("a search reads each of ten thousand lines once, and its matches are bounded", () => {
  const many = new CountingScrollback(english.word);
  for (let id = 1; id <= scrollbackMaxLines; id += 1)
    many.push(
      message(id, "bob", `line ${id} of many, with 你好 and some eighty columns of text, as people say it`),
    );
  expect(findMatches(many, compileSearch("LINE 77")!)).toHaveLength(0);
  expect(many.reads).toBe(scrollbackMaxLines);
  expect(findMatches(many, compileSearch("line 77")!)).toHaveLength(111);
  expect(findMatches(many, compileSearch("e")!)).toHaveLength(searchMatchesMax);
});

/** Counts the lines that are read. */
class CountingScrollback extends Scrollback {
  reads = 0;

  override at(index: number) {
    this.reads += 1;
    return super.at(index);
  }
}

test("a line of a million characters is searched and highlighted, and its matches are bounded", () => {
  const scrollback = scrollbackOf([message(1, "ann", "e ".repeat(500_000), { direction: "out" })]);
  searched(scrollback, "e");
  const { search, rows } = searched(scrollback, "", "newest", "e");
  expect(formatCount(search!, english.search)).toBe(`${searchMatchesMax}/${searchMatchesMax}+`);
  expect(rows).toHaveLength(shape.rows);
});

describe("entries added since the view was scrolled up", () => {
  function newCount(scrollback: Scrollback, anchor: ScrollAnchor): number {
    return selectRows(scrollback, { ...shape, anchor }).newCount;
  }

  test("are counted, and older ones are not", () => {
    const scrollback = lines(20);
    const up = scrollBy(scrollback, shape, "newest", -8);
    expect(newCount(scrollback, up)).toBe(0);
    for (const id of [21, 22, 23]) scrollback.push(message(id, "bob", `line ${id}`));
    expect(newCount(scrollback, up)).toBe(3);
    const further = scrollBy(scrollback, shape, up, -4);
    expect(newCount(scrollback, further)).toBe(3);
    expect(newCount(scrollback, scrollToTop(scrollback, shape, further))).toBe(3);
  });

  test("are not new any more once they were in view", () => {
    const scrollback = lines(20);
    const up = scrollBy(scrollback, shape, "newest", -2);
    for (let id = 21; id <= 30; id += 1) scrollback.push(message(id, "bob", `line ${id}`));
    expect(newCount(scrollback, up)).toBe(10);
    const down = scrollBy(scrollback, shape, up, 5);
    expect(newCount(scrollback, down)).toBe(7);
    expect(newCount(scrollback, scrollBy(scrollback, shape, down, -5))).toBe(7);
    expect(newCount(scrollback, "newest")).toBe(0);
  });

  test("are counted even if the last entry seen was dropped", () => {
    const scrollback = new Scrollback(english.word, { lines: 10, units: 10_000 });
    for (let id = 1; id <= 10; id += 1) scrollback.push(message(id, "bob", `line ${id}`));
    const up = scrollBy(scrollback, shape, "newest", -5);
    for (let id = 11; id <= 40; id += 1) scrollback.push(message(id, "bob", `line ${id}`));
    expect(newCount(scrollback, up)).toBeGreaterThan(0);
    expect(newCount(scrollback, up)).toBeLessThanOrEqual(10);
  });
});
