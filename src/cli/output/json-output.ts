/** The NDJSON of `--json` and logs, as EVENTS.md defines it. Text is escaped so that printing it is safe. */

import type { WordedOutput } from "../../chat/model/output.ts";
import { toSafeJson } from "../../protocol/text/text.ts";

/** Fields that are always present, and null if they have no value. */
const nullableFields: Readonly<Partial<Record<WordedOutput["type"], readonly string[]>>> = {
  state: ["local", "peer"],
  peer: ["kind"],
  call: ["bytes"],
  receipt: ["rttMs"],
};

/** One event as a line with its newline; undefined for outputs that are no events (notices, lines, raw bytes). */
export function formatJson(output: WordedOutput): string | undefined {
  if (output.type === "notice" || output.type === "bytes" || output.type === "lines") return undefined;
  const { type, atMs, transport, ...fields } = output;
  const line: Record<string, unknown> = { type, at: new Date(atMs).toISOString(), transport, ...fields };
  delete line["isCovered"];
  for (const name of nullableFields[type] ?? []) line[name] ??= null;
  return `${toSafeJson(line)}\n`;
}
