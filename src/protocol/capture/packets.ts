/**
 * Encodes IP packets with a TCP segment or UDP datagram, as they could have been on the wire (RFC 791, 8200, 9293,
 * 768). Checksums are correct; fields that duet cannot know (window, options, hop limit) have plausible values.
 */

import type { BorrowedBytes } from "../borrowed-bytes.ts";
import type { Endpoint } from "../address/endpoint.ts";
import { toAddressBytes } from "../address/address.ts";

type IpEndpoint = Exclude<Endpoint, { family: "unix" }>;

export interface Ends {
  readonly from: IpEndpoint;
  readonly to: IpEndpoint;
}

export const tcpFlags = { fin: 1, syn: 2, rst: 4, push: 8, ack: 16 } as const;

interface Segment extends Ends {
  readonly sequence: number;
  readonly acknowledgement: number;
  /** The sum of tcpFlags. */
  readonly flags: number;
  readonly payload: BorrowedBytes;
}

/** The largest payload of one packet, whatever its address family. */
export const segmentMaxBytes = 65_535 - 40 - 20;

const protocolTcp = 6;
const protocolUdp = 17;
const tcpHeaderBytes = 20;
const udpHeaderBytes = 8;
const hopLimit = 64;
const window = 0xffff;

/** A TCP segment in its packet. */
export function encodeSegment({ sequence, acknowledgement, flags, payload, ...ends }: Segment): Uint8Array {
  const segment = Buffer.alloc(tcpHeaderBytes + payload.length);
  segment.writeUInt16BE(ends.from.port, 0);
  segment.writeUInt16BE(ends.to.port, 2);
  segment.writeUInt32BE(sequence >>> 0, 4);
  segment.writeUInt32BE(acknowledgement >>> 0, 8);
  segment.writeUInt8((tcpHeaderBytes / 4) << 4, 12);
  segment.writeUInt8(flags, 13);
  segment.writeUInt16BE(window, 14);
  segment.set(payload, tcpHeaderBytes);
  return makePacket(ends, protocolTcp, segment, 16);
}

/** A UDP datagram in its packet. */
export function encodeDatagram({ from, to }: Ends, payload: BorrowedBytes): Uint8Array {
  const datagram = Buffer.alloc(udpHeaderBytes + payload.length);
  datagram.writeUInt16BE(from.port, 0);
  datagram.writeUInt16BE(to.port, 2);
  datagram.writeUInt16BE(datagram.length, 4);
  datagram.set(payload, udpHeaderBytes);
  return makePacket({ from, to }, protocolUdp, datagram, 6);
}

/** If only one endpoint is IPv6, the other is written as a mapped address (RFC 4291 §2.5.5.2). */
function makePacket({ from, to }: Ends, protocol: number, body: Buffer, checksumAt: number): Uint8Array {
  const addresses = [toAddressBytes(from.address), toAddressBytes(to.address)];
  const isIpv4 = addresses.every(({ length }) => length === 4);
  const [source = new Uint8Array(4), target = new Uint8Array(4)] = isIpv4
    ? addresses
    : addresses.map(mapToIpv6);
  const pseudo = Buffer.alloc(4);
  pseudo.writeUInt16BE(protocol, 0);
  pseudo.writeUInt16BE(body.length, 2);
  const sum = computeChecksum(source, target, pseudo, body);
  // In UDP a checksum of 0 means that there is none (RFC 768).
  body.writeUInt16BE(sum === 0 && protocol === protocolUdp ? 0xffff : sum, checksumAt);
  const header = isIpv4 ? makeIpv4Header(protocol, body.length) : makeIpv6Header(protocol, body.length);
  header.set(source, isIpv4 ? 12 : 8);
  header.set(target, isIpv4 ? 16 : 24);
  if (isIpv4) header.writeUInt16BE(computeChecksum(header), 10);
  return Buffer.concat([header, body]);
}

function makeIpv4Header(protocol: number, bodyBytes: number): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(header.length + bodyBytes, 2);
  header.writeUInt16BE(0x4000, 6); // Do not fragment.
  header.writeUInt8(hopLimit, 8);
  header.writeUInt8(protocol, 9);
  return header;
}

function makeIpv6Header(protocol: number, bodyBytes: number): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(bodyBytes, 4);
  header.writeUInt8(protocol, 6);
  header.writeUInt8(hopLimit, 7);
  return header;
}

function mapToIpv6(address: Uint8Array): Uint8Array {
  if (address.length === 16) return address;
  const bytes = new Uint8Array(16);
  bytes.set([0xff, 0xff], 10);
  bytes.set(address, 12);
  return bytes;
}

/** The Internet checksum of all arrays together (RFC 1071); only the last may have an odd length. */
function computeChecksum(...arrays: readonly Uint8Array[]): number {
  let sum = 0;
  for (const array of arrays) {
    for (let at = 0; at < array.length; at += 2) sum += ((array[at] ?? 0) << 8) | (array[at + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}
