/**
 * The private line of `/to`: typed text is sent to one addressee until it is ended. If the addressee leaves, typed
 * text is not sent at all, so that it never reaches everybody by mistake.
 */

import { sendPrivateMessage } from "../messages/private-messages.ts";
import { sendTypedLine, sendAction } from "../messages/typed-messages.ts";
import { type Chat, getName, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Room } from "../model/room.ts";
import type { HubMember } from "../model/hub-member.ts";
import type { RemoteMember } from "../peer/host-room.ts";
import type { PersonEvent } from "../model/event.ts";
import type { Addressee, Destination, Side } from "../model/side.ts";
import { formatTarget } from "../connections/open.ts";
import {
  findAddressee,
  describeMissingName,
  isAddresseeHere,
  listHubMembers,
} from "../outbound/addressees.ts";
import { getMemberTarget } from "../outbound/own-message.ts";
import { addNotice, reportProblem } from "../report/report.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Conversation } from "../model/side.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";

/** The path of a private line, the member number behind a host, and the current name; or a member of another hub. */
type PrivateTarget =
  | { readonly peer: Peer; readonly number?: number; readonly name: string }
  | { readonly far: HubMember; readonly name: string };

/** `/to PEER`, and `/to` alone to address everybody again. Returns undefined when done, else the problem. */
export function setAddressee(chat: SendContext, side: Side, word: string): Sentence | undefined {
  const addressee = word === "" ? undefined : findAddressee(chat.room, side, word);
  if (word !== "" && addressee === undefined) return describeMissingName(chat, side, word);
  if (word === "" && side.conversation.addressee === undefined) return sentence("no-private-line");
  side.conversation.addressee = addressee;
  const name = getAddresseeName(side);
  if (name === undefined) addNotice(chat, side, "info", sentence("goes-to-all"));
  else addNotice(chat, side, "info", sentence("goes-to-one", { name }), sentence("to-ends-that"));
  return undefined;
}

/** Selects the next or previous addressee, with everybody between the last and the first. */
export function stepAddressee(
  chat: Pick<Chat, "peers" | "room">,
  side: Pick<Side, "peers" | "conversation" | "socket">,
  step: 1 | -1,
): void {
  const all = [undefined, ...listAddressees(chat.room, side)];
  const here = isAddresseeHere(chat, side.conversation.addressee) ? side.conversation.addressee : undefined;
  const at = all.findIndex((one) => getAddresseeKey(one) === getAddresseeKey(here));
  const next = all[(Math.max(0, at) + step + all.length) % all.length];
  // The prompt shows the addressee; a notice for each step would be too much.
  side.conversation.addressee = next;
}

/** The name of a side's addressee, connected or not; undefined: none. */
export function getAddresseeName(side: Pick<Side, "transport" | "conversation">): string | undefined {
  return side.conversation.addressee === undefined
    ? undefined
    : getPrivateTarget(side.conversation.addressee, side.transport).name;
}

/** True if this row of the peers panel is the addressee: a peer, or a member behind a host. */
export function isAddressed(
  conversation: Conversation,
  peer: Pick<Peer, "membership">,
  remote?: RemoteMember,
): boolean {
  const { addressee } = conversation;
  if (addressee === undefined) return false;
  if (addressee.kind === "remote") return addressee.member === remote;
  if (remote !== undefined) return false;
  if (addressee.kind === "hub") return false;
  return addressee.kind === "local" ? addressee.member === peer.membership.member : addressee.peer === peer;
}

/** The path to an addressee from a side. */
export function getPrivateTarget(addressee: Addressee, transport: TransportName): PrivateTarget {
  switch (addressee.kind) {
    case "local":
      return getMemberTarget(addressee.member, transport);
    case "peer":
      return { peer: addressee.peer, name: getName(addressee.peer) };
    case "remote":
      return { peer: addressee.host, number: addressee.member.number, name: addressee.member.name };
    case "hub":
      return { far: addressee.member, name: addressee.member.name };
  }
}

/** Where a line would go that is typed now. */
export function getDestination({ sides, focus }: Pick<Chat, "sides" | "focus">): Destination {
  const { transport, socket, conversation } = sides[focus.active];
  const { addressee } = conversation;
  return {
    transport,
    target: socket.request === undefined ? undefined : formatTarget(socket.request.target),
    addressee: addressee?.kind === "peer" ? addressee.peer : addressee?.member,
  };
}

/**
 * Sends a typed line to everybody or to the addressee. A line that waited returns to the composer if it was typed for
 * others than it would reach now: another side was chosen meanwhile, another target, or another addressee.
 */
export function sendLine(
  chat: SendContext & Pick<Chat, "lastError" | "exit" | "input">,
  { text, continues, destination, asWritten }: Extract<PersonEvent, { readonly type: "typed" }>,
): void {
  const side = chat.sides[chat.focus.active];
  const isForOthers = destination !== undefined && !isSameDestination(destination, getDestination(chat));
  if (isForOthers) {
    chat.effects.push({ type: "return-text", text });
    const problem = sentence("line-not-sent", { why: sentence("typed-for-others") });
    return reportProblem(chat, side, "EUSAGE", problem, sentence("back-in-composer"));
  }
  const isNewlineAlone = /^\n*$/.test(text) && destination !== undefined;
  if (side.conversation.addressee === undefined)
    return sendTypedLine(chat, { text, continues, asWritten, isNewlineAlone });
  if (isNewlineAlone) return;
  const target = getPrivateTarget(side.conversation.addressee, side.transport);
  const wrong = isAddresseeHere(chat, side.conversation.addressee)
    ? sendPrivateMessage(chat, side, target, text)
    : sentence("line-not-sent", { why: sentence("are-no-longer-here", { names: [target.name] }) });
  if (wrong === undefined) return;
  chat.effects.push({ type: "return-text", text });
  reportProblem(chat, side, "EUSAGE", wrong, sentence("to-ends-private-line"));
}

function isSameDestination(one: Destination, other: Destination): boolean {
  return (
    one.transport === other.transport && one.target === other.target && one.addressee === other.addressee
  );
}

/** `/me`, which is for all: undefined when done; else why not. */
export function runAction(
  chat: SendContext & Pick<Chat, "lastError" | "exit">,
  side: Pick<Side, "transport" | "conversation">,
  text: string,
): Sentence | undefined {
  if (side.conversation.addressee !== undefined)
    return sentence("me-is-for-all", {
      name: getPrivateTarget(side.conversation.addressee, side.transport).name,
    });
  sendAction(chat, text);
  return undefined;
}

function listAddressees(room: Room, side: Pick<Side, "peers" | "socket">): readonly Addressee[] {
  const found: Addressee[] = [];
  for (const peer of side.peers.values()) {
    if (peer.link.isInbound && !peer.identity.isIntroduced) continue;
    if (peer.membership.member !== undefined) found.push({ kind: "local", member: peer.membership.member });
    else found.push({ kind: "peer", peer });
    for (const remote of peer.hostRoom.members.values())
      if (remote.name !== getName(peer)) found.push({ kind: "remote", host: peer, member: remote });
  }
  if (side.socket.role === "listen")
    for (const member of listHubMembers(room)) found.push({ kind: "hub", member });
  return found;
}

/** The same addressee has the same key. */
function getAddresseeKey(addressee: Addressee | undefined): string {
  switch (addressee?.kind) {
    case "local":
      return `local ${addressee.member.number}`;
    case "peer":
      return `peer ${addressee.peer.link.connection}`;
    case "remote":
      return `remote ${addressee.member.number}`;
    case "hub":
      return `hub ${addressee.member.number}`;
    case undefined:
      return "all";
  }
}
