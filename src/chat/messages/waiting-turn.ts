/** Delivers a stranger's waiting lines when their turn comes. */

import { strangerWaitingMaxBytes } from "../../protocol/limits.ts";
import { type Chat, sideOf } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { renameMember } from "../room/members.ts";
import { resumePeer } from "../outbound/read-pause.ts";
import { armTurnTimer, waitingCost, earnAllowance, strangerPaceOf, waitsTooMuch } from "../room/strangers.ts";
import { messageToHub } from "./duet-message.ts";
import { finishLine, hearDatagram } from "./raw-lines.ts";

/** Delivers the next waiting input, if the allowance covers it. */
export function turnReached(chat: Chat, peer: Peer): void {
  const pace = strangerPaceOf(peer);
  earnAllowance(chat, pace);
  if (pace.left >= 1) {
    pace.left -= 1;
    hearNext(chat, peer);
  }
  if (pace.waiting.length > 0) armTurnTimer(chat, peer);
  if (pace.waitingBytes <= strangerWaitingMaxBytes / 2) resumePeer(chat, peer, "stranger");
}

/** Delivers everything that waits: the peer was accepted, or has left. */
export function hearAllWaiting(chat: Chat, peer: Peer): void {
  if (peer.inbound.strangerPace === undefined) return;
  while (peer.inbound.strangerPace.waiting.length > 0) hearNext(chat, peer);
  chat.timers.clear({ kind: "stranger-turn", of: peer.link.connection });
  resumePeer(chat, peer, "stranger");
}

/** Delivers the oldest waiting lines, for as long as too many wait. */
export function hearOverflow(chat: Chat, peer: Peer): void {
  while (waitsTooMuch(peer)) hearNext(chat, peer);
}

function hearNext(chat: Chat, peer: Peer): void {
  const pace = strangerPaceOf(peer);
  const input = pace.waiting.shift();
  if (input === undefined) return;
  pace.waitingBytes -= waitingCost(input);
  switch (input.kind) {
    case "line":
      return finishLine(chat, sideOf(chat, peer), peer, input.line, input.span);
    case "datagram":
      return hearDatagram(chat, sideOf(chat, peer), peer, input, input.span);
    case "message":
      return messageToHub(chat, peer, input.frame, input.carried);
    case "name":
      if (peer.membership.member !== undefined) renameMember(chat, peer.membership.member, input.name);
      return;
  }
  input satisfies never;
}
