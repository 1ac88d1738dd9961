/** Decodes UTF-8 that is complete: no character continues in a later payload. */

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Each invalid sequence becomes one U+FFFD; a byte order mark is text. `bytes` are borrowed. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
