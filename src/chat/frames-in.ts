/**
 * What a duet's frames mean. Each is checked against who sent it: nobody speaks for another, and over UDP only who
 * knows our key is heard.
 */

import { type Frame, type MessageFrame, parseFrame } from "../protocol/frame.ts";
import { malformedFramesMax } from "../protocol/limits.ts";
import { cleanName } from "../protocol/names.ts";
import { cleanText } from "../protocol/text.ts";
import type { MessageEntry } from "./entry.ts";
import { heardHello, heardWelcome, proveReachable, sayHello } from "./greeting.ts";
import { heardPong } from "./liveness.ts";
import { endPeer } from "./peers.ts";
import { addEntry, notice, reportProblem, tell } from "./report.ts";
import { hostNumber, relay, renameMember, takeMessageId } from "./room.ts";
import { sendFrameTo, sendTextToAll } from "./sending.ts";
import { type Chat, nameOf, type Peer, sideOf, takeEntryId } from "./state.ts";

/** One line or datagram of a peer that is, or was greeted as, a duet. */
export function heardFrame(chat: Chat, peer: Peer, line: string): void {
  const parsed = parseFrame(line);
  switch (parsed.kind) {
    case "frame":
      if (!hasKey(peer, parsed.frame, parsed.key)) {
        sideOf(chat, peer).forged += 1;
        return;
      }
      return applyFrame(chat, peer, parsed.frame);
    case "unknown":
      return;
    case "later-version":
      return sayHello(chat, peer);
    case "malformed":
      return breach(chat, peer, parsed.why);
    case "text":
      return breach(chat, peer, "it is no frame");
  }
}

/** Over UDP everything after the first hello must bear the key that only this endpoint was told. */
function hasKey(peer: Peer, frame: Frame, key: string | undefined): boolean {
  if (peer.transport === "tcp" || frame.type === "hello") return true;
  return key === peer.ourKey;
}

function applyFrame(chat: Chat, peer: Peer, frame: Frame): void {
  if (frame.type === "hello") return heardHello(chat, peer, frame);
  if (frame.type === "welcome") return heardWelcome(chat, peer, frame);
  if (peer.kind !== "duet") return;
  proveReachable(chat, peer);
  if (peer.member !== undefined) peer.member.via = peer;
  switch (frame.type) {
    case "joined":
      return memberJoined(chat, peer, frame);
    case "left":
      return memberLeft(chat, peer, frame);
    case "renamed":
      return memberRenamed(chat, peer, frame);
    case "message":
      return messageCame(chat, peer, frame);
    case "ping":
      return sendFrameTo(chat, peer, { type: "pong", number: frame.number });
    case "pong":
      return heardPong(chat, peer, frame.number);
    case "goodbye":
      return saidGoodbye(chat, peer, frame.reason);
  }
}

/** A breach of the protocol costs the frame; the eleventh costs the connection. */
export function breach(chat: Chat, peer: Peer, why: string): void {
  peer.malformed += 1;
  if (peer.malformed <= malformedFramesMax) {
    if (peer.malformed > 1) return;
    const hint = "the frame was passed over; after ten of them the connection is closed";
    reportProblem(
      chat,
      sideOf(chat, peer),
      "EPROTO",
      `a frame from ${nameOf(peer)} is malformed: ${why}`,
      hint,
    );
    return;
  }
  endPeer(chat, peer, `it sent more than ${malformedFramesMax} malformed frames`);
}

function memberJoined(chat: Chat, peer: Peer, frame: Extract<Frame, { type: "joined" }>): void {
  if (peer.accepted || frame.number === peer.ourNumber) return;
  const name = cleanName(frame.name);
  const address = frame.address === undefined ? undefined : cleanName(frame.address);
  const known = peer.distant.has(frame.number);
  if (!known && peer.distant.size >= 4096) return;
  peer.distant.set(frame.number, { number: frame.number, name, address });
  if (known) return;
  const who = address === undefined || address === name ? name : `${name} (${address})`;
  notice(chat, sideOf(chat, peer), "joined", `${who} joined`);
}

function memberLeft(chat: Chat, peer: Peer, frame: Extract<Frame, { type: "left" }>): void {
  const member = peer.distant.get(frame.number);
  if (peer.accepted || member === undefined) return;
  peer.distant.delete(frame.number);
  const reason = cleanLine(frame.reason);
  notice(chat, sideOf(chat, peer), "left", `${member.name} left${reason === "" ? "" : `: ${reason}`}`);
}

function memberRenamed(chat: Chat, peer: Peer, frame: Extract<Frame, { type: "renamed" }>): void {
  if (peer.accepted) {
    if (peer.member !== undefined) renameMember(chat, peer.member, frame.name);
    return;
  }
  const name = cleanName(frame.name);
  if (frame.number === hostNumber) {
    notice(chat, sideOf(chat, peer), "info", `${peer.name} is now ${name}`);
    peer.name = name;
  }
  if (frame.number === peer.ourNumber) {
    chat.name = name;
    notice(chat, sideOf(chat, peer), "info", `you are now ${name}`);
    return;
  }
  const member = frame.number === undefined ? undefined : peer.distant.get(frame.number);
  if (member === undefined) return;
  if (frame.number !== hostNumber) notice(chat, sideOf(chat, peer), "info", `${member.name} is now ${name}`);
  member.name = name;
}

function messageCame(chat: Chat, peer: Peer, frame: MessageFrame): void {
  const text = peer.parts.join(frame);
  if (text === undefined) return;
  const whole = { ...frame, text };
  if (peer.accepted) return messageToHub(chat, peer, whole);
  const from = frame.from === undefined ? undefined : peer.distant.get(frame.from);
  const name = from?.name ?? nameOf(peer);
  const address =
    frame.from === hostNumber || from === undefined
      ? peer.address
      : (from.address ?? `member ${from.number}`);
  showMessage(chat, peer, {
    name,
    address,
    text,
    action: frame.action === true,
    isPrivate: frame.to !== undefined,
  });
}

function messageToHub(chat: Chat, peer: Peer, frame: MessageFrame): void {
  const member = peer.member;
  if (member === undefined) return;
  const action = frame.action === true;
  if (frame.to !== undefined && frame.to !== hostNumber) return forwardPrivately(chat, peer, frame);
  const isPrivate = frame.to === hostNumber;
  showMessage(chat, peer, { name: member.name, address: peer.address, text: frame.text, action, isPrivate });
  if (!isPrivate) relay(chat, member, frame.text, action);
}

function forwardPrivately(chat: Chat, peer: Peer, frame: MessageFrame): void {
  const to = frame.to === undefined ? undefined : chat.members.get(frame.to);
  const from = peer.member;
  if (to === undefined || from === undefined) return;
  if (to.via.kind === "duet") {
    sendFrameTo(chat, to.via, { ...frame, id: takeMessageId(chat), from: from.number });
    return;
  }
  sendTextToAll(chat, [to.via], `<${from.name} → you> ${frame.text}`);
}

interface Shown {
  readonly name: string;
  readonly address: string;
  readonly text: string;
  readonly action: boolean;
  readonly isPrivate: boolean;
}

function showMessage(chat: Chat, peer: Peer, shown: Shown): void {
  const entry: MessageEntry = {
    kind: "message",
    id: takeEntryId(chat),
    atMs: chat.nowMs,
    direction: "in",
    name: shown.name,
    colourKey: shown.address,
    text: shown.text,
    growing: false,
    action: shown.action,
    ...(shown.isPrivate ? { privateWith: "you" } : {}),
  };
  addEntry(chat, sideOf(chat, peer), entry);
  if (!chat.config.tellMessages) return;
  const { name, address, text, action } = shown;
  tell(chat, {
    type: "message",
    transport: peer.transport,
    id: takeMessageId(chat),
    direction: "in",
    peer: address,
    name,
    text,
    bytes: Buffer.byteLength(text),
    action,
  });
}

function saidGoodbye(chat: Chat, peer: Peer, reason: string): void {
  const words = cleanLine(reason);
  peer.ending ??= words === "" ? "it said goodbye" : `it said goodbye (${words})`;
  const { transport, connection } = peer;
  chat.effects.push({ type: "close", transport, connection, how: "flush" });
}

/** A reason that a peer gave, as one clean line. */
function cleanLine(text: string): string {
  return cleanText(text.slice(0, 200));
}
