/** The password of the room that we join: known, to be asked for, or refused (SEALED.md, A room with a password). */

import { getSide, type SendContext } from "../model/chat.ts";
import type { ChatEvent } from "../model/event.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { findPassword, setPassword } from "../records/people.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { writeReason } from "../report/wire-reasons.ts";
import { reportProblem } from "../report/report.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { endFaultyPeer, endPeer, turnAway } from "./end-peer.ts";
import { formatTarget } from "./open.ts";
import { finishPairing } from "./pairing.ts";
import { openByPerson } from "./sides.ts";

/** The password that a peer's room has, as far as we know it: our own room's for a peer that connected to us. */
export function findRoomPassword(
  { self }: Pick<SendContext, "self">,
  { socket }: Pick<Side, "socket">,
  isInbound: boolean,
): string | undefined {
  if (isInbound) return self.people.passwords.own;
  return socket.request && findPassword(self.people, formatTarget(socket.request.target));
}

/**
 * True if the host asks for a password that we have, or for none and we have none. Else the connection ends before the
 * first message: our person is asked, or somebody without the password is in the place of the host.
 */
export function checkPassword(chat: SendContext, peer: Peer): boolean {
  const { link, seal } = peer;
  if (link.isInbound) return true;
  const isAsked = seal.theirOffer?.hasPassword === true;
  const isKnown = findRoomPassword(chat, getSide(chat, link), false) !== undefined;
  if (isAsked === isKnown) return true;
  if (isAsked) askForPassword(chat, peer, sentence("password-needed", { address: link.address }), false);
  else refuseOpenRoom(chat, peer);
  return false;
}

/** The host does not ask for the password that our person has for it. */
export function refuseOpenRoom(chat: SendContext, peer: Peer): void {
  const { address } = peer.link;
  endWithProblem(
    chat,
    peer,
    sentence("password-not-asked", { address }),
    sentence("password-not-asked-hint"),
  );
}

/** The host has refused the password: it is not used again, and our person is asked for another one. */
export function dropWrongPassword(chat: SendContext, peer: Peer): void {
  const { request } = getSide(chat, peer.link).socket;
  if (request !== undefined) setPassword(chat.self.people, formatTarget(request.target), undefined);
  askForPassword(chat, peer, sentence("wrong-password", { address: peer.link.address }), true);
}

/** Ends the connection, since a host does not wait for a person, and asks where there is somebody to ask. */
function askForPassword(chat: SendContext, peer: Peer, why: Sentence, isWrong: boolean): void {
  const { address, transport } = peer.link;
  const side = getSide(chat, peer.link);
  finishPairing(chat.timers, side);
  const { request } = side.socket;
  if (chat.config.headless || request === undefined)
    return endWithProblem(chat, peer, why, sentence("password-hint"));
  sayGoodbye(chat, peer);
  endPeer(chat, peer, why);
  const asked = {
    type: "password",
    transport,
    target: formatTarget(request.target),
    address,
    isWrong,
  } as const;
  chat.effects.push({ type: "ask-screen", request: asked });
}

/** The host takes no more guesses from our address for now. */
export function reportTooManyGuesses(chat: SendContext, peer: Peer): void {
  const { address } = peer.link;
  endWithProblem(chat, peer, sentence("guesses-refused", { address }), sentence("guesses-refused-hint"));
}

/** A host over UDP would go on answering; a stream has its FIN. */
function sayGoodbye(chat: SendContext, peer: Peer): void {
  if (peer.link.transport !== "udp" || peer.seal.stage !== "offered") return;
  const reason = writeReason(chat.config, sentence("password-asked-for"));
  sendFrameTo(chat, peer, { type: "goodbye", reason }, { isAsked: true });
}

function endWithProblem(chat: SendContext, peer: Peer, problem: Sentence, hint: Sentence): void {
  reportProblem(chat, getSide(chat, peer.link), "EPASSWORD", problem, hint);
  sayGoodbye(chat, peer);
  endFaultyPeer(chat, peer, sentence("password-unproven"));
}

/** Refuses a peer that cannot join since the room has a password: it is sent nothing. */
export function turnAwayWithoutPassword(chat: SendContext, peer: Peer): void {
  turnAway(chat, peer, sentence("raw-without-password"));
}

/** The password that our person typed for a room: it is tried at once, unless the side has another target by now. */
export function enterPassword(
  chat: SendContext,
  { transport, target, password }: Extract<ChatEvent, { type: "password-entered" }>,
): void {
  setPassword(chat.self.people, target, password);
  const { request } = chat.sides[transport].socket;
  if (request !== undefined && formatTarget(request.target) === target)
    openByPerson(chat, transport, request);
}
