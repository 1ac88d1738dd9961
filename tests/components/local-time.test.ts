import { afterEach, expect, test } from "bun:test";
import {
  formatLocalStamp,
  formatLocalTime,
  formatLocalTimeAlone,
  getDayFormat,
} from "../../components/paint/local-time.ts";
import { selectRows } from "../../src/view/conversation/conversation-rows.ts";
import { dropRepeatedTimes } from "../../src/view/conversation/dividers.ts";
import { english } from "../support/words.ts";
import { message, scrollbackOf } from "./screen-fixture.ts";

const zone = process.env["TZ"];
afterEach(() => {
  process.env["TZ"] = zone ?? "UTC";
});

const minuteMs = 60 * 1000;

test("localTime formats the time in the local zone, with two digits each", () => {
  const localMidnight = new Date(2026, 0, 1, 0, 5).getTime();
  expect(formatLocalTime(localMidnight)).toBe("00:05");
  expect(formatLocalTime(localMidnight + 17 * 3_600_000)).toBe("17:05");
});

/** The clock is set back at the given moment (UTC), by so many minutes. */
const changes = [
  ["Europe/Berlin", Date.UTC(2026, 9, 25, 1), 60, "02:30+02:00", "02:30+01:00"],
  ["Europe/London", Date.UTC(2026, 9, 25, 1), 60, "01:30+01:00", "01:30+00:00"],
  ["America/New_York", Date.UTC(2026, 10, 1, 6), 60, "01:30-04:00", "01:30-05:00"],
  ["Australia/Lord_Howe", Date.UTC(2026, 3, 4, 15), 30, "01:45+11:00", "01:45+10:30"],
  ["America/Santiago", Date.UTC(2026, 3, 5, 3), 60, "23:30-03:00", "23:30-04:00"],
] as const;

test.each(changes)(
  "in %s times that the clock shows twice have their offset in lines without rules",
  (...given) => {
    const [named, changeMs, minutes, first, second] = given;
    process.env["TZ"] = named;
    const half = (minutes / 2) * minuteMs;
    expect(formatLocalTimeAlone(changeMs - half)).toBe(first);
    expect(formatLocalTimeAlone(changeMs + half)).toBe(second);
    expect(formatLocalStamp(changeMs + half)).toMatch(
      new RegExp(`^2026-\\d\\d-\\d\\d ${second.slice(0, 5)}:00\\${second.slice(5)}$`),
    );
    const once = [-minutes * minuteMs - 1, minutes * minuteMs, -24 * 60 * minuteMs, 24 * 60 * minuteMs];
    for (const ms of once) expect(formatLocalTimeAlone(changeMs + ms)).toMatch(/^\d\d:\d\d$/);
  },
);

test("when the clock is set forward, or in a zone that never is, no time has an offset", () => {
  process.env["TZ"] = "Europe/Berlin";
  for (let minute = -300; minute < 300; minute += 15)
    expect(formatLocalTimeAlone(Date.UTC(2026, 2, 29, 1) + minute * minuteMs)).toMatch(/^\d\d:\d\d$/);
  process.env["TZ"] = "Asia/Shanghai";
  expect(formatLocalTimeAlone(Date.UTC(2026, 9, 25, 1))).toBe("09:00");
});

test("on the screen a rule with the offset precedes the second 01:30, whose time is shown again", () => {
  process.env["TZ"] = "Europe/London";
  const changeMs = Date.UTC(2026, 9, 25, 1);
  const entries = [-30, 30, 31, 24 * 60].map((minute, index) =>
    message(index + 1, "bob", `line ${index + 1}`, { atMs: changeMs + minute * minuteMs }),
  );
  const formats = { formatTime: formatLocalTime, formatDay: getDayFormat(english), words: english };
  const { rows } = selectRows(scrollbackOf(entries), { columns: 60, rows: 12, ...formats, anchor: "newest" });
  expect(
    dropRepeatedTimes(rows).map(({ kind, time, text }) =>
      kind === "rule" ? text.replace(/ ─+$/, "") : time,
    ),
  ).toEqual([
    "01:30",
    "──── Sunday 25 October 2026, UTC+00:00",
    "01:30",
    "01:31",
    "──── Monday 26 October 2026",
    "01:00",
  ]);
});
