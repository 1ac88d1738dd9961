/** A peer as it is when it comes: nothing is known of it but its endpoint. What it becomes is in the files of the changes. */

import { cidrContains } from "../../protocol/address/cidr.ts";
import { type Endpoint, formatEndpoint } from "../../protocol/address/endpoint.ts";
import { LineDecoder } from "../../protocol/lines/line-decoder.ts";
import { PartJoiner } from "../../protocol/frames/message-parts.ts";
import { RoundTrip } from "../../protocol/delivery/round-trip.ts";
import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";
import { TelnetParser } from "../../protocol/lines/telnet.ts";
import { createPeerTrace } from "../spans/peer-trace.ts";
import type { Chat } from "./chat.ts";
import type { Peer } from "./peer.ts";

/** What a new connection is known by. */
export interface NewPeer {
  readonly connection: ConnectionId;
  readonly transport: TransportName;
  readonly endpoint: Endpoint;
  readonly local: Endpoint;
  readonly accepted: boolean;
  readonly presumedDuet: boolean;
}

/** A peer of whom nothing is known but its endpoint. */
export function createPeer(chat: Chat, known: NewPeer): Peer {
  const address = formatEndpoint(known.endpoint);
  return {
    ...known,
    address,
    sinceMs: chat.nowMs,
    kind: "unknown",
    announced: false,
    greeted: false,
    offer: undefined,
    proven: known.transport === "tcp" || !known.accepted,
    name: address,
    named: false,
    session: undefined,
    ourKey: keyFor(chat, known.connection),
    theirKey: undefined,
    state: "CLOSED",
    member: undefined,
    ...noRoom(),
    decoder: new LineDecoder(),
    parts: new PartJoiner(),
    telnet: chat.config.telnet && known.transport === "tcp" ? new TelnetParser() : undefined,
    growing: undefined,
    lineStart: 0,
    lineEnd: 0,
    trace: createPeerTrace(chat.config),
    closedBySilence: false,
    firstLine: true,
    bytesIn: 0,
    bytesOut: 0,
    takenAtMs: chat.nowMs,
    bytesGiven: 0,
    audience: undefined,
    ...nothingSaid(),
    blocked: false,
    backlogged: false,
    backloggedAtMs: undefined,
    held: false,
    theyShutDown: false,
    weShutDown: false,
    malformed: 0,
    failed: false,
    trusted: chat.rules.allow.some((range) => cidrContains(range, known.endpoint)),
    pace: undefined,
    helloBeganMs: undefined,
    lastHeardMs: undefined,
    lastSpokenMs: undefined,
    hellos: 0,
    probes: 0,
    pingSentMs: undefined,
    pingsUnanswered: 0,
    tcp: undefined,
    bytesAcked: 0,
    roundTrip: new RoundTrip(),
    ending: undefined,
  };
}

/** Nothing of ours waits for it, or for word of it. */
function nothingSaid(): Pick<Peer, "marks" | "unacked" | "awaited" | "owed" | "delivery" | "flushing"> {
  return { marks: [], unacked: [], awaited: [], owed: undefined, delivery: undefined, flushing: false };
}

/** It has told us of none. */
function noRoom(): Pick<Peer, "distant" | "roomToCome" | "ourNumber" | "ourName"> {
  return { distant: new Map(), roomToCome: undefined, ourNumber: undefined, ourName: undefined };
}

/** 64 bits that only who was told them can know: a keyed hash of the connection's number. */
function keyFor(chat: Chat, connection: ConnectionId): string {
  return new Bun.CryptoHasher("sha256", chat.secret).update(String(connection)).digest("hex").slice(0, 16);
}
