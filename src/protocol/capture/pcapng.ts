/**
 * Encodes the blocks of a pcapng file (draft-ietf-opsawg-pcapng): a section, one interface of raw IP packets, and
 * packets, each with a comment.
 */

/** Block types and option codes (§4, §3.5). */
const sectionHeader = 0x0a0d0d0a;
const interfaceDescription = 1;
const enhancedPacket = 6;
const commentOption = 1;
const interfaceNameOption = 2;
const applicationOption = 4;

const byteOrderMagic = 0x1a2b3c4d;
/** Packets begin with their IP header (tcpdump.org/linktypes). */
const linkTypeRaw = 101;

/** Encodes the beginning of a section. A file may have several. Times are in microseconds. */
export function encodeSectionStart(application: string, comment: string): Uint8Array {
  const version = encode16(1, 0);
  const unknownLength = new Uint8Array(8).fill(0xff);
  const header = encodeBlock(
    sectionHeader,
    encode32(byteOrderMagic),
    version,
    unknownLength,
    encodeOption(commentOption, comment),
    encodeOption(applicationOption, application),
    endOfOptions,
  );
  const anyLength = 0;
  const link = encodeBlock(
    interfaceDescription,
    encode16(linkTypeRaw, 0),
    encode32(anyLength),
    encodeOption(interfaceNameOption, application),
    encodeOption(commentOption, comment),
    endOfOptions,
  );
  return Buffer.concat([header, link]);
}

/** Encodes one packet. `atUs`: microseconds since 1970. `comment`: at most 64 KiB of UTF-8. */
export function encodePacketBlock(packet: Uint8Array, atUs: number, comment: string): Uint8Array {
  return encodeBlock(
    enhancedPacket,
    encode32(0, Math.floor(atUs / 2 ** 32), atUs >>> 0, packet.length, packet.length),
    padTo4(packet),
    encodeOption(commentOption, comment),
    endOfOptions,
  );
}

/** A block has its length at both ends. */
function encodeBlock(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = 12 + parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([encode32(type, length), ...parts, encode32(length)]);
}

function encodeOption(code: number, text: string): Uint8Array {
  const value = Buffer.from(text).subarray(0, 0xffff);
  return Buffer.concat([encode16(code, value.length), padTo4(value)]);
}

const endOfOptions = new Uint8Array(4);

/** Pads to a multiple of four bytes. */
function padTo4(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : Buffer.concat([bytes, new Uint8Array(4 - rest)]);
}

/** Little-endian, which byteOrderMagic shows the reader. */
function encode32(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, index * 4);
  return bytes;
}

function encode16(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value, index * 2);
  return bytes;
}
