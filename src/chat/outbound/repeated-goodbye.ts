/** The end of a duet over UDP: keeps its keys, so that a repeated goodbye is acknowledged again. */

import type { ParsedFrame } from "../../protocol/frames/frame-codec.ts";
import { goodbyesMax } from "../../protocol/limits.ts";
import type { SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { encodeLines } from "./enqueue.ts";
import { sendPayload } from "./sending.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { setEndReason } from "../peer/link.ts";
import { setBounded } from "../../protocol/bounded-map.ts";

/** Remembers a duet that said goodbye, in case our acknowledgement is lost. */
export function rememberGoodbye(
  side: Pick<Side, "receivedGoodbyes">,
  peer: Pick<Peer, "link" | "handshake" | "outbound">,
): void {
  if (peer.outbound.delivery === undefined) return;
  const {
    link: { address },
    handshake: { ourKey, theirKey },
    outbound: { delivery },
  } = peer;
  setBounded(side.receivedGoodbyes, address, { ourKey, theirKey, upTo: delivery.receiver.upTo }, goodbyesMax);
}

/**
 * Acknowledges a frame of a duet that has already said goodbye, with fewer bytes than it sent, and forgets the duet
 * again. False if the frame is no such one.
 */
export function acknowledgeAfterGoodbye(
  chat: SendContext,
  side: Pick<Side, "receivedGoodbyes">,
  peer: Peer,
  parsed: ParsedFrame,
): boolean {
  const goodbye = side.receivedGoodbyes.get(peer.link.address);
  if (goodbye === undefined || !("key" in parsed) || parsed.key !== goodbye.ourKey) return false;
  const ack = { type: "ack", upTo: goodbye.upTo, delayMs: 0 } as const;
  const { transport, connection } = peer.link;
  for (const line of encodeLines(ack, { transport, theirKey: goodbye.theirKey, overhead: 0 })) {
    const bytes = Buffer.from(line);
    if (peer.outbound.enqueuedAlone + bytes.length <= peer.inbound.bytesIn) sendPayload(chat, [peer], bytes);
  }
  setEndReason(peer.link, sentence("left-before"));
  chat.effects.push({ type: "close", transport, connection, how: "flush" });
  return true;
}
