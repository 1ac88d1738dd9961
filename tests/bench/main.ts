/**
 * `bun run bench NAME`: runs one benchmark, NAME.ts, or lists them. `bun run bench all [NAMES]`: runs all, or these, one
 * after another, renews their tables in RESULTS.md and names each row that lost more than a tenth. Benchmarks measure;
 * `fair` alone has a verdict.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatCaption, renewTables } from "./report/results.ts";

const resultsPath = join(import.meta.dir, "RESULTS.md");
const names = readdirSync(import.meta.dir)
  .filter((file) => file.endsWith(".ts") && file !== "main.ts")
  .map((file) => file.slice(0, -".ts".length))
  .toSorted();
/** `sim` searches for faults for an hour, and measures nothing. */
const measuring = names.filter((one) => one !== "sim");

const [name = "", ...wanted] = process.argv.slice(2);
if (names.includes(name)) await import(join(import.meta.dir, `${name}.ts`));
else if (name === "all" && wanted.every((one) => measuring.includes(one))) await runAll();
else {
  process.stderr.write(`bench: give one of: ${[...names, "all"].join(", ")}\n`);
  process.exitCode = 2;
}

async function runAll(): Promise<void> {
  const chosen = wanted.length === 0 ? measuring : measuring.filter((one) => wanted.includes(one));
  for (const [index, one] of chosen.entries()) {
    process.stderr.write(`\n${one} (${index + 1} of ${chosen.length})\n`);
    await renew(one);
  }
}

/** Runs a benchmark in a process of its own, with its progress on standard error. */
async function renew(bench: string): Promise<void> {
  const child = Bun.spawn([process.execPath, import.meta.path, bench], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const printed = await new Response(child.stdout).text();
  const code = await child.exited;
  process.stdout.write(printed);
  // A benchmark that failed has half a table. The verdict of `fair` is its exit code.
  if (code !== 0 && bench !== "fair") {
    process.stdout.write(`${bench} failed with ${code}, and its tables stay as they are\n`);
    process.exitCode = 1;
    return;
  }
  const results = readFileSync(resultsPath, "utf8");
  const { text, losses } = renewTables(results, bench, printed, formatCaption(bench, new Date()));
  writeFileSync(resultsPath, text);
  Bun.spawnSync([process.execPath, "fmt", resultsPath]);
  for (const { row, column, before, now } of losses)
    process.stdout.write(`LOST more than 10 %: ${bench}, ${row}, ${column}: ${before} before, ${now} now\n`);
  if (text === results) process.stdout.write(`${bench} printed no table\n`);
}
