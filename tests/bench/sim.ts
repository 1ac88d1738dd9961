/**
 * `bun run bench sim [N] [FROM]`: simulates N chats (default 1,000,000) from seed FROM on, on all cores, with a line of
 * progress. Ends at the first one that breaks an invariant, with the command that repeats it.
 */

import { formatCount } from "../../src/protocol/text/quantities.ts";
import type { Run } from "../simulation/seeds.ts";
import type { Share } from "./sim/worker.ts";

/** Seeds given to a core at a time: a few seconds of work. */
const shareSeeds = 500;

const count = Number(process.argv[3] ?? 1_000_000);
const from = Number(process.argv[4] ?? 1);
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(from)) {
  process.stderr.write("bench sim: give the number of seeds, and the first seed\n");
  process.exit(2);
}

const startedMs = performance.now();
const sum = { done: 0, datagrams: 0, lost: 0, lines: 0, undelivered: 0, received: 0 };
let taken = 0;
let broken: string | undefined;

function nextShare(): Share | undefined {
  if (taken === count || broken !== undefined) return undefined;
  const share = { from: from + taken, count: Math.min(shareSeeds, count - taken) };
  taken += share.count;
  return share;
}

function add(run: Run): void {
  for (const name of ["done", "datagrams", "lost", "lines", "undelivered", "received"] as const)
    sum[name] += run[name];
  broken ??= run.broken;
  const perSecond = sum.done / ((performance.now() - startedMs) / 1000);
  const leftMin = (count - sum.done) / perSecond / 60;
  process.stderr.write(
    `\r${sum.done} of ${count} seeds, ${perSecond.toFixed(0)}/s, ${leftMin.toFixed(0)} min to go  `,
  );
}

/** Runs shares in another process until none is left. */
async function work(): Promise<void> {
  let answered = Promise.withResolvers<Run>();
  const worker = Bun.spawn([process.execPath, new URL("./sim/worker.ts", import.meta.url).pathname], {
    stdio: ["ignore", "inherit", "inherit"],
    ipc: (run: Run) => answered.resolve(run),
    onExit: (_worker, code) => answered.reject(new Error(`a simulator ended with ${code}`)),
  });
  for (let share = nextShare(); share !== undefined; share = nextShare()) {
    answered = Promise.withResolvers<Run>();
    worker.send(share);
    add(await answered.promise);
  }
  worker.disconnect();
}

await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, work));
process.stderr.write("\r\u001b[K");

const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
const lostShare = ((100 * sum.lost) / Math.max(1, sum.datagrams)).toFixed(1);
process.stdout.write(
  `${formatCount(sum.done, "seed")} in ${seconds} s: ${formatCount(sum.datagrams, "datagram")}, ${lostShare} % of them lost; ` +
    `${formatCount(sum.lines, "line")}, ${sum.received} received, ${sum.undelivered} reported as undelivered\n`,
);
if (broken !== undefined) {
  process.stdout.write(`${broken}\n`);
  process.exitCode = 1;
}
