/** duet and the empty programs in each form in which they run: from source, as a bundle, compiled. */

import { join } from "node:path";
import { buildConfig } from "../../../src/bundle/build-config.ts";
import type { Folder } from "../../support/duet.ts";

const project = join(import.meta.dir, "../../..");

export const formNames = ["from source", "the bundle", "compiled"] as const;
export type FormName = (typeof formNames)[number];

/** The commands of one form, without arguments. */
export interface Form {
  readonly duet: readonly string[];
  readonly emptyServer: readonly string[];
  readonly emptyScreen: readonly string[];
}

/** Makes what the forms need, duet's in the project and the others in `folder`. `bun`: the program to run them. */
export async function makeForms(folder: Folder, bun: string): Promise<Readonly<Record<FormName, Form>>> {
  for (const maker of ["make-bundle.ts", "make-binary.ts"])
    Bun.spawnSync([process.execPath, join("src/bundle", maker)], { cwd: project });
  const server = join(import.meta.dir, "server.ts");
  const screen = join(import.meta.dir, "screen.tsx");
  return {
    "from source": {
      duet: [bun, join(project, "src/start.ts")],
      emptyServer: [bun, server],
      emptyScreen: [bun, screen],
    },
    "the bundle": {
      duet: [bun, join(project, "src/main.ts")],
      emptyServer: [bun, await bundle(folder, server)],
      emptyScreen: [bun, await bundle(folder, screen)],
    },
    compiled: {
      duet: [join(project, "dist/duet")],
      emptyServer: [await compile(folder, server, "empty-server")],
      emptyScreen: [await compile(folder, screen, "empty-screen")],
    },
  };
}

async function bundle(folder: Folder, entry: string): Promise<string> {
  const { outputs } = await Bun.build({
    ...buildConfig,
    entrypoints: [entry],
    format: "cjs",
    outdir: folder.path,
  });
  return outputs.find(({ kind }) => kind === "entry-point")!.path;
}

async function compile(folder: Folder, entry: string, name: string): Promise<string> {
  const outfile = folder.join(name);
  await Bun.build({ ...buildConfig, entrypoints: [entry], format: "esm", compile: { outfile } });
  return outfile;
}
