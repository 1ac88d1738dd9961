/** How far a connection is sealed (SEALED.md, States). */

import type { Offer } from "../../protocol/frames/frame.ts";
import type { NoiseHandshake } from "../../protocol/noise/handshake.ts";

export interface Seal {
  stage: SealStage;
  /** Our offer as it was sent, and the last one of the peer, which the handshake covers. */
  ourOffer: string | undefined;
  theirOffer: Offer | undefined;
  handshake: NoiseHandshake | undefined;
  /** Over a stream: bytes of a record that is not complete. */
  unfinished: Uint8Array;
  /** Over UDP: the numbers by which datagrams name the session; 0: none yet. */
  ourIndex: number;
  theirIndex: number;
  /** Over UDP: the peer's last message, to know it again, and ours, to repeat it. */
  lastReceived: Uint8Array | undefined;
  lastSent: Uint8Array | undefined;
  /** The peer's static key, once the handshake has ended. */
  theirKey: Uint8Array | undefined;
}

/**
 * `none`: in the clear, so far or for good. `offered`: we have sent an offer. `awaiting-…`: a message of the handshake is
 * to be received. `unconfirmed`: the keys are known, and no record of the peer was opened. `sealed`: one was.
 */
type SealStage =
  "none" | "offered" | "awaiting-first" | "awaiting-second" | "awaiting-third" | "unconfirmed" | "sealed";

export function createSeal(): Seal {
  return {
    stage: "none",
    ourOffer: undefined,
    theirOffer: undefined,
    handshake: undefined,
    unfinished: new Uint8Array(0),
    ourIndex: 0,
    theirIndex: 0,
    lastReceived: undefined,
    lastSent: undefined,
    theirKey: undefined,
  };
}

/** The offers have crossed, and the keys are not known: what is received are records of the handshake. */
export function isShaking({ stage }: Seal): boolean {
  return stage === "awaiting-first" || stage === "awaiting-second" || stage === "awaiting-third";
}

/** The keys are known: all that is sent is sealed. */
export function isSealed({ stage }: Seal): boolean {
  return stage === "unconfirmed" || stage === "sealed";
}

/** What programs and people are told: see EVENTS.md. */
export type Security = "plain" | "encrypted";

export function getSecurity({ stage }: Seal): Security {
  return stage === "sealed" ? "encrypted" : "plain";
}
