/**
 * `/raw`: typed text is sent unchanged. Duets would take it for malformed frames, so they get a goodbye: an outbound
 * side connects again without frames, a host continues with its raw peers.
 */

import type { SendContext, ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { getOutboundPeer } from "../outbound/recipients.ts";
import { addNotice } from "../report/report.ts";
import { introducePeer, becomeRaw } from "../connections/recognition.ts";
import { endPeer } from "../connections/end-peer.ts";
import { chooseLineMode } from "../room/line-mode.ts";
import { openSide } from "../connections/sides.ts";
import { sentence } from "../../words/sentences/sentence.ts";

/** Turns raw mode of a side on or off. */
export function setRaw(chat: SendContext, side: Side, raw: boolean): void {
  if (side.isRaw === raw) return addNotice(chat, side, "info", sentence("raw-already", { isOn: raw }));
  side.isRaw = raw;
  for (const peer of side.peers.values()) chooseLineMode(chat, peer);
  if (raw) turnRawModeOn(chat, side);
  else turnRawModeOff(chat, side);
}

function turnRawModeOn(chat: SendContext, side: Side): void {
  chat.effects.push({ type: "withdraw", transport: side.transport });
  addNotice(chat, side, "info", sentence("raw-on"));
  const chosen = getOutboundPeer(side);
  if (chosen?.identity.kind === "duet" && side.socket.request !== undefined) {
    addNotice(chat, side, "info", sentence("raw-connects-again"));
    return openSide(chat, side.transport, side.socket.request);
  }
  for (const peer of side.peers.values()) treatAsRaw(chat, peer);
}

function treatAsRaw(chat: SendContext, peer: Peer): void {
  if (peer.identity.kind === "duet") return endPeer(chat, peer, sentence("side-is-raw"));
  if (peer.identity.kind === "unknown" && peer.link.transport === "tcp") becomeRaw(chat, peer);
  if (peer.identity.kind === "raw") introducePeer(chat, peer);
}

function turnRawModeOff(chat: ReportContext, side: Side): void {
  const {
    transport,
    socket: { local },
  } = side;
  if (side.socket.role === "listen" && side.socket.isOpen && local !== undefined)
    chat.effects.push({ type: "announce", transport, local });
  addNotice(chat, side, "info", sentence("raw-off"));
}
