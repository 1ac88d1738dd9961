/** Finds the ends of characters, control sequences and pastes in a terminal's input. It does not interpret them. */

const ESC = 0x1b;
const pasteEnd = Buffer.from("\x1b[201~");

/** `isWhole` is false if a byte that cannot be part of a sequence broke it off; the next item starts at that byte. */
interface SequenceEnd {
  readonly at: number;
  readonly isWhole: boolean;
}

/** True for C0 and DEL. */
export function isControl(byte: number): boolean {
  return byte < 0x20 || byte === 0x7f;
}

/** The end index of the UTF-8 character at `at`, or of its broken start; undefined: more bytes may follow. */
export function findCharacterEnd(bytes: Uint8Array, at: number): number | undefined {
  const wanted = getCharacterLength(bytes[at] ?? 0);
  let end = at + 1;
  while (end < at + wanted && isContinuation(bytes[end])) end += 1;
  return end < at + wanted && end === bytes.length ? undefined : end;
}

/** The number of bytes at the end that may be the start of a character: 0 to 3. */
export function measureCutCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back];
    if (isContinuation(byte)) continue;
    return getCharacterLength(byte ?? 0) > back ? back : 0;
  }
  return 0;
}

/** The number of bytes at the end that may be the start of `ESC [ 201 ~`: 0 to 5. */
export function measureCutPasteEnd(bytes: Uint8Array): number {
  const start = bytes.lastIndexOf(ESC);
  if (start < 0 || bytes.length - start >= pasteEnd.length) return 0;
  const tail = bytes.subarray(start);
  return tail.every((byte, index) => byte === pasteEnd[index]) ? tail.length : 0;
}

/** The end of a control sequence whose parameters start at `start`; undefined: it is incomplete. */
export function findControlSequenceEnd(bytes: Uint8Array, start: number): SequenceEnd | undefined {
  // The Linux console's function keys: CSI [ A.
  if (bytes[start] === 0x5b) return findFixedEnd(bytes, start + 1, start + 2);
  // X10 mouse: CSI M and three bytes, each 32 or more.
  if (bytes[start] === 0x4d) return findFixedEnd(bytes, start + 1, start + 4);
  const digits = findDigitsEnd(bytes, start);
  // rxvt ends a sequence with `$` for Shift; elsewhere `$` is an intermediate byte. rxvt's has exactly one number
  // before it: `CSI 5 $`.
  if (digits > start && bytes[digits] === 0x24) return { at: digits + 1, isWhole: true };
  return findFinalByte(bytes, digits);
}

/** The end of a control sequence from any index inside it; undefined: it is incomplete. */
export function findFinalByte(bytes: Uint8Array, start: number): SequenceEnd | undefined {
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (isControl(byte) || byte >= 0x80) return { at, isWhole: false };
    if (byte >= 0x40) return { at: at + 1, isWhole: true };
  }
  return undefined;
}

function findFixedEnd(bytes: Uint8Array, start: number, end: number): SequenceEnd | undefined {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    if (isControl(byte)) return { at, isWhole: false };
  }
  return { at: end, isWhole: true };
}

function findDigitsEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  for (let byte = bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = bytes[at] ?? 0) at += 1;
  return at;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** The length that the first byte announces; 1 if it cannot start a character. */
function getCharacterLength(lead: number): number {
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xc2 && lead <= 0xdf ? 2 : 1;
}
