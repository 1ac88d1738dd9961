/** Records of sealed duet/1 (SEALED.md): their types, the layout of the handshake, and the prologue. */

import { handshakeRecordMaxBytes } from "../limits.ts";

/** The first byte of a record. Of `data` the low bit is the phase of the key. None is the first byte of UTF-8. */
export const recordTypes = { data: 0x90, first: 0x92, second: 0x94, third: 0x96, refusal: 0x98 } as const;

/** Which of two keys in turn a data record is sealed with. */
export type Phase = 0 | 1;

export function flip(phase: Phase): Phase {
  return phase === 0 ? 1 : 0;
}

/** The phase of a data record by its type; undefined for any other record. */
export function readPhase(type: number | undefined): Phase | undefined {
  if (type === recordTypes.data) return 0;
  return type === recordTypes.data + 1 ? 1 : undefined;
}

/** Why a handshake was refused, in the clear and unproven. */
export const refusalReasons = { tooMany: 1, password: 2, failed: 3 } as const;

/** True for the first byte of any record. */
export function isRecordType(byte: number | undefined): boolean {
  return byte !== undefined && byte >= recordTypes.data && byte <= recordTypes.refusal;
}

/** The bytes that a handshake covers: the connecting side's offer and the listening side's, each as it was sent. */
export function makePrologue(connecting: string, listening: string): Uint8Array {
  return Buffer.concat([Buffer.from("duet/1 noise\0"), withLength(connecting), withLength(listening)]);
}

/** The prologue of a handshake inside a session: the hash of the one before. */
export function makeRenewalPrologue(handshakeHash: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from("duet/1 rekey\0"), handshakeHash]);
}

function withLength(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A record of the handshake, or a refusal, in a stream. */
export function encodeStreamRecord(type: number, body: Uint8Array): Uint8Array {
  const head = Buffer.alloc(3);
  head.writeUInt16BE(body.length + 1);
  head[2] = type;
  return Buffer.concat([head, body]);
}

interface ReceivedRecord {
  readonly type: number;
  readonly body: Uint8Array;
  /** The bytes of the record in the stream. */
  readonly bytes: number;
}

/**
 * The first record of a handshake in the bytes so far. `malformed`: longer than a record of a handshake may be, or without
 * a type; a data record is longer, and only its type is read.
 */
export function readStreamRecord(bytes: Uint8Array): ReceivedRecord | "unfinished" | "malformed" {
  if (bytes.length < 2) return "unfinished";
  const length = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  if (length === 0 || length > handshakeRecordMaxBytes + 1) return "malformed";
  if (bytes.length < 2 + length) return "unfinished";
  return { type: bytes[2] ?? 0, body: bytes.slice(3, 2 + length), bytes: 2 + length };
}

/** The indices of a session over UDP: each side's own one, which the datagrams to it have. */
export interface Indices {
  readonly ours: number;
  readonly theirs: number;
}

/** The length of a cookie: the `key` of the responder's offer, as ASCII. */
const cookieBytes = 16;
export const indexBytes = 4;
export const counterBytes = 8;

function encodeIndex(index: number): Uint8Array {
  const bytes = Buffer.alloc(indexBytes);
  bytes.writeUInt32BE(index);
  return bytes;
}

export function readIndex(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}

/** A datagram of the handshake, or a refusal. */
export type HandshakeDatagram =
  | {
      readonly is: "first";
      readonly theirs: number;
      readonly cookie: Uint8Array;
      readonly message: Uint8Array;
    }
  | { readonly is: "second"; readonly ours: number; readonly theirs: number; readonly message: Uint8Array }
  | { readonly is: "third"; readonly ours: number; readonly message: Uint8Array }
  | { readonly is: "refusal"; readonly ours: number; readonly reason: number };

/** Reads one, with `ours` and `theirs` as its receiver sees them; undefined for any other datagram. */
export function readHandshakeDatagram(bytes: Uint8Array): HandshakeDatagram | undefined {
  const first = 1 + indexBytes;
  if (bytes.length <= first || bytes.length > handshakeRecordMaxBytes + first + cookieBytes) return undefined;
  const ours = readIndex(bytes, 1);
  switch (bytes[0]) {
    case recordTypes.first: {
      const cookie = bytes.slice(first, first + cookieBytes);
      if (ours === 0 || cookie.length < cookieBytes) return undefined;
      return { is: "first", theirs: ours, cookie, message: bytes.slice(first + cookieBytes) };
    }
    case recordTypes.second: {
      if (bytes.length < first + indexBytes) return undefined;
      const theirs = readIndex(bytes, first);
      return theirs === 0
        ? undefined
        : { is: "second", ours, theirs, message: bytes.slice(first + indexBytes) };
    }
    case recordTypes.third:
      return { is: "third", ours, message: bytes.slice(first) };
    case recordTypes.refusal:
      return { is: "refusal", ours, reason: bytes[first] ?? 0 };
    default:
      return undefined;
  }
}

export function encodeFirst(ours: number, cookie: string, message: Uint8Array): Uint8Array {
  return Buffer.concat([
    Buffer.of(recordTypes.first),
    encodeIndex(ours),
    Buffer.from(cookie, "latin1"),
    message,
  ]);
}

export function encodeSecond({ ours, theirs }: Indices, message: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(recordTypes.second), encodeIndex(theirs), encodeIndex(ours), message]);
}

export function encodeThird({ theirs }: Indices, message: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(recordTypes.third), encodeIndex(theirs), message]);
}

export function encodeRefusal(theirs: number, reason: number): Uint8Array {
  return Buffer.concat([Buffer.of(recordTypes.refusal), encodeIndex(theirs), Buffer.of(reason)]);
}
