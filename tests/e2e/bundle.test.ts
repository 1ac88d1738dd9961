/** The bundle of duet: it is used only while it is of the sources as they are, and a start makes it. */

import { afterAll, beforeEach, expect, test } from "bun:test";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Folder } from "../support/duet.ts";
import { startProgram } from "../support/processes.ts";
import { startInTerminal } from "../support/pty.ts";

const project = join(import.meta.dir, "../..");

interface BundlePaths {
  readonly withScreen: string;
  readonly withoutScreen: string;
}

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

  /** The bundles with and without the screen. */
  get entries(): readonly [string, string] {
    const { withScreen, withoutScreen } = JSON.parse(readFileSync(this.record, "utf8")) as BundlePaths;
    return [withScreen, withoutScreen];
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

  /** Changes a source, and the record as if the bundle had been made of that. */
  async changeWithRecord(path: string, isStale: () => Promise<void>): Promise<void> {
    appendFileSync(this.join(path), "\n");
    await isStale();
    const record = JSON.parse(readFileSync(this.record, "utf8")) as { stamps: Record<string, string> };
    const { size, ctimeMs } = statSync(this.join(path));
    record.stamps[path] = `${size} ${ctimeMs}`;
    writeFileSync(this.record, JSON.stringify(record));
  }

  /** Makes the bundle recognizable by its output. */
  markBundle(): void {
    for (const path of this.entries) writeFileSync(path, `process.stdout.write("the bundle\\n");`);
  }
}

const copy = new Project();
afterAll(() => copy[Symbol.dispose]());
/** Each test begins without a bundle. */
beforeEach(() => rmSync(copy.join("node_modules/.cache"), { recursive: true, force: true }));

const version = /^duet \d+\.\d+\.\d+\n$/;

test("the bundle runs while each source is as it was, and the sources otherwise", async () => {
  expect(await copy.version("other")).toMatch(version);
  await copy.run("src/bundle/make-bundle.ts", "other");
  expect(await copy.version("other")).toMatch(version);
  copy.markBundle();
  expect(await copy.version("other")).toBe("the bundle\n");
  for (const path of [
    ...["src/words/zh/screen.ts", "components/paint/theme.ts", "src/bundle/package-changes.ts"],
    "bun.lock",
  ]) {
    const isStale = async (): Promise<void> => expect(await copy.version("other")).toMatch(version);
    await copy.changeWithRecord(path, isStale);
    expect(await copy.version("other")).toBe("the bundle\n");
  }
  appendFileSync(copy.join("src/start.ts"), "\n");
  await copy.run("src/bundle/make-bundle.ts", "other");
  copy.markBundle();
  expect(await copy.version("other")).toBe("the bundle\n");
});

test("the bundles have bytecode, and the one without the screen runs unless standard input and output may be terminals", async () => {
  await copy.run("src/bundle/make-bundle.ts", "other");
  // Bun reports nothing when it makes none, for example of a module that has `import.meta`.
  for (const path of copy.entries) expect(existsSync(`${path}.jsc`)).toBe(true);
  const [withScreen, withoutScreen] = copy.entries;
  expect(readFileSync(withoutScreen, "utf8")).not.toContain("createElement");
  writeFileSync(withoutScreen, `process.stdout.write("no screen\\n");`);
  expect(await copy.version("other")).toBe("no screen\n");
  writeFileSync(withScreen, `process.stdout.write("a screen\\n");`);
  await using terminal = await startInTerminal([process.execPath, copy.join("src/main.ts")], {
    columns: 80,
    rows: 24,
    env: {},
  });
  await terminal.waitForText("a screen");
});

test("`start` makes the bundle once, and several starts at a time do not disturb each other", async () => {
  const printed = await Promise.all([1, 2, 3].map(() => copy.version("start")));
  for (const text of printed) expect(text).toMatch(version);
  const made = copy.bundles;
  expect(await copy.version("start")).toMatch(version);
  expect(copy.bundles).toEqual(made);
});

test("only the newest bundles are kept", async () => {
  for (let round = 0; round < 4; round++) {
    appendFileSync(copy.join("src/start.ts"), "\n");
    await copy.version("start");
  }
  // Three folders and the record.
  expect(copy.bundles).toHaveLength(4);
});

test("the sources run where no bundle can be made, and where it is damaged", async () => {
  const cache = copy.join("node_modules/.cache");
  writeFileSync(cache, "in the way");
  expect(await copy.version("start")).toMatch(version);
  rmSync(cache);
  for (const damage of [
    ...[0, 1].map((which) => () => rmSync(copy.entries[which]!)),
    () => writeFileSync(copy.record, '{"bunVersion": '),
  ]) {
    await copy.run("src/bundle/make-bundle.ts", "other");
    damage();
    expect(await copy.version("other")).toMatch(version);
  }
});
