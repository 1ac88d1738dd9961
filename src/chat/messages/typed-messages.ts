/** Sends the person's messages, and reports those that cannot be sent, so that no typed text is lost. */

import { type BorrowedBytes, copyBytes } from "../../protocol/borrowed-bytes.ts";
import { datagramMaxBytes, datagramWarnBytes, messageMaxBytes } from "../../protocol/limits.ts";
import { type Chat, hostNumber, takeMessageId, type SendContext, type ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Room } from "../model/room.ts";
import { alone, type Draft, type Place, type TypedMessage } from "../model/shared-room.ts";
import type { Side } from "../model/side.ts";
import { findPlace, hereOnly, listFar, noteCrossed, noteShownHere } from "../outbound/crossing.ts";
import { makeRawText } from "../outbound/multicast-group.ts";
import {
  findReportedTransport,
  isSendingReported,
  makeOwnEntry,
  reportSentMessage,
} from "../outbound/own-message.ts";
import { encodeLine } from "../outbound/enqueue.ts";
import { canReconnect, isRawStream, listInputRecipients } from "../outbound/recipients.ts";
import { sendLentPayload, sendPayload, sendFrameToAll, sendTextToAll } from "../outbound/sending.ts";
import { followMessage } from "../outbound/sent-messages.ts";
import { addEntry, addNotice, reportError, reportProblem } from "../report/report.ts";
import type { SpanOwners } from "../spans/message-spans.ts";
import { beginSentSpans } from "../trace/enqueued-spans.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Config } from "../config/config.ts";

/** Text of the person: see the event `typed`. */
export function sendTypedLine(
  chat: SendContext & Pick<Chat, "lastError" | "exit" | "input">,
  line: Omit<TypedMessage, "action">,
): void {
  if (line.asWritten !== undefined) warnOfEncoding(chat, line.text);
  sendToRecipients(chat, line.text, { ...line, action: false });
}

/** Duets and our own screen need text: bytes that are none are U+FFFD there, which is said once. */
function warnOfEncoding(chat: ReportContext & Pick<Chat, "input">, text: string): void {
  if (chat.input.hasOtherEncoding || !text.includes("\uFFFD")) return;
  chat.input.hasOtherEncoding = true;
  addNotice(chat, chat.sides[chat.focus.active], "warning", sentence("input-no-utf8"));
}

/** `/me`: the person's name is the subject. */
export function sendAction(chat: SendContext & Pick<Chat, "lastError" | "exit">, text: string): void {
  sendToRecipients(chat, `/me ${text}`, { text, continues: false, action: true });
}

/** `typed`: the text that returns to the composer if it cannot be sent. */
function sendToRecipients(
  chat: SendContext & Pick<Chat, "lastError" | "exit">,
  typed: string,
  message: TypedMessage,
): void {
  const side = chat.sides[chat.focus.active];
  const { text, isNewlineAlone = false } = message;
  const all = listInputRecipients(chat, side, Buffer.byteLength(text));
  const peers = isNewlineAlone ? all.filter(isRawStream) : all;
  const isCrossing = !isNewlineAlone && isHostOfShared(chat.room, side);
  if (peers.length === 0 && !isCrossing)
    return isNewlineAlone ? undefined : returnUnsentText(chat, side, typed);
  if (isTooLarge(chat, side, peers, typed, message)) return;
  if (isCrossing) return sendToHubs(chat, side, peers, typed, message);
  if (isNoDatagram(peers, message)) return addNotice(chat, side, "info", sentence("empty-line-no-datagram"));
  sendToPeers(chat, side, peers, message);
}

function isHostOfShared({ shared }: Room, { socket }: Pick<Side, "socket">): boolean {
  return shared !== undefined && !shared.isClosed && socket.role === "listen";
}

/** A message of the person in a shared room, which is sent and shown once it has its place. */
function sendToHubs(
  chat: SendContext & Pick<Chat, "exit">,
  side: Side,
  peers: readonly Peer[],
  typed: string,
  message: TypedMessage,
): void {
  const { text, action } = message;
  if (Buffer.byteLength(text) > messageMaxBytes) return returnLongText(chat, side, typed);
  const draft = { kind: "typed", side, message } as const;
  const place = findPlace(chat, { member: hostNumber, name: chat.self.name, text, action }, draft);
  if (place !== "awaits") sendToPeers(chat, side, peers, message, place);
}

/** Sends and shows a message of the person at its place. */
export function sendPlaced(
  chat: SendContext,
  { side, message }: Extract<Draft, { kind: "typed" }>,
  place: Place,
): void {
  const peers = listInputRecipients(chat, side, Buffer.byteLength(message.text));
  sendToPeers(chat, side, peers, message, place);
}

function isNoDatagram(
  peers: readonly Pick<Peer, "link" | "identity">[],
  { text, action }: TypedMessage,
): boolean {
  return (
    text === "" &&
    !action &&
    peers.every((peer) => peer.link.transport === "udp" && peer.identity.kind !== "duet")
  );
}

/** Sends a message to these peers, which can receive it. */
export function sendToPeers(
  chat: SendContext,
  side: Side,
  peers: readonly Peer[],
  message: TypedMessage,
  place: Place = alone,
): void {
  const { text, continues, action, again } = message;
  const id = takeMessageId(chat.ids);
  const { duets, raw } = divideByKind(peers);
  const from = side.socket.role === "listen" ? { from: hostNumber } : {};
  const owners = beginSentSpans(chat, id);
  const spans = owners?.of[0];
  const marks = { ...(action && { action }), ...(again !== undefined && { again }) };
  sendFrameToAll(chat, duets, { type: "message", id, ...from, text, ...marks }, owners);
  const forRaw = raw.length === 0 ? text : sendToRaw(chat, side, raw, { ...message, owners });
  if (raw.length > 0) warnOfLargeDatagram(chat, side, raw, text);
  const entry = chat.config.headless
    ? undefined
    : { ...makeOwnEntry(chat, side, peers, text), action, spans, ...noteOfPlace(place) };
  if (entry !== undefined) {
    addEntry(chat, side, entry);
    noteShownHere(chat.room.shared, place, entry);
  }
  const transport = findReportedTransport(peers, side.transport);
  const far = place.is === "alone" ? undefined : listFar(chat.room);
  const followed = followMessage(chat, transport, { id, again, entry, spans, peers, far });
  if (isSendingReported(chat.config)) {
    const bytes = countSentBytes(chat.config, raw, forRaw, continues);
    reportSentMessage(chat, side, id, peers, { text, bytes, action, place });
  }
  if (place.is !== "alone") noteCrossed(chat, place, { author: hostNumber, id, message: followed });
}

function noteOfPlace({ is }: Place): { readonly note?: Sentence } {
  return is === "here-only" ? { note: hereOnly } : {};
}

function divideByKind(peers: readonly Peer[]): {
  readonly duets: readonly Peer[];
  readonly raw: readonly Peer[];
} {
  const isDuet = ({ identity }: Peer): boolean => identity.kind === "duet";
  if (peers.every(isDuet)) return { duets: peers, raw: [] };
  return { duets: peers.filter(isDuet), raw: peers.filter((peer) => !isDuet(peer)) };
}

/** A message for raw peers. */
interface RawMessage extends Pick<TypedMessage, "text" | "continues" | "asWritten" | "action"> {
  readonly isPrivate?: boolean;
  readonly owners: SpanOwners | undefined;
}

/** Sends the lines of a message to raw peers: over TCP together, over UDP in a datagram each. Returns the text sent. */
export function sendToRaw(
  chat: SendContext,
  side: Side,
  peers: readonly Peer[],
  { text, asWritten, continues, action, isPrivate = false, owners }: RawMessage,
): string | Uint8Array {
  const lines = text.split("\n").map((line) => makeRawText(chat.self, side, line, { action, isPrivate }));
  const joined = lines.join("\n");
  const whole = joined === text ? (asWritten ?? text) : joined;
  const written = text.split("\n");
  const datagrams = lines.length === 1 ? [whole] : lines.filter((_, index) => written[index] !== "");
  const overTcp = peers.filter(({ link }) => link.transport === "tcp");
  const overUdp = peers.filter(({ link }) => link.transport === "udp");
  if (overTcp.length > 0) sendTextToAll(chat, overTcp, whole, { continues, owners });
  if (overUdp.length > 0)
    for (const datagram of datagrams) sendTextToAll(chat, overUdp, datagram, { owners });
  return overTcp.length > 0 || lines.length === 1 ? whole : datagrams.join("");
}

/** The bytes sent to raw peers, over TCP with the newline; to duets alone, the text's own. */
export function countSentBytes(
  config: Config,
  raw: readonly Pick<Peer, "link">[],
  line: string | Uint8Array,
  continues: boolean,
): number {
  if (!raw.some((peer) => peer.link.transport === "tcp")) return Buffer.byteLength(line);
  return encodeLine(config, line, continues).length;
}

function returnUnsentText(chat: ReportContext & Pick<Chat, "exit">, side: Side, text: string): void {
  returnText(chat, text, false);
  // The exit has been explained already.
  if (chat.exit.code !== undefined) return;
  const [why, hint] = explainNoRecipients(chat.config, side, canReconnect(chat));
  reportProblem(chat, side, "EUSAGE", sentence("line-not-sent", { why }), hint);
}

/** `isAlone`: the lines behind it are still sent. */
function returnText(chat: Pick<Chat, "effects" | "config" | "exit">, text: string, isAlone: boolean): void {
  chat.effects.push({ type: "return-text", text, isAlone });
  chat.exit.hasUnsent ||= chat.config.headless;
}

/** The cause and the next step. */
function explainNoRecipients(
  { headless }: Pick<Config, "headless">,
  side: Pick<Side, "transport" | "socket" | "peers">,
  hasReconnect: boolean,
): readonly [Sentence, Sentence] {
  const isOpen = side.socket.isOpen && side.socket.endReason === undefined;
  const haveSentFin = isOpen && [...side.peers.values()].some((peer) => peer.link.isFinSent);
  if (side.socket.role === "listen" && isOpen) {
    const why = sentence(haveSentFin ? "nobody-takes-lines" : "nobody-here-yet");
    return [why, sentence(headless ? "send-once-joined" : "back-in-composer")];
  }
  if (haveSentFin) return [sentence("our-fin-sent"), sentence("our-fin-hint")];
  const why = sentence("no-one-over", { transport: side.transport });
  const target = side.socket.targetText ?? "";
  return [why, hasReconnect ? sentence("enter-again-hint", { target }) : sentence("open-hint")];
}

function isTooLarge(
  chat: ReportContext & Pick<Chat, "lastError" | "exit">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  peers: readonly Pick<Peer, "link" | "identity">[],
  typed: string,
  { text, asWritten }: Pick<TypedMessage, "text" | "asWritten">,
): boolean {
  for (const peer of peers) {
    const why = findSizeProblem(peer, text, peer.identity.kind === "duet" ? undefined : asWritten);
    if (why === undefined) continue;
    // On a screen all lines of a paste return, so that the person can mend and send them in order.
    returnText(chat, typed, chat.config.headless);
    if (why === "datagram")
      reportError(chat, side, {
        code: "EMSGSIZE",
        call: "sendto",
        target: peer.link.address,
        transport: "udp",
      });
    else reportLongText(chat, side);
    return true;
  }
  return false;
}

function returnLongText(chat: ReportContext & Pick<Chat, "exit">, side: Side, typed: string): void {
  returnText(chat, typed, chat.config.headless);
  reportLongText(chat, side);
}

function reportLongText(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
): void {
  reportProblem(chat, side, "EUSAGE", lineTooLong, sentence("send-in-lines"));
}

const lineTooLong = sentence("line-too-long", { kibibytes: messageMaxBytes / 1024 });

/** Over TCP a long line is sent in pieces; datagrams and UDP messages in parts are bounded. */
export function findSizeProblem(
  peer: Pick<Peer, "link" | "identity">,
  text: string,
  asWritten?: Uint8Array,
): "datagram" | "message" | undefined {
  if (peer.link.transport === "tcp" || text.length * 3 <= datagramWarnBytes) return undefined;
  if (peer.identity.kind === "duet") return Buffer.byteLength(text) > messageMaxBytes ? "message" : undefined;
  const bytes = asWritten?.length ?? measureLongestLine(text);
  return bytes > datagramMaxBytes ? "datagram" : undefined;
}

/** The bytes of the longest line, which over UDP is a datagram. */
function measureLongestLine(text: string): number {
  return Math.max(...text.split("\n").map((line) => Buffer.byteLength(line)));
}

function warnOfLargeDatagram(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  raw: readonly Pick<Peer, "link">[],
  text: string,
): void {
  const bytes = measureLongestLine(text);
  if (bytes <= datagramWarnBytes || !raw.some((peer) => peer.link.transport === "udp")) return;
  addNotice(chat, side, "warning", sentence("large-datagram", { bytes, readBytes: datagramWarnBytes }));
}

/**
 * Sends bytes of standard input unchanged (`--raw`). Over UDP each piece is one datagram. The first piece that nobody is
 * there for is reported at once, the others together at the exit.
 */
export function sendPipedBytes(chat: SendContext & Pick<Chat, "exit">, bytes: BorrowedBytes): void {
  const side = chat.sides[chat.focus.active];
  const peers = listInputRecipients(chat, side, bytes.length);
  if (peers.length === 0) {
    if (chat.exit.hasUnsent) return void (chat.exit.unsentBytes += bytes.length);
    chat.exit.hasUnsent = true;
    const [, hint] = explainNoRecipients(chat.config, side, false);
    return reportProblem(chat, side, "EUSAGE", sentence("bytes-not-sent", { bytes: bytes.length }), hint);
  }
  const id = takeMessageId(chat.ids);
  sendInPieces(chat, peers, bytes, beginSentSpans(chat, id));
  if (chat.config.bytesOnly) return;
  const text = Buffer.from(copyBytes(bytes)).toString();
  reportSentMessage(chat, side, id, peers, { text, bytes: bytes.length, action: false });
}

function sendInPieces(
  chat: SendContext,
  peers: readonly Peer[],
  bytes: BorrowedBytes,
  owners: SpanOwners | undefined,
): void {
  sendLentPayload(
    chat,
    peers.filter((peer) => peer.link.transport === "tcp"),
    bytes,
    owners,
  );
  const overUdp = peers.filter((peer) => peer.link.transport === "udp");
  if (overUdp.length === 0) return;
  for (let start = 0; start < bytes.length; start += datagramMaxBytes)
    sendPayload(chat, overUdp, copyBytes(bytes.subarray(start, start + datagramMaxBytes)), owners);
}
