/** Steps of comparisons as frames: of which member each is, and those that a host forwards. */

import type { ComparisonStep, VerifyFrame } from "../../protocol/frames/frame.ts";
import { receiveStep } from "../features/comparing.ts";
import { hostNumber, type SendContext } from "../model/chat.ts";
import type { LocalMember, Peer } from "../model/peer.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { findReceiver } from "../room/member-keys.ts";
import { mayTakeLine } from "../room/strangers.ts";

/** In the clear anybody could have written it. */
export function receiveVerify(
  chat: SendContext,
  peer: Peer,
  { type: _type, to, from, ...step }: VerifyFrame,
): void {
  if (peer.seal.stage !== "sealed") return;
  const { member } = peer.membership;
  if (peer.link.isInbound && member === undefined) return;
  if (member !== undefined && to !== undefined && to !== hostNumber)
    return forwardOrRefuse(chat, peer, member, to, step);
  const author = findReceiver(peer, from);
  if (author !== undefined) receiveStep(chat, author, step);
}

function forwardOrRefuse(
  chat: SendContext,
  peer: Peer,
  from: LocalMember,
  to: number,
  step: ComparisonStep,
): void {
  const refusal = forward(chat, peer, from, to, step);
  if (refusal !== undefined && step.step !== "end")
    sendFrameTo(chat, peer, { type: "verify", step: "end", of: step.of, why: refusal, from: to });
}

/** Forwards a step from one sealed member to another. Returns why it could not. */
function forward(
  chat: SendContext,
  peer: Peer,
  from: LocalMember,
  to: number,
  step: ComparisonStep,
): "absent" | "busy" | undefined {
  const target = chat.room.members.get(to);
  if (target === undefined || target === from || target.via.seal.stage !== "sealed") return "absent";
  if (!mayTakeLine(chat, peer)) return "busy";
  sendFrameTo(chat, target.via, { type: "verify", ...step, from: from.number, to });
  return undefined;
}
