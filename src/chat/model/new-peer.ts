/** Creates the initial records of a peer. */

import { createSendingPace } from "../records/sending-pace.ts";
import { isInRanges } from "../../protocol/address/cidr.ts";
import { type Endpoint, formatEndpoint } from "../../protocol/address/endpoint.ts";
import { computeKeyedHash } from "../../protocol/keyed-hash.ts";
import { LineDecoder } from "../../protocol/lines/line-decoder.ts";
import { PartJoiner } from "../../protocol/frames/message-parts.ts";
import { RoundTrip } from "../../protocol/delivery/round-trip.ts";
import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";
import { TelnetParser } from "../../protocol/lines/telnet.ts";
import { createPeerTrace } from "../spans/peer-trace.ts";
import type { SendContext } from "./chat.ts";
import { makeHostRoom } from "../peer/host-room.ts";
import { createSeal } from "../peer/seal.ts";
import type { Inbound } from "../peer/inbound.ts";
import type { Outbound } from "../peer/outbound.ts";
import type { Peer } from "./peer.ts";
import type { Self } from "./chat.ts";

/** The facts that a new connection begins with. */
interface NewPeer {
  readonly connection: ConnectionId;
  readonly transport: TransportName;
  readonly endpoint: Endpoint;
  readonly local: Endpoint;
  readonly isInbound: boolean;
  readonly presumedDuet: boolean;
  /** The key that our person has fixed for it. */
  readonly expectedKey: string | undefined;
  /** The room has a password, as far as we know. */
  readonly hasPassword: boolean;
}

/** Creates a peer from the facts of its connection alone. */
export function createPeer(chat: SendContext, known: NewPeer): Peer {
  const { connection, transport, endpoint, local, isInbound } = known;
  const address = formatEndpoint(endpoint);
  return {
    link: {
      connection,
      transport,
      endpoint,
      local,
      address,
      isInbound,
      sinceMs: chat.nowMs,
      state: "CLOSED",
      isFinReceived: false,
      isFinSent: false,
      endReason: undefined,
      isAwaitingAcks: false,
      isFaulty: false,
    },
    identity: {
      kind: "unknown",
      name: address,
      isNamed: false,
      isIntroduced: false,
      session: undefined,
      isTrusted: isInRanges(chat.room.rules.allow, endpoint),
    },
    handshake: {
      isHelloSent: false,
      hellosSent: 0,
      helloBeganMs: undefined,
      offer: undefined,
      isProven: transport === "tcp" || !isInbound,
      isPresumedDuet: known.presumedDuet,
      ourKey: makeKey(chat.self, connection),
      theirKey: undefined,
      earlierPath: undefined,
      claim: undefined,
    },
    membership: { member: undefined },
    hostRoom: makeHostRoom(),
    inbound: createInbound(chat, transport),
    outbound: createOutbound(chat.nowMs),
    receipts: { offsets: [], awaited: [], unacked: [], pending: undefined },
    liveness: {
      lastReceivedMs: undefined,
      lastSentMs: undefined,
      pingSentMs: undefined,
      pingsUnanswered: 0,
      answeredPingMs: undefined,
      roundTrip: new RoundTrip(),
      tcpFacts: undefined,
    },
    seal: createSeal(known.expectedKey, known.hasPassword),
    trace: createPeerTrace(chat.config),
  };
}

function createInbound(
  { config, unfinishedMessages }: Pick<SendContext, "config" | "unfinishedMessages">,
  transport: TransportName,
): Inbound {
  return {
    decoder: new LineDecoder(),
    lineMode: { kind: "single" },
    partJoiner: new PartJoiner(unfinishedMessages),
    telnet: config.telnet && transport === "tcp" ? new TelnetParser() : undefined,
    growingEntry: undefined,
    isLineEndedBySilence: false,
    isFirstLine: true,
    bytesIn: 0,
    malformedFrames: 0,
    probes: 0,
    strangerThrottle: undefined,
    pace: createSendingPace(),
    pausedBy: new Set(),
  };
}

function createOutbound(nowMs: number): Outbound {
  return {
    bytesOut: 0,
    lastWriteMs: nowMs,
    goodbyeBytes: 0,
    enqueuedAlone: 0,
    share: undefined,
    isBlocked: false,
    isBacklogged: false,
    backloggedSinceMs: undefined,
    bytesAcked: 0,
    delivery: undefined,
  };
}

/** A key of 64 bits that only its recipient learns: a keyed hash of the connection's number. */
function makeKey(self: Self, connection: ConnectionId): string {
  return computeKeyedHash(self.secret, String(connection)).slice(0, 16);
}
