/** What is kept of the bytes that a peer sends. */

import type { PartJoiner } from "../../protocol/frames/message-parts.ts";
import type { LineDecoder } from "../../protocol/lines/line-decoder.ts";
import type { TelnetParser } from "../../protocol/lines/telnet.ts";
import type { MessageEntry } from "../log/entry.ts";
import type { StrangerPace } from "./stranger-pace.ts";

export interface Inbound {
  readonly decoder: LineDecoder;
  /** How whole lines of a stream are taken. Only chooseReader() sets it. */
  reader: LineReader;
  /** `<name> ` in UTF-8, with the name it was made for: it stands before each line that is taken in bulk. */
  namePrefix: NamePrefix | undefined;
  parts: PartJoiner;
  /** With `--telnet`, over TCP. */
  readonly telnet: TelnetParser | undefined;
  /** The entry of a line whose newline has not been received. */
  growing: MessageEntry | undefined;
  /** A second of silence closed the last line before its newline. */
  isClosedBySilence: boolean;
  /** The first line is still to come: a banner counts only there. */
  isFirstLine: boolean;
  bytesIn: number;
  malformedFrames: number;
  /** Leading datagrams of nc that were probes; at the bound, none is one any more. */
  probes: number;
  /** Of a stranger that has spoken. */
  strangerPace: StrangerPace | undefined;
  /** Why this peer is not read: a stranger's lines wait for their turn, or `/buffer` closes its window. */
  readonly pausedBy: Set<"stranger" | "buffer">;
}

/** `lines`: each is looked at. `bulk`: lines that were received together are reported and relayed as one block. */
export type LineReader = "lines" | "bulk";

interface NamePrefix {
  readonly name: string;
  readonly bytes: Uint8Array;
}
