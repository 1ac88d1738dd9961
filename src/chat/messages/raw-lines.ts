/**
 * Messages of raw peers: whole lines, and unfinished ones that are shown while they grow, until a newline or a silence
 * ends them.
 */

import { lineMaxBytes, probeDatagramsMax } from "../../protocol/limits.ts";
import { noKeyFacts } from "../log/key-marks.ts";
import type { DecodedLine } from "../../protocol/lines/line-decoder.ts";
import { type Chat, getName, takeEntryId, type SendContext, type ReportContext } from "../model/chat.ts";
import type { LocalMember, Peer } from "../model/peer.ts";
import { alone, type Draft, type Place, type RawText } from "../model/shared-room.ts";
import type { Side } from "../model/side.ts";
import { awaitRest } from "../outbound/read-pause.ts";
import { findPlace, hereOnly, noteShownHere } from "../outbound/crossing.ts";
import { relay } from "../outbound/relay.ts";
import type { MessageEntry } from "../log/entry.ts";
import { armRates } from "../report/throughput.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { addEntry, replaceEntry } from "../report/report.ts";
import { setPath } from "../room/members.ts";
import { mayTakeLine } from "../room/strangers.ts";
import { beginReceivedSpans } from "../trace/incoming-spans.ts";
import { addRelayedSpans } from "../trace/relayed-spans.ts";
import type { Span } from "../spans/span.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { reportReceivedMessage } from "./received-message.ts";
import type { PeerTrace } from "../spans/peer-trace.ts";

/** Shows, reports and relays a raw peer's whole text; in a shared room once it has its place. */
export function receiveText(
  chat: SendContext,
  side: Side,
  peer: Peer,
  raw: RawText,
  span: Span | undefined,
  note?: Sentence,
): void {
  const { member } = peer.membership;
  const isProbeText = peer.inbound.probes > 0 && note !== undefined;
  if (member === undefined || side.isRaw || raw.text === "" || isProbeText)
    return showText(chat, { kind: "raw", side, peer, member: undefined, text: raw, span, note }, alone);
  const draft = { kind: "raw", side, peer, member, text: raw, span, note } as const;
  const { number, name } = member;
  const place = findPlace(chat, { member: number, name, text: raw.text, action: false }, draft);
  if (place !== "awaits") showText(chat, draft, place);
}

/** `member`: whose text it is; undefined: it is relayed to nobody. */
interface ShownText extends Omit<Extract<Draft, { kind: "raw" }>, "member"> {
  readonly member: LocalMember | undefined;
}

/** Shows, reports and relays a raw peer's text at its place. */
export function showText(
  chat: SendContext,
  { side, peer, member, text: { text, bytes }, span, note }: ShownText,
  place: Place,
): void {
  const entry = makeMessageEntry(chat, peer, text, span);
  const mark = place.is === "here-only" ? hereOnly : note;
  if (mark !== undefined) entry.note = mark;
  addEntry(chat, side, entry);
  noteShownHere(chat.room.shared, place, entry);
  reportReceivedText(chat, peer, entry, bytes, place);
  if (member !== undefined) relayText(chat, side.isRaw, peer, member, entry);
}

/** Ends a line: the one that was shown while it grew, or a new message. */
export function finishLine(
  chat: SendContext,
  side: Side,
  peer: Peer,
  line: DecodedLine,
  span: Span | undefined,
): void {
  const growing = peer.inbound.growingEntry;
  const cut = describeCut(line);
  const note = cut && sentence("cut-line", cut);
  if (growing === undefined) receiveText(chat, side, peer, line, span, note);
  else {
    growing.text = line.text;
    traceGrowing(peer.trace, growing, span);
    if (note !== undefined) growing.note = note;
    endGrowing(chat, side, peer, growing, line.bytes);
  }
  // On the screen the note stands beside the line.
  if (cut !== undefined && chat.config.headless)
    addPeerNotice(chat, side, "warning", sentence("peers-line-cut", { name: getName(peer), ...cut }));
}

function describeCut({
  cutBytes,
}: DecodedLine): { readonly kibibytes: number; readonly bytes: number } | undefined {
  return cutBytes === 0 ? undefined : { kibibytes: lineMaxBytes / 1024, bytes: cutBytes };
}

/** Shows an unfinished line as it grows; a second of silence ends it. If there is none, silence ends nothing. */
export function growUnfinished(
  chat: ReportContext & Pick<Chat, "room">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  peer: Peer,
  text: string,
  span: Span | undefined,
): void {
  if (text === "") return chat.timers.clear({ kind: "unfinished-line", of: peer.link.connection });
  awaitRest(chat, peer.link);
  if (peer.inbound.growingEntry === undefined) {
    // In a shared room a line is shown at its place, which it has once it is whole.
    if (chat.room.shared !== undefined || !mayTakeLine(chat, peer)) return;
    peer.inbound.growingEntry = { ...makeMessageEntry(chat, peer, text, span), growing: true };
    addEntry(chat, side, peer.inbound.growingEntry);
    return;
  }
  if (peer.inbound.growingEntry.text === text) return;
  peer.inbound.growingEntry.text = text;
  traceGrowing(peer.trace, peer.inbound.growingEntry, span);
  replaceEntry(chat.focus, side.conversation, peer.inbound.growingEntry);
  armRates(chat, side);
}

/** Extends the span of an unfinished line to the end of `span`. */
function traceGrowing(trace: PeerTrace | undefined, growing: MessageEntry, span: Span | undefined): void {
  const { spans } = growing;
  const first = spans?.list[0];
  if (spans === undefined || first === undefined || span === undefined) return;
  spans.list[0] = { ...first, end: span.end };
  addRelayedSpans(trace, spans, first.end, span.end);
}

function endGrowing(
  chat: SendContext,
  side: Pick<Side, "isRaw" | "conversation">,
  peer: Peer,
  entry: MessageEntry,
  bytes: number,
): void {
  chat.timers.clear({ kind: "unfinished-line", of: peer.link.connection });
  peer.inbound.growingEntry = undefined;
  entry.growing = false;
  replaceEntry(chat.focus, side.conversation, entry);
  reportReceivedText(chat, peer, entry, bytes, alone);
  const { member } = peer.membership;
  if (member !== undefined) relayText(chat, side.isRaw, peer, member, entry);
}

function relayText(
  chat: SendContext,
  isRaw: boolean,
  peer: Peer,
  member: LocalMember,
  { text, spans }: MessageEntry,
): void {
  if (isRaw) return;
  if (peer.membership.member === member) setPath(chat, member, peer);
  if (text !== "") relay(chat, member, text, false, spans);
}

function reportReceivedText(
  chat: ReportContext & Pick<Chat, "peers">,
  peer: Peer,
  { text, spans }: MessageEntry,
  bytes: number,
  place: Place,
): void {
  const { address } = peer.link;
  const name = getName(peer);
  const message = {
    ...{ name, address, text, bytes, action: false, isPrivate: false, spans, facts: noKeyFacts },
  };
  reportReceivedMessage(chat, peer, message, place);
}

/** Creates the entry of a raw peer's message. */
function makeMessageEntry(
  chat: Pick<Chat, "wallMs" | "ids">,
  peer: Peer,
  text: string,
  span: Span | undefined,
): MessageEntry {
  const name = getName(peer);
  // One object literal: spreading some fields costs as much as the rest, a hundred thousand times a second.
  return {
    kind: "message",
    id: takeEntryId(chat.ids),
    atMs: chat.wallMs,
    direction: "in",
    over: peer.link.transport,
    name,
    colourKey: peer.link.address,
    address: peer.identity.kind === "raw" && name !== peer.link.address ? peer.link.address : undefined,
    text,
    growing: false,
    action: false,
    spans: beginReceivedSpans(peer, span),
  };
}

/** Delivers a raw peer's datagram, when its turn has come. */
export function receiveDatagramText(
  chat: SendContext,
  side: Side,
  peer: Peer,
  datagram: RawText,
  span: Span | undefined,
): void {
  const { text, bytes } = datagram;
  if (isProbe(peer, text)) receiveText(chat, side, peer, datagram, span, sentence("nc-probe"));
  else receiveText(chat, side, peer, { text: text.replace(/(?:\r[\n\0]?|\n\r?)$/, ""), bytes }, span);
}

/** True for the datagrams of one X that `nc -u -v` sends before anything else; a typed X ends in a newline. */
function isProbe(peer: Pick<Peer, "link" | "inbound">, text: string): boolean {
  if (!peer.link.isInbound || text !== "X" || peer.inbound.probes >= probeDatagramsMax) {
    peer.inbound.probes = probeDatagramsMax;
    return false;
  }
  peer.inbound.probes += 1;
  return true;
}
