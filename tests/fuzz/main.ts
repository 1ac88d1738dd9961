/**
 * `bun run fuzz [SECONDS] [TARGET]`: searches each target, or one, for so long, and adds what it reached to the corpus.
 * `bun run fuzz compare [RUNS] [TARGET]`: the table of RESULTS.md, with as many runs without guidance. FUZZ_SEED
 * repeats a search; FUZZ_MISSING=1 lists the edges that were not reached.
 */

import { instrument, describeEdge, selectEdges } from "./edges.ts";

instrument(/^src\/(protocol|input|replay|chat|cli\/settings|transport\/pairing|view\/wire)\//);
// Imported after that, so that the modules are instrumented.
const { targets } = await import("./targets/all.ts");
const { FuzzFailure, search } = await import("./guided.ts");
const { readCorpus, writeCorpus } = await import("./corpus.ts");

const maxBytes = 2048;
const seed = Number(process.env["FUZZ_SEED"] ?? Math.floor(Date.now() / 1000));
const words = process.argv.slice(2);
const isComparison = words[0] === "compare";
const numbers = words.filter((word) => /^\d+$/.test(word)).map(Number);
const names = words.filter((word) => !/^(\d+|compare)$/.test(word));
const chosen = targets.filter(({ name }) => names.length === 0 || names.includes(name));

function readSeeds(target: (typeof targets)[number]): readonly Uint8Array[] {
  return target.seeds.map((one) => (typeof one === "string" ? Buffer.from(one) : one));
}

/** Searches for some seconds from seeds and corpus, and writes the corpus again. */
function explore(target: (typeof targets)[number], seconds: number): void {
  const start = [...readSeeds(target), ...readCorpus(target.name)];
  const untilMs = Date.now() + seconds * 1000;
  const found = search(target, {
    seed,
    isGuided: true,
    start,
    maxBytes,
    mayGoOn: () => Date.now() < untilMs,
  });
  writeCorpus(target.name, found.cover);
  const bytes = found.cover.reduce((sum, { length }) => sum + length, 0);
  print(
    `${target.name}: ${found.reached.size} of ${found.edges} edges (${found.reachedAtStart} at the start), ` +
      `${found.runs} runs; corpus of ${found.cover.length} inputs, ${bytes} bytes`,
  );
  if (process.env["FUZZ_MISSING"] !== "1") return;
  const missing = [...selectEdges(target.modules)].filter((edge) => !found.reached.has(edge));
  for (const edge of missing) print(`  ${describeEdge(edge)}`);
}

/** One row: edges reached by the seeds alone, and by as many runs without and with guidance, from the seeds. */
function compare(target: (typeof targets)[number], runs: number): void {
  const start = readSeeds(target);
  // What runs once in a process (a table that is loaded) must count for none of the searches.
  for (const input of [...start, ...readCorpus(target.name)]) target.run(input);
  const options = { seed, start, maxBytes, mayGoOn: (done: number) => done < runs };
  const blind = search(target, { ...options, isGuided: false });
  const guided = search(target, { ...options, isGuided: true });
  const corpus = search(target, {
    ...options,
    isGuided: false,
    start: readCorpus(target.name),
    mayGoOn: () => false,
  });
  const cells = [
    blind.edges,
    blind.reachedAtStart,
    blind.reached.size,
    guided.reached.size,
    corpus.reached.size,
  ];
  print(`| ${target.name} | ${runs} | ${cells.join(" | ")} |`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (chosen.length === 0) {
  process.stderr.write(`fuzz: give one of: ${targets.map(({ name }) => name).join(", ")}\n`);
  process.exitCode = 2;
}
print(`seed ${seed}`);
for (const target of chosen) {
  try {
    if (isComparison) compare(target, numbers[0] ?? 20_000);
    else explore(target, numbers[0] ?? 30);
  } catch (error) {
    if (!(error instanceof FuzzFailure)) throw error;
    process.stderr.write(`${error.message}\n${String((error.cause as Error | undefined)?.stack)}\n`);
    process.exitCode = 1;
  }
}
