/**
 * Cuts standard input into lines. Lines that are UTF-8 and end in LF, as most are, are enqueued together as text; any
 * other with its bytes, which raw peers receive as they came.
 */

import { decodeUtf8 } from "../../protocol/text/utf8.ts";
import type { Session } from "../../session/session.ts";

const lineFeed = 0x0a;
/** A CR at the end of a line, or bytes that are no UTF-8. */
const mayDiffer = /[\r\uFFFD]/;

export class InputLines {
  readonly #session: Pick<Session, "enqueueText" | "enqueueLine">;
  /** Bytes since the last LF. */
  #unfinished: Uint8Array[] = [];

  constructor(session: Pick<Session, "enqueueText" | "enqueueLine">) {
    this.#session = session;
  }

  /** Enqueues the lines that the bytes complete. It owns the bytes from then on. */
  push(bytes: Uint8Array): void {
    const end = bytes.lastIndexOf(lineFeed);
    if (end >= 0) {
      this.#enqueue(Buffer.concat([...this.#unfinished, bytes.subarray(0, end)]));
      this.#unfinished = [];
    }
    if (end + 1 < bytes.length) this.#unfinished.push(bytes.subarray(end + 1));
  }

  /** Enqueues a last line without LF. */
  end(): void {
    if (this.#unfinished.length > 0) this.#enqueue(Buffer.concat(this.#unfinished));
    this.#unfinished = [];
  }

  /** Whole lines, without the LF of the last one. */
  #enqueue(lines: Uint8Array): void {
    const text = decodeUtf8(lines);
    if (!mayDiffer.test(text)) return this.#session.enqueueText(text);
    for (let start = 0; start <= lines.length;) {
      const found = lines.indexOf(lineFeed, start);
      const end = found < 0 ? lines.length : found;
      this.#session.enqueueLine(lines.subarray(start, end));
      start = end + 1;
    }
  }
}
