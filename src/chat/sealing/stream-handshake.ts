/** The handshake of a session over a stream: records after the two offers (SEALED.md, Over a stream). */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import type { HelloFrame } from "../../protocol/frames/frame.ts";
import {
  encodeStreamRecord,
  readStreamRecord,
  recordTypes,
  refusalReasons,
} from "../../protocol/sealed/records.ts";
import { endPeer, reportGuess } from "../connections/end-peer.ts";
import { sendHello } from "../connections/greeting.ts";
import { checkPassword } from "../connections/room-password.ts";
import type { SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { sendPayload } from "../outbound/sending.ts";
import { setTheirKey } from "../peer/handshake.ts";
import { isShaking, setTheirOffer, setUnfinishedRecord } from "../peer/seal.ts";
import { changeSealStage, hasHandshakeRoom } from "../room/half-open.ts";
import { isSentence, sentence } from "../../words/sentences/sentence.ts";
import {
  answerFirst,
  answerSecond,
  armSealTimer,
  beginSession,
  endRefused,
  explainGuess,
  failHandshake,
  makeFirst,
  mayGuess,
  readThird,
} from "./handshake-steps.ts";

/** Answers an offer, or goes on after the answer to ours: the connecting side begins the handshake. */
export function receiveStreamOffer(chat: SendContext, peer: Peer, hello: HelloFrame): void {
  const { link, seal } = peer;
  setTheirOffer(seal, hello.offer);
  setTheirKey(peer.handshake, hello.key);
  if (!checkPassword(chat, peer)) return;
  if (seal.ourOffer === undefined) sendHello(chat, peer);
  if (link.isInbound && !hasHandshakeRoom(chat.room, link)) return refuseHandshake(chat, peer);
  armSealTimer(chat, peer);
  if (link.isInbound) return changeSealStage(chat.room, peer, "awaiting-first");
  const first = makeFirst(chat, peer);
  if (first === undefined) return;
  changeSealStage(chat.room, peer, "awaiting-second");
  sendRecord(chat, peer, recordTypes.first, first);
}

function sendRecord(chat: SendContext, peer: Peer, type: number, body: Uint8Array): void {
  sendPayload(chat, [peer], encodeStreamRecord(type, body));
}

function refuseHandshake(chat: SendContext, peer: Peer): void {
  sendRecord(chat, peer, recordTypes.refusal, Buffer.of(refusalReasons.tooMany));
  endPeer(chat, peer, sentence("too-many-handshakes"));
}

/** The reason is shown here, and its number there. */
function refuseGuess(
  chat: SendContext,
  peer: Peer,
  reason: (typeof refusalReasons)["tooMany" | "password"],
): void {
  sendRecord(chat, peer, recordTypes.refusal, Buffer.of(reason));
  reportGuess(chat, peer, explainGuess(reason));
  endPeer(chat, peer, explainGuess(reason));
}

/** Ends the connection, and says so before. */
export function failStreamHandshake(chat: SendContext, peer: Peer, reason = sentence("seal-failed")): void {
  if (isShaking(peer.seal)) sendRecord(chat, peer, recordTypes.refusal, Buffer.of(refusalReasons.failed));
  failHandshake(chat, peer, reason);
}

/** Bytes of a stream while the handshake lasts. The transport opens the bytes behind its end. */
export function receiveHandshakeBytes(chat: SendContext, peer: Peer, bytes: BorrowedBytes): void {
  const { seal } = peer;
  let rest: Uint8Array = Buffer.concat([seal.unfinished, new Uint8Array(bytes)]);
  while (isShaking(seal) && peer.link.endReason === undefined) {
    const record = readStreamRecord(rest);
    if (record === "malformed") return failStreamHandshake(chat, peer);
    if (record === "unfinished") return setUnfinishedRecord(seal, rest);
    rest = rest.subarray(record.bytes);
    receiveHandshakeRecord(chat, peer, record.type, record.body, rest);
  }
  setUnfinishedRecord(seal, new Uint8Array(0));
}

/** `rest`: the bytes behind the record. */
function receiveHandshakeRecord(
  chat: SendContext,
  peer: Peer,
  type: number,
  body: Uint8Array,
  rest: Uint8Array,
): void {
  const { stage } = peer.seal;
  if (type === recordTypes.refusal) return endRefused(chat, peer, body[0] ?? 0);
  if (stage === "awaiting-first" && type === recordTypes.first) {
    if (!mayGuess(chat, peer)) return refuseGuess(chat, peer, refusalReasons.tooMany);
    const second = answerFirst(chat, peer, body);
    if (second === undefined) return failStreamHandshake(chat, peer);
    changeSealStage(chat.room, peer, "awaiting-third");
    return sendRecord(chat, peer, recordTypes.second, second);
  }
  if (stage === "awaiting-second" && type === recordTypes.second) {
    const third = answerSecond(chat, peer, body);
    if (third === undefined || isSentence(third)) return failStreamHandshake(chat, peer, third);
    sendRecord(chat, peer, recordTypes.third, third);
    return beginSession(chat, peer, rest);
  }
  const isRight = stage === "awaiting-third" && type === recordTypes.third && readThird(chat, peer, body);
  if (isRight === true) return beginSession(chat, peer, rest);
  if (isRight === "wrong-password") return refuseGuess(chat, peer, refusalReasons.password);
  failStreamHandshake(chat, peer, isRight === false ? undefined : isRight);
}
