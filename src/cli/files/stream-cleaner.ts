/** Cleans raw streams (`--raw`) for a terminal. A character, and a CR LF, may be cut by segments. */

import { type BorrowedBytes, lendBytes } from "../../protocol/borrowed-bytes.ts";
import { setBounded } from "../../protocol/bounded-map.ts";
import { peersMaxDefault } from "../../protocol/limits.ts";
import { cleanText } from "../../protocol/text/text.ts";

interface Stream {
  readonly decoder: TextDecoder;
  /** The last character was a CR, which is written with what follows. */
  endsInReturn: boolean;
}

/** Returns a function that cleans the next bytes of a peer. Line ends and byte order marks stay as they are. */
export function createStreamCleaner(): (peer: string, bytes: BorrowedBytes) => string {
  const streams = new Map<string, Stream>();
  return (peer, bytes) => {
    const stream = streams.get(peer) ?? {
      decoder: new TextDecoder("utf-8", { ignoreBOM: true }),
      endsInReturn: false,
    };
    setBounded(streams, peer, stream, peersMaxDefault);
    const before = stream.endsInReturn ? "\r" : "";
    const text = before + stream.decoder.decode(lendBytes(bytes), { stream: true });
    stream.endsInReturn = text.endsWith("\r");
    return cleanLines(stream.endsInReturn ? text.slice(0, -1) : text);
  };
}

function cleanLines(text: string): string {
  const lines = text.split("\n").map((line) => {
    const isReturned = line.endsWith("\r");
    return cleanText(isReturned ? line.slice(0, -1) : line) + (isReturned ? "\r" : "");
  });
  return lines.join("\n");
}
