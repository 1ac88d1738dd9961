/** Offers to seal: a hello without a name or anything that lasts (SEALED.md, The offer). */

import { isLoopback } from "../../protocol/address/endpoint.ts";
import { encodeFrame } from "../../protocol/frames/frame-codec.ts";
import type { HelloFrame } from "../../protocol/frames/frame.ts";
import { datagramFrameMaxBytes } from "../../protocol/limits.ts";
import { computeKeyedHash } from "../../protocol/keyed-hash.ts";
import type { Config } from "../config/config.ts";
import type { Self, SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { toFrameBytes } from "../outbound/enqueue.ts";
import { sendFrameLine, sendUnsealed } from "../outbound/sending.ts";
import type { Link } from "../peer/link.ts";
import { canSeal, requiresSeal, setKeyOfNewOffer, setOurOffer } from "../peer/seal.ts";

/** True if our next hello to the peer is an offer, unless it answers a plain one. */
export function isOffering(config: Config, { link, seal }: Pick<Peer, "link" | "seal">): boolean {
  if (!canSeal(config)) return false;
  if (seal.theirOffer !== undefined || requiresSeal(config.encrypt, seal)) return true;
  return !link.isInbound && link.endpoint.family !== "unix" && !isLoopback(link.endpoint);
}

/** Sends our offer, the same bytes each time, padded to `padTo`. */
export function sendOffer(chat: SendContext, peer: Peer, padTo: number, isAsked: boolean): void {
  const offer: HelloFrame = {
    type: "hello",
    name: "",
    session: makeOfferSession(chat.self, peer.link),
    key: peer.handshake.ourKey,
    ...(peer.link.transport === "udp" ? ({ delivery: 1 } as const) : {}),
    seal: 1,
    ...(peer.link.isInbound && peer.seal.hasPassword ? ({ password: 1 } as const) : {}),
  };
  const line = encodeFrame(offer, peer.link.transport === "udp" ? peer.handshake.theirKey : undefined, padTo);
  setOurOffer(peer.seal, line);
  sendFrameLine(chat, peer, line, isAsked);
}

/**
 * Offers another session to a host that answers nothing in ours: it may have restarted. The offer is in the clear, the same
 * bytes each time, and of its own.
 */
export function sendNewOffer(chat: SendContext, peer: Peer): void {
  const { link, seal } = peer;
  const about = `new offer ${link.connection} ${seal.ourIndex}`;
  const token = computeKeyedHash(chat.self.secret, about);
  const [session, key] = [token.slice(0, 24), token.slice(24, 40)];
  const offer = { type: "hello", name: "", session, key, delivery: 1, seal: 1 } as const;
  setKeyOfNewOffer(seal, key);
  setOurOffer(seal, encodeFrame(offer, undefined, datagramFrameMaxBytes));
  sendUnsealed(chat, peer, toFrameBytes("udp", seal.ourOffer ?? ""));
}

/** The session token of an offer: of one connection, and in nothing else. */
export function makeOfferSession(self: Self, { connection }: Link): string {
  return computeKeyedHash(self.secret, `offer ${connection}`).slice(0, 24);
}
