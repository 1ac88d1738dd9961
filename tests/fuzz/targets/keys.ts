/** The terminal's bytes as keys, and the line that they edit: cut anywhere they are the same keys, without controls. */

import { KeyDecoder } from "../../../src/input/keys/keys.ts";
import type { KeyEvent } from "../../../src/input/keys/key-event.ts";
import { editLine } from "../../../src/input/line/line-editor.ts";
import { emptyLine, type LineState } from "../../../src/input/line/line-state.ts";
import { selectVisible } from "../../../src/input/line/line-window.ts";
import { readReplayRequests } from "../../../src/input/keys/replay-keys.ts";
import { readBackground } from "../../../src/cli/terminal/terminal-colours.ts";
import { keyReplyMaxUnits } from "../../../src/protocol/limits.ts";
import { measureColumns } from "../../../src/protocol/text/wrap.ts";
import { cutAnywhere, demand, demandSame, type FuzzTarget } from "../target.ts";
import { demandClean } from "./text.ts";

const pasteMax = 64;

function run(input: Uint8Array): void {
  const whole = decode([input]);
  demandSame(decode(cutAnywhere(input)), whole, "keys do not depend on the cuts");
  let line = emptyLine;
  for (const event of whole) {
    checkEvent(event);
    readReplayRequests(event);
    if (event.type === "reply") readBackground(event);
    line = edit(line, event);
  }
}

function decode(chunks: readonly Uint8Array[]): readonly KeyEvent[] {
  const decoder = new KeyDecoder(pasteMax);
  const events = chunks.flatMap((chunk) => decoder.push(chunk));
  events.push(...decoder.flush());
  demand(!decoder.isPending, "nothing is pending after a flush");
  return joinText(events);
}

/** A run of text may be split between two reads. */
function joinText(events: readonly KeyEvent[]): readonly KeyEvent[] {
  const joined: KeyEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (event.type === "text" && last?.type === "text")
      joined[joined.length - 1] = { type: "text", text: last.text + event.text };
    else joined.push(event);
  }
  return joined;
}

function checkEvent(event: KeyEvent): void {
  if (event.type === "text")
    demand(event.text !== "" && !/\p{Cc}/u.test(event.text), "text has no control", event);
  if (event.type === "key") demand(!/\p{Cc}/u.test(event.name), "a key's name has no control", event);
  if (event.type === "reply") demand(event.body.length <= keyReplyMaxUnits, "a reply is bounded", event);
  if (event.type === "paste")
    demand(event.text.length <= pasteMax && !event.text.includes("\r"), "a paste is cut", event);
  if (event.type !== "mouse") return;
  const isPlace = [event.row, event.column].every((place) => Number.isSafeInteger(place) && place >= 0);
  demand(isPlace && event.button >= 0, "a mouse event has a place", event);
}

function edit(line: LineState, event: KeyEvent): LineState {
  const { state } = editLine(line, event);
  demand(state.cursor >= 0 && state.cursor <= state.text.length, "the cursor is in the line", state);
  const { visible, cursorColumn } = selectVisible(state.text, state.cursor, 20);
  demandClean(visible, "the line that is drawn");
  demand(measureColumns(visible) <= 20 && cursorColumn < 20, "the line that is drawn fits", visible);
  return state;
}

export const keysTarget: FuzzTarget = {
  name: "keys",
  modules: /^src\/input\/(keys|line)\//,
  seeds: [
    "hello\x01\x05\x0b\x19\x17\x1f\x7f\x08\r\n",
    "a b c\x1bb\x1bf\x1bd\x1b\x7f\x02\x06\x04\x15\x0c",
    "\x1b[A\x1b[B\x1b[C\x1b[D\x1b[1;5C\x1b[3~\x1b[H\x1bOF\x1b[5;2~\x1b[Z",
    "\x1b[200~one\r\ntwo\x1b[31m\x1b[201~after",
    "\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<64;1;1M\x1b[<35;2;2M\x1b[M !!",
    "\x1b]11;rgb:ffff/ffff/ffff\x07\x1b]11;rgb:00/00/00\x1b\\\x1bP>|term\x1b\\\x1b_x\x1b\\",
    "\x1b[I\x1b[O\x1b[?1;2c\x1b[?2026;2$y\x1b[97;5u\x1b[27;5;13~\x1b[13;2u",
    "\x1b\x1b[A\x1b\x1b\x1bOP\x1b[[A\x1b[24~\x1b[?u",
    "中文é👩\x80\xff\x1b[999999999999;1Hx\x1b",
  ],
  tokens: [
    ...[
      "\x1b",
      "\x1b[",
      "\x1bO",
      "\x1b]11;",
      "\x1b\\",
      "\x07",
      "\x1b[200~",
      "\x1b[201~",
      "\x1b[<",
      ";5u",
      "\x1bP",
      "\x1b[M",
    ],
    ...[
      "\x01",
      "\x05",
      "\x0b",
      "\x19",
      "\x1by",
      "\x17",
      "\x1f",
      "\x1bd",
      "\x1b\x7f",
      "\x1bb",
      "\x1bf",
      "\x14",
      "\x10",
      "\x0e",
    ],
    ...[
      "\r",
      "\n",
      "é",
      "👩‍👩‍👧",
      "中",
      "1;2",
      ":",
      "~",
      "\x1b[27;5;97~",
      "\x1b[1;3A",
      "\x7f",
      "\x04",
      "\x02",
      "\x1b[3;5~",
    ],
  ],
  run,
};
