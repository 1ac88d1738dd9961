/** Applies a duet's frames. Each frame is checked against its sender: a member can only speak for itself. */

import { type ParsedFrame, parseFrame } from "../../protocol/frames/frame-codec.ts";
import type { Frame, MessageFrame, VerifyFrame } from "../../protocol/frames/frame.ts";
import { setContent } from "../../protocol/frames/message-parts.ts";
import { receiveHostMessage, receiveMemberMessage } from "../messages/duet-message.ts";
import { type Chat, getName, getSide, type SendContext, type ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { acknowledgeAtOnce } from "../outbound/delivery.ts";
import { rememberGoodbye } from "../outbound/repeated-goodbye.ts";
import { receiveReceipt } from "../outbound/received-receipts.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { endAbsentComparisons } from "../features/comparison-ends.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import type { Timer } from "../records/timers.ts";
import { renameMember } from "../room/members.ts";
import { relayReceipt } from "../room/relayed-receipts.ts";
import { renameRemote, receiveUndelivered, receiveLeft } from "../room/remote-members.ts";
import { mustWaitForTurn } from "../room/strangers.ts";
import { countBreach } from "../connections/end-peer.ts";
import { answerLaterVersion, noteNameAtJoin, noteProof, proveEndpoint } from "../connections/greeting.ts";
import { receiveRenewal } from "../sealing/renewal.ts";
import { receiveAnyHello } from "../sealing/sealing.ts";
import { receivePong } from "../connections/pings.ts";
import type { Span } from "../spans/span.ts";
import { beginSpansInParts } from "../trace/incoming-spans.ts";
import { receiveWelcome, addNamedMember } from "./host-room.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { readReason } from "../report/wire-reasons.ts";
import { setEndReason } from "../peer/link.ts";
import { setReceivedParts } from "../spans/peer-trace.ts";

/** Applies one line of a duet, or of a peer that was greeted as one. A datagram's key has been checked. */
export function receiveFrame(chat: SendContext, peer: Peer, line: string, span: Span | undefined): void {
  receiveParsedFrame(chat, peer, parseFrame(line), span);
}

/** As `receiveFrame`, for a parsed line. */
export function receiveParsedFrame(
  chat: SendContext,
  peer: Peer,
  parsed: ParsedFrame,
  span: Span | undefined,
): void {
  switch (parsed.kind) {
    case "frame":
      return applyFrame(chat, peer, parsed.frame, span);
    case "unknown":
      return;
    case "later-version":
      return answerLaterVersion(chat, peer);
    case "malformed":
      return countBreach(chat, peer, parsed.fault);
    case "text":
      return countBreach(chat, peer, { is: "no-frame" });
  }
  parsed satisfies never;
}

function applyFrame(chat: SendContext, peer: Peer, frame: Frame, span: Span | undefined): void {
  if (frame.type === "hello") return receiveAnyHello(chat, peer, frame);
  if (frame.type === "welcome") return receiveWelcome(chat, peer, frame);
  if (peer.identity.kind !== "duet") return;
  if (frame.type === "ping") noteProof(peer, frame);
  if (frame.type === "renamed") noteNameAtJoin(peer, frame.name);
  proveEndpoint(chat, peer);
  switch (frame.type) {
    case "joined":
      return addNamedMember(chat, peer, frame);
    case "left":
      receiveLeft(chat, peer, frame);
      return endAbsentComparisons(chat);
    case "renamed":
      return receiveRenamed(chat, peer, frame);
    case "message":
      return receiveMessage(chat, peer, frame, span);
    case "undelivered":
      return receiveUndelivered(chat, peer, frame);
    case "receipt":
      receiveReceipt(chat, peer, frame, span);
      return peer.link.isInbound ? relayReceipt(chat, peer.membership, frame) : undefined;
    case "ack":
    case "skip":
      // Only over UDP and outside the order: datagrams.ts.
      return;
    case "ping":
      return sendFrameTo(chat, peer, { type: "pong", number: frame.number });
    case "pong":
      return receivePong(chat.nowMs, peer.liveness, frame.number);
    case "rekey":
      return receiveRenewal(chat, peer, frame);
    case "verify":
      return receiveComparison(chat, peer, frame);
    case "slowed":
      return receiveSlowed(chat, peer, frame.reason);
    case "goodbye":
      return receiveGoodbye(chat, peer, frame.reason);
  }
  frame satisfies never;
}

function receiveComparison(chat: SendContext, peer: Peer, frame: VerifyFrame): void {
  // Loaded with the first such frame.
  const { receiveVerify } = require("./member-steps.ts") as typeof import("./member-steps.ts");
  receiveVerify(chat, peer, frame);
}

function receiveRenamed(chat: SendContext, peer: Peer, frame: Extract<Frame, { type: "renamed" }>): void {
  const { number, name } = frame;
  if (!peer.link.isInbound) return renameRemote(chat, peer, number, name);
  const bytes = Buffer.byteLength(name);
  if (peer.membership.member !== undefined && !mustWaitForTurn(chat, peer, { kind: "name", name, bytes }))
    renameMember(chat, peer.membership.member, name, peer);
}

function receiveMessage(chat: SendContext, peer: Peer, frame: MessageFrame, span: Span | undefined): void {
  const spans = beginSpansInParts(peer, frame, span);
  const content = peer.inbound.partJoiner.join(frame, chat.nowMs);
  if (content === undefined) return armUnfinishedTimer(chat, peer, peer.inbound.partJoiner.staleMs);
  if (peer.trace !== undefined) setReceivedParts(peer.trace, undefined);
  const whole = frame.part === undefined ? frame : setContent(frame, content);
  if (!peer.link.isInbound) return receiveHostMessage(chat, peer, whole, spans);
  const bytes = Buffer.byteLength(content);
  if (!mustWaitForTurn(chat, peer, { kind: "message", frame: whole, bytes, spans }))
    receiveMemberMessage(chat, peer, whole, spans);
}

/** Gives up messages whose missing parts are not received any more. */
export function handleUnfinishedTimer(
  chat: Pick<Chat, "nowMs" | "timers">,
  peer: Pick<Peer, "link" | "inbound">,
): void {
  armUnfinishedTimer(chat, peer, peer.inbound.partJoiner.dropStale(chat.nowMs));
}

function armUnfinishedTimer(
  chat: Pick<Chat, "timers">,
  { link }: Pick<Peer, "link">,
  staleMs: number | undefined,
): void {
  const timer: Timer = { kind: "unfinished-messages", of: link.connection };
  if (staleMs !== undefined && !chat.timers.has(timer)) chat.timers.set(timer, staleMs);
}

function receiveSlowed(
  chat: ReportContext,
  peer: Pick<Peer, "link" | "identity" | "membership">,
  text: string,
): void {
  if (peer.link.isInbound) return;
  const reason = readReason(chat.config, text) ?? sentence("as-written", { text: "" });
  addPeerNotice(
    chat,
    getSide(chat, peer.link),
    "warning",
    sentence("host-slows-us", { name: getName(peer), reason }),
  );
}

function receiveGoodbye(chat: ReportContext, peer: Peer, text: string): void {
  setEndReason(peer.link, sentence("said-goodbye", { reason: readReason(chat.config, text) }));
  acknowledgeAtOnce(chat, peer);
  rememberGoodbye(getSide(chat, peer.link), peer);
  const { transport, connection } = peer.link;
  chat.effects.push({ type: "close", transport, connection, how: "flush" });
}
