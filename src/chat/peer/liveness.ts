/** Signs of life of a peer, and what its path was measured to be. */

import type { RoundTrip } from "../../protocol/delivery/round-trip.ts";
import type { TcpFacts } from "../../protocol/sockets/tcp-facts.ts";

export interface Liveness {
  lastReceivedMs: number | undefined;
  lastSentMs: number | undefined;
  pingSentMs: number | undefined;
  pingsUnanswered: number;
  /** Measured by pings, and by acknowledgements. */
  readonly roundTrip: RoundTrip;
  /** The kernel's last report on the connection, while somebody looks. */
  tcpFacts: TcpFacts | undefined;
}
