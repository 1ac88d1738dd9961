/**
 * What raw peers say: whole lines, and text that is shown while it grows, until its newline or a silence. Which bytes are
 * lines, and whether a duet speaks, is in inbound.ts; cleaning is for who draws.
 */

import { lineMaxBytes } from "../../protocol/limits.ts";
import type { DecodedLine } from "../../protocol/line-decoder.ts";
import { carriedFrom } from "../trace/message-spans.ts";
import type { MessageEntry } from "../records/entry.ts";
import { breach } from "../inbound/frames.ts";
import { carryPassedBytes } from "../trace/relayed-spans.ts";
import { becomeRaw } from "../session/arrivals.ts";
import { armRates } from "../report/rates.ts";
import { relay } from "../outbound/relay.ts";
import { addEntry, notice, replaceEntry, tell } from "../report/report.ts";
import { takeMessageId, useVia } from "../room/members.ts";
import { type Chat, nameOf, type Peer, type Side, takeEntryId } from "../model/chat.ts";
import { countGrown, mayGrow, mustWaitItsTurn } from "../room/strangers.ts";
import { toldAs } from "../trace/reported-spans.ts";
import { awaitRest, isUnread } from "../outbound/read-pause.ts";

/** A raw peer's whole text: shown, told, and passed on to the room. */
export function heardText(
  chat: Chat,
  side: Side,
  peer: Peer,
  text: string,
  bytes: number,
  note?: string,
): void {
  const entry = messageFrom(chat, peer, text, false);
  if (note !== undefined) entry.note = note;
  addEntry(chat, side, entry);
  tellHeard(chat, peer, entry, bytes);
  if (peer.probes === 0 || note === undefined) passOn(chat, side, peer, entry);
}

/** A line has its newline. One that was shown while it grew is not held back any more. */
export function lineEnded(chat: Chat, side: Side, peer: Peer, line: DecodedLine): void {
  const wasClosed = peer.closedBySilence;
  peer.closedBySilence = false;
  // The newline of a line that silence has closed already is no empty line of its own.
  if (wasClosed && line.text === "") return;
  if (peer.growing !== undefined) countGrown(chat, peer);
  else if (mustWaitItsTurn(chat, peer, { kind: "line", line, bytes: line.bytes })) return;
  finishLine(chat, side, peer, line);
}

/** It closes what grew before, or is a message of its own. */
export function finishLine(chat: Chat, side: Side, peer: Peer, line: DecodedLine): void {
  const growing = peer.growing;
  const note = cutNote(line);
  if (growing === undefined) heardText(chat, side, peer, line.text, line.bytes, note);
  else {
    growing.text = line.text;
    traceGrowing(peer, growing);
    if (note !== undefined) growing.note = note;
    endGrowing(chat, side, peer, growing, line.bytes);
  }
  // On the screen the note stands beside the line.
  if (note !== undefined && chat.config.headless)
    notice(chat, side, "warning", `a line of ${nameOf(peer)} was ${note}`);
}

function cutNote(line: DecodedLine): string | undefined {
  if (line.cutBytes === 0) return undefined;
  return `cut at ${lineMaxBytes / 1024} KiB: ${line.cutBytes} more bytes without a newline were passed over`;
}

/** Text so far without a newline is shown as it comes, and closed after a second of silence. */
export function growUnfinished(chat: Chat, side: Side, peer: Peer, text: string): void {
  if (text === "") return;
  awaitRest(chat, peer);
  if (peer.growing === undefined) {
    if (!mayGrow(chat, peer)) return;
    peer.growing = messageFrom(chat, peer, text, true);
    addEntry(chat, side, peer.growing);
    return;
  }
  if (peer.growing.text === text) return;
  peer.growing.text = text;
  traceGrowing(peer, peer.growing);
  replaceEntry(chat, side, peer.growing);
  armRates(chat, side);
}

/** It began where it began, and ends where the line does now. */
function traceGrowing(peer: Peer, growing: MessageEntry): void {
  const { carried } = growing;
  const first = carried?.ranges[0];
  if (carried === undefined || first === undefined) return;
  carried.ranges[0] = { ...first, end: peer.lineEnd };
  carryPassedBytes(peer, carried, first.end, peer.lineEnd);
}

/** A second of silence: the text so far is a message, and what follows begins another. */
export function lineTimeReached(chat: Chat, peer: Peer): void {
  if (isUnread(chat, peer)) return awaitRest(chat, peer);
  closeGrowing(chat, peer, peer.decoder.close());
  peer.closedBySilence = true;
}

/** Closes the text that grows, by silence or by FIN. */
export function closeGrowing(chat: Chat, peer: Peer, rest: DecodedLine | undefined): void {
  const side = chat.sides[peer.transport];
  chat.timers.clear(`line ${peer.connection}`);
  if (rest === undefined || peer.ending !== undefined) return;
  if (peer.kind === "duet") return breach(chat, peer, "its last frame has no end");
  if (peer.kind === "unknown") becomeRaw(chat, peer);
  if (peer.kind === "raw") lineEnded(chat, side, peer, rest);
}

/** A peer that spoke text is to speak frames: what was begun is closed as it is. */
export function endGrowingText(chat: Chat, peer: Peer): void {
  if (peer.growing !== undefined) closeGrowing(chat, peer, peer.decoder.close());
}

function endGrowing(chat: Chat, side: Side, peer: Peer, entry: MessageEntry, bytes: number): void {
  chat.timers.clear(`line ${peer.connection}`);
  peer.growing = undefined;
  entry.growing = false;
  replaceEntry(chat, side, entry);
  tellHeard(chat, peer, entry, bytes);
  passOn(chat, side, peer, entry);
}

function passOn(chat: Chat, side: Side, peer: Peer, { text, carried }: MessageEntry): void {
  if (peer.member === undefined || side.raw) return;
  useVia(chat, peer.member, peer);
  if (text !== "") relay(chat, peer.member, text, false, carried);
}

function tellHeard(chat: Chat, peer: Peer, { text, carried }: MessageEntry, bytes: number): void {
  if (!chat.config.tellMessages) return;
  const id = takeMessageId(chat);
  tell(chat, {
    type: "message",
    transport: peer.transport,
    id,
    direction: "in",
    peer: peer.address,
    name: nameOf(peer),
    text,
    bytes,
    action: false,
    ...toldAs(chat, peer, id, carried),
  });
}

/** A new entry for what a peer itself says. */
function messageFrom(chat: Chat, peer: Peer, text: string, growing: boolean): MessageEntry {
  const name = nameOf(peer);
  // All fields at once: to spread some of them in costs as much as all the rest, a hundred thousand times a second.
  return {
    kind: "message",
    id: takeEntryId(chat),
    atMs: chat.nowMs,
    direction: "in",
    name,
    colourKey: peer.address,
    address: peer.kind === "raw" && name !== peer.address ? peer.address : undefined,
    text,
    growing,
    action: false,
    carried: carriedFrom(peer),
  };
}
