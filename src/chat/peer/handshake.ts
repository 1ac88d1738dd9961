/** How far two duets are with recognising each other (PROTOCOL.md). */

import type { HelloFrame } from "../../protocol/frames/frame.ts";

export interface Handshake {
  /** We have sent a hello: a hello or welcome from the peer is the answer. */
  isHelloSent: boolean;
  hellosSent: number;
  /** When the first bytes were received that may become a hello. */
  helloBeganMs: number | undefined;
  /** A hello that followed plain text: /upgrade accepts it. */
  offer: HelloFrame | undefined;
  /** The peer can be reached at its endpoint: shown by TCP's handshake, over UDP by the use of `ourKey`. */
  isReachable: boolean;
  /** The peer may be greeted as a duet before it shows that it is one. */
  readonly isPresumedDuet: boolean;
  /** UDP: the key that the peer puts into each datagram to us. */
  readonly ourKey: string;
  /** UDP: the key that we put into each datagram to the peer. */
  theirKey: string | undefined;
}
