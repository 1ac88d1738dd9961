/** The state of the bytes that a peer sends. */

import type { SendingPace } from "../records/sending-pace.ts";
import type { PartJoiner } from "../../protocol/frames/message-parts.ts";
import type { LineDecoder } from "../../protocol/lines/line-decoder.ts";
import type { TelnetParser } from "../../protocol/lines/telnet.ts";
import type { MessageEntry } from "../log/entry.ts";
import type { StrangerThrottle } from "./stranger-throttle.ts";

export interface Inbound {
  readonly decoder: LineDecoder;
  /** How whole lines of a stream are received. Only chooseLineMode() sets it. */
  lineMode: LineMode;
  readonly partJoiner: PartJoiner;
  /** With `--telnet`, over TCP. */
  readonly telnet: TelnetParser | undefined;
  /** The entry of a line whose newline has not been received. */
  growingEntry: MessageEntry | undefined;
  /** A second of silence ended the last line. Its newline may still arrive, and is no empty line. */
  isLineEndedBySilence: boolean;
  /** No line was received yet: only the first one can be a banner. */
  isFirstLine: boolean;
  bytesIn: number;
  malformedFrames: number;
  /** Leading datagrams of nc that were probes; at the bound, a datagram is text. */
  probes: number;
  /** Undefined until a stranger sends something. */
  strangerThrottle: StrangerThrottle | undefined;
  /** A heavy peer is not read while the room is paused. */
  readonly pace: SendingPace;
  readonly pausedBy: Set<PeerPauseReason>;
}

/**
 * Reasons why a peer is not read: a stranger's lines wait for their turn, `/buffer` closes its window, or it sends much
 * while the room is paused.
 */
export type PeerPauseReason = "stranger" | "buffer" | "room";

/**
 * `single`: each line is handled by itself. Lines received together are reported and relayed as one block, each with
 * `prefix`, which is `<name> ` in UTF-8: in `bulk` those of a raw peer, in `frames` the messages of a duet.
 */
export type LineMode =
  { readonly kind: "single" } | { readonly kind: "bulk" | "frames"; readonly prefix: Uint8Array };
