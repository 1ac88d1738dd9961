/** One received datagram, or one frame of it. */

import type { Span } from "../spans/span.ts";

export interface Datagram {
  readonly text: string;
  readonly bytes: number;
  /** Undefined if messages of the peer are not traced. */
  readonly span: Span | undefined;
  /** True for a frame that is not the first one of its datagram. */
  readonly isLater?: boolean;
}

/** Cuts a datagram into its lines, which stand in it with LF between them. */
export function cutDatagram({ text, bytes, span }: Datagram, lines: readonly string[]): readonly Datagram[] {
  const isAscii = text.length === bytes;
  let start = span?.start ?? 0;
  return lines.map((line, index) => {
    const length = isAscii ? line.length : Buffer.byteLength(line);
    const end = start + length;
    const ofLine = span && { start, end };
    start = end + 1;
    return { text: line, bytes: length, span: ofLine, isLater: index > 0 };
  });
}
