/**
 * A private line, sealed from the sender's identity to the receiver's by one Noise X message, so that a host between them
 * forwards what it cannot open (SEALED.md, Private lines).
 */

import { privateTextMaxBytes } from "../limits.ts";
import { NoiseHandshake } from "../noise/handshake.ts";
import { keyBytes, type KeyPair } from "../noise/x25519.ts";
import { decodeUtf8 } from "../text/utf8.ts";

const timeBytes = 8;
const idBytes = 16;
const flagsAt = timeBytes + idBytes;
const textAt = flagsAt + 1;
const actionFlag = 1;

export interface PrivateLine {
  /** The sender's clock, in milliseconds since 1970. */
  readonly atMs: number;
  /** Random, 32 hexadecimal digits. */
  readonly id: string;
  readonly action: boolean;
  readonly text: string;
}

/** A line that was opened, and the key that has sealed it. */
interface OpenedLine extends PrivateLine {
  readonly from: Uint8Array;
}

/**
 * Seals a line for the owner of `theirs`, whose process has drawn `epoch`. The result is base64. Undefined if their key is
 * of low order, or the text has more than privateTextMaxBytes.
 */
export function sealPrivateLine(
  keys: { readonly ours: KeyPair; readonly ephemeral: KeyPair; readonly theirs: Uint8Array },
  epoch: string,
  { atMs, id, action, text }: PrivateLine,
): string | undefined {
  const body = Buffer.from(text);
  if (body.length > privateTextMaxBytes) return undefined;
  const payload = Buffer.alloc(textAt + body.length);
  payload.writeBigUInt64BE(BigInt(atMs));
  payload.write(id, timeBytes, "hex");
  payload[flagsAt] = action ? actionFlag : 0;
  payload.set(body, textAt);
  const handshake = new NoiseHandshake({
    pattern: "X",
    isInitiator: true,
    prologue: makePrologue(epoch),
    ...keys,
  });
  const message = handshake.write(payload);
  handshake.erase();
  return message && Buffer.from(message).toString("base64");
}

/** Opens a line that was sealed for us. Undefined if it was not, or not for this epoch. */
export function openPrivateLine(ours: KeyPair, epoch: string, sealed: string): OpenedLine | undefined {
  const message = Buffer.from(sealed, "base64");
  const handshake = new NoiseHandshake({
    pattern: "X",
    isInitiator: false,
    prologue: makePrologue(epoch),
    ours,
    ephemeral: undefined,
  });
  const payload = handshake.read(message);
  const from = payload === undefined ? undefined : handshake.finish()?.theirs;
  handshake.erase();
  if (payload === undefined || from?.length !== keyBytes || payload.length < textAt) return undefined;
  const fields = Buffer.from(payload);
  return {
    from,
    atMs: Number(fields.readBigUInt64BE()),
    id: fields.toString("hex", timeBytes, flagsAt),
    action: ((fields[flagsAt] ?? 0) & actionFlag) !== 0,
    text: decodeUtf8(fields.subarray(textAt)),
  };
}

function makePrologue(epoch: string): Uint8Array {
  return Buffer.from(`duet/1 private\0${epoch}`);
}

/**
 * The texts of the lines that one text becomes: one, unless it has more than privateTextMaxBytes in UTF-8. Cut between lines
 * where that is possible, else between code points.
 */
export function splitPrivateText(text: string): readonly string[] {
  if (text.length * 3 <= privateTextMaxBytes) return [text];
  const pieces: string[] = [];
  let rest = Buffer.from(text);
  while (rest.length > privateTextMaxBytes) {
    const newlineAt = rest.lastIndexOf(newline, privateTextMaxBytes);
    const end = newlineAt > 0 ? newlineAt : findCharacterStart(rest, privateTextMaxBytes);
    pieces.push(decodeUtf8(rest.subarray(0, end)));
    rest = rest.subarray(newlineAt > 0 ? end + 1 : end);
  }
  return rest.length === 0 ? pieces : [...pieces, decodeUtf8(rest)];
}

const newline = 0x0a;

/** The offset of the code point that the byte at `offset` belongs to. */
function findCharacterStart(bytes: Uint8Array, offset: number): number {
  let start = offset;
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}
