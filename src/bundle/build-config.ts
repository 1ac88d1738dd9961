/** The configuration that the bundle and the compiled program have in common. */

import type { BuildConfig, BunPlugin } from "bun";
import { join } from "node:path";
import { project } from "./bundle.ts";
import { changePackages } from "./package-changes.ts";

/** Modules that Ink imports only for React's developer tools, and that are not installed. */
const omitted = /^react-devtools-core$/;

const omitModules: BunPlugin = {
  name: "omit modules",
  setup(build) {
    build.onResolve({ filter: omitted }, ({ path }) => ({ path, namespace: "omitted" }));
    build.onLoad({ filter: /.*/, namespace: "omitted" }, () => ({
      contents: "export default {};",
      loader: "js",
    }));
  },
};

export const buildConfig = {
  entrypoints: [join(project, "src/start.ts")],
  target: "bun",
  bytecode: true,
  // Names stay, for the report of a fault.
  minify: { whitespace: true, syntax: true },
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [omitModules, changePackages],
} satisfies BuildConfig;
