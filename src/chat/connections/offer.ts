/** Offers to seal: a hello without a name or anything that lasts (SEALED.md, The offer). */

import { isLoopback } from "../../protocol/address/endpoint.ts";
import { encodeFrame } from "../../protocol/frames/frame-codec.ts";
import type { HelloFrame } from "../../protocol/frames/frame.ts";
import { computeKeyedHash } from "../../protocol/keyed-hash.ts";
import type { Config } from "../config/config.ts";
import type { Self, SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { sendFrameLine } from "../outbound/sending.ts";
import type { Link } from "../peer/link.ts";
import { requiresSeal } from "../peer/seal.ts";

/** True if this duet seals at all. Telnet changes bytes of a stream, so that records would not survive it. */
export function canSeal({ encrypt, telnet }: Pick<Config, "encrypt" | "telnet">): boolean {
  return encrypt !== "off" && !telnet;
}

/** True if our next hello to the peer is an offer, unless it answers a plain one. */
export function isOffering(config: Config, { link, seal }: Pick<Peer, "link" | "seal">): boolean {
  if (!canSeal(config) || link.transport === "udp") return false;
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
  };
  const line = encodeFrame(offer, peer.link.transport === "udp" ? peer.handshake.theirKey : undefined, padTo);
  peer.seal.ourOffer = line;
  sendFrameLine(chat, peer, line, isAsked);
}

/** The session token of an offer: of one connection, and in nothing else. */
export function makeOfferSession(self: Self, { connection }: Link): string {
  return computeKeyedHash(self.secret, `offer ${connection}`).slice(0, 24);
}
