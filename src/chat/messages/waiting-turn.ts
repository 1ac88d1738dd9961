/** Delivers a stranger's waiting lines when their turn comes, and drops those whose sender has left. */

import { strangerWaitingMaxBytes } from "../../protocol/limits.ts";
import { type Chat, getName, getSide, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import type { ThrottledInput } from "../peer/stranger-throttle.ts";
import { renameMember } from "../room/members.ts";
import { isGroupSide } from "../outbound/multicast-group.ts";
import { resumePeer } from "../outbound/read-pause.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import {
  armTurnTimer,
  cancelTurn,
  dropWaiting,
  getStrangerThrottle,
  takeBookedTurn,
  takeWaiting,
} from "../room/strangers.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { receiveMemberMessage } from "./duet-message.ts";
import { finishLine, receiveDatagramText, receiveText } from "./raw-lines.ts";

/** Delivers the next waiting input, if the allowance covers it. */
export function handleTurnTimer(chat: SendContext, peer: Peer): void {
  const throttle = getStrangerThrottle(peer);
  if (takeBookedTurn(chat, throttle)) deliverNext(chat, peer);
  if (throttle.waiting.length > 0) armTurnTimer(chat, peer);
  if (throttle.waitingBytes <= strangerWaitingMaxBytes / 2) resumePeer(chat, peer, "stranger");
}

/** Delivers everything that waits: the peer was accepted. */
export function deliverAllWaiting(chat: SendContext, peer: Peer): void {
  if (peer.inbound.strangerThrottle === undefined) return;
  while (peer.inbound.strangerThrottle.waiting.length > 0) deliverNext(chat, peer);
  cancelTurn(chat, peer);
  resumePeer(chat, peer, "stranger");
}

/**
 * Drops everything that waits, counted and reported: the peer has left. Delivered at once, it would exceed the
 * allowance; kept, it would let each new connection leave more behind.
 */
export function dropAllWaiting(chat: SendContext & Pick<Chat, "exit">, peer: Peer): void {
  if (peer.inbound.strangerThrottle === undefined) return;
  cancelTurn(chat, peer);
  const lines = dropWaiting(chat, peer);
  if (lines === 0 || chat.exit.code !== undefined) return;
  const dropped = sentence("waiting-lines-dropped", { lines, name: getName(peer) });
  addPeerNotice(chat, getSide(chat, peer.link), "warning", dropped);
}

function deliverNext(chat: SendContext, peer: Peer): void {
  const input = takeWaiting(chat.room, getStrangerThrottle(peer));
  if (input === undefined) return;
  switch (input.kind) {
    case "line":
      return finishLine(chat, getSide(chat, peer.link), peer, input.line, input.span);
    case "datagram":
      return receiveWaitingDatagram(chat, getSide(chat, peer.link), peer, input);
    case "message":
      return receiveMemberMessage(chat, peer, input.frame, input.spans);
    case "name":
      if (peer.membership.member !== undefined) renameMember(chat, peer.membership.member, input.name, peer);
      return;
  }
  input satisfies never;
}

/** In a group the newline and the name have been taken off already. */
function receiveWaitingDatagram(
  chat: SendContext,
  side: Side,
  peer: Peer,
  input: Extract<ThrottledInput, { kind: "datagram" }>,
): void {
  if (isGroupSide(side)) receiveText(chat, side, peer, input, input.span);
  else receiveDatagramText(chat, side, peer, input, input.span);
}
