/** The counters of the fuzzer: an instrumented module means what it meant, and each edge is counted. */

import { expect, test } from "bun:test";
import { addCounters } from "./counters.ts";

/** The value of `expression` after `source`, and the times that each edge was taken, by its code. */
function evaluate(source: string, expression: string) {
  const counted = addCounters(`${source}\nglobalThis.result = ${expression};`, 0, "taken");
  const taken = counted.codes.map(() => 0);
  const scope: { result?: unknown } = {};
  new Function("taken", "globalThis", counted.source)(taken, scope);
  return { result: scope.result, taken: counted.codes.map((code, edge) => [code, taken[edge]] as const) };
}

test.each([
  ["function f(x) { return x + 1 }", "f(1)", 2, [["{ return x + 1 }", 1]]],
  ["const f = (x) => ({ x })", "f(1)", { x: 1 }, [["{ x }", 1]]],
  [
    "let n = 0; if (n === 1) n = 2;",
    "n",
    0,
    [
      ["n = 2;", 0],
      ["if (n === 1) n = 2;", 1],
    ],
  ],
  [
    "let n = 0; if (n === 1) n = 2; else if (n === 0) n = 3;",
    "n",
    3,
    [
      ["n = 2;", 0],
      ["if (n === 0) n = 3;", 1],
      ["n = 3;", 1],
      ["if (n === 0) n = 3;", 0],
    ],
  ],
  [
    "let n = 0; if (n === 0) if (n === 1) n = 2;",
    "n",
    0,
    [
      ["if (n === 1) n = 2;", 1],
      ["if (n === 0) if (n === 1) n = 2;", 0],
      ["n = 2;", 0],
      ["if (n === 1) n = 2;", 1],
    ],
  ],
  ["let n = 0; for (const x of [1, 2]) n += x;", "n", 3, [["n += x;", 2]]],
  [
    "const f = (x) => x ? 1 : x ?? 3",
    "[f(1), f(null)]",
    [1, 3],
    [
      ["x ? 1 : x ?? 3", 2],
      ["1", 1],
      ["x ?? 3", 1],
      ["3", 1],
    ],
  ],
  [
    "let n; n ??= 4; n ||= 5;",
    "n",
    4,
    [
      ["4", 1],
      ["5", 0],
    ],
  ],
  [
    "const f = ({ x = 1 }) => x",
    "f({})",
    1,
    [
      ["1", 1],
      ["x", 1],
    ],
  ],
  [
    "let n = 0; switch (n) { case 0: case 1: n = 5; break; default: n = 6 }",
    "n",
    5,
    [
      ["case 0:", 1],
      ["case 1: n = 5; break;", 1],
      ["default: n = 6", 0],
    ],
  ],
  ["let n = 0; try { throw n } catch { n = 1 }", "n", 1, [["{ n = 1 }", 1]]],
  ["let n = 0; do n += 1; while (n < 3)", "n", 3, [["n += 1;", 3]]],
])("%s", (source, expression, result, taken) => {
  const found = evaluate(source, expression);
  expect(found.result).toEqual(result);
  const byCode = (edges: readonly (readonly unknown[])[]) =>
    edges.map((edge) => JSON.stringify(edge)).toSorted();
  expect(byCode(found.taken)).toEqual(byCode(taken));
});
