/** Formats numbers for people: bytes, milliseconds, counts. Short, and of nearly constant width. */

const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** `830 B`, `1.2 KiB`, `128 KiB`: at most four digits, except thousands of TiB. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && value < 10 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.floor(value));
  return `${digits} ${byteUnits[unit]}`;
}

/** `0.3 ms`, `42 ms`, `1.5 s`. */
export function formatRoundTrip(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** As formatRoundTrip, but `21 µs` below a millisecond, as round trips on one machine are. */
export function formatFineRoundTrip(ms: number): string {
  return ms < 1 ? `${Math.round(ms * 1000)} µs` : formatRoundTrip(ms);
}

/** A share from 0 to 1: `0 %`, `0.4 %`, `12 %`. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  return `${percent > 0 && percent < 10 ? percent.toFixed(1).replace(/\.0$/, "") : Math.round(percent)} %`;
}

/** Where a comma belongs in a whole number. */
const thousands = /\B(?=(?:\d{3})+$)/g;

/** `1 peer`, `2 peers`, `12,345 lines`. `toLocaleString` takes 2 ms when it is first called, before the first frame. */
export function formatCount(count: number, one: string): string {
  return `${String(count).replace(thousands, ",")} ${one}${count === 1 ? "" : "s"}`;
}
