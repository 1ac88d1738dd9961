/**
 * Presence notices: a run of joins and leaves is one entry that grows in place, so that a thousand joins at once take
 * one row.
 */

import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { getName, takeEntryId, type ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import type { Movers, Notice } from "../log/entry.ts";
import type { StateWord } from "../records/connection-state.ts";
import { removeSubject } from "./reasons.ts";
import { mayReportPeers } from "./notice-limit.ts";
import { addEntry, addNotice, replaceEntry, report, noteRefusal } from "./report.ts";
import type { Conversation } from "../model/side.ts";

/** The most names in a run; the others are counted. */
const namedMax = 3;
const nobody: Movers = { count: 0, names: [], sentence: undefined };

/** Shows and reports a join or leave. `move`: the whole sentence, shown while it is the only one. */
export function addPresenceNotice(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  tone: "joined" | "left",
  name: string,
  move: Sentence,
): void {
  const run =
    findGrowingRun(side.conversation, tone) ?? (tone === "left" ? findLastState(side, name) : undefined);
  const over = run === undefined || run.over === side.transport ? side.transport : undefined;
  if (run !== undefined)
    replaceEntry(chat.focus, side.conversation, { ...addMove(run, tone, name, move), over });
  else {
    if (!mayReportPeers(chat, side)) return;
    const id = takeEntryId(chat.ids);
    const alone = { kind: "notice", id, atMs: chat.wallMs, tone, over, sentence: move } as const;
    addEntry(chat, side, addMove(alone, tone, name, move));
  }
  report(chat, { type: "notice", transport: side.transport, tone, text: move, hint: undefined });
}

/** Shows and reports that the peer that we connected to has left, with the way on. */
export function reportHostLeft(
  chat: ReportContext,
  side: Pick<Side, "transport" | "socket" | "conversation" | "counters">,
  peer: Pick<Peer, "link" | "identity" | "membership">,
  reason: Sentence,
): void {
  const [name, { address }] = [getName(peer), peer.link];
  const left = sentence("peer-left", { name, reason: removeSubject(reason, [name, address]) });
  const hint = sentence("reconnect-hint", { target: side.socket.targetText ?? address });
  const state = findLastState(side, undefined);
  if (state === undefined) return addNotice(chat, side, "left", left, hint);
  noteRefusal(chat, left);
  replaceEntry(chat.focus, side.conversation, { ...state, tone: "left", sentence: left, hint });
  report(chat, { type: "notice", transport: side.transport, tone: "left", text: left, hint });
}

/** The newest entry, if it shows a state from which a peer leaves: that it has left says more, and takes its place. */
function findLastState(
  { conversation: { scrollback }, transport }: Pick<Side, "conversation" | "transport">,
  who: string | undefined,
): Notice | undefined {
  const last = scrollback.kept(scrollback.length - 1);
  if (last?.kind !== "notice" || last.sentence.id !== "state-line" || last.over !== transport)
    return undefined;
  const { params } = last.sentence;
  const isLast = lastStates.some((state) => params.state.endsWith(state));
  return params.who === who && isLast ? last : undefined;
}

const lastStates: readonly StateWord[] = ["HALF-CLOSED (theirs)", "UNREACHABLE", "SILENT"];

/** The newest entry, if it is a run that can grow. A member that joins and leaves takes two entries, never a third. */
function findGrowingRun({ scrollback }: Conversation, tone: "joined" | "left"): Notice | undefined {
  const last = scrollback.kept(scrollback.length - 1);
  if (last?.kind !== "notice" || last.moves === undefined) return undefined;
  if (last.moves[tone].count > 0 || last.moves.joined.count + last.moves.left.count >= namedMax) return last;
  const before = scrollback.kept(scrollback.length - 2);
  return before?.kind === "notice" && before.moves !== undefined ? last : undefined;
}

function addMove(entry: Notice, tone: "joined" | "left", name: string, move: Sentence): Notice {
  const before = entry.moves ?? { joined: nobody, left: nobody };
  const moves = { ...before, [tone]: countMove(before[tone], name, move) };
  const runs = [wordRun(moves.joined, "joined"), wordRun(moves.left, "left")];
  const sentences = runs.filter((run) => run !== undefined);
  return {
    ...entry,
    tone: moves.joined.count > 0 ? "joined" : "left",
    sentence: sentence("joins-and-leaves", { sentences }),
    moves,
  };
}

function countMove({ count, names }: Movers, name: string, move: Sentence): Movers {
  const isNew = count < namedMax && !names.includes(name);
  return { count: count + 1, names: isNew ? [...names, name] : names, sentence: move };
}

/** `bob (127.0.0.1:51234) joined`, `bob and eve joined`, `bob, eve and 31 more joined`, `bob left 3 times`. */
function wordRun({ count, names, sentence: newest }: Movers, move: "joined" | "left"): Sentence | undefined {
  if (count < 2) return newest;
  const [only = "", ...others] = names;
  if (others.length === 0) return sentence(`${move}-times`, { name: only, times: count });
  const named = count === names.length ? names : names.slice(0, namedMax - 1);
  return sentence(`several-${move}`, { names: named, more: count - named.length });
}
