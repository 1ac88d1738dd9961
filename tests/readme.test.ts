/** The README and CONTRIBUTING.md are compared with the program: commands, options, settings, dependencies and the map. */

import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseOptions } from "../src/cli/options/options.ts";
import { parseSettings } from "../src/cli/settings/settings.ts";
import packageJson from "../package.json" with { type: "json" };
import { translateCommands } from "../src/view/overlays/help-lines.ts";
import { english } from "./support/words.ts";

const root = join(import.meta.dir, "..");
const readme = await Bun.file(join(root, "README.md")).text();
const contributing = await Bun.file(join(root, ".github/CONTRIBUTING.md")).text();

test("the README lists every command with its arguments, and no other", () => {
  const listed = [...readme.matchAll(/^\| `\/([\w-]+)([^`]*)` +\| (.*?) +\|$/gm)].map(
    ([, name, words, summary]) => ({
      name,
      argumentsText: words?.trim().replaceAll("\\|", "|"),
      summary,
    }),
  );
  expect(listed).toEqual(
    translateCommands(english).map(({ name, argumentsText, summary }) => ({ name, argumentsText, summary })),
  );
});

test("every room of the map is in the tree, and every room of the tree is on the map", () => {
  const mapped = [...contributing.matchAll(/^ {4}(src\/[\w.-]+\/?|components\/|tests\/) /gm)].map(
    ([, path]) => path ?? "",
  );
  const rooms = readdirSync(join(root, "src"), { withFileTypes: true }).map(
    (entry) => `src/${entry.name}${entry.isDirectory() ? "/" : ""}`,
  );
  expect(mapped.toSorted()).toEqual([...rooms, "components/", "tests/"].toSorted());
});

test("each dependency has its line", () => {
  const packages = [...Object.keys(packageJson.dependencies), ...Object.keys(packageJson.devDependencies)];
  const table = readme.slice(readme.indexOf("## What it is built with"));
  for (const name of packages) expect(table).toContain(name);
});

test("every duet command line of the README is understood", () => {
  const lines = [...readme.matchAll(/bun run start((?: +[\w./:@-]+)*)/g)].map(
    ([, words]) => words?.trim() ?? "",
  );
  expect(lines.length).toBeGreaterThan(10);
  for (const words of lines) {
    const argv = words === "" ? [] : words.split(/ +/);
    const parsed = parseOptions(argv, { isTerminal: true, loginName: "reader" });
    expect([words, parsed.kind]).toEqual([words, argv.includes("--help") ? "help" : "run"]);
  }
});

test("the settings of the README are understood", () => {
  const [, file = ""] = /```toml\n([^]*?)```/.exec(readme) ?? [];
  const settings = parseSettings(file, { path: "README.md", home: "/home/ada" });
  expect([...(settings as ReadonlyMap<string, unknown>).keys()]).toEqual(
    file
      .trimEnd()
      .split("\n")
      .map((line) => /^[\w-]+/.exec(line)?.[0] ?? ""),
  );
});
