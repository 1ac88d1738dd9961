/** Recognition: decides that a peer is raw, and introduces peers. */

import { type Chat, getSide, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { keepPlace } from "../outbound/kept-place.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { addNotice, reportPeer } from "../report/report.ts";
import { enterRoom, reportJoined } from "../room/members.ts";
import { chooseLineMode } from "../room/line-mode.ts";
import { isSealed, requiresSeal } from "../peer/seal.ts";
import { endPeer } from "./end-peer.ts";
import { finishPairing, refuseWhilePairing } from "./pairing.ts";
import { holdPlain } from "./recognised-key.ts";
import { refuseOpenRoom, turnAwayWithoutPassword } from "./room-password.ts";
import { sentence } from "../../words/sentences/sentence.ts";

/** Treats the peer as raw: from now on it receives only text. */
export function becomeRaw(chat: SendContext, peer: Peer): void {
  const side = getSide(chat, peer.link);
  if (!peer.link.isInbound && refuseWhilePairing(chat.effects, side, peer.link)) return;
  if (refuseInTheClear(chat, side, peer)) return;
  peer.identity.kind = "raw";
  keepPlace(chat.effects, peer.link, "raw");
  chooseLineMode(chat, peer);
  chat.timers.clear({ kind: "recognition", of: peer.link.connection });
  chat.timers.clear({ kind: "hello", of: peer.link.connection });
  if (peer.identity.isIntroduced) reportIdentified(chat, peer);
  else introduceRawPeer(chat, peer);
  if (!peer.link.isInbound && !side.isRaw) {
    const isSilentEnd = peer.link.isFinReceived && peer.inbound.bytesIn === 0;
    const hint = isSilentEnd ? sentence("silent-end-hint") : undefined;
    addNotice(chat, side, "info", sentence("no-greeting", { address: peer.link.address }), hint);
  }
}

/**
 * Where we require sealing, have met a key or know a password, the peer that we chose is sent nothing in the clear. Raw peers of a
 * room are served as ever, unless it has a password.
 */
function refuseInTheClear(chat: SendContext, side: Side, peer: Peer): boolean {
  const { link, seal } = peer;
  if (!requiresSeal(chat.config.encrypt, seal) || side.isRaw) return false;
  if (link.isInbound && seal.hasPassword) turnAwayWithoutPassword(chat, peer);
  if (link.isInbound) return seal.hasPassword;
  if (holdPlain(chat, peer)) return true;
  if (seal.hasPassword) {
    refuseOpenRoom(chat, peer);
    return true;
  }
  peer.link.isFaulty = true;
  endPeer(chat, peer, sentence("raw-cannot-seal", { address: peer.link.address }));
  return true;
}

export function introduceRawPeer(chat: SendContext, peer: Peer): void {
  introducePeer(chat, peer);
  reportIdentified(chat, peer);
}

/** Shows and reports a peer once; an inbound one joins the room. */
export function introducePeer(chat: SendContext, peer: Peer): void {
  if (peer.identity.isIntroduced) return;
  peer.identity.isIntroduced = true;
  const side = getSide(chat, peer.link);
  if (peer.link.isInbound && side.socket.role === "listen") {
    const isNew = enterRoom(chat, peer);
    reportJoined(chat, peer, isNew);
    if (isNew) reportHostReads(chat, side, peer);
    return;
  }
  if (!peer.link.isInbound) finishPairing(chat.timers, side);
  reportPeer(chat, peer, "connected");
}

/** Relaying has begun in a room that encrypts: our person can read it, as the members' own rows say of us. */
function reportHostReads(chat: SendContext, side: Side, { seal }: Pick<Peer, "seal">): void {
  if (!isSealed(seal) || chat.room.members.size !== 2) return;
  addPeerNotice(chat, side, "info", sentence("host-reads-room", { host: undefined }));
}

/** Reports the kind of a recognised peer. */
export function reportIdentified(
  chat: Pick<Chat, "wallMs" | "effects">,
  peer: Pick<Peer, "link" | "identity" | "membership" | "seal">,
): void {
  if (peer.identity.kind !== "unknown") reportPeer(chat, peer, "identified");
}
