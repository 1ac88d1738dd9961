import { expect, test } from "bun:test";
import {
  formatBytes,
  formatCount,
  formatFineRoundTrip,
  formatRoundTrip,
} from "../../src/protocol/text/quantities.ts";

test("bytes are short at every size", () => {
  const sizes = [0, 1023, 1024, 1234, 10_239, 10_240, 131_072, 1_048_576, 5e6, 2 ** 40, 2 ** 54];
  expect(sizes.map(formatBytes)).toEqual([
    "0 B",
    "1023 B",
    "1 KiB",
    "1.2 KiB",
    "10 KiB",
    "10 KiB",
    "128 KiB",
    "1 MiB",
    "4.8 MiB",
    "1 TiB",
    "16384 TiB",
  ]);
});

test("a count has the commas of the locale", () => {
  for (const count of [7, 99, 100, 999, 1000, 99_999, 100_000, 999_999, 1_000_000, 2 ** 53 - 1])
    expect(formatCount(count, "line")).toBe(`${count.toLocaleString("en-US")} lines`);
});

test("round trips and counts are readable", () => {
  expect([0, 0.31, 9.94, 42.4, 1500].map(formatRoundTrip)).toEqual([
    "0.0 ms",
    "0.3 ms",
    "9.9 ms",
    "42 ms",
    "1.5 s",
  ]);
  expect([0, 1, 12_345].map((count) => formatCount(count, "line"))).toEqual([
    "0 lines",
    "1 line",
    "12,345 lines",
  ]);
});

test("a round trip on one machine is formatted in microseconds", () => {
  expect([0.0214, 0.9996, 1, 42].map(formatFineRoundTrip)).toEqual(["21 µs", "1000 µs", "1.0 ms", "42 ms"]);
});
