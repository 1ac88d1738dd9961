/**
 * Reads TCP_INFO and the lengths of both queues of an open descriptor (tcp(7), Linux). Takes a few microseconds and
 * sends nothing.
 */

import { type TcpFacts, nameTcpState } from "../../protocol/sockets/tcp-facts.ts";
import type { Libc } from "./socket-options.ts";

const IPPROTO_TCP = 6;
const TCP_INFO = 11;
/** Requests of ioctl(2): bytes that are unread, unacknowledged, unsent. */
const SIOCINQ = 0x541b;
const SIOCOUTQ = 0x5411;
const SIOCOUTQNSD = 0x894b;

/** Longer than struct tcp_info has ever been; the kernel reports how much of it it filled. */
const infoMaxBytes = 512;
/** Offsets of fields (include/uapi/linux/tcp.h). An older kernel fills fewer. */
const fields = { state: 0, rtt: 68, rttVar: 72, totalRetrans: 100, sendWindow: 228 } as const;

/** Undefined if the descriptor is no TCP socket, or was closed meanwhile. */
export function readTcpInfo(libc: Libc, fd: number): TcpFacts | undefined {
  const bytes = new Uint8Array(infoMaxBytes);
  const info = new DataView(bytes.buffer);
  const length = new Uint32Array([infoMaxBytes]);
  if (fd < 0 || libc.getsockopt(fd, IPPROTO_TCP, TCP_INFO, bytes, length) !== 0) return undefined;
  const filled = length[0] ?? 0;
  const readWord = (at: number): number | undefined =>
    at + 4 <= filled ? info.getUint32(at, true) : undefined;
  return {
    state: nameTcpState(info.getUint8(fields.state)),
    source: "socket",
    roundTripMs: toMs(readWord(fields.rtt)),
    roundTripVarMs: toMs(readWord(fields.rttVar)),
    retransmits: readWord(fields.totalRetrans),
    unackedBytes: readQueueLength(libc, fd, SIOCOUTQ),
    unsentBytes: readQueueLength(libc, fd, SIOCOUTQNSD),
    unreadBytes: readQueueLength(libc, fd, SIOCINQ),
    sendWindowBytes: readWord(fields.sendWindow),
  };
}

/** Bytes, with an unacknowledged FIN as one, that the peer's kernel has not acknowledged; 0 where that is unknown. */
export function readUnackedBytes(libc: Libc | undefined, fd: number): number {
  return libc === undefined || fd < 0 ? 0 : readQueueLength(libc, fd, SIOCOUTQ);
}

function toMs(microseconds: number | undefined): number | undefined {
  return microseconds === undefined ? undefined : microseconds / 1000;
}

function readQueueLength(libc: Libc, fd: number, request: number): number {
  const value = new Int32Array(1);
  return libc.ioctl(fd, request, value) === 0 ? (value[0] ?? 0) : 0;
}
