/** The rules across a conversation: at a new day, and before the first unread entry. */

import { expect, test } from "bun:test";
import { scrollBy, selectRows } from "../../src/view/conversation/conversation-rows.ts";
import { dropRepeatedTimes } from "../../src/view/conversation/dividers.ts";
import { formatTime, message, scrollbackOf } from "../components/screen-fixture.ts";
import { english } from "../support/words.ts";

const formatDay = (atMs: number): string => `day ${new Date(atMs).getUTCDate()}`;
const shape = { columns: 40, rows: 12, formatTime, words: english, formatDay };
const hourMs = 60 * 60 * 1000;

/** The label of a rule, or the text of another row. */
function drawn(entries: Parameters<typeof scrollbackOf>[0], unreadAfter?: number): readonly string[] {
  const scrollback = scrollbackOf(entries);
  scrollback.unreadAfter = unreadAfter;
  return selectRows(scrollback, { ...shape, anchor: "newest" }).rows.map(({ kind, text }) =>
    kind === "rule" ? text.replace(/ ─+$/, "") : text,
  );
}

function at(id: number, hour: number) {
  return message(id, "bob", `line ${id}`, { atMs: Date.UTC(2026, 0, 1) + hour * hourMs });
}

test("a day starts with a rule that names it, but not above the oldest entry", () => {
  expect(drawn([at(1, 22), at(2, 23.9), at(3, 24.1), at(4, 24.2), at(5, 80)])).toEqual([
    "line 1",
    "line 2",
    "──── day 2",
    "line 3",
    "line 4",
    "──── day 4",
    "line 5",
  ]);
});

test("a rule precedes the first unread entry, below the rule of a new day", () => {
  expect(drawn([at(1, 1), at(2, 2), at(3, 25)], 2)).toEqual([
    "line 1",
    "line 2",
    "──── day 2",
    "──── new",
    "line 3",
  ]);
  expect(drawn([at(1, 1), at(2, 2)], 2)).toEqual(["line 1", "line 2"]);
  expect(drawn([at(7, 1), at(8, 2)], 3)).toEqual(["──── new", "line 7", "line 8"]);
});

test("a rule is as wide as the conversation, and scrolls like a row", () => {
  const scrollback = scrollbackOf([at(1, 1), at(2, 25), at(3, 26)]);
  const request = { ...shape, rows: 2 };
  const anchor = scrollBy(scrollback, request, "newest", -1);
  const { rows } = selectRows(scrollback, { ...request, anchor });
  expect(rows.map(({ text }) => Bun.stringWidth(text))).toEqual([40, "line 2".length]);
  expect(scrollBy(scrollback, request, anchor, 1)).toBe("newest");
});

test("a repeated time is left out, except below a rule or at the top of the view", () => {
  const scrollback = scrollbackOf([at(1, 1), at(2, 1), at(3, 1), at(4, 2)]);
  scrollback.unreadAfter = 2;
  const { rows } = selectRows(scrollback, { ...shape, anchor: "newest" });
  expect(dropRepeatedTimes(rows).map(({ time }) => time)).toEqual([
    "01:00",
    undefined,
    undefined,
    "01:00",
    "02:00",
  ]);
});
