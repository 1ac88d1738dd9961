/** Formats times in the local time zone. No other file uses the time zone. */

import type { Words } from "../../src/words/tables/words.ts";

/** `HH:MM`, 24 hours, in the time zone of the process. */
export function formatLocalTime(atMs: number): string {
  const date = new Date(atMs);
  return `${formatTwoDigits(date.getHours())}:${formatTwoDigits(date.getMinutes())}`;
}

/** `HH:MM:SS.mmm`, in the same zone: calls follow each other within milliseconds. */
export function formatLocalClock(atMs: number): string {
  const date = new Date(atMs);
  const fraction = String(date.getMilliseconds()).padStart(3, "0");
  return `${formatLocalTime(atMs)}:${formatTwoDigits(date.getSeconds())}.${fraction}`;
}

/** `YYYY-MM-DD HH:MM:SS`, in the same zone: for text that is read on another day. */
export function formatLocalStamp(atMs: number): string {
  const date = new Date(atMs);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(formatTwoDigits).join("-");
  return `${day} ${formatLocalTime(atMs)}:${formatTwoDigits(date.getSeconds())}`;
}

const dayFormats = new WeakMap<Words, (atMs: number) => string>();

/** Formats `Tuesday 24 November 2026`, in the same zone. The same words always get the same function. */
export function getDayFormat(words: Words): (atMs: number) => string {
  const known = dayFormats.get(words);
  if (known !== undefined) return known;
  const format = (atMs: number): string => {
    const date = new Date(atMs);
    const [year, month, day] = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
    return words.day({ year, month, day, weekday: date.getDay() });
  };
  dayFormats.set(words, format);
  return format;
}

function formatTwoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
