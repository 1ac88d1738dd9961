/** A target of the fuzzer: what it runs, and the laws that hold for every input. */

export interface FuzzTarget {
  readonly name: string;
  /** The files whose edges guide it, by their path from the root. */
  readonly modules: RegExp;
  /** Inputs to begin with. */
  readonly seeds: readonly (string | Uint8Array)[];
  /** Words of the format, for mutations. */
  readonly tokens: readonly string[];
  /** Throws if a law does not hold. Everything is derived from `input`, so that a failure repeats. */
  run(input: Uint8Array): void;
}

/** Fails the run of a target. */
export function demand(holds: boolean, law: string, found?: unknown): void {
  if (!holds) throw new Error(found === undefined ? law : `${law}: ${JSON.stringify(found)}`);
}

/** Fails the run of a target unless both are the same as JSON. */
export function demandSame(one: unknown, other: unknown, law: string): void {
  const [text, otherText] = [JSON.stringify(one), JSON.stringify(other)];
  if (text !== otherText) throw new Error(`${law}: ${text.slice(0, 2000)} and ${otherText.slice(0, 2000)}`);
}

/** Cuts bytes into chunks of 1 to 16 bytes, at places that depend on the bytes alone. */
export function cutAnywhere(bytes: Uint8Array): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let state = bytes.length + 1;
  for (let at = 0; at < bytes.length;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345 + (bytes[at] ?? 0)) >>> 0;
    const length = 1 + ((state >>> 16) & 15);
    chunks.push(bytes.slice(at, at + length));
    at += length;
  }
  return chunks;
}
