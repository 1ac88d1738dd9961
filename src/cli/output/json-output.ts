/** One NDJSON line for each event, as product.md's contract names the fields. Text is escaped so that a terminal is safe. */

import type { WordedOutput } from "../../chat/model/output.ts";
import { toSafeJson } from "../../protocol/text/text.ts";

/** Fields of the contract that are there always, null while nothing is known. */
const knownOrNull: Readonly<Partial<Record<WordedOutput["type"], readonly string[]>>> = {
  state: ["local", "peer"],
  peer: ["kind"],
  call: ["bytes"],
  receipt: ["rttMs"],
};

/** The line, with its newline; undefined for what is not part of the contract (notices, raw bytes). */
export function formatJson(output: WordedOutput): string | undefined {
  if (output.type === "notice" || output.type === "bytes" || output.type === "lines") return undefined;
  const { type, atMs, transport, ...fields } = output;
  const line: Record<string, unknown> = { type, at: new Date(atMs).toISOString(), transport, ...fields };
  for (const name of knownOrNull[type] ?? []) line[name] ??= null;
  return `${toSafeJson(line)}\n`;
}
