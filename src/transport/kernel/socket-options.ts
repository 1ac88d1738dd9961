/**
 * Socket operations that Bun does not offer: the descriptor of a socket, the size of its receive buffer, the limit of
 * descriptors, aborting a connect. All untyped casts and all of bun:ffi are in this file. Elsewhere than on Linux, or
 * if the system refuses, they do nothing, and duet works without them.
 */

import { dlopen, read, type Pointer } from "bun:ffi";
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { formatTableAddress } from "./tcp-table.ts";

/** Bun 1.4.5 has an untyped `fd` on TCP and UDP sockets (bun-traps.test.ts). -1 if closed. */
export function readDescriptor(socket: object): number {
  const fd = (socket as { readonly fd?: unknown }).fd;
  return typeof fd === "number" ? fd : -1;
}

let descriptorLimit: number | undefined;

/** RLIMIT_NOFILE, read once; Infinity where it cannot be read. */
export function readDescriptorLimit(): number {
  descriptorLimit ??= parseDescriptorLimit();
  return descriptorLimit;
}

function parseDescriptorLimit(): number {
  const limits = readProc("/proc/self/limits");
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}

const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const IPPROTO_IP = 0;
const IP_MULTICAST_ALL = 49;
const IPPROTO_IPV6 = 41;
const IPV6_MULTICAST_ALL = 29;
const IPPROTO_TCP = 6;
const TCP_WINDOW_CLAMP = 10;
const SHUT_RDWR = 2;

/**
 * Requests a receive buffer of `bytes`: beyond the system's maximum if permitted, else up to it. With the default of
 * 212,992 bytes up to 17 % of a burst on loopback was lost.
 */
export function raiseReceiveBuffer(socket: object, bytes: number): void {
  const libc = loadLibc();
  const fd = readDescriptor(socket);
  if (libc === undefined || fd < 0) return;
  const value = new Int32Array([bytes]);
  if (libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, value, 4) === 0) return;
  libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, value, 4);
}

/**
 * Lets a socket share its port with others that are bound while both have this (SO_REUSEADDR), or no longer. False if
 * the system refuses.
 */
export function setReuseAddress(socket: object, isOn: boolean): boolean {
  const libc = loadLibc();
  const fd = readDescriptor(socket);
  if (libc === undefined || fd < 0) return false;
  return libc.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, new Int32Array([isOn ? 1 : 0]), 4) === 0;
}

/**
 * Keeps a UDP socket to the groups, and the interfaces, that it has joined itself: without this it also receives what
 * other sockets of this machine have joined (ip(7) IP_MULTICAST_ALL). False if the system refuses.
 */
export function joinedGroupsOnly(socket: object, family: "IPv4" | "IPv6"): boolean {
  const libc = loadLibc();
  const fd = readDescriptor(socket);
  if (libc === undefined || fd < 0) return false;
  const [level, option] =
    family === "IPv4" ? [IPPROTO_IP, IP_MULTICAST_ALL] : [IPPROTO_IPV6, IPV6_MULTICAST_ALL];
  return libc.setsockopt(fd, level, option, new Int32Array([0]), 4) === 0;
}

/**
 * Sets the receive buffer of a socket. Returns its size before and after as the kernel reports it, which doubles the
 * requested size within bounds of its own (socket(7)); undefined if the system refuses.
 */
export function setReceiveBuffer(
  socket: object,
  bytes: number,
): { readonly before: number; readonly after: number } | undefined {
  const libc = loadLibc();
  const fd = readDescriptor(socket);
  if (libc === undefined || fd < 0) return undefined;
  const before = readReceiveBuffer(libc, fd);
  const failed = libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, new Int32Array([bytes]), 4) !== 0;
  return failed ? undefined : { before, after: readReceiveBuffer(libc, fd) };
}

/**
 * Lets the window of a TCP socket grow again. Linux 6 keeps it as small as the buffer once was, even after the buffer
 * is enlarged (tcp(7) TCP_WINDOW_CLAMP): 4 MiB then took more than a minute instead of 0.2 s.
 */
export function liftWindowClamp(socket: object): void {
  const libc = loadLibc();
  const fd = readDescriptor(socket);
  if (libc !== undefined && fd >= 0)
    libc.setsockopt(fd, IPPROTO_TCP, TCP_WINDOW_CLAMP, new Int32Array([windowClampMaxBytes]), 4);
}

/** Larger than any receive buffer. */
const windowClampMaxBytes = 1 << 30;

function readReceiveBuffer(libc: Libc, fd: number): number {
  const value = new Int32Array(1);
  libc.getsockopt(fd, SOL_SOCKET, SO_RCVBUF, value, new Uint32Array([4]));
  return value[0] ?? 0;
}

/**
 * Aborts our oldest TCP connect to this address that is still in SYN-SENT. Bun 1.4.5 cannot, and would keep the
 * descriptor and the process until the kernel times out after 135 s.
 */
export function abortConnect(address: string, port: number): void {
  const fd = findConnectingDescriptor(address, port);
  if (fd !== undefined) loadLibc()?.shutdown(fd, SHUT_RDWR);
}

function findConnectingDescriptor(address: string, port: number): number | undefined {
  const remote = `${formatTableAddress(address)}:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const table = readProc(address.includes(":") ? "/proc/net/tcp6" : "/proc/net/tcp");
  const inodes = new Set<string>();
  for (const line of table.split("\n")) {
    const fields = line.trim().split(/\s+/);
    if (fields[2] === remote && fields[3] === "02" && fields[9] !== undefined)
      inodes.add(`socket:[${fields[9]}]`);
  }
  return inodes.size === 0
    ? undefined
    : listOwnDescriptors().find((fd) => inodes.has(readLink(`/proc/self/fd/${fd}`)));
}

function listOwnDescriptors(): number[] {
  try {
    return readdirSync("/proc/self/fd").map(Number);
  } catch {
    return []; // No /proc: not Linux.
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ""; // Closed since it was listed.
  }
}

function readProc(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // No /proc: not Linux.
  }
}

/** True if the kernel requested the link address of this IPv4 neighbour (ARP) and received no reply. */
export function isNeighbourMissing(address: string): boolean {
  return readProc("/proc/net/arp")
    .split("\n")
    .some((line) => {
      const [neighbour, , flags] = line.split(/\s+/);
      return neighbour === address && flags === "0x0";
    });
}

/** Functions of libc (POSIX, and Linux's ioctl(2)): 0 on success, else -1. */
export interface Libc {
  setsockopt(fd: number, level: number, option: number, value: Int32Array, length: number): number;
  getsockopt(
    fd: number,
    level: number,
    option: number,
    value: Uint8Array | Int32Array,
    length: Uint32Array,
  ): number;
  ioctl(fd: number, request: number, value: Int32Array): number;
  shutdown(fd: number, how: number): number;
  socket(family: number, type: number, protocol: number): number;
  connect(fd: number, address: Uint8Array, length: number): number;
  close(fd: number): number;
  __errno_location(): Pointer;
}

let libc: Libc | undefined | "not loaded" = "not loaded";

/** libc, loaded when it is first needed; undefined elsewhere than on Linux. */
export function loadLibc(): Libc | undefined {
  if (libc === "not loaded") libc = openLibc();
  return libc;
}

function openLibc(): Libc | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const library = dlopen("libc.so.6", {
      setsockopt: { args: ["i32", "i32", "i32", "ptr", "u32"], returns: "i32" },
      getsockopt: { args: ["i32", "i32", "i32", "ptr", "ptr"], returns: "i32" },
      ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" },
      shutdown: { args: ["i32", "i32"], returns: "i32" },
      socket: { args: ["i32", "i32", "i32"], returns: "i32" },
      connect: { args: ["i32", "ptr", "u32"], returns: "i32" },
      close: { args: ["i32"], returns: "i32" },
      __errno_location: { args: [], returns: "ptr" },
    });
    return library.symbols as unknown as Libc;
  } catch {
    return undefined; // Another libc, such as musl: the options stay unchanged.
  }
}

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const EPERM = 1;
const EPROTOTYPE = 91;
const ECONNREFUSED = 111;

/**
 * The socket that is bound to the file at this UNIX path, in whatever network namespace: a datagram connect is refused if
 * there is none (ECONNREFUSED), answered EPROTOTYPE by a stream or sequenced-packet socket, listening or not, and
 * accepted or forbidden (EPERM) by a datagram socket (unix(7)). Undefined if the system does not show it.
 */
export function probeSocketPath(path: string): "unbound" | "datagram" | "stream" | undefined {
  const libc = loadLibc();
  const fd = libc?.socket(AF_UNIX, SOCK_DGRAM, 0) ?? -1;
  if (libc === undefined || fd < 0) return undefined;
  const address = Buffer.concat([
    new Uint8Array(new Uint16Array([AF_UNIX]).buffer),
    Buffer.from(`${path}\0`),
  ]);
  const code = libc.connect(fd, address, address.length) === 0 ? 0 : readErrno(libc);
  libc.close(fd);
  if (code === ECONNREFUSED) return "unbound";
  if (code === EPROTOTYPE) return "stream";
  return code === 0 || code === EPERM ? "datagram" : undefined;
}

function readErrno(libc: Libc): number {
  return read.i32(libc.__errno_location());
}

/** True if the process cannot open another descriptor. */
export function isOutOfDescriptors(): boolean {
  try {
    closeSync(openSync("/dev/null", "r"));
    return false;
  } catch (thrown) {
    const { code } = thrown as { readonly code?: unknown };
    return code === "EMFILE" || code === "ENFILE";
  }
}
