/** A program: bundles the duet in whose folder it lies into one file, without screens and Chinese. README.md has its use. */

import { join } from "node:path";

const omitted =
  /^(ink|react|react\/.*|ink-text-input|react-devtools-core)$|\/(screen|replay-screen)\.tsx$|\/zh\//;

const { outputs } = await Bun.build({
  entrypoints: [join(import.meta.dir, "src/start.ts")],
  target: "bun",
  format: "esm",
  minify: true,
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [
    {
      name: "omit modules",
      setup(build) {
        build.onResolve({ filter: omitted }, ({ path }) => ({ path, namespace: "omitted" }));
        build.onLoad({ filter: /.*/, namespace: "omitted" }, () => ({
          contents: "module.exports = {};",
          loader: "js",
        }));
      },
    },
  ],
});
await Bun.write(process.argv[2] ?? "duet.js", outputs[0]!);
