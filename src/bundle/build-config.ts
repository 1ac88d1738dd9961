/** The configuration that the bundle and the compiled program have in common. */

import type { BuildConfig } from "bun";
import { join } from "node:path";
import { project } from "./bundle.ts";
import { changePackages } from "./package-changes.ts";

export const buildConfig = {
  entrypoints: [join(project, "src/start.ts")],
  target: "bun",
  bytecode: true,
  // Names stay, for the report of a fault.
  minify: { whitespace: true, syntax: true },
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [changePackages],
} satisfies BuildConfig;
