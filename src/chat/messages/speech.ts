/**
 * What the person here says: to whom it goes, when it must wait, and what becomes of it when nobody can have it.
 * Nothing typed is lost without a word.
 */

import { datagramMaxBytes, datagramWarnBytes, messageMaxBytes } from "../../protocol/limits.ts";
import { carriedTo } from "../trace/message-spans.ts";
import type { MessageEntry } from "../records/entry.ts";
import { textFor } from "../outbound/multicast-group.ts";
import { endPeer } from "../session/arrivals.ts";
import { markSaid } from "../outbound/sent-messages.ts";
import { canHear, nameHere, pathOn, recipients } from "../outbound/recipients.ts";
import { addEntry, notice, reportError, reportProblem, tell } from "../report/report.ts";
import { hostNumber, takeMessageId } from "../room/members.ts";
import { give, sendFrameTo, sendFrameToAll, sendTextToAll } from "../outbound/sending.ts";
import { leave } from "../session/sides.ts";
import { type Chat, type Peer, type RoomMember, type Side, takeEntryId } from "../model/chat.ts";

/** A line the person said. With `continues` the rest of the same line follows. */
export function said(chat: Chat, text: string, continues: boolean): void {
  sayToAll(chat, text, { text, continues, action: false });
}

/** `/me`: the person is the subject. */
export function saidAction(chat: Chat, text: string): void {
  sayToAll(chat, `/me ${text}`, { text, continues: false, action: true });
}

interface Saying {
  readonly text: string;
  readonly continues: boolean;
  readonly action: boolean;
}

/** `typed` is what goes back to the composer if it cannot go out. */
function sayToAll(chat: Chat, typed: string, saying: Saying): void {
  const side = chat.sides[chat.active];
  const peers = recipients(chat, side);
  if (peers.length === 0) return nobodyHears(chat, side, typed);
  if (isTooLarge(chat, side, peers, typed, saying.text)) return;
  if (isNoDatagram(peers, saying))
    return notice(chat, side, "info", "an empty line is no datagram: nothing was sent");
  sayTo(chat, side, peers, saying);
}

function isNoDatagram(peers: readonly Peer[], { text, action }: Saying): boolean {
  return text === "" && !action && peers.every((peer) => peer.transport === "udp" && peer.kind !== "duet");
}

/** Says it to these peers, who can hear it. */
export function sayTo(chat: Chat, side: Side, peers: readonly Peer[], saying: Saying): void {
  const { text, continues, action } = saying;
  const id = takeMessageId(chat);
  const duets = peers.filter((peer) => peer.kind === "duet");
  const raw = peers.filter((peer) => peer.kind !== "duet");
  const from = side.role === "listen" ? { from: hostNumber } : {};
  const words = textFor(chat, side, text, { action });
  const carried = carriedTo(chat, id, () => {
    sendFrameToAll(chat, duets, { type: "message", id, ...from, text, ...(action ? { action } : {}) });
    sendTextToAll(chat, raw, words, continues);
  });
  warnOfLargeDatagram(chat, side, raw, text);
  const entry = { ...ownMessage(chat, side, text), action, carried };
  addEntry(chat, side, entry);
  markSaid(chat, side, { id, entry: shown(chat, entry), carried, peers });
  const bytes = bytesOf(chat, raw, raw.length > 0 ? words : text, continues);
  tellSaid(chat, side, id, peers, text, bytes, action);
}

/** A private line to one member, found by the caller. Else what was wrong. */
export function saidTo(
  chat: Chat,
  side: Side,
  to: { readonly peer: Peer; readonly number?: number; readonly name: string },
  text: string,
): string | undefined {
  const { peer, number, name } = to;
  if (!canHear(peer) || (peer.kind === "unknown" && !peer.announced)) return `${name} takes no words now`;
  if (tooLargeFor(peer, text) !== undefined) return "that is too long for one message";
  const id = takeMessageId(chat);
  const carried = carriedTo(chat, id, () => {
    if (peer.kind !== "duet")
      return sendTextToAll(chat, [peer], textFor(chat, side, text, { isPrivate: true }));
    const ends = peer.accepted
      ? { from: hostNumber, to: peer.member?.number ?? 0 }
      : { to: number ?? hostNumber };
    sendFrameTo(chat, peer, { type: "message", id, text, ...ends });
  });
  const entry = { ...ownMessage(chat, side, text), privateWith: name, carried };
  addEntry(chat, side, entry);
  const behind = peer.accepted ? undefined : (number ?? hostNumber);
  markSaid(chat, side, { id, entry: shown(chat, entry), carried, peers: [peer], to: behind });
  const raw = peer.kind === "duet" ? [] : [peer];
  tellSaid(chat, side, id, [peer], text, bytesOf(chat, raw, text, false), false);
  return undefined;
}

/** Without a screen no line is kept. */
function shown(chat: Chat, entry: MessageEntry): MessageEntry | undefined {
  return chat.config.headless ? undefined : entry;
}

/** A new entry for what the person here says. */
export function ownMessage(chat: Chat, side: Side, text: string): MessageEntry {
  return {
    kind: "message",
    id: takeEntryId(chat),
    atMs: chat.nowMs,
    direction: "out",
    name: nameHere(chat, side),
    colourKey: `us ${side.transport}`,
    text,
    growing: false,
    action: false,
  };
}

/** Tells a message that went out, and what becomes of it. */
export function tellSaid(
  chat: Chat,
  side: Side,
  id: number,
  peers: readonly Peer[],
  text: string,
  bytes: number,
  action: boolean,
): void {
  if (!chat.config.tellMessages) return;
  const only = peers.length === 1 ? peers[0] : undefined;
  tell(chat, {
    type: "message",
    transport: side.transport,
    id,
    direction: "out",
    peer: only?.address ?? "room",
    name: nameHere(chat, side),
    text,
    bytes,
    action,
  });
}

/** As it leaves for raw peers: over TCP with its newline. To duets alone: the text's own. */
function bytesOf(chat: Chat, raw: readonly Peer[], text: string, continues: boolean): number {
  const newline = raw.some((peer) => peer.transport === "tcp") && !continues ? (chat.config.crlf ? 2 : 1) : 0;
  return Buffer.byteLength(text) + newline;
}

function nobodyHears(chat: Chat, side: Side, text: string): void {
  chat.effects.push({ type: "give-back", text });
  // Why we leave has been told.
  if (chat.leaving !== undefined) return;
  const [why, hint] = whyNobodyHears(side);
  reportProblem(chat, side, "EUSAGE", `${why}: the line was not sent`, hint);
}

/** The cause and the next step. */
function whyNobodyHears(side: Side): readonly [string, string] {
  const isOpen = side.open && side.endReason === undefined;
  const haveSentFin = isOpen && [...side.peers.values()].some((peer) => peer.weShutDown);
  if (side.role === "listen" && isOpen) {
    const back = "it is back in the composer";
    return haveSentFin ? ["nobody here takes words any more", back] : ["nobody is here yet", back];
  }
  if (haveSentFin) return ["our FIN is sent", "what comes is still read; /reconnect opens a new connection"];
  const transport = side.transport === "udp" ? "UDP" : "TCP";
  const hint = "/connect HOST PORT, /listen or /reconnect opens a connection";
  return [`there is no one to send to over ${transport}`, hint];
}

function isTooLarge(chat: Chat, side: Side, peers: readonly Peer[], typed: string, text: string): boolean {
  for (const peer of peers) {
    const why = tooLargeFor(peer, text);
    if (why === undefined) continue;
    chat.effects.push({ type: "give-back", text: typed });
    if (why === "datagram")
      reportError(chat, side, { code: "EMSGSIZE", call: "sendto", target: peer.address, transport: "udp" });
    else reportProblem(chat, side, "EUSAGE", tooLongWords, "send it in several lines, or over TCP");
    return true;
  }
  return false;
}

const tooLongWords = `the line is longer than a message may be (${messageMaxBytes / 1024} KiB): it was not sent`;

/** Over TCP a long line leaves in pieces, so only datagrams and the parts of a UDP message have a bound here. */
function tooLargeFor(peer: Peer, text: string): "datagram" | "message" | undefined {
  if (peer.transport === "tcp" || text.length * 3 <= datagramWarnBytes) return undefined;
  const bytes = Buffer.byteLength(text);
  if (peer.kind === "duet") return bytes > messageMaxBytes ? "message" : undefined;
  return bytes > datagramMaxBytes ? "datagram" : undefined;
}

function warnOfLargeDatagram(chat: Chat, side: Side, raw: readonly Peer[], text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= datagramWarnBytes || !raw.some((peer) => peer.transport === "udp")) return;
  const words = `${bytes} bytes left as one datagram: a receiver that reads ${datagramWarnBytes} at a time loses the rest`;
  notice(chat, side, "warning", words);
}

/** Bytes of standard input, as they are (`--raw`). Over UDP one piece is one datagram. */
export function piped(chat: Chat, bytes: Uint8Array): void {
  const side = chat.sides[chat.active];
  const peers = recipients(chat, side);
  if (peers.length === 0)
    return notice(chat, side, "warning", `${bytes.length} bytes were not sent: nobody is there`);
  const id = takeMessageId(chat);
  carriedTo(chat, id, () => giveInPieces(chat, peers, bytes));
  if (chat.config.bytesOnly) return;
  tellSaid(chat, side, id, peers, Buffer.from(bytes).toString(), bytes.length, false);
}

function giveInPieces(chat: Chat, peers: readonly Peer[], bytes: Uint8Array): void {
  for (const transport of ["tcp", "udp"] as const) {
    const some = peers.filter((peer) => peer.transport === transport);
    const step = transport === "udp" ? datagramMaxBytes : bytes.length;
    for (let start = 0; some.length > 0 && start < bytes.length; start += step) {
      give(chat, some, bytes.subarray(start, start + step));
    }
  }
}

/** Standard input ended: half-close what we went to; who listens stays. */
export function inputEnded(chat: Chat): void {
  chat.inputEnded = true;
  const side = chat.sides[chat.active];
  const lingerMs = chat.config.lingerAfterInputMs;
  if (side.role === "listen" && lingerMs === undefined) return endSilentRoom(chat, side);
  if (!side.open && chat.leaving === undefined) return leave(chat, side.failed ? 1 : 0);
  const peers = recipients(chat, side);
  for (const peer of peers) {
    if (peer.transport === "tcp") {
      chat.effects.push({ type: "shutdown", transport: "tcp", connection: peer.connection });
    } else if (peer.state === "UNREACHABLE") leave(chat, 1, "nobody is there");
  }
  lingerAfterInput(chat, side);
}

/** `-N`: once all that was piped in has left, peers get so long to close (with `--send-only`, no time at all). */
export function lingerAfterInput(chat: Chat, side: Side): void {
  const lingerMs = chat.config.lingerAfterInputMs;
  if (!chat.inputEnded || lingerMs === undefined || chat.leaving !== undefined) return;
  const peers = [...side.peers.values()];
  if (peers.length === 0 && side.role === "listen")
    return leave(chat, 0, "everybody has left after the input (-N)");
  const overTcp = peers.filter((peer) => peer.transport === "tcp" && peer.ending === undefined);
  if (overTcp.some((peer) => !peer.weShutDown) || peers.some(isStillSent)) return;
  if (!chat.timers.has("linger")) chat.timers.set("linger", chat.nowMs + lingerMs);
}

/** What was said to it over UDP has not all arrived, and may still. */
function isStillSent({ delivery, ending }: Peer): boolean {
  return delivery !== undefined && ending === undefined && !delivery.sender.isEmpty;
}

/**
 * Without a screen, when our input has ended and everybody has said FIN: nobody can say anything any more, and a
 * program that waits for an answer learns by our FIN that none will come.
 */
export function endSilentRoom(chat: Chat, side: Side): void {
  if (!chat.config.headless || !chat.inputEnded || side.role !== "listen") return;
  const peers = [...side.peers.values()];
  if (!peers.every((peer) => peer.theyShutDown)) return;
  for (const peer of peers) endPeer(chat, peer, "both sides have said all (FIN)");
}

/** What was said by a member to the person alone can be answered by its name. */
export function memberTarget(member: RoomMember, side: Side): { readonly peer: Peer; readonly name: string } {
  return { peer: pathOn(member, side.transport), name: member.name };
}
