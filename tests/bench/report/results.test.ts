/** RESULTS.md is renewed by machine: its tables are found, replaced, and compared with the new ones. */

import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { renewTables } from "./results.ts";
import { directionOf, findLosses, readTables } from "./table.ts";

const folder = join(import.meta.dir, "..");
const results = readFileSync(join(folder, "RESULTS.md"), "utf8");

const document = `# Results

<!-- bench hub 1 -->

by hand

| clients | bytes | duet    | duet/ncat | p99 ms |
| ------- | ----- | ------- | --------- | ------ |
| 10      | 64    | 10.40 M | 1.62      | 0.60   |
| 1,000   | 64    | 9.00 M  | 1.50      | 30.00  |

<!-- end -->

- A note.
`;

const printed = (rows: string): string => `a machine\n\n| clients | bytes | duet | duet/ncat | p99 ms |
| --- | --- | --- | --- | --- |\n${rows}\n{"more": 1}\n`;

test("a printed table replaces the one in its place, and nothing else", () => {
  const { text, losses } = renewTables(document, "hub", printed("| 10 | 64 | 9 M | 1.70 | 0.6 |"), "here");
  expect(text).toContain("<!-- bench hub 1 -->\n\nhere\n\n| clients | bytes |");
  expect(text).toContain("| 10 | 64 | 9 M | 1.70 | 0.6 |\n\n<!-- end -->\n\n- A note.\n");
  expect(text).not.toContain("by hand");
  expect(losses).toEqual([]);
  expect(renewTables(text, "hub", printed("| 10 | 64 | 9 M | 1.70 | 0.6 |"), "here").text).toBe(text);
});

test("a table without a place gets one at the end, a second one of its own", () => {
  const twice = printed("| 1 | 2 | 3 | 4 | 5 |").repeat(2);
  const { text } = renewTables(document, "hub", twice, "here");
  expect(text.slice(text.indexOf("- A note."))).toBe(
    "- A note.\n\n## hub 2\n\n<!-- bench hub 2 -->\n\nhere\n\n| clients | bytes | duet | duet/ncat | p99 ms |\n" +
      "| --- | --- | --- | --- | --- |\n| 1 | 2 | 3 | 4 | 5 |\n\n<!-- end -->\n",
  );
});

test("rows that lost more than a tenth are named: less of a rate, more of a time, and no more by a tenth", () => {
  const lost = (rows: string) => renewTables(document, "hub", printed(rows), "").losses;
  expect(lost("| 10 | 64 | 5 M | 1.46 | 0.66 |\n| 1,000 | 64 | 5 M | 1.35 | 33 |")).toEqual([]);
  expect(lost("| 10 | 64 | 5 M | 1.45 | 0.60 |\n| 1,000 | 64 | 9 M | 1.50 | 33.1 |")).toEqual([
    { row: "10 64", column: "duet/ncat", before: "1.62", now: "1.45" },
    { row: "1,000 64", column: "p99 ms", before: "30.00", now: "33.1" },
  ]);
  // A row that was not measured before, and a figure that is missing now.
  expect(lost("| 20 | 64 | 9 M | 0.10 | 99 |\n| 10 | 64 | – | – | – |")).toEqual([]);
});

test("figures are compared with their scale and without their commas", () => {
  const table = (cell: string) => ({ head: ["what", "a second"], rows: [["it", cell]] });
  expect(findLosses(table("1.2 M"), table("990 k"))).toHaveLength(1);
  expect(findLosses(table("38,000"), table("0.04 M"))).toEqual([]);
});

test("the good end of a column is known by its title", () => {
  const titles = ["duet/bare", "of nc", "a second", "× Ink", "p99 ms", "key p95", "memory for each"];
  expect(titles.map(directionOf)).toEqual(["more", "more", "more", "less", "less", "less", "less"]);
  for (const title of ["clients", "idle p95", "before: key p95", "faults", "within 50 ms"].slice(0, 4))
    expect(directionOf(title)).toBeUndefined();
});

test("each benchmark has its first table in RESULTS.md, and each mark a benchmark", () => {
  const benches = readdirSync(folder).filter(
    (file) => file.endsWith(".ts") && !/^(main|sim)\.ts$/.test(file),
  );
  const marks = [...results.matchAll(/<!-- bench (\w+) \d+ -->/g)].map(([, bench]) => bench);
  for (const file of benches) expect(marks).toContain(file.slice(0, -3));
  for (const bench of marks) expect(benches).toContain(`${bench}.ts`);
  for (const [block] of results.matchAll(/<!-- bench [^]*?<!-- end -->/g)) {
    expect(readTables(block)).toHaveLength(1);
    // Command, machine and date.
    expect(block).toMatch(/^`bun run bench \w+.*` · .+ · \d{4}-\d\d-\d\d/m);
  }
});
