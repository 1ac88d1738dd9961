/**
 * A program: compiles duet with bytecode for the tests, which start it more than a thousand times, if there is no such
 * program of the sources as they are. It lies beside the bundle, and is as fresh as that.
 */

import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { buildConfig } from "../../src/bundle/build-config.ts";
import { bundleFolder } from "../../src/bundle/bundle.ts";
import { findTestProgram, mainPath } from "./test-program.ts";

const path = findTestProgram();
if (path === undefined) throw new Error("make the bundle first: bun src/bundle/make-bundle.ts");
if (!existsSync(path)) await compile(path);

async function compile(outfile: string): Promise<void> {
  await Bun.build({
    ...buildConfig,
    // It names itself as main.ts does.
    define: { ...buildConfig.define, "Bun.main": JSON.stringify(mainPath) },
    compile: {
      outfile: `${outfile}.${process.pid}`,
      autoloadBunfig: false,
      autoloadDotenv: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
    },
    bytecode: true,
  });
  // In one step: another process may look for it.
  renameSync(`${outfile}.${process.pid}`, outfile);
  // Each takes 110 MB.
  const folders = readdirSync(bundleFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) {
    const older = join(bundleFolder, name, basename(outfile));
    if (older !== outfile) rmSync(older, { force: true });
  }
}
