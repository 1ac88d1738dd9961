/**
 * Reports to the person and to outputs: notices, errors and changes of state, each with its reason. They are sentences
 * by id; the code that shows or prints them words them.
 */

import { formatEndpoint } from "../../protocol/address/endpoint.ts";
import type { NetworkError } from "../../protocol/sockets/network-error.ts";
import { isSameSentence, type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { type Chat, getName, getSide, takeEntryId, type ReportContext } from "../model/chat.ts";
import type { Output } from "../model/output.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { type StateWord, getStateGlyph } from "../records/connection-state.ts";
import type { MessageEntry, NewEntry, NoticeTone } from "../log/entry.ts";
import { armRates } from "./throughput.ts";
import { setLinkState } from "../peer/link.ts";
import { countUnread, isInView } from "./viewed-side.ts";
import { noteShownChange } from "./shown-changes.ts";
import type { Conversation } from "../model/side.ts";
import type { Focus } from "../model/chat.ts";
import { getSecurity } from "../peer/seal.ts";
import { nameGoodbye } from "./reasons.ts";
import { mayReportPeers } from "./notice-limit.ts";

type WithoutTime<T> = T extends unknown ? Omit<T, "atMs"> : never;

/** Reports an output, stamped with the event's time. */
export function report(chat: Pick<Chat, "wallMs" | "effects">, output: WithoutTime<Output>): void {
  chat.effects.push({ type: "report", output: { ...output, atMs: chat.wallMs } as Output });
}

/**
 * Adds a notice to a side's conversation and reports it. Peers' text in it must be clean. A join or a leave is shown
 * with the path.
 */
export function addNotice(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  tone: NoticeTone,
  text: Sentence,
  hint?: Sentence,
): void {
  const over = tone === "joined" || tone === "left" ? side.transport : undefined;
  const words = { sentence: text, ...(hint === undefined ? {} : { hint }) };
  addEntry(chat, side, {
    kind: "notice",
    id: takeEntryId(chat.ids),
    atMs: chat.wallMs,
    tone,
    over,
    ...words,
  });
  report(chat, { type: "notice", transport: side.transport, tone, text, hint });
}

/** Adds an entry to a side's conversation; a received message of a conversation that is not in view is unread. */
export function addEntry(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  entry: NewEntry,
): void {
  noteShownChange(chat.focus);
  if (entry.kind === "notice") noteRefusal(chat, entry.sentence);
  if (!chat.config.headless) side.conversation.scrollback.push(entry);
  if (entry.kind === "message") armRates(chat, side);
  if (entry.kind === "message" && entry.direction === "out")
    side.conversation.scrollback.unreadAfter = undefined;
  const isSeen = isInView(chat, side.conversation) && !chat.focus.isOverlayOpen;
  if (entry.kind === "message" && entry.direction === "in" && !isSeen) countUnread(side.conversation);
}

export function clearConversation(conversation: Conversation): void {
  conversation.scrollback.clear();
}

/** Replaces an entry whose receipt or note has changed, in whichever conversation it stands. */
export function replaceShownEntry({ sides }: Pick<Chat, "sides">, entry: MessageEntry): void {
  for (const { conversation } of [sides.tcp, sides.udp]) if (conversation.scrollback.replace(entry)) return;
}

/** Replaces an entry that has grown. */
export function replaceEntry(focus: Focus, conversation: Conversation, entry: NewEntry): void {
  noteShownChange(focus);
  conversation.scrollback.replace(entry);
}

/** Notes the error that /why explains. */
export function noteLastError(chat: ReportContext & Pick<Chat, "lastError">, error: NetworkError): void {
  chat.lastError = error;
  chat.lastRefusal.page = undefined;
}

/** Notes the page of /why about a sentence that is shown. Without a screen nobody asks. */
export function noteRefusal(
  { config, lastRefusal }: Pick<ReportContext, "config" | "lastRefusal">,
  shown: Sentence,
): void {
  if (config.headless) return;
  const { findPageOf } = require("./refusal-pages.ts") as typeof import("./refusal-pages.ts");
  lastRefusal.page = findPageOf(shown) ?? lastRefusal.page;
}

/** The next step: a command of the chat where a person can type one, else of the shell. */
export function makeErrorHint({ config }: Pick<Chat, "config">, error: NetworkError): Sentence {
  return sentence("network-hint", { error, isInChat: !config.headless });
}

/** Reports a network error: the sentence and the next step, in the conversation and as an output. */
export function reportError(
  chat: ReportContext & Pick<Chat, "lastError">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  error: NetworkError,
): void {
  noteLastError(chat, error);
  reportProblem(chat, side, error.code, sentence("network-error", { error }), makeErrorHint(chat, error));
}

/** Reports a network error to outputs and for /why; another entry explains it in the conversation. */
export function reportHiddenError(
  chat: ReportContext & Pick<Chat, "lastError">,
  { transport }: Pick<Side, "transport">,
  error: NetworkError,
): void {
  noteLastError(chat, error);
  const message = sentence("network-error", { error });
  const hint = makeErrorHint(chat, error);
  report(chat, { type: "error", transport, code: error.code, message, hint, isCovered: true });
}

/** A protocol breach, another key than the expected one, a room's password, the engine of a shared room, or wrong usage. */
type OwnCode = "EPROTO" | "EKEY" | "EPASSWORD" | "EROOM" | "EUSAGE";
const codesWithoutPage: ReadonlySet<string> = new Set<OwnCode>(["EPROTO", "EROOM", "EUSAGE"]);

/**
 * Reports a problem that may be no system error. `shown`: one row for the conversation, in place of both
 * sentences.
 */
export function reportProblem(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  code: NetworkError["code"] | OwnCode,
  message: Sentence,
  hint: Sentence,
  shown?: Sentence,
): void {
  addEntry(chat, side, {
    kind: "notice",
    id: takeEntryId(chat.ids),
    atMs: chat.wallMs,
    tone: "error",
    over: code === "EUSAGE" || code === "EROOM" ? undefined : side.transport,
    sentence: shown ?? message,
    ...(shown === undefined && { hint: makeShownHint(code, hint) }),
  });
  report(chat, { type: "error", transport: side.transport, code, message, hint });
}

function makeShownHint(code: NetworkError["code"] | OwnCode, hint: Sentence): Sentence {
  return codesWithoutPage.has(code) ? hint : sentence("why-tells-more", { hint });
}

/** Changes the state of a side, and reports it with the reason. `shownReason`: the reason in the conversation. */
export function setSideState(
  chat: ReportContext,
  side: Side,
  to: StateWord,
  reason: Sentence,
  shownReason: Sentence = reason,
): void {
  if (reportSideState(chat, side, to, reason)) addState(chat, side, undefined, to, shownReason);
}

/** As `setSideState`, for a change that peers can cause at will: it is shown at a limited rate, if `shown`. */
export function setSideStateOfPeers(
  chat: ReportContext,
  side: Side,
  to: StateWord,
  reason: Sentence,
  shown: boolean,
): void {
  if (reportSideState(chat, side, to, reason, !shown) && shown && mayReportPeers(chat, side))
    addState(chat, side, undefined, to, reason);
}

/** False: the side has this state already. */
function reportSideState(
  chat: ReportContext,
  side: Side,
  to: StateWord,
  reason: Sentence,
  isCovered = false,
): boolean {
  const from = side.socket.state;
  if (from === to) return false;
  side.socket.state = to;
  const local = side.socket.local === undefined ? undefined : formatEndpoint(side.socket.local);
  report(chat, {
    type: "state",
    transport: side.transport,
    from,
    to,
    local,
    peer: side.socket.targetText,
    reason,
    ...(isCovered && { isCovered }),
  });
  return true;
}

/** `● ESTABLISHED: reason`. The reason is left out if the previous notice, an error, is the same. */
function addState(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  subject: string | undefined,
  to: StateWord,
  reason: Sentence,
): void {
  const { scrollback } = side.conversation;
  const last = scrollback.kept(scrollback.length - 1);
  const isRepeated = last?.kind === "notice" && isSameSentence(last.sentence, reason);
  const state = `${getStateGlyph(to)} ${to}`;
  addEntry(chat, side, {
    kind: "notice",
    id: takeEntryId(chat.ids),
    atMs: chat.wallMs,
    tone: "state",
    over: side.transport,
    sentence: sentence("state-line", { who: subject, state, reason: isRepeated ? undefined : reason }),
  });
}

/**
 * Changes the state of a peer. For an outbound peer it is the side's own state; an inbound one gets a notice only if it
 * is told `here`. `elsewhere`: another notice says it.
 */
export function setPeerState(
  chat: ReportContext,
  peer: Pick<Peer, "link" | "identity" | "membership">,
  to: StateWord,
  reason: Sentence,
  told: "here" | "elsewhere" | "nowhere" = "here",
): void {
  const from = peer.link.state;
  if (from === to) return;
  noteShownChange(chat.focus);
  setLinkState(peer.link, to);
  const side = getSide(chat, peer.link);
  if (!peer.link.isInbound) return setSideState(chat, side, to, reason, nameGoodbye(reason, getName(peer)));
  const local = formatEndpoint(peer.link.local);
  report(chat, {
    type: "state",
    transport: peer.link.transport,
    from,
    to,
    local,
    peer: peer.link.address,
    reason,
    ...(told === "elsewhere" && { isCovered: true }),
  });
  if (told !== "here" || !peer.identity.isIntroduced || !mayReportPeers(chat, side)) return;
  addState(chat, side, getName(peer), to, reason);
}

/** Reports the last state of the peer that we connected to, which another entry explains. */
export function reportEndState(
  chat: ReportContext,
  peer: Pick<Peer, "link">,
  to: StateWord,
  reason: Sentence,
): void {
  if (peer.link.state === to) return;
  noteShownChange(chat.focus);
  setLinkState(peer.link, to);
  reportSideState(chat, getSide(chat, peer.link), to, reason, true);
}

/**
 * Reports that a peer connected, was recognised or disconnected. It is raw until it is recognised as a duet
 * (PROTOCOL.md, Recognition).
 */
export function reportPeer(
  chat: Pick<Chat, "wallMs" | "effects">,
  peer: Pick<Peer, "link" | "identity" | "membership" | "seal">,
  event: Extract<Output, { readonly type: "peer" }>["event"],
): void {
  const kind = peer.identity.kind === "duet" ? "duet" : "raw";
  report(chat, {
    type: "peer",
    transport: peer.link.transport,
    event,
    peer: peer.link.address,
    name: getName(peer),
    kind,
    security: getSecurity(peer.seal),
  });
}
