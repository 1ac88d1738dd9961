/** Cleans raw streams (`--raw`) for a terminal. A character, a letter with its marks, and a CR LF may be cut by segments. */

import { type BorrowedBytes, lendBytes } from "../../protocol/borrowed-bytes.ts";
import { setBounded } from "../../protocol/bounded-map.ts";
import { combiningMarksMax, peersMaxDefault } from "../../protocol/limits.ts";
import { cleanContinuation, cleanText } from "../../protocol/text/text.ts";

interface Stream {
  readonly decoder: TextDecoder;
  /** The end of the line so far, on which marks may follow. */
  lineEnd: string;
  /** A CR, a joiner or a keycap's selector at the end, which is written with what follows. */
  held: string;
}

/** A base and its marks, in UTF-16 units. */
const lineEndUnits = 2 * (combiningMarksMax + 2);
const dependsOnNext = /(?:[\r\u200C\u200D]|(?<=[0-9#*])\uFE0F)$/;

/** Returns a function that cleans the next bytes of a peer. Line ends and byte order marks stay as they are. */
export function createStreamCleaner(): (peer: string, bytes: BorrowedBytes) => string {
  const streams = new Map<string, Stream>();
  return (peer, bytes) => {
    const stream = streams.get(peer) ?? {
      decoder: new TextDecoder("utf-8", { ignoreBOM: true }),
      lineEnd: "",
      held: "",
    };
    setBounded(streams, peer, stream, peersMaxDefault);
    const text = stream.held + stream.decoder.decode(lendBytes(bytes), { stream: true });
    stream.held = dependsOnNext.exec(text)?.[0] ?? "";
    return cleanNext(stream, text.slice(0, text.length - stream.held.length));
  };
}

function cleanNext(stream: Stream, text: string): string {
  const [first = "", ...others] = text.split("\n");
  const clean = [
    keepReturn(first, (line) => cleanContinuation(stream.lineEnd, line)),
    ...others.map((other) => keepReturn(other, cleanText)),
  ];
  stream.lineEnd = ((others.length === 0 ? stream.lineEnd : "") + (others.at(-1) ?? first)).slice(
    -lineEndUnits,
  );
  return clean.join("\n");
}

function keepReturn(line: string, clean: (line: string) => string): string {
  return line.endsWith("\r") ? `${clean(line.slice(0, -1))}\r` : clean(line);
}
