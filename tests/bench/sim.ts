/**
 * `bun run bench sim [N] [FROM]`: N seeded afternoons (1,000,000 unless it is told) from seed FROM on, with a line of
 * progress; it ends at the first one that breaks a promise, with the command that shows it again.
 */

import { formatCount } from "../../src/protocol/quantities.ts";
import { firstBroken } from "../simulation/seeds.ts";

const progressMs = 1000;

const count = Number(process.argv[3] ?? 1_000_000);
const from = Number(process.argv[4] ?? 1);
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(from)) {
  process.stderr.write("bench sim: give how many seeds, and from which on\n");
  process.exit(2);
}

const startedMs = performance.now();
let toldMs = startedMs;
const run = firstBroken(from, count, (done) => {
  const nowMs = performance.now();
  if (nowMs - toldMs < progressMs) return;
  toldMs = nowMs;
  const perSecond = done / ((nowMs - startedMs) / 1000);
  const leftMin = (count - done) / perSecond / 60;
  process.stderr.write(
    `\r${done} of ${count} seeds, ${perSecond.toFixed(0)}/s, ${leftMin.toFixed(0)} min to go  `,
  );
});
process.stderr.write("\r\u001b[K");

const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
const share = ((100 * run.lost) / Math.max(1, run.datagrams)).toFixed(1);
process.stdout.write(
  `${formatCount(run.done, "seed")} in ${seconds} s: ${formatCount(run.datagrams, "datagram")}, ${share} % of them lost; ` +
    `${formatCount(run.lines, "line")}, ${run.received} received, ${run.undelivered} told as not delivered\n`,
);
if (run.broken !== undefined) {
  process.stdout.write(`${run.broken}\n`);
  process.exitCode = 1;
}
