/**
 * The modules that a start loads, read from the sources: without a screen neither React nor Ink, which cost 80 ms.
 */

import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

const source = resolve(import.meta.dir, "../../src");
const transpiler = new Bun.Transpiler({ loader: "tsx" });

/** Every module loaded at once by importing `path`, itself included. */
function loadedBy(path: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(path)) return found;
  found.add(path);
  if (!/\.tsx?$/.test(path) || !existsSync(path)) return found;
  const text = readFileSync(path, "utf8").replace(/^#!.*/, "");
  for (const { kind, path: wanted } of transpiler.scanImports(text)) {
    if (kind !== "import-statement") continue;
    loadedBy(wanted.startsWith(".") ? resolve(dirname(path), wanted) : wanted, found);
  }
  return found;
}

test.each(["start.ts", "cli/headless/headless.ts"])(
  "%s loads neither React nor Ink nor a component",
  (entry) => {
    const loaded = [...loadedBy(resolve(source, entry))];
    expect(loaded.length).toBeGreaterThan(5);
    expect(loaded.filter((path) => /^(react|ink)\b|\/components\/|\.tsx$/.test(path))).toEqual([]);
  },
);

test("--help and --version load no socket", () => {
  const loaded = [...loadedBy(resolve(source, "start.ts"))];
  expect(loaded.filter((path) => /\/src\/(transport|chat)\//.test(path))).toEqual([]);
});

test.each(["start.ts", "cli/headless/headless.ts", "cli/screen/screen.tsx", "cli/headless/spoken.ts"])(
  "%s loads neither a language before one is chosen, nor the tour's sockets and words",
  (entry) => {
    const loaded = [...loadedBy(resolve(source, entry))];
    expect(loaded.length).toBeGreaterThan(5);
    expect(loaded.filter((path) => /\/words\/(.*-)?(en|zh)\b|\/tour-sockets\.ts$/.test(path))).toEqual([]);
  },
);
