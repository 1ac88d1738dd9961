/** The committed inputs of each target: corpus/TARGET.txt, one input a line, in base64. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

function pathFor(target: string): string {
  return join(import.meta.dir, "corpus", `${target}.txt`);
}

/** No input if the target has no corpus yet. */
export function readCorpus(target: string): readonly Uint8Array[] {
  const path = pathFor(target);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => Buffer.from(line, "base64"));
}

/** Replaces the corpus of a target; shortest inputs first. */
export function writeCorpus(target: string, inputs: readonly Uint8Array[]): void {
  const lines = inputs
    .toSorted((one, other) => one.length - other.length || Buffer.compare(one, other))
    .map((input) => `${Buffer.from(input).toString("base64")}\n`);
  writeFileSync(pathFor(target), lines.join(""));
}
