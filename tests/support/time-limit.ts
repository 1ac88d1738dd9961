/**
 * The time limit of a test, preloaded. Tests end by conditions; the limit only ends a test that never would, so it
 * is far beyond what the slowest machine needs, and longer than one wait (wait.ts).
 */

import { plugin } from "bun";

const limitMs = 300_000;

// A limit holds for the file that sets it, and without `--parallel` a preload runs once (Bun 1.4.5): so each file
// sets it.
plugin({
  name: "time limit",
  setup(build) {
    build.onLoad({ filter: /\.test\.tsx?$/ }, async ({ path }) => ({
      contents: `import { setDefaultTimeout } from "bun:test"; setDefaultTimeout(${limitMs}); ${await Bun.file(path).text()}`,
      loader: path.endsWith("x") ? "tsx" : "ts",
    }));
  },
});
