/**
 * TCP_INFO and the lengths of both queues, asked of a descriptor that is open (tcp(7), Linux). Some microseconds a call, and
 * no more than looking: nothing on the wire changes.
 */

import { type TcpFacts, nameTcpState } from "../../protocol/sockets/tcp-facts.ts";
import type { Libc } from "./socket-options.ts";

const IPPROTO_TCP = 6;
const TCP_INFO = 11;
/** Requests of ioctl(2): bytes that wait to be read, to be acknowledged, to be sent. */
const SIOCINQ = 0x541b;
const SIOCOUTQ = 0x5411;
const SIOCOUTQNSD = 0x894b;

/** Longer than struct tcp_info has ever been; the kernel tells how much of it it filled. */
const infoMaxBytes = 512;
/** Where the fields begin (include/uapi/linux/tcp.h). What a kernel does not fill it does not know. */
const fields = { state: 0, rtt: 68, rttVar: 72, totalRetrans: 100, sendWindow: 228 } as const;

/** undefined: no TCP socket, or closed meanwhile. */
export function readTcpInfo(libc: Libc, fd: number): TcpFacts | undefined {
  const bytes = new Uint8Array(infoMaxBytes);
  const info = new DataView(bytes.buffer);
  const length = new Uint32Array([infoMaxBytes]);
  if (fd < 0 || libc.getsockopt(fd, IPPROTO_TCP, TCP_INFO, bytes, length) !== 0) return undefined;
  const filled = length[0] ?? 0;
  const word = (at: number): number | undefined => (at + 4 <= filled ? info.getUint32(at, true) : undefined);
  return {
    state: nameTcpState(info.getUint8(fields.state)),
    source: "socket",
    roundTripMs: inMs(word(fields.rtt)),
    roundTripVarMs: inMs(word(fields.rttVar)),
    retransmits: word(fields.totalRetrans),
    unackedBytes: queueLength(libc, fd, SIOCOUTQ),
    unsentBytes: queueLength(libc, fd, SIOCOUTQNSD),
    unreadBytes: queueLength(libc, fd, SIOCINQ),
    sendWindowBytes: word(fields.sendWindow),
  };
}

function inMs(microseconds: number | undefined): number | undefined {
  return microseconds === undefined ? undefined : microseconds / 1000;
}

function queueLength(libc: Libc, fd: number, request: number): number {
  const value = new Int32Array(1);
  return libc.ioctl(fd, request, value) === 0 ? (value[0] ?? 0) : 0;
}
