/** The time of day where the screen stands. The only place that asks for the time zone. */

/** `HH:MM`, 24 hours, in the time zone of the process. */
export function localTime(atMs: number): string {
  const date = new Date(atMs);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
