/** Decodes UTF-8 that is complete: no character continues in a later payload. */

import { type BorrowedBytes, lendBytes } from "../borrowed-bytes.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Each invalid sequence becomes one U+FFFD; a byte order mark is text. */
export function decodeUtf8(bytes: BorrowedBytes): string {
  return decoder.decode(lendBytes(bytes));
}
