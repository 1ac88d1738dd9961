/**
 * The search: inputs are mutated, and with guidance those that take a new edge, or one more often than any before, are
 * kept and mutated further. A failure is made as short as possible and thrown.
 */

import { seeded } from "../support/seeded.ts";
import { clearEdges, countTaken, selectEdges } from "./edges.ts";
import { mutate, type MutationSources } from "./mutate.ts";
import type { FuzzTarget } from "./target.ts";

export interface SearchOptions {
  readonly seed: number;
  readonly isGuided: boolean;
  readonly start: readonly Uint8Array[];
  readonly maxBytes: number;
  /** False ends the search. */
  mayGoOn(runs: number): boolean;
}

export interface SearchResult {
  readonly runs: number;
  readonly edges: number;
  readonly reached: ReadonlySet<number>;
  readonly reachedAtStart: number;
  /** A few inputs that together take every edge that was reached. */
  readonly cover: readonly Uint8Array[];
}

/** An input that violated a law, as short as it was made. */
export class FuzzFailure extends Error {
  readonly input: Uint8Array;

  constructor(target: FuzzTarget, input: Uint8Array, cause: unknown) {
    const shown = JSON.stringify(Buffer.from(input).toString("latin1"));
    super(
      `${target.name}: ${String(cause)}\n  base64: ${Buffer.from(input).toString("base64")}\n  latin1: ${shown}`,
      { cause },
    );
    this.input = input;
  }
}

/** The edges that were taken, and how often each was at most, in classes: 1, 2, 3, 4 to 7, 8 to 15, … */
class Seen {
  readonly edges: Uint32Array;
  readonly #classes: Uint8Array;
  readonly reached = new Set<number>();

  constructor(modules: RegExp) {
    this.edges = selectEdges(modules);
    this.#classes = new Uint8Array(this.edges.length);
  }

  /** Notes the edges of the last run. True if a class of one is new. */
  note(): boolean {
    let isNew = false;
    for (let index = 0; index < this.edges.length; index += 1) {
      const edge = this.edges[index] ?? 0;
      const times = countTaken(edge);
      if (times === 0) continue;
      const bit = 1 << (times < 4 ? times - 1 : Math.min(7, 1 + Math.floor(Math.log2(times))));
      if (((this.#classes[index] ?? 0) & bit) !== 0) continue;
      this.#classes[index] = (this.#classes[index] ?? 0) | bit;
      this.reached.add(edge);
      isNew = true;
    }
    return isNew;
  }

  /** The edges of the last run. */
  list(): readonly number[] {
    return [...this.edges].filter((edge) => countTaken(edge) > 0);
  }
}

/** Runs a target until `mayGoOn` is false. Throws a FuzzFailure. */
export function search(target: FuzzTarget, options: SearchOptions): SearchResult {
  const seen = new Seen(target.modules);
  const random = seeded(options.seed);
  const pool: Uint8Array[] = [];
  for (const input of options.start) {
    runOnce(target, input);
    seen.note();
    pool.push(input);
  }
  const reachedAtStart = seen.reached.size;
  const sources: MutationSources = {
    random,
    tokens: target.tokens,
    others: pool,
    maxBytes: options.maxBytes,
  };
  let runs = 0;
  for (; options.mayGoOn(runs); runs += 1) {
    // Half of the inputs are of the newer half: they reach what the others did not.
    const from = random() < 0.5 ? 0 : pool.length >> 1;
    const chosen = pool[from + Math.floor(random() * (pool.length - from))];
    const input = mutate(chosen ?? new Uint8Array(0), sources);
    runOnce(target, input);
    if (seen.note() && options.isGuided) pool.push(input);
  }
  const cover = options.isGuided ? selectCover(target, seen, pool) : [];
  return { runs, edges: seen.edges.length, reached: seen.reached, reachedAtStart, cover };
}

function runOnce(target: FuzzTarget, input: Uint8Array): void {
  clearEdges();
  try {
    target.run(input);
  } catch {
    const short = shorten(input, (one) => findFault(target, one) !== undefined);
    throw new FuzzFailure(target, short, findFault(target, short));
  }
}

/** What a target throws for an input; undefined if all laws hold. */
export function findFault(target: FuzzTarget, input: Uint8Array): unknown {
  try {
    target.run(input);
    return undefined;
  } catch (error) {
    return error ?? "it threw nothing";
  }
}

/** Removes what is not needed to keep a property: halves, then smaller pieces, then bytes. */
function shorten(input: Uint8Array, keeps: (input: Uint8Array) => boolean): Uint8Array {
  let bytes = Buffer.from(input);
  for (let size = Math.max(1, bytes.length >> 1); size >= 1; size = size === 1 ? 0 : size >> 1)
    for (let at = 0; at < bytes.length;) {
      const shorter = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
      if (keeps(shorter)) bytes = shorter;
      else at += size;
    }
  return bytes;
}

/** Chooses the inputs with the most edges that no chosen one has, until all are taken, and shortens each. */
function selectCover(target: FuzzTarget, seen: Seen, pool: readonly Uint8Array[]): readonly Uint8Array[] {
  const candidates = pool.map((input) => {
    runOnce(target, input);
    return { input, edges: seen.list() };
  });
  const missing = new Set(candidates.flatMap(({ edges }) => edges));
  const cover: Uint8Array[] = [];
  while (missing.size > 0) {
    const gain = ({ edges }: { readonly edges: readonly number[] }): number =>
      edges.reduce((sum, edge) => sum + (missing.has(edge) ? 1 : 0), 0);
    let best = candidates[0];
    let most = 0;
    for (const one of candidates) {
      const gained = gain(one);
      if (gained < most || (gained === most && one.input.length >= (best?.input.length ?? 0))) continue;
      best = one;
      most = gained;
    }
    if (best === undefined || most === 0) break;
    const wanted = best.edges.filter((edge) => missing.has(edge));
    const short = shorten(best.input, (input) => {
      runOnce(target, input);
      return wanted.every((edge) => countTaken(edge) > 0);
    });
    runOnce(target, short);
    for (const edge of seen.list()) missing.delete(edge);
    for (const edge of wanted) missing.delete(edge);
    cover.push(short);
  }
  return cover;
}
