/**
 * Packets made of socket calls, as they could have been on the wire: for each connection its handshake, its segments in
 * order, FIN or RST; for UDP the datagrams. What only the wire knows (acknowledgements, retransmissions, cuts) is not there,
 * and nothing here pretends that it is: each packet says which call it was made of.
 */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import {
  encodeDatagram,
  encodeSegment,
  type Ends,
  segmentMaxBytes,
  tcpFlags as flag,
} from "../../protocol/capture/packets.ts";
import type { Called, ConnectionId } from "../../protocol/sockets/socket-event.ts";

type IpEndpoint = Exclude<Endpoint, { family: "unix" }>;

interface SynthesisedPacket {
  readonly packet: Uint8Array;
  readonly comment: string;
}

/** One connection, and how far both directions have come. */
interface Stream {
  readonly local: IpEndpoint;
  readonly peer: IpEndpoint;
  sentUpTo: number;
  receivedUpTo: number;
}

const nothing = new Uint8Array(0);

export class CallPackets {
  readonly #streams = new Map<ConnectionId, Stream>();
  #datagramLocal: IpEndpoint | undefined;

  /** In the order in which they would have passed; none of a call that moved nothing, or of a UNIX socket. */
  packetsOf(called: Called): readonly SynthesisedPacket[] {
    switch (called.call) {
      case "bind":
        this.#datagramLocal = ipOf(called.local) ?? this.#datagramLocal;
        return [];
      case "accept":
      case "connect":
        return this.#handshake(called);
      case "recv":
      case "send":
      case "shutdown":
      case "close":
        return this.#segments(called);
      case "sendto":
      case "recvfrom":
        return this.#datagram(called);
      case "listen":
      case "setsockopt":
        return [];
    }
  }

  #handshake({ call, connection, local, peer, result }: Called): readonly SynthesisedPacket[] {
    const ours = ipOf(local);
    const theirs = ipOf(peer);
    if (connection === undefined || ours === undefined || theirs === undefined || result !== "ok") return [];
    this.#streams.set(connection, { local: ours, peer: theirs, sentUpTo: 1, receivedUpTo: 1 });
    const [from, to] = call === "connect" ? [ours, theirs] : [theirs, ours];
    const comment = commentOf(call, "");
    const step = (ends: Ends, sequence: number, acknowledgement: number, flags: number) => ({
      packet: encodeSegment({ ...ends, sequence, acknowledgement, flags, payload: nothing }),
      comment,
    });
    return [
      step({ from, to }, 0, 0, flag.syn),
      step({ from: to, to: from }, 0, 1, flag.syn + flag.ack),
      step({ from, to }, 1, 1, flag.ack),
    ];
  }

  #segments(called: Called): readonly SynthesisedPacket[] {
    const { call, connection, result, bytes = 0, payload } = called;
    const stream = connection === undefined ? undefined : this.#streams.get(connection);
    if (stream === undefined) return [];
    if (call === "close") this.#streams.delete(connection!);
    const isOurs = call !== "recv";
    const comment = commentOf(call, result === "ok" ? `${bytes} B` : result);
    const made = (flags: number, part: Uint8Array) => ({
      packet: segmentOf(stream, isOurs, flags, part),
      comment,
    });
    if (result === "FIN") return [made(flag.fin + flag.ack, nothing)];
    if (result === "RST") return [made(flag.rst + flag.ack, nothing)];
    const carried = payload?.subarray(0, bytes) ?? nothing;
    const packets: SynthesisedPacket[] = [];
    for (let at = 0; at < carried.length; at += segmentMaxBytes)
      packets.push(made(flag.push + flag.ack, carried.subarray(at, at + segmentMaxBytes)));
    return packets;
  }

  #datagram({ call, result, peer, payload }: Called): readonly SynthesisedPacket[] {
    const theirs = ipOf(peer);
    if (theirs === undefined || payload === undefined || result !== "ok") return [];
    const ours = this.#localFor(theirs);
    const ends = call === "sendto" ? { from: ours, to: theirs } : { from: theirs, to: ours };
    return [{ packet: encodeDatagram(ends, payload), comment: commentOf(call, `${payload.length} B`) }];
  }

  /** A socket of both families is bound to `::`; to IPv4's peers it is 0.0.0.0. */
  #localFor(peer: IpEndpoint): IpEndpoint {
    const local = this.#datagramLocal;
    if (local?.family === peer.family) return local;
    const address = peer.family === "IPv4" ? "0.0.0.0" : "::";
    return { family: peer.family, address, port: local?.port ?? 0 };
  }
}

/** The next segment of one direction; what it carries is counted. */
function segmentOf(stream: Stream, isOurs: boolean, flags: number, payload: Uint8Array): Uint8Array {
  const { local, peer } = stream;
  const length = payload.length + ((flags & flag.fin) === 0 ? 0 : 1);
  const [sequence, acknowledgement] = isOurs
    ? [stream.sentUpTo, stream.receivedUpTo]
    : [stream.receivedUpTo, stream.sentUpTo];
  if (isOurs) stream.sentUpTo += length;
  else stream.receivedUpTo += length;
  const ends = isOurs ? { from: local, to: peer } : { from: peer, to: local };
  return encodeSegment({ ...ends, sequence, acknowledgement, flags, payload });
}

function ipOf(endpoint: Endpoint | undefined): IpEndpoint | undefined {
  return endpoint === undefined || endpoint.family === "unix" ? undefined : endpoint;
}

function commentOf(call: string, result: string): string {
  return `synthesised by duet from: ${call} ${result}`.trimEnd();
}
