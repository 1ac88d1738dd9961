import { expect, test } from "bun:test";
import { formatLocalTime } from "../../components/paint/local-time.ts";

test("localTime formats the time in the local zone, with two digits each", () => {
  const localMidnight = new Date(2026, 0, 1, 0, 5).getTime();
  expect(formatLocalTime(localMidnight)).toBe("00:05");
  expect(formatLocalTime(localMidnight + 17 * 3_600_000)).toBe("17:05");
});
