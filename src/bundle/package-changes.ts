/**
 * Changes to packages in the bundle and in the compiled program, by which they start sooner. Each replaces a text of a
 * package by one of the same meaning: a new version of the package that does not have the text fails the build.
 */

import type { BunPlugin } from "bun";
import { join } from "node:path";
import { project } from "./bundle.ts";

interface PackageChange {
  /** In node_modules. */
  readonly path: string;
  readonly replacements: readonly (readonly [text: string, by: string])[];
}

const changes: readonly PackageChange[] = [
  {
    // A CommonJS module has no `await` of its own. React's developer tools are not installed.
    path: "ink/build/reconciler.js",
    replacements: [
      ["import.meta.resolve('react-devtools-core');", "throw undefined;"],
      ["await import('./devtools.js');", ""],
      ["await loadPackageJson()", "packageInfo"],
      ["new URL('../package.json', import.meta.url)", "'package.json'"],
    ],
  },
  {
    path: "yoga-layout/dist/src/index.js",
    replacements: [["wrapAssembly(await loadYoga())", "wrapAssembly(loadYoga())"]],
  },
  {
    // Yoga is compiled at once: a compilation beside the main thread takes no less time, and turns of the event loop.
    path: "yoga-layout/dist/binaries/yoga-wasm-base64-esm.js",
    replacements: [
      ["import.meta.url", "''"],
      [
        "if(h.instantiateWasm)",
        `h.instantiateWasm = (imports, onInstance) => {
          const module = new WebAssembly.Module(Buffer.from(H.slice(H.indexOf(",") + 1), "base64"));
          const instance = new WebAssembly.Instance(module, imports);
          onInstance(instance);
          return instance.exports;
        };
        if(h.instantiateWasm)`,
      ],
      ["return loadYoga.ready", "return loadYoga"],
    ],
  },
  {
    // A process is started only where the terminal does not report its size.
    path: "terminal-size/index.js",
    replacements: [
      ["import {execFileSync} from 'node:child_process';", ""],
      ["\texecFileSync(command", "\trequire('node:child_process').execFileSync(command"],
    ],
  },
  {
    // The expression of emoji takes as long to compile as all else that draws the first frame, which has none.
    path: "string-width/index.js",
    replacements: [
      [
        String.raw`/^[\u0020-\u007E]*$/.test(string)`,
        String.raw`/^[\u0020-\u007E\u00A1-\u00AC\u00AE-\u00FF\u2010-\u2027\u2190-\u22FF\u2500-\u25FC\u2713]*$/.test(string)
 && (ambiguousIsNarrow || /^[\u0020-\u007E]*$/.test(string))`,
      ],
    ],
  },
  {
    // Seventy expressions that are needed only where a component throws.
    path: "ink/build/components/ErrorOverview.js",
    replacements: [
      ["import StackUtils from 'stack-utils';", ""],
      [
        `const stackUtils = new StackUtils({
    cwd: cwd(),
    internals: StackUtils.nodeInternals(),
});`,
        "",
      ],
      [
        "export default function ErrorOverview({ error }) {",
        `export default function ErrorOverview({ error }) {
    const StackUtils = require('stack-utils');
    const stackUtils = new StackUtils({ cwd: cwd(), internals: StackUtils.nodeInternals() });`,
      ],
    ],
  },
];

export const changePackages: BunPlugin = {
  name: "change packages",
  setup(build) {
    for (const { path, replacements } of changes) {
      const file = join(project, "node_modules", path);
      const filter = new RegExp(`/node_modules/${RegExp.escape(path)}$`);
      build.onLoad({ filter }, async () => ({
        contents: replaceTexts(path, await Bun.file(file).text(), replacements),
        loader: "js",
      }));
    }
  },
};

function replaceTexts(path: string, source: string, replacements: PackageChange["replacements"]): string {
  return replacements.reduce((text, [from, by]) => {
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
    return text.replace(from, () => by);
  }, source);
}
