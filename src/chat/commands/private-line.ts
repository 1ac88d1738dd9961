/**
 * The private line of `/to`: typed text is sent to one addressee until it is ended. If the addressee leaves, typed
 * text is not sent at all, so that it never reaches everybody by mistake.
 */

import { said, saidAction, saidTo } from "../messages/speech.ts";
import { type Chat, nameOf } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Addressee, Side } from "../model/side.ts";
import { findAddressee, nobodyCalled } from "../outbound/addressees.ts";
import { memberTarget } from "../outbound/own-message.ts";
import { notice, reportProblem } from "../report/report.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

/** The path of a private line, the member number behind a host, and the current name. */
interface PrivateTarget {
  readonly peer: Peer;
  readonly number?: number;
  readonly name: string;
}

/** `/to PEER`, and `/to` alone to speak to all again. Undefined when done; else what was wrong. */
export function setAddressee(chat: Chat, side: Side, word: string): Sentence | undefined {
  const addressee = word === "" ? undefined : findAddressee(chat, side, word);
  if (word !== "" && addressee === undefined) return nobodyCalled(chat, word);
  if (word === "" && side.conversation.addressee === undefined) return sentence("no-private-line");
  side.conversation.addressee = addressee;
  const name = privateName(side);
  if (name === undefined) notice(chat, side, "info", sentence("goes-to-all"));
  else notice(chat, side, "info", sentence("goes-to-one", { name }), sentence("to-ends-that"));
  return undefined;
}

/** Selects the next or previous addressee, with everybody between the last and the first. */
export function stepAddressee(chat: Chat, side: Side, step: 1 | -1): void {
  const all = [undefined, ...addressees(side)];
  const here = isHere(chat, side.conversation.addressee) ? side.conversation.addressee : undefined;
  const at = all.findIndex((one) => keyOf(one) === keyOf(here));
  const next = all[(Math.max(0, at) + step + all.length) % all.length];
  // The prompt shows the addressee; a notice for each step would be too much.
  side.conversation.addressee = next;
}

/** The name of a side's addressee, connected or not; undefined: none. */
export function privateName(side: Side): string | undefined {
  return side.conversation.addressee === undefined
    ? undefined
    : privateTargetOf(side.conversation.addressee, side).name;
}

/** True if this row of the peers panel is the addressee: a peer, or a member behind a host. */
export function isAddressed(side: Side, peer: Peer, distantNumber?: number): boolean {
  const { addressee } = side.conversation;
  if (addressee === undefined) return false;
  if (addressee.kind === "distant") return addressee.distant.number === distantNumber;
  if (distantNumber !== undefined) return false;
  return addressee.kind === "member" ? addressee.member === peer.membership.member : addressee.peer === peer;
}

/** The path to an addressee from a side. */
export function privateTargetOf(addressee: Addressee, side: Side): PrivateTarget {
  switch (addressee.kind) {
    case "member":
      return memberTarget(addressee.member, side);
    case "peer":
      return { peer: addressee.peer, name: nameOf(addressee.peer) };
    case "distant":
      return { peer: addressee.hub, number: addressee.distant.number, name: addressee.distant.name };
  }
}

/** Sends a typed line to everybody or to the addressee. */
export function sayLine(chat: Chat, text: string, continues: boolean): void {
  const side = chat.sides[chat.focus.active];
  if (side.conversation.addressee === undefined) return said(chat, text, continues);
  const target = privateTargetOf(side.conversation.addressee, side);
  const wrong = isHere(chat, side.conversation.addressee)
    ? saidTo(chat, side, target, text)
    : sentence("line-not-sent", { why: sentence("are-no-longer-here", { names: [target.name] }) });
  if (wrong === undefined) return;
  chat.effects.push({ type: "give-back", text });
  reportProblem(chat, side, "EUSAGE", wrong, sentence("to-ends-private-line"));
}

/** `/me`, which is for all: undefined when done; else why not. */
export function sayAction(chat: Chat, side: Side, text: string): Sentence | undefined {
  if (side.conversation.addressee !== undefined)
    return sentence("me-is-for-all", { name: privateTargetOf(side.conversation.addressee, side).name });
  saidAction(chat, text);
  return undefined;
}

function addressees(side: Side): readonly Addressee[] {
  const found: Addressee[] = [];
  for (const peer of side.peers.values()) {
    if (peer.link.isInbound && !peer.identity.isIntroduced) continue;
    if (peer.membership.member !== undefined) found.push({ kind: "member", member: peer.membership.member });
    else found.push({ kind: "peer", peer });
    for (const distant of peer.hubRoom.members.values())
      if (distant.name !== nameOf(peer)) found.push({ kind: "distant", hub: peer, distant });
  }
  return found;
}

function isHere(chat: Chat, addressee: Addressee | undefined): boolean {
  switch (addressee?.kind) {
    case "member":
      return chat.room.members.get(addressee.member.number) === addressee.member;
    case "peer":
      return chat.peers.has(addressee.peer.link.connection);
    case "distant":
      return (
        chat.peers.has(addressee.hub.link.connection) &&
        addressee.hub.hubRoom.members.get(addressee.distant.number) !== undefined
      );
    case undefined:
      return false;
  }
}

/** The same addressee has the same key. */
function keyOf(addressee: Addressee | undefined): string {
  switch (addressee?.kind) {
    case "member":
      return `member ${addressee.member.number}`;
    case "peer":
      return `peer ${addressee.peer.link.connection}`;
    case "distant":
      return `distant ${addressee.distant.number}`;
    case undefined:
      return "all";
  }
}
