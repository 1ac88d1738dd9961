/** The bundle of duet: it is used only while it is of the sources as they are, and a start makes it. */

import { expect, test } from "bun:test";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Folder } from "../support/duet.ts";
import { startProgram } from "../support/processes.ts";

const project = join(import.meta.dir, "../..");

/** A copy of the project, whose bundles are its own. */
class Project extends Folder {
  constructor() {
    super();
    for (const name of ["src", "components", "package.json", "bun.lock", "tsconfig.json"])
      cpSync(join(project, name), this.join(name), { recursive: true });
    mkdirSync(this.join("node_modules"));
    for (const name of readdirSync(join(project, "node_modules")).filter((entry) => !entry.startsWith(".")))
      symlinkSync(join(project, "node_modules", name), this.join(`node_modules/${name}`));
  }

  get bundles(): readonly string[] {
    return readdirSync(this.join("node_modules/.cache/duet")).toSorted();
  }

  readonly record = this.join("node_modules/.cache/duet/bundle.json");

  get entry(): string {
    return (JSON.parse(readFileSync(this.record, "utf8")) as { entry: string }).entry;
  }

  /** Runs a module of the project; returns what it prints. */
  async run(path: string, event: "start" | "other", ...args: readonly string[]): Promise<string> {
    const env = { npm_lifecycle_event: event };
    await using program = startProgram([process.execPath, this.join(path), ...args], { env });
    expect(await program.waitForExit()).toEqual({ code: 0, signal: null });
    expect(program.errors).toBe("");
    return program.output;
  }

  version(event: "start" | "other"): Promise<string> {
    return this.run("src/main.ts", event, "--version");
  }

  /** Makes the bundle recognizable by its output. */
  markBundle(): void {
    writeFileSync(this.entry, `process.stdout.write("the bundle\\n");`);
  }
}

const version = /^duet \d+\.\d+\.\d+\n$/;

test("the bundle runs while each source is as it was, and the sources otherwise", async () => {
  using copy = new Project();
  expect(await copy.version("other")).toMatch(version);
  await copy.run("src/bundle/make-bundle.ts", "other");
  expect(await copy.version("other")).toMatch(version);
  copy.markBundle();
  expect(await copy.version("other")).toBe("the bundle\n");
  for (const path of [
    ...["src/words/zh/screen.ts", "components/paint/theme.ts", "src/bundle/package-changes.ts"],
    "bun.lock",
  ]) {
    appendFileSync(copy.join(path), "\n");
    expect(await copy.version("other")).toMatch(version);
    await copy.run("src/bundle/make-bundle.ts", "other");
    copy.markBundle();
    expect(await copy.version("other")).toBe("the bundle\n");
  }
});

test("the bundle has bytecode, without which each start would parse all of it", async () => {
  using copy = new Project();
  await copy.run("src/bundle/make-bundle.ts", "other");
  // Bun reports nothing when it makes none, for example of a module that has `import.meta`.
  expect(existsSync(`${copy.entry}.jsc`)).toBe(true);
});

test("`start` makes the bundle once, and several starts at a time do not disturb each other", async () => {
  using copy = new Project();
  const printed = await Promise.all([1, 2, 3].map(() => copy.version("start")));
  for (const text of printed) expect(text).toMatch(version);
  const made = copy.bundles;
  expect(await copy.version("start")).toMatch(version);
  expect(copy.bundles).toEqual(made);
});

test("only the newest bundles are kept", async () => {
  using copy = new Project();
  for (let round = 0; round < 5; round++) {
    appendFileSync(copy.join("src/start.ts"), "\n");
    await copy.version("start");
  }
  // Three folders and the record.
  expect(copy.bundles).toHaveLength(4);
});

test("the sources run where no bundle can be made, and where it is damaged", async () => {
  using copy = new Project();
  const cache = copy.join("node_modules/.cache");
  writeFileSync(cache, "in the way");
  expect(await copy.version("start")).toMatch(version);
  rmSync(cache);
  for (const damage of [() => rmSync(copy.entry), () => writeFileSync(copy.record, '{"bunVersion": ')]) {
    await copy.run("src/bundle/make-bundle.ts", "other");
    damage();
    expect(await copy.version("other")).toMatch(version);
  }
});
