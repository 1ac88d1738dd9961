/** `bun run bench NAME`: runs one benchmark, NAME.ts, or lists them. Benchmarks measure; `fair` alone has a verdict. */

import { readdirSync } from "node:fs";
import { join } from "node:path";

const names = readdirSync(import.meta.dir)
  .filter((file) => file.endsWith(".ts") && file !== "main.ts")
  .map((file) => file.slice(0, -".ts".length));

const name = process.argv[2] ?? "";
if (names.includes(name)) await import(join(import.meta.dir, `${name}.ts`));
else {
  process.stderr.write(`bench: give one of: ${names.join(", ")}\n`);
  process.exitCode = 2;
}
