/** Commands that open, close and change connections: each returns returns undefined when done, else the problem. */

import { isGroupTarget } from "../../protocol/lan/multicast-chat.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { hostDefault, parseTarget, portDefault } from "../../protocol/address/target.ts";
import { type Chat, getName, type SendContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { findAddressee, describeMissingName, findPeer } from "../outbound/addressees.ts";
import { markSideRead } from "../outbound/pending-receipts.ts";
import type { OpenRequest } from "../config/open-request.ts";
import { closedHere } from "../report/reasons.ts";
import { addNotice } from "../report/report.ts";
import { clearReadMark, markRead } from "../features/unread-line.ts";
import { closeSide } from "../connections/close.ts";
import { endPeer } from "../connections/end-peer.ts";
import { sendHello } from "../connections/greeting.ts";
import { receiveAnyHello } from "../sealing/sealing.ts";
import { cancelPairing } from "../connections/pairing.ts";
import { openSide, openByPerson } from "../connections/sides.ts";
import { isSentence, type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { viewSide } from "../report/viewed-side.ts";

/** Shows the other transport. The first time it is paired at the endpoint of the side that is left. */
export function switchTo(chat: SendContext, to: TransportName): void {
  const from = chat.sides[chat.focus.active];
  const side = chat.sides[to];
  if (side.conversation !== from.conversation) {
    markRead(from.conversation.scrollback);
    clearReadMark(side.conversation.scrollback);
  }
  viewSide(chat, side);
  if (chat.focus.isFocused) markSideRead(chat, side);
  if (side.socket.role !== undefined || side.socket.isOpen || chat.config.headless) return;
  const local = from.socket.local;
  const target =
    from.socket.role === "listen" && local !== undefined && local.family !== "unix"
      ? ({ kind: "ip", host: local.address, port: local.port } as const)
      : from.socket.request?.target.kind === "ip" && !isGroupTarget(from.socket.request.target)
        ? from.socket.request.target
        : ({ kind: "ip", host: hostDefault, port: portDefault } as const);
  openSide(chat, to, { role: "pair", target });
}

export function open(
  chat: SendContext,
  transport: TransportName,
  role: "listen" | "connect",
  rest: string,
): Sentence | undefined {
  const words = rest === "" ? [] : rest.split(/\s+/);
  const target = parseTarget(words, { role, host: hostDefault, port: portDefault });
  if (target.kind === "usage-error") return sentence("target-problem", { problem: target.problem });
  if (target.kind === "unix" && transport === "udp") return sentence("unix-needs-tcp");
  if (isGroupTarget(target)) {
    if (role === "listen") return sentence("group-has-no-listener");
    if (transport === "tcp") return sentence("group-needs-udp");
  }
  reopen(chat, transport, { role, target });
  return undefined;
}

export function reconnect(chat: SendContext, side: Pick<Side, "transport" | "socket">): Sentence | undefined {
  if (side.socket.request === undefined) return sentence("nothing-open-before");
  reopen(chat, side.transport, side.socket.request);
  return undefined;
}

function reopen(chat: SendContext, transport: TransportName, request: OpenRequest): void {
  openByPerson(chat, transport, request);
}

export function close(chat: SendContext, side: Side, word: string): Sentence | undefined {
  if (word !== "") {
    const addressee = findAddressee(chat.room, side, word);
    if (addressee?.kind === "hub") return sentence("member-of-other-hub", { name: addressee.member.name });
    if (addressee === undefined || addressee.kind === "remote") return describeMissingName(chat, side, word);
    const paths = addressee.kind === "local" ? [...addressee.member.paths] : [addressee.peer];
    for (const peer of paths) endPeer(chat, peer, closedHere);
    return undefined;
  }
  if (!side.socket.isOpen && side.socket.pairing === undefined) return sentence("nothing-open");
  if (side.socket.pairing !== undefined) cancelPairing(chat, side);
  else closeSide(chat, side, closedHere);
  return undefined;
}

export function shutdown(
  chat: Pick<Chat, "effects" | "peers" | "room">,
  side: Pick<Side, "transport" | "socket" | "peers">,
  word: string,
): Sentence | undefined {
  if (side.transport === "udp") return sentence("udp-has-no-half-close");
  const peer = findPeer(chat, side, word);
  if (isSentence(peer)) return peer;
  if (peer.link.transport === "udp") return sentence("peer-has-no-half-close", { name: getName(peer) });
  if (peer.link.isFinSent) return sentence("peer-has-our-fin", { name: getName(peer) });
  chat.effects.push({ type: "shutdown", transport: "tcp", connection: peer.link.connection });
  return undefined;
}

export function upgrade(chat: SendContext, side: Side, word: string): Sentence | undefined {
  const peer = findPeer(chat, side, word);
  if (isSentence(peer)) return peer;
  if (chat.sides[peer.link.transport].isRaw) return sentence("raw-off-first");
  if (peer.identity.kind === "duet") return sentence("duet-already", { name: getName(peer) });
  const { offer } = peer.handshake;
  if (offer === undefined) sendHello(chat, peer);
  else receiveAnyHello(chat, peer, offer);
  addNotice(chat, side, "info", sentence("greeted-as-duet", { name: getName(peer) }));
  return undefined;
}
