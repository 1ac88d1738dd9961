/**
 * What a person does to a socket itself, by command: RST, bytes as they are, text without its newline, a receive buffer
 * that fills. Each is told as its call; where UDP has no such thing it is said.
 */

import { hexMaxBytes, receiveBufferMaxBytes } from "../../protocol/limits.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { type Chat, nameOf, takeMessageId } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { peerFor } from "../outbound/addressees.ts";
import { ownMessage, tellSaid } from "../outbound/own-message.ts";
import { pausePeer, resumePeer } from "../outbound/read-pause.ts";
import { canHear, recipients } from "../outbound/recipients.ts";
import { give } from "../outbound/sending.ts";
import { addEntry, notice } from "../report/report.ts";
import { resetPeer } from "../outbound/reset.ts";
import { spansOf } from "../trace/message-spans.ts";
import { privateTargetOf } from "./private-line.ts";

/** `/rst`: undefined when done; else what was wrong. */
export function resetNamedPeer(chat: Chat, side: Side, word: string): string | undefined {
  if (side.transport === "udp")
    return "UDP has no connection to reset: /close forgets a peer, and nobody is told";
  const peer = peerFor(chat, side, word);
  if (typeof peer === "string") return peer;
  if (peer.link.transport === "udp") return `${nameOf(peer)} is here by UDP, which has no reset`;
  resetPeer(chat, peer, "reset here (RST): what was on its way is lost");
  return undefined;
}

/** `/send-hex`: digits in pairs, with blanks, colons, `0x` or `\x` between them as they please. */
export function sendHex(chat: Chat, side: Side, words: string): string | undefined {
  const digits = words.replace(/0x|\\x|[\s:,]/gi, "");
  if (digits === "") return "/send-hex needs bytes";
  const wrong = /[^0-9a-f]/i.exec(digits)?.[0];
  if (wrong !== undefined) return `${cleanText(wrong)} is no hex digit`;
  if (digits.length % 2 === 1) return "a byte has two hex digits, and one is missing";
  if (digits.length / 2 > hexMaxBytes) return `/send-hex takes at most ${hexMaxBytes} bytes at once`;
  return sayBytes(chat, side, Buffer.from(digits, "hex"), "sent as hex");
}

/** `/partial`: the same without a newline; what is said next goes on with the line. */
export function sendPartial(chat: Chat, side: Side, text: string): string | undefined {
  if (text === "") return "/partial needs a text";
  if (side.transport === "udp")
    return "a datagram is a whole message and bears no newline: send it as a line, which goes as it is";
  return sayBytes(chat, side, Buffer.from(text), "no newline sent");
}

/** Undefined when the bytes are on their way to all whom a line would go to. */
function sayBytes(chat: Chat, side: Side, bytes: Uint8Array, note: string): string | undefined {
  const peers = hearers(chat, side);
  if (typeof peers === "string") return peers;
  const duet = peers.find(({ identity: { kind } }) => kind === "duet");
  if (duet !== undefined)
    return `${nameOf(duet)} is a duet and takes frames, not bare bytes: /to speaks to a raw peer alone, /raw to all`;
  const id = takeMessageId(chat);
  const carrying = spansOf(chat, id);
  for (const transport of ["tcp", "udp"] as const)
    give(
      chat,
      peers.filter((peer) => peer.link.transport === transport),
      bytes,
      carrying,
    );
  const carried = carrying?.of[0];
  const text = Buffer.from(bytes).toString();
  addEntry(chat, side, { ...ownMessage(chat, side, text), note, carried });
  tellSaid(chat, side, id, peers, text, bytes.length, false);
  return undefined;
}

function hearers(chat: Chat, side: Side): readonly Peer[] | string {
  const only =
    side.conversation.addressee === undefined
      ? undefined
      : privateTargetOf(side.conversation.addressee, side);
  if (only?.number !== undefined) return `${only.name} is behind a hub: its socket is not ours`;
  const peers = only === undefined ? recipients(chat, side) : [only.peer].filter(canHear);
  return peers.length === 0 ? "nobody is here to send it to" : peers;
}

/** `/buffer SIZE`, and `/buffer off` to read again. */
export function holdBuffer(chat: Chat, side: Side, words: string): string | undefined {
  const [, first = "", rest = ""] = /^(\S*)\s*(.*)$/.exec(words) ?? [];
  if (side.transport === "udp")
    return "UDP grants no window: what does not fit a receive buffer is dropped, and nobody is told";
  const bytes = first.toLowerCase() === "off" ? undefined : Number(first.replaceAll(",", ""));
  if (bytes !== undefined && !(Number.isInteger(bytes) && bytes >= 1 && bytes <= receiveBufferMaxBytes))
    return `/buffer takes 1 to ${receiveBufferMaxBytes} bytes, or off`;
  const peer = peerFor(chat, side, rest);
  if (typeof peer === "string") return peer;
  if (peer.link.transport === "udp") return `${nameOf(peer)} is here by UDP, which grants no window`;
  if (bytes === undefined && !peer.inbound.pausedBy.has("buffer"))
    return `${nameOf(peer)} is read from as it is`;
  const { transport, connection } = peer.link;
  chat.effects.push({ type: "hold", transport, connection, bytes });
  if (bytes === undefined) resumePeer(chat, peer, "buffer");
  else pausePeer(chat, peer, "buffer");
  const held = `nothing is read from ${nameOf(peer)} now: its kernel may send until the buffer here is full`;
  if (bytes === undefined) notice(chat, side, "info", `${nameOf(peer)} is read from again`);
  else notice(chat, side, "info", held, "/buffer off reads again; F2 shows the calls");
  return undefined;
}
