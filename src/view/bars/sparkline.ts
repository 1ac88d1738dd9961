/** The traffic of the last seconds as a bar chart of constant width. No colours and no clock. */

import type { RateSample } from "../../chat/records/throughput.ts";
import { rateSamplesMax } from "../../protocol/limits.ts";
import { formatBytes } from "../../protocol/text/quantities.ts";

const levels = "▁▂▃▄▅▆▇█";

/** One column a second, the newest at the right, scaled to the highest; empty without traffic. */
export function drawSparkline(rates: readonly RateSample[]): string {
  if (rates.length === 0) return "";
  const sums = rates.map(({ bytesIn, bytesOut }) => bytesIn + bytesOut);
  const most = Math.max(1, ...sums);
  const drawn = sums.map((sum) => levels[Math.ceil((sum / most) * (levels.length - 1))] ?? "");
  return drawn.join("").padStart(rateSamplesMax, levels[0]);
}

export function formatRate(rates: readonly RateSample[]): string {
  const last = rates.at(-1);
  return last === undefined ? "" : `↓${formatBytes(last.bytesIn)}/s ↑${formatBytes(last.bytesOut)}/s`;
}
