/**
 * How late a process that does nothing is woken, since the machine is busy with others: prints the 95th percentile, in
 * milliseconds, when its standard input ends.
 */

const sleepMs = 5;
const latenesses: number[] = [];
const ended = new Response(Bun.stdin.stream()).text().then(() => true);
for (;;) {
  const startedMs = performance.now();
  const isEnded = await Promise.race([ended, Bun.sleep(sleepMs).then(() => false)]);
  if (isEnded) break;
  latenesses.push(performance.now() - startedMs - sleepMs);
}
latenesses.sort((a, b) => a - b);
process.stdout.write(String(latenesses[Math.floor(latenesses.length * 0.95)] ?? 0));
