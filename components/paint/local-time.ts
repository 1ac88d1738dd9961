/** Formats times in the local time zone. No other file uses the time zone. */

import type { Words } from "../../src/words/tables/words.ts";

/** `HH:MM`, 24 hours, in the time zone of the process. A rule of getDayFormat precedes an hour that comes again. */
export function formatLocalTime(atMs: number): string {
  const date = new Date(atMs);
  return `${formatTwoDigits(date.getHours())}:${formatTwoDigits(date.getMinutes())}`;
}

/** `HH:MM`, and the offset if the zone's clock shows it twice, `01:30+01:00`: for lines without rules. */
export function formatLocalTimeAlone(atMs: number): string {
  return formatLocalTime(atMs) + formatRepeated(atMs);
}

/** `HH:MM:SS.mmm`, in the same zone: calls follow each other within milliseconds. */
export function formatLocalClock(atMs: number): string {
  const date = new Date(atMs);
  const fraction = String(date.getMilliseconds()).padStart(3, "0");
  return `${formatLocalTime(atMs)}:${formatTwoDigits(date.getSeconds())}.${fraction}`;
}

/**
 * `YYYY-MM-DD HH:MM:SS`, in the same zone, and the offset if the zone's clock shows it twice: for text that is read on
 * another day.
 */
export function formatLocalStamp(atMs: number): string {
  const date = new Date(atMs);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(formatTwoDigits).join("-");
  return `${day} ${formatLocalTime(atMs)}:${formatTwoDigits(date.getSeconds())}${formatRepeated(atMs)}`;
}

const dayFormats = new WeakMap<Words, (atMs: number) => string>();

/**
 * Formats `Tuesday 24 November 2026`, in the same zone, and with the offset, `Sunday 25 October 2026, UTC+01:00`, once
 * the clock was changed on that day. The same words always get the same function.
 */
export function getDayFormat(words: Words): (atMs: number) => string {
  const known = dayFormats.get(words);
  if (known !== undefined) return known;
  const format = (atMs: number): string => {
    const date = new Date(atMs);
    const [year, month, day] = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
    const named = words.day({ year, month, day, weekday: date.getDay() });
    const atMidnight = new Date(year, month - 1, day).getTimezoneOffset();
    return atMidnight === date.getTimezoneOffset() ? named : `${named}, UTC${formatOffset(date)}`;
  };
  dayFormats.set(words, format);
  return format;
}

/** The clock changes at most once in this time, and by less. */
const changeMs = 3 * 60 * 60 * 1000;
const minuteMs = 60 * 1000;

/** The offset of a time that the clock shows twice, as it was set back shortly before or will be shortly after; else empty. */
function formatRepeated(atMs: number): string {
  const here = getOffset(atMs);
  const later = getOffset(atMs + changeMs);
  const earlier = getOffset(atMs - changeMs);
  const isFirst = later > here && getOffset(atMs + (later - here) * minuteMs) === later;
  const isSecond = earlier < here && getOffset(atMs - (here - earlier) * minuteMs) === earlier;
  return isFirst || isSecond ? formatOffset(new Date(atMs)) : "";
}

/** Minutes west of UTC: more of them once the clock was set back. */
function getOffset(atMs: number): number {
  return new Date(atMs).getTimezoneOffset();
}

/** `+01:00` */
function formatOffset(date: Date): string {
  const east = -date.getTimezoneOffset();
  const minutes = Math.abs(east);
  return `${east < 0 ? "-" : "+"}${formatTwoDigits(Math.floor(minutes / 60))}:${formatTwoDigits(minutes % 60)}`;
}

function formatTwoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
