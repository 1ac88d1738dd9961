/**
 * Commands on the socket itself: RST, raw bytes, text without its newline, a full receive buffer. UDP has no
 * equivalent for most of them, which the command then explains.
 */

import { hexMaxBytes, receiveBufferMaxBytes } from "../../protocol/limits.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { type Chat, getName, takeMessageId, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { findPeer } from "../outbound/addressees.ts";
import { makeOwnEntry, reportSentMessage } from "../outbound/own-message.ts";
import { pausePeer, resumePeer } from "../outbound/read-pause.ts";
import { canReceive, listRecipients } from "../outbound/recipients.ts";
import { sendPayload } from "../outbound/sending.ts";
import { addEntry, addNotice } from "../report/report.ts";
import { resetPeer } from "../outbound/reset.ts";
import { beginSentSpans } from "../trace/enqueued-spans.ts";
import { getPrivateTarget } from "./private-line.ts";
import { isSentence, type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Room } from "../model/room.ts";

/** `/rst`: returns undefined when done, else the problem. */
export function resetNamedPeer(
  chat: Pick<Chat, "effects" | "peers" | "room">,
  side: Pick<Side, "transport" | "socket" | "peers">,
  word: string,
): Sentence | undefined {
  if (side.transport === "udp") return sentence("udp-has-no-reset");
  const peer = findPeer(chat, side, word);
  if (isSentence(peer)) return peer;
  if (peer.link.transport === "udp") return sentence("peer-has-no-reset", { name: getName(peer) });
  resetPeer(chat.effects, peer.link, sentence("reset-here"));
  return undefined;
}

/** `/send-hex`: digits in pairs, with blanks, colons, `0x` or `\x` between them as they please. */
export function sendHex(chat: SendContext, side: Side, words: string): Sentence | undefined {
  const digits = words.replace(/0x|\\x|[\s:,]/gi, "");
  if (digits === "") return sentence("needs-bytes", { command: "send-hex" });
  const wrong = /[^0-9a-f]/i.exec(digits)?.[0];
  if (wrong !== undefined) return sentence("no-hex-digit", { digit: cleanText(wrong) });
  if (digits.length % 2 === 1) return sentence("odd-hex-digits");
  if (digits.length / 2 > hexMaxBytes) return sentence("too-much-hex", { bytes: hexMaxBytes });
  return sendBytes(chat, side, Buffer.from(digits, "hex"), sentence("sent-as-hex"));
}

/** `/partial`: sends text without a newline. The next text that is sent continues the same line. */
export function sendPartial(chat: SendContext, side: Side, text: string): Sentence | undefined {
  if (text === "") return sentence("needs-text", { command: "partial" });
  if (side.transport === "udp") return sentence("partial-over-udp");
  return sendBytes(chat, side, Buffer.from(text), sentence("no-newline-sent"));
}

/** Undefined when the bytes are on their way to all whom a line would go to. */
function sendBytes(chat: SendContext, side: Side, bytes: Uint8Array, note: Sentence): Sentence | undefined {
  const peers = findByteRecipients(chat.room, side);
  if (isSentence(peers)) return peers;
  const duet = peers.find(({ identity: { kind } }) => kind === "duet");
  if (duet !== undefined) return sentence("duet-takes-frames", { name: getName(duet) });
  const id = takeMessageId(chat.ids);
  const owners = beginSentSpans(chat, id);
  for (const transport of ["tcp", "udp"] as const)
    sendPayload(
      chat,
      peers.filter((peer) => peer.link.transport === transport),
      bytes,
      owners,
    );
  const spans = owners?.of[0];
  const text = Buffer.from(bytes).toString();
  addEntry(chat, side, { ...makeOwnEntry(chat, side, peers, text), note, spans });
  reportSentMessage(chat, side, id, peers, { text, bytes: bytes.length, action: false });
  return undefined;
}

function findByteRecipients(room: Room, side: Side): readonly Peer[] | Sentence {
  const only =
    side.conversation.addressee === undefined
      ? undefined
      : getPrivateTarget(side.conversation.addressee, side.transport);
  if (only !== undefined && "far" in only) return sentence("member-of-other-hub", { name: only.name });
  if (only?.number !== undefined) return sentence("behind-hub", { name: only.name });
  const peers = only === undefined ? listRecipients(room, side) : [only.peer].filter(canReceive);
  return peers.length === 0 ? sentence("nobody-to-send-to") : peers;
}

/** `/buffer SIZE`, and `/buffer off` to read again. */
export function runBuffer(chat: SendContext, side: Side, words: string): Sentence | undefined {
  const [, first = "", rest = ""] = /^(\S*)\s*(.*)$/.exec(words) ?? [];
  if (side.transport === "udp") return sentence("udp-has-no-window");
  const bytes = first.toLowerCase() === "off" ? undefined : Number(first.replaceAll(",", ""));
  if (bytes !== undefined && !(Number.isInteger(bytes) && bytes >= 1 && bytes <= receiveBufferMaxBytes))
    return sentence("buffer-size", { bytes: receiveBufferMaxBytes });
  const peer = findPeer(chat, side, rest);
  if (isSentence(peer)) return peer;
  if (peer.link.transport === "udp") return sentence("peer-has-no-window", { name: getName(peer) });
  if (bytes === undefined && !peer.inbound.pausedBy.has("buffer"))
    return sentence("read-as-ever", { name: getName(peer) });
  const { transport, connection } = peer.link;
  chat.effects.push({ type: "limit-receive-buffer", transport, connection, bytes });
  if (bytes === undefined) resumePeer(chat, peer, "buffer");
  else pausePeer(chat, peer, "buffer");
  const name = getName(peer);
  if (bytes === undefined) addNotice(chat, side, "info", sentence("reading-again", { name }));
  else addNotice(chat, side, "info", sentence("reading-stopped", { name }), sentence("reading-stopped-hint"));
  return undefined;
}
