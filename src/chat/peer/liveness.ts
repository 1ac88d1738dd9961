/** Signs of life of a peer, and the measured round trip of its path. */

import type { RoundTrip } from "../../protocol/delivery/round-trip.ts";
import type { TcpFacts } from "../../protocol/sockets/tcp-facts.ts";

export interface Liveness {
  lastReceivedMs: number | undefined;
  lastSentMs: number | undefined;
  pingSentMs: number | undefined;
  pingsUnanswered: number;
  /** When the newest ping that was answered was sent: over TCP the duet had read everything before it. */
  answeredPingMs: number | undefined;
  /** Measured by pings and acknowledgements. */
  readonly roundTrip: RoundTrip;
  /** The kernel's last report on the connection, while something shows it. */
  tcpFacts: TcpFacts | undefined;
}
