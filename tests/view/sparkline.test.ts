import { expect, test } from "bun:test";
import { formatRate, drawSparkline } from "../../src/view/bars/sparkline.ts";

const sample = (bytesIn: number, bytesOut = 0) => ({ bytesIn, bytesOut });

test("each second is a column, the newest at the right, and the width is constant", () => {
  expect(drawSparkline([])).toBe("");
  expect(drawSparkline([sample(10)])).toBe("▁▁▁▁▁▁▁▁▁▁▁█");
  expect(drawSparkline([sample(0, 70), sample(0), sample(10), sample(30, 5)])).toBe("▁▁▁▁▁▁▁▁█▁▂▅");
  expect(drawSparkline(Array.from({ length: 12 }, (_, index) => sample(index)))).toBe("▁▂▃▃▄▅▅▆▇▇██");
});

test("the rates are the last second's", () => {
  expect(formatRate([])).toBe("");
  expect(formatRate([sample(1), sample(1024 * 1024, 12)])).toBe("↓1 MiB/s ↑12 B/s");
});
