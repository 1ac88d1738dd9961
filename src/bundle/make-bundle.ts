/**
 * A program: makes the bundles of duet, if there are none of the sources as they are. Several may run at once: each
 * writes a folder of its own, and the record is replaced in one step.
 */

import type { BunPlugin } from "bun";
import { randomUUID } from "node:crypto";
import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { buildConfig } from "./build-config.ts";
import { bundleFolder, project, readFreshRecord, recordPath, stampSource } from "./bundle.ts";

/** Outside a compiled program Bun takes bytecode for a CommonJS module alone; it loads a function at its first call. */
const bundleConfig = { ...buildConfig, format: "cjs" } as const;

/** Without terminals no screen is asked for. */
const omitScreen: BunPlugin = {
  name: "omit screen",
  setup(build) {
    build.onResolve({ filter: /\.tsx$/ }, ({ path }) => ({ path, namespace: "screen" }));
    build.onLoad({ filter: /./, namespace: "screen" }, () => ({
      contents: 'throw new Error("This bundle has no screen.");',
      loader: "js",
    }));
  },
};

/** A start that has read an older record still loads its bundle. */
const keptBundles = 3;

if (readFreshRecord() === undefined) await makeBundle();

async function makeBundle(): Promise<void> {
  // A source that changes after its stamp makes the bundle stale: so the stamps are older than the build.
  const stamps = Object.fromEntries((await listSources()).map((path) => [path, stampSource(path)]));
  const outdir = join(bundleFolder, randomUUID());
  const [withScreen, withoutScreen] = await Promise.all([
    build(join(outdir, "with-screen"), []),
    build(join(outdir, "without-screen"), [omitScreen]),
  ]);
  const written = join(outdir, "bundle.json");
  writeFileSync(written, JSON.stringify({ bunVersion: Bun.version, withScreen, withoutScreen, stamps }));
  renameSync(written, recordPath);
  removeOldBundles();
}

/** Returns the path of the bundle. */
async function build(outdir: string, plugins: readonly BunPlugin[]): Promise<string> {
  const config = { ...bundleConfig, outdir, plugins: [...bundleConfig.plugins, ...plugins] };
  const { outputs } = await Bun.build(config);
  return outputs.find(({ kind }) => kind === "entry-point")!.path;
}

/** The project's sources, bun.lock for those of the packages, and the files that decide what a bundle is. */
async function listSources(): Promise<readonly string[]> {
  const { metafile } = await Bun.build({ ...bundleConfig, bytecode: false, metafile: true });
  const paths = Object.keys(metafile!.inputs).map((path) => relative(project, resolve(path)));
  const own = readdirSync(import.meta.dir).map((name) => relative(project, join(import.meta.dir, name)));
  return [...paths.filter((path) => /^(src|components)\//.test(path)), ...own, "bun.lock"];
}

function removeOldBundles(): void {
  const entries = readdirSync(bundleFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const folders = entries.map(({ name }) => join(bundleFolder, name));
  const newestFirst = folders.toSorted((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  // Another process may remove them as well.
  for (const folder of newestFirst.slice(keptBundles)) rmSync(folder, { recursive: true, force: true });
}
