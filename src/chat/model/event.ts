/** Events: facts about the past, and the only input of `update`, the time included. */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import type { HostAddresses, HostRange } from "../../protocol/address/host-range.ts";
import type { FolderProblem } from "../../protocol/errors/folder-problem.ts";
import type { EngineEvent } from "../../protocol/hubs/engine-event.ts";
import type { LanEvent } from "../../protocol/lan/lan-event.ts";
import type { NetworkError } from "../../protocol/sockets/network-error.ts";
import type { ConnectionId, SocketEvent, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { TcpObservation } from "../../protocol/sockets/tcp-facts.ts";
import type { ImpairmentCounts } from "../../protocol/sockets/network-impairment.ts";
import type { EntryId } from "../log/entry.ts";
import type { LookPurpose } from "../records/kernel-look.ts";
import type { FoundDuet, OpenRequest } from "../config/open-request.ts";
import type { BroadcastRequest, BroadcastWish, Subnets } from "./effect.ts";
import type { Destination } from "./side.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";

export type ChatEvent = PersonEvent | MachineEvent;

/** From the keyboard, standard input and the screen. */
export type PersonEvent =
  /**
   * The person submitted a message, of several lines if it has newlines. `continues`: the rest of the line follows, so no newline is sent yet. `destination`:
   * where it would have gone then; undefined for a line of standard input, which goes wherever it can.
   */
  | {
      readonly type: "typed";
      readonly text: string;
      readonly continues: boolean;
      readonly destination?: Destination | undefined;
      /** The line of standard input as it came, if UTF-8 of `text` is something else: a CR at its end, another encoding. */
      readonly asWritten?: Uint8Array | undefined;
    }
  /** The person asked to resend a line that was not delivered. */
  | { readonly type: "resend-requested"; readonly entryId: EntryId }
  /** Bytes of standard input, sent unchanged (`--raw`, headless). */
  | { readonly type: "piped"; readonly bytes: BorrowedBytes }
  /** A command of the composer, with its slash. */
  | { readonly type: "commanded"; readonly line: string }
  /** Alt-↑ or Alt-↓: the next possible addressee, or everybody. */
  | { readonly type: "addressee-stepped"; readonly step: 1 | -1 }
  /** The terminal's window lost the focus, or got it back. */
  | { readonly type: "focus-changed"; readonly away: boolean }
  /** An overlay opened over the conversation, or closed. */
  | { readonly type: "overlay-changed"; readonly covered: boolean }
  /** Ctrl-T, `/tcp` or `/udp`. */
  | { readonly type: "switched"; readonly to: TransportName }
  /** F3 or `/wire pause`: toggles keeping of socket calls. */
  | { readonly type: "wire-paused" }
  /** The wire panel opened or closed. */
  | { readonly type: "kernel-watched"; readonly watched: boolean }
  /** How many typed lines wait for room in a queue. */
  | { readonly type: "lines-waiting"; readonly lines: number }
  /** A notice from the screen; a warning unless `tone` differs. */
  | { readonly type: "noted"; readonly sentence: Sentence; readonly tone?: "info" | "warning" }
  /** Standard output has too much to write, or has room again. */
  | { readonly type: "output-paused"; readonly paused: boolean }
  | { readonly type: "input-ended" }
  /** The person confirmed the broadcast. */
  | { readonly type: "broadcast-confirmed"; readonly wish: BroadcastRequest }
  /** `/lan` without a screen: the local network is reported in lines. */
  | { readonly type: "lan-requested" }
  /** The person chose a duet of the list by its key. `sure`: members of ours may lose their room. */
  | { readonly type: "lan-chosen"; readonly key: string; readonly sure: boolean }
  /** The person typed the password of the room at a target, as the screen had asked. */
  | {
      readonly type: "password-entered";
      readonly transport: TransportName;
      readonly target: string;
      readonly password: string;
    }
  | { readonly type: "quit-requested"; readonly code: number; readonly reason: Sentence };

/** From sockets, files, the kernel and the clock. */
type MachineEvent =
  | { readonly type: "started"; readonly transport: TransportName; readonly request: OpenRequest }
  | { readonly type: "socket"; readonly transport: TransportName; readonly event: SocketEvent }
  /** A send found the queue full or the connection closed; none of its bytes were taken. */
  | {
      readonly type: "send-refused";
      readonly connection: ConnectionId;
      readonly why: "full" | "closed";
      readonly bytes: number;
    }
  | {
      readonly type: "kernel-looked";
      readonly purpose: LookPurpose;
      readonly seen: readonly TcpObservation[];
    }
  | {
      readonly type: "announcements-read";
      readonly transport: TransportName;
      readonly found: readonly FoundDuet[];
      /** Why no duet of this machine can announce itself, if that is so. */
      readonly problems: readonly FolderProblem[];
    }
  /** The duets of this machine over `transport`, for a side of the other one. */
  | {
      readonly type: "neighbours-read";
      readonly transport: TransportName;
      readonly found: readonly FoundDuet[];
    }
  /** No other duet of this machine can find this one by an announcement. */
  | {
      readonly type: "announcing-failed";
      readonly transport: TransportName;
      readonly problems: readonly FolderProblem[];
    }
  | { readonly type: "subnets-found"; readonly wish: BroadcastWish; readonly subnets: Subnets }
  /** The system rejected the broadcast datagram. */
  | { readonly type: "broadcast-failed"; readonly error: NetworkError }
  /** From the engine of a shared room. */
  | { readonly type: "engine"; readonly event: EngineEvent }
  /** From the sockets of discovery. */
  | { readonly type: "lan"; readonly event: LanEvent }
  /** The impairment's counters so far. */
  | { readonly type: "impairment-counted"; readonly counts: ImpairmentCounts }
  | { readonly type: "port-holder-found"; readonly transport: TransportName; readonly error: NetworkError }
  | {
      readonly type: "addresses-found";
      readonly rule: "allow" | "deny";
      readonly host: HostRange;
      readonly found: HostAddresses;
    }
  | { readonly type: "time-reached" };
