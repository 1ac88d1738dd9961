/**
 * The blocks of a pcapng file (draft-ietf-opsawg-pcapng): a section, one interface of bare IP packets, and packets with a
 * comment each. Bytes only; what the packets are is in packets.ts, and where they go is decided elsewhere.
 */

/** Types of blocks and codes of options (§4, §3.5). */
const sectionHeader = 0x0a0d0d0a;
const interfaceDescription = 1;
const enhancedPacket = 6;
const commentOption = 1;
const interfaceNameOption = 2;
const applicationOption = 4;

const byteOrderMagic = 0x1a2b3c4d;
/** Each packet begins with its IP header (tcpdump.org/linktypes). */
const linkTypeRaw = 101;

/** The beginning of a section: it may follow another in one file. Times are in microseconds. */
export function encodeSectionStart(application: string, comment: string): Uint8Array {
  const version = bytesOf16(1, 0);
  const unknownLength = new Uint8Array(8).fill(0xff);
  const header = block(
    sectionHeader,
    bytesOf32(byteOrderMagic),
    version,
    unknownLength,
    option(commentOption, comment),
    option(applicationOption, application),
    endOfOptions,
  );
  const anyLength = 0;
  const link = block(
    interfaceDescription,
    bytesOf16(linkTypeRaw, 0),
    bytesOf32(anyLength),
    option(interfaceNameOption, application),
    option(commentOption, comment),
    endOfOptions,
  );
  return Buffer.concat([header, link]);
}

/** One packet of the section's interface. `atUs`: microseconds since 1970. `comment`: for who reads it, in UTF-8 at most 64 KiB. */
export function encodePacketBlock(packet: Uint8Array, atUs: number, comment: string): Uint8Array {
  return block(
    enhancedPacket,
    bytesOf32(0, Math.floor(atUs / 2 ** 32), atUs >>> 0, packet.length, packet.length),
    padded(packet),
    option(commentOption, comment),
    endOfOptions,
  );
}

/** Its length stands at both ends. */
function block(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = 12 + parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([bytesOf32(type, length), ...parts, bytesOf32(length)]);
}

function option(code: number, text: string): Uint8Array {
  const value = Buffer.from(text).subarray(0, 0xffff);
  return Buffer.concat([bytesOf16(code, value.length), padded(value)]);
}

const endOfOptions = new Uint8Array(4);

/** To a multiple of four bytes. */
function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : Buffer.concat([bytes, new Uint8Array(4 - rest)]);
}

/** Little-endian, as the magic tells the reader. */
function bytesOf32(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, index * 4);
  return bytes;
}

function bytesOf16(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value, index * 2);
  return bytes;
}
