/** How far two duets have recognised each other (PROTOCOL.md). */

import type { HelloFrame } from "../../protocol/frames/frame.ts";
import type { KnownPath } from "../records/known-path.ts";

export interface Handshake {
  /** We have sent a hello; the peer's hello or welcome answers it. */
  isHelloSent: boolean;
  hellosSent: number;
  /** When the first bytes of a possible hello were received; undefined: none were. */
  helloBeganMs: number | undefined;
  /** A hello that followed plain text; `/upgrade` accepts it. */
  offer: HelloFrame | undefined;
  /**
   * The peer has shown that it receives at its endpoint: over TCP by the handshake, over UDP by its use of `ourKey`.
   */
  isProven: boolean;
  /** The peer may be greeted as a duet before it has proven to be one. */
  readonly isPresumedDuet: boolean;
  /** UDP: the key in each datagram from the peer to us. */
  ourKey: string;
  /** UDP: the key in each datagram from us to the peer. */
  theirKey: string | undefined;
  /** Outbound: an earlier path of ours to this host, which we prove. */
  earlierPath: KnownPath | undefined;
  /** Inbound: the member that the peer is by its own account. */
  claim: PathClaim | undefined;
}

/** A duet's claim to be a member of the room already; it counts only with a proof. */
interface PathClaim {
  readonly member: number;
  /** From its first ping. */
  proof: { readonly at: string; readonly hash: string } | undefined;
}

export function setTheirKey(handshake: Handshake, key: string | undefined): void {
  handshake.theirKey = key;
}
