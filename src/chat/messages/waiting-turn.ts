/** Delivers a stranger's waiting lines when their turn comes. */

import { strangerWaitingMaxBytes } from "../../protocol/limits.ts";
import { getSide, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { renameMember } from "../room/members.ts";
import { resumePeer } from "../outbound/read-pause.ts";
import {
  armTurnTimer,
  computeWaitingCost,
  earnAllowance,
  getStrangerThrottle,
  hasTooMuchWaiting,
} from "../room/strangers.ts";
import { receiveMemberMessage } from "./duet-message.ts";
import { finishLine, receiveDatagramText } from "./raw-lines.ts";

/** Delivers the next waiting input, if the allowance covers it. */
export function handleTurnTimer(chat: SendContext, peer: Peer): void {
  const throttle = getStrangerThrottle(peer.inbound);
  earnAllowance(chat.nowMs, throttle);
  if (throttle.left >= 1) {
    throttle.left -= 1;
    deliverNext(chat, peer);
  }
  if (throttle.waiting.length > 0) armTurnTimer(chat, peer);
  if (throttle.waitingBytes <= strangerWaitingMaxBytes / 2) resumePeer(chat, peer, "stranger");
}

/** Delivers everything that waits: the peer was accepted, or has left. */
export function deliverAllWaiting(chat: SendContext, peer: Peer): void {
  if (peer.inbound.strangerThrottle === undefined) return;
  while (peer.inbound.strangerThrottle.waiting.length > 0) deliverNext(chat, peer);
  chat.timers.clear({ kind: "stranger-turn", of: peer.link.connection });
  resumePeer(chat, peer, "stranger");
}

/** Delivers the oldest waiting lines, for as long as too many wait. */
export function deliverOverflow(chat: SendContext, peer: Peer): void {
  while (hasTooMuchWaiting(peer.inbound)) deliverNext(chat, peer);
}

function deliverNext(chat: SendContext, peer: Peer): void {
  const throttle = getStrangerThrottle(peer.inbound);
  const input = throttle.waiting.shift();
  if (input === undefined) return;
  throttle.waitingBytes -= computeWaitingCost(input);
  switch (input.kind) {
    case "line":
      return finishLine(chat, getSide(chat, peer.link), peer, input.line, input.span);
    case "datagram":
      return receiveDatagramText(chat, getSide(chat, peer.link), peer, input, input.span);
    case "message":
      return receiveMemberMessage(chat, peer, input.frame, input.spans);
    case "name":
      if (peer.membership.member !== undefined) renameMember(chat, peer.membership.member, input.name);
      return;
  }
  input satisfies never;
}
