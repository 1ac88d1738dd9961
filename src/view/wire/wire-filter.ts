/** Which calls a person wants to see: `peer=ann call=send`, and any other words as they stand in a row or its bytes. */

import { searchTermMaxUnits } from "../../protocol/limits.ts";
import type { WireModel, WireRow } from "../../chat/log/wire-log.ts";
import type { WireWords } from "../../words/words.ts";
import { wireWords } from "./wire-words.ts";

export interface WireFilter {
  /** Part of the peer's name or endpoint. */
  readonly peer: string;
  /** How the call's name begins: `send` is `sendto` too. */
  readonly call: string;
  /** Part of the row's words, or of the text that it carried as far as that is kept. */
  readonly text: string;
}

/** Every line means something: what is no `peer=` or `call=` is text, and `text=` takes all that follows. Case is ignored, and so is what is past searchTermMaxUnits. */
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

/** It asks for nothing. */
export function passesAll({ peer, call, text }: WireFilter): boolean {
  return peer === "" && call === "" && text === "";
}

/** True when all of it is so of a row as it reads in these words. */
export function passesFilter(
  wire: WireModel,
  row: WireRow,
  { peer, call, text }: WireFilter,
  words: WireWords,
): boolean {
  if (!row.call.startsWith(call)) return false;
  if (peer !== "" && !`${row.peer ?? ""} ${row.address ?? ""}`.toLowerCase().includes(peer)) return false;
  return text === "" || wireWords(row, words).toLowerCase().includes(text) || carriesText(wire, row, text);
}

const utf8 = new TextDecoder();

function carriesText(wire: WireModel, row: WireRow, text: string): boolean {
  const payload = wire.payloadOf(row);
  return payload !== undefined && utf8.decode(payload).toLowerCase().includes(text);
}
