/** Sends the person's messages, and reports those that cannot be sent, so that no typed text is lost. */

import { datagramMaxBytes, datagramWarnBytes, messageMaxBytes } from "../../protocol/limits.ts";
import { type Chat, hostNumber, takeMessageId } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { textFor } from "../outbound/multicast-group.ts";
import { ownMessage, tellSaid } from "../outbound/own-message.ts";
import { canHear, recipients } from "../outbound/recipients.ts";
import { give, sendFrameTo, sendFrameToAll, sendTextToAll } from "../outbound/sending.ts";
import { markSaid } from "../outbound/sent-messages.ts";
import type { MessageEntry } from "../log/entry.ts";
import { addEntry, notice, reportError, reportProblem } from "../report/report.ts";
import type { Carrying } from "../spans/message-spans.ts";
import { spansOf } from "../trace/message-spans.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

/** A line of the person. `continues`: the rest of the line follows. */
export function said(chat: Chat, text: string, continues: boolean): void {
  sayToAll(chat, text, { text, continues, action: false });
}

/** `/me`: the person's name is the subject. */
export function saidAction(chat: Chat, text: string): void {
  sayToAll(chat, `/me ${text}`, { text, continues: false, action: true });
}

/** A message of the person. `continues`: the rest of the line follows. */
interface TypedMessage {
  readonly text: string;
  readonly continues: boolean;
  readonly action: boolean;
}

/** `typed`: the text to give back to the composer if it cannot be sent. */
function sayToAll(chat: Chat, typed: string, message: TypedMessage): void {
  const side = chat.sides[chat.focus.active];
  const peers = recipients(chat, side);
  if (peers.length === 0) return nobodyHears(chat, side, typed);
  if (isTooLarge(chat, side, peers, typed, message.text)) return;
  if (isNoDatagram(peers, message)) return notice(chat, side, "info", sentence("empty-line-no-datagram"));
  sayTo(chat, side, peers, message);
}

function isNoDatagram(peers: readonly Peer[], { text, action }: TypedMessage): boolean {
  return (
    text === "" &&
    !action &&
    peers.every((peer) => peer.link.transport === "udp" && peer.identity.kind !== "duet")
  );
}

/** Sends a message to these peers, which can receive it. */
export function sayTo(chat: Chat, side: Side, peers: readonly Peer[], message: TypedMessage): void {
  const { text, continues, action } = message;
  const id = takeMessageId(chat);
  const duets = peers.filter((peer) => peer.identity.kind === "duet");
  const raw = peers.filter((peer) => peer.identity.kind !== "duet");
  const from = side.socket.role === "listen" ? { from: hostNumber } : {};
  const words = textFor(chat, side, text, { action });
  const carrying = spansOf(chat, id);
  const carried = carrying?.of[0];
  sendFrameToAll(
    chat,
    duets,
    { type: "message", id, ...from, text, ...(action ? { action } : {}) },
    carrying,
  );
  sendTextToAll(chat, raw, words, { continues, carrying });
  warnOfLargeDatagram(chat, side, raw, text);
  const entry = { ...ownMessage(chat, side, text), action, carried };
  addEntry(chat, side, entry);
  markSaid(chat, side, { id, entry: shown(chat, entry), carried, peers });
  const bytes = bytesOf(chat, raw, raw.length > 0 ? words : text, continues);
  tellSaid(chat, side, id, peers, text, bytes, action);
}

/** Sends a private message to one member. Returns the problem if that is impossible. */
export function saidTo(
  chat: Chat,
  side: Side,
  to: { readonly peer: Peer; readonly number?: number; readonly name: string },
  text: string,
): Sentence | undefined {
  const { peer, number, name } = to;
  if (!canHear(peer) || (peer.identity.kind === "unknown" && !peer.identity.isIntroduced))
    return sentence("takes-no-lines", { who: name });
  if (tooLargeFor(peer, text) !== undefined) return sentence("too-long-for-message");
  const id = takeMessageId(chat);
  const carrying = spansOf(chat, id);
  const carried = carrying?.of[0];
  if (peer.identity.kind === "duet") {
    const ends = peer.link.isInbound
      ? { from: hostNumber, to: peer.membership.member?.number ?? 0 }
      : { to: number ?? hostNumber };
    sendFrameTo(chat, peer, { type: "message", id, text, ...ends }, { carrying });
  } else sendTextToAll(chat, [peer], textFor(chat, side, text, { isPrivate: true }), { carrying });
  const entry = { ...ownMessage(chat, side, text), privateWith: name, carried };
  addEntry(chat, side, entry);
  const behind = peer.link.isInbound ? undefined : (number ?? hostNumber);
  markSaid(chat, side, { id, entry: shown(chat, entry), carried, peers: [peer], to: behind });
  const raw = peer.identity.kind === "duet" ? [] : [peer];
  tellSaid(chat, side, id, [peer], text, bytesOf(chat, raw, text, false), false);
  return undefined;
}

/** Without a screen no entry is followed. */
function shown(chat: Chat, entry: MessageEntry): MessageEntry | undefined {
  return chat.config.headless ? undefined : entry;
}

/** The bytes sent to raw peers, over TCP with the newline; to duets alone, the text's own. */
function bytesOf(chat: Chat, raw: readonly Peer[], text: string, continues: boolean): number {
  const newline =
    raw.some((peer) => peer.link.transport === "tcp") && !continues ? (chat.config.crlf ? 2 : 1) : 0;
  return Buffer.byteLength(text) + newline;
}

function nobodyHears(chat: Chat, side: Side, text: string): void {
  chat.effects.push({ type: "give-back", text });
  // The exit has been explained already.
  if (chat.exit.code !== undefined) return;
  const [why, hint] = whyNobodyHears(side);
  reportProblem(chat, side, "EUSAGE", sentence("line-not-sent", { why }), hint);
}

/** The cause and the next step. */
function whyNobodyHears(side: Side): readonly [Sentence, Sentence] {
  const isOpen = side.socket.isOpen && side.socket.endReason === undefined;
  const haveSentFin = isOpen && [...side.peers.values()].some((peer) => peer.link.isFinSent);
  if (side.socket.role === "listen" && isOpen) {
    const why = sentence(haveSentFin ? "nobody-takes-lines" : "nobody-here-yet");
    return [why, sentence("back-in-composer")];
  }
  if (haveSentFin) return [sentence("our-fin-sent"), sentence("our-fin-hint")];
  return [sentence("no-one-over", { transport: side.transport }), sentence("open-hint")];
}

function isTooLarge(chat: Chat, side: Side, peers: readonly Peer[], typed: string, text: string): boolean {
  for (const peer of peers) {
    const why = tooLargeFor(peer, text);
    if (why === undefined) continue;
    chat.effects.push({ type: "give-back", text: typed });
    if (why === "datagram")
      reportError(chat, side, {
        code: "EMSGSIZE",
        call: "sendto",
        target: peer.link.address,
        transport: "udp",
      });
    else reportProblem(chat, side, "EUSAGE", lineTooLong, sentence("send-in-lines"));
    return true;
  }
  return false;
}

const lineTooLong = sentence("line-too-long", { kibibytes: messageMaxBytes / 1024 });

/** Over TCP a long line is sent in pieces; datagrams and UDP messages in parts are bounded. */
function tooLargeFor(peer: Peer, text: string): "datagram" | "message" | undefined {
  if (peer.link.transport === "tcp" || text.length * 3 <= datagramWarnBytes) return undefined;
  const bytes = Buffer.byteLength(text);
  if (peer.identity.kind === "duet") return bytes > messageMaxBytes ? "message" : undefined;
  return bytes > datagramMaxBytes ? "datagram" : undefined;
}

function warnOfLargeDatagram(chat: Chat, side: Side, raw: readonly Peer[], text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= datagramWarnBytes || !raw.some((peer) => peer.link.transport === "udp")) return;
  notice(chat, side, "warning", sentence("large-datagram", { bytes, readBytes: datagramWarnBytes }));
}

/** Sends bytes of standard input unchanged (`--raw`). Over UDP each piece is one datagram. */
export function piped(chat: Chat, bytes: Uint8Array): void {
  const side = chat.sides[chat.focus.active];
  const peers = recipients(chat, side);
  if (peers.length === 0)
    return notice(chat, side, "warning", sentence("bytes-not-sent", { bytes: bytes.length }));
  const id = takeMessageId(chat);
  sendInPieces(chat, peers, bytes, spansOf(chat, id));
  if (chat.config.bytesOnly) return;
  tellSaid(chat, side, id, peers, Buffer.from(bytes).toString(), bytes.length, false);
}

function sendInPieces(
  chat: Chat,
  peers: readonly Peer[],
  bytes: Uint8Array,
  carrying: Carrying | undefined,
): void {
  for (const transport of ["tcp", "udp"] as const) {
    const some = peers.filter((peer) => peer.link.transport === transport);
    const step = transport === "udp" ? datagramMaxBytes : bytes.length;
    for (let start = 0; some.length > 0 && start < bytes.length; start += step) {
      give(chat, some, bytes.subarray(start, start + step), carrying);
    }
  }
}
