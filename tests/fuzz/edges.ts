/**
 * Counts the edges that a run takes through the modules of src. The source is instrumented as it is loaded; see
 * counters.ts for what an edge is.
 */

import { plugin } from "bun";
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { addCounters } from "./counters.ts";

const edgesMax = 65_536;
const root = new URL("../../", import.meta.url).pathname;

/** The times that the current run took each edge. */
const taken = new Uint32Array(edgesMax);
/** The file and the code of each edge. */
const places: { readonly file: string; readonly code: string }[] = [];

/** Instruments the files of src that `modules` matches. Call it before they are imported. */
export function instrument(modules: RegExp): void {
  Object.assign(globalThis, { takenEdges: taken });
  const transpiler = new Bun.Transpiler({ loader: "ts" });
  plugin({
    name: "edges",
    setup(build) {
      build.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
        // Not a promise, since a module may be loaded by `require`.
        const source = readFileSync(path, "utf8");
        const file = relative(root, path);
        if (!modules.test(file)) return { contents: source, loader: "ts" };
        const counted = addCounters(transpiler.transformSync(source), places.length, "takenEdges");
        places.push(...counted.codes.map((code) => ({ file, code })));
        if (places.length > edgesMax) throw new Error(`There are more than ${edgesMax} edges.`);
        return { contents: counted.source, loader: "js" };
      });
    },
  });
}

/** The edges of the files that `modules` matches, by index. */
export function selectEdges(modules: RegExp): Uint32Array {
  return Uint32Array.from(places.flatMap(({ file }, edge) => (modules.test(file) ? [edge] : [])));
}

/** `src/protocol/text/text.ts: code of the edge`. */
export function describeEdge(edge: number): string {
  const place = places[edge];
  return place === undefined ? "" : `${place.file}: ${place.code}`;
}

/** Forgets what was counted. */
export function clearEdges(): void {
  taken.fill(0, 0, places.length);
}

/** The times that an edge was taken since clearEdges. */
export function countTaken(edge: number): number {
  return taken[edge] ?? 0;
}
