/**
 * Who comes and goes, as the conversation says it: a run of joins and leaves is one line that grows in place, so that a
 * thousand who come at once take one row. Whether somebody has come is decided elsewhere.
 */

import { asItIs } from "../../words/sentences.ts";
import { type Chat, takeEntryId } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { type Composed, composedText } from "../log/composed.ts";
import type { Movers, NoticeEntry } from "../log/entry.ts";
import { mayTellOfPeers } from "./paced-notices.ts";
import { addEntry, replaceEntry, tell } from "./report.ts";

/** So many are named in a run; the others are counted. */
const namedMax = 3;
const nobody: Movers = { count: 0, names: [], words: "" };

/** Somebody came or went. `words` say it in full, for who comes or goes alone; both are clean. */
export function noticeOfMove(
  chat: Chat,
  side: Side,
  tone: "joined" | "left",
  name: string,
  words: string,
): void {
  const run = runToGrow(side, tone);
  if (run !== undefined) replaceEntry(chat, side, withMove(run, tone, name, words));
  else {
    if (!mayTellOfPeers(chat, side)) return;
    const id = takeEntryId(chat);
    const empty = { kind: "notice", id, atMs: chat.nowMs, tone, text: "" } as const;
    addEntry(chat, side, withMove(empty, tone, name, words));
  }
  tell(chat, { type: "notice", transport: side.transport, tone, text: words, hint: undefined });
}

/** The newest line, if it is a run. One who comes and goes takes two lines, but never a third. */
function runToGrow({ conversation: { scrollback } }: Side, tone: "joined" | "left"): NoticeEntry | undefined {
  const last = scrollback.kept(scrollback.length - 1);
  if (last?.kind !== "notice" || last.moves === undefined) return undefined;
  if (last.moves[tone].count > 0 || last.moves.joined.count + last.moves.left.count >= namedMax) return last;
  const before = scrollback.kept(scrollback.length - 2);
  return before?.kind === "notice" && before.moves !== undefined ? last : undefined;
}

function withMove(entry: NoticeEntry, tone: "joined" | "left", name: string, words: string): NoticeEntry {
  const before = entry.moves ?? { joined: nobody, left: nobody };
  const moves = { ...before, [tone]: andOne(before[tone], name, words) };
  const runs = [runWords(moves.joined, "joined"), runWords(moves.left, "left")];
  const composed: Composed = { is: "sentences", sentences: runs.filter((run) => run !== "") };
  const text = composedText(composed, asItIs);
  return { ...entry, tone: moves.joined.count > 0 ? "joined" : "left", text, composed, moves };
}

function andOne({ count, names }: Movers, name: string, words: string): Movers {
  const isNew = count < namedMax && !names.includes(name);
  return { count: count + 1, names: isNew ? [...names, name] : names, words };
}

/** `bob (127.0.0.1:51234) joined`, `bob and eve joined`, `bob, eve and 31 more joined`, `bob left 3 times`. */
function runWords({ count, names, words }: Movers, verb: string): string {
  if (count === 0) return "";
  if (count === 1) return words;
  if (names.length === 1) return `${names[0]} ${verb} ${count.toLocaleString("en")} times`;
  const isWhole = count === names.length;
  const told = isWhole ? names.slice(0, -1) : names.slice(0, namedMax - 1);
  const rest = isWhole ? names.at(-1) : `${(count - told.length).toLocaleString("en")} more`;
  return `${told.join(", ")} and ${rest} ${verb}`;
}
