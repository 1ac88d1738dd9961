/**
 * The filter of the wire panel: `peer=ann call=send`, and any other text, matched against a row's words and its bytes.
 */

import { searchTermMaxUnits } from "../../protocol/limits.ts";
import type { WireModel, WireRow } from "../../chat/log/wire-log.ts";
import type { WireWords } from "../../words/tables/words.ts";
import { describeCall } from "./call-text.ts";

export interface WireFilter {
  /** A part of the peer's name or endpoint. */
  readonly peer: string;
  /** A prefix of the call's name: `send` also matches `sendto`. */
  readonly call: string;
  /** A part of the row's words, or of the text in the bytes that are kept. */
  readonly text: string;
}

/**
 * Parses a filter; every line is valid. A word without `peer=` or `call=` is text, and `text=` takes the rest of the
 * line. Case is ignored; the line is cut at searchTermMaxUnits.
 */
export function parseWireFilter(line: string): WireFilter {
  const [before = "", ...after] = line
    .slice(0, searchTermMaxUnits)
    .toLowerCase()
    .split(/(?:^|\s)text=/);
  const words = before.split(/\s+/).filter((word) => word !== "");
  const valueOf = (key: string) => words.findLast((word) => word.startsWith(key))?.slice(key.length) ?? "";
  const others = words.filter((word) => !/^(peer|call)=/.test(word));
  const text = [...others, ...(after.length === 0 ? [] : [after.join(" text=")])].join(" ");
  return { peer: valueOf("peer="), call: valueOf("call="), text };
}

/** The first word of a filter that is written as a condition on something it does not know, as `port` in `port=80`. */
export function findUnknownKey(line: string): string | undefined {
  const [before = ""] = line.slice(0, searchTermMaxUnits).split(/(?:^|\s)text=/i);
  const keys = before.split(/\s+/).map((word) => /^([a-z]+)=/i.exec(word)?.[1]);
  return keys.find((key) => key !== undefined && !/^(peer|call)$/i.test(key));
}

/** True for an empty filter. */
export function isEmptyFilter({ peer, call, text }: WireFilter): boolean {
  return peer === "" && call === "" && text === "";
}

/** True if the row meets all conditions of the filter. */
export function isWithinFilter(
  wire: WireModel,
  row: WireRow,
  { peer, call, text }: WireFilter,
  words: WireWords,
): boolean {
  if (!row.call.startsWith(call)) return false;
  if (peer !== "" && !`${row.peer ?? ""} ${row.address ?? ""}`.toLowerCase().includes(peer)) return false;
  return text === "" || describeCall(row, words).toLowerCase().includes(text) || hasText(wire, row, text);
}

const utf8 = new TextDecoder();

function hasText(wire: WireModel, row: WireRow, text: string): boolean {
  const payload = wire.payloadOf(row);
  return payload !== undefined && utf8.decode(payload).toLowerCase().includes(text);
}
