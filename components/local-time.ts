/** The time of day where the screen stands. The only place that asks for the time zone. */

/** `HH:MM`, 24 hours, in the time zone of the process. */
export function localTime(atMs: number): string {
  const date = new Date(atMs);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

/** `HH:MM:SS.mmm`, in the same zone: calls come close together. */
export function localClock(atMs: number): string {
  const date = new Date(atMs);
  const fraction = String(date.getMilliseconds()).padStart(3, "0");
  return `${localTime(atMs)}:${twoDigits(date.getSeconds())}.${fraction}`;
}

/** `YYYY-MM-DD HH:MM:SS`, in the same zone: for what is read on another day. */
export function localStamp(atMs: number): string {
  const date = new Date(atMs);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join("-");
  return `${day} ${localTime(atMs)}:${twoDigits(date.getSeconds())}`;
}

/** `Tuesday 24 November 2026`, in the same zone. */
export function localDay(atMs: number): string {
  const date = new Date(atMs);
  return `${days[date.getDay()]} ${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()}`;
}

const days = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const months = "January February March April May June July August September October November December".split(
  " ",
);

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
