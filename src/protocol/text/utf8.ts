/** Whole payloads of UTF-8 as text. */

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Each invalid sequence is one U+FFFD; a byte order mark is text. `bytes` may be used again at once. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
