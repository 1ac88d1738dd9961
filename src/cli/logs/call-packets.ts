/**
 * Synthesises packets from socket calls: for each TCP connection a handshake, its segments in order, FIN or RST, and
 * for UDP the datagrams. Real acknowledgements, retransmissions and segment boundaries are not visible to calls, so the
 * comment of each packet names the call that it was made from.
 */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { type Endpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import {
  encodeDatagram,
  encodeSegment,
  type Ends,
  segmentMaxBytes,
  tcpFlags as flag,
} from "../../protocol/capture/packets.ts";
import { type Called, type ConnectionId, getWirePart } from "../../protocol/sockets/socket-event.ts";

type IpEndpoint = Exclude<Endpoint, { family: "unix" }>;

interface SynthesisedPacket {
  readonly packet: Uint8Array;
  readonly comment: string;
}

/** A TCP connection and the next sequence number of each direction. */
interface Stream {
  readonly local: IpEndpoint;
  readonly peer: IpEndpoint;
  nextSent: number;
  nextReceived: number;
}

const noBytes = new Uint8Array(0);

export class CallPackets {
  readonly #streams = new Map<ConnectionId, Stream>();
  #datagramLocal: IpEndpoint | undefined;

  /** The packets of a call, in their order. Empty if the call transferred nothing, and for UNIX sockets. */
  synthesise(called: Called): readonly SynthesisedPacket[] {
    switch (called.call) {
      case "bind":
        this.#datagramLocal = toIpEndpoint(called.local) ?? this.#datagramLocal;
        return [];
      case "accept":
      case "connect":
        return this.#synthesiseHandshake(called);
      case "recv":
      case "send":
      case "shutdown":
      case "close":
        return this.#synthesiseSegments(called);
      case "sendto":
      case "recvfrom":
        return this.#synthesiseDatagram(called);
      case "listen":
      case "setsockopt":
        return [];
    }
  }

  #synthesiseHandshake({ call, connection, local, peer, result }: Called): readonly SynthesisedPacket[] {
    const ours = toIpEndpoint(local);
    const theirs = toIpEndpoint(peer);
    if (connection === undefined || ours === undefined || theirs === undefined || result !== "ok") return [];
    this.#streams.set(connection, { local: ours, peer: theirs, nextSent: 1, nextReceived: 1 });
    const [from, to] = call === "connect" ? [ours, theirs] : [theirs, ours];
    const comment = formatComment(call, "");
    const encode = (ends: Ends, sequence: number, acknowledgement: number, flags: number) => ({
      packet: encodeSegment({ ...ends, sequence, acknowledgement, flags, payload: noBytes }),
      comment,
    });
    return [
      encode({ from, to }, 0, 0, flag.syn),
      encode({ from: to, to: from }, 0, 1, flag.syn + flag.ack),
      encode({ from, to }, 1, 1, flag.ack),
    ];
  }

  #synthesiseSegments(called: Called): readonly SynthesisedPacket[] {
    const { call, connection, result } = called;
    const { bytes = 0, payload } = getWirePart(called);
    const stream = connection === undefined ? undefined : this.#streams.get(connection);
    if (stream === undefined) return [];
    if (call === "close") this.#streams.delete(connection!);
    const isOutbound = call !== "recv";
    const comment = formatComment(call, result === "ok" ? `${bytes} B` : result);
    const encode = (flags: number, segment: BorrowedBytes) => ({
      packet: encodeNextSegment(stream, isOutbound, flags, segment),
      comment,
    });
    if (result === "FIN") return [encode(flag.fin + flag.ack, noBytes)];
    if (result === "RST") return [encode(flag.rst + flag.ack, noBytes)];
    const transferred = payload?.subarray(0, bytes) ?? noBytes;
    const packets: SynthesisedPacket[] = [];
    for (let start = 0; start < transferred.length; start += segmentMaxBytes)
      packets.push(encode(flag.push + flag.ack, transferred.subarray(start, start + segmentMaxBytes)));
    return packets;
  }

  #synthesiseDatagram(called: Called): readonly SynthesisedPacket[] {
    const { call, result, peer } = called;
    const { payload } = getWirePart(called);
    const theirs = toIpEndpoint(peer);
    if (theirs === undefined || payload === undefined || result !== "ok") return [];
    const ours = this.#selectLocal(theirs);
    const ends = call === "sendto" ? { from: ours, to: theirs } : { from: theirs, to: ours };
    return [{ packet: encodeDatagram(ends, payload), comment: formatComment(call, `${payload.length} B`) }];
  }

  /**
   * The local endpoint in the peer's family. A socket of both families is bound to `::`, which stands for 0.0.0.0 too.
   */
  #selectLocal(peer: IpEndpoint): IpEndpoint {
    const local = this.#datagramLocal;
    if (local?.family === peer.family) return local;
    const address = peer.family === "IPv4" ? "0.0.0.0" : "::";
    return makeIpEndpoint(address, local?.port ?? 0);
  }
}

/** Encodes the next segment of one direction and advances its sequence number. */
function encodeNextSegment(
  stream: Stream,
  isOutbound: boolean,
  flags: number,
  payload: BorrowedBytes,
): Uint8Array {
  const { local, peer } = stream;
  const length = payload.length + ((flags & flag.fin) === 0 ? 0 : 1);
  const [sequence, acknowledgement] = isOutbound
    ? [stream.nextSent, stream.nextReceived]
    : [stream.nextReceived, stream.nextSent];
  if (isOutbound) stream.nextSent += length;
  else stream.nextReceived += length;
  const ends = isOutbound ? { from: local, to: peer } : { from: peer, to: local };
  return encodeSegment({ ...ends, sequence, acknowledgement, flags, payload });
}

function toIpEndpoint(endpoint: Endpoint | undefined): IpEndpoint | undefined {
  return endpoint === undefined || endpoint.family === "unix" ? undefined : endpoint;
}

function formatComment(call: string, result: string): string {
  return `synthesised by duet from: ${call} ${result}`.trimEnd();
}
