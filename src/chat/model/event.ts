/** What happened, in the past tense: all that `update` ever learns of the world, time included. */

import type { LanEvent } from "../../protocol/lan/lan-event.ts";
import type { NetworkError } from "../../protocol/sockets/network-error.ts";
import type { ConnectionId, SocketEvent, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { TcpObservation } from "../../protocol/sockets/tcp-facts.ts";
import type { TroubleCounts } from "../../protocol/sockets/network-impairment.ts";
import type { EntryId } from "../log/entry.ts";
import type { LookPurpose } from "../records/kernel-look.ts";
import type { FoundDuet, OpenRequest } from "../config/open-request.ts";
import type { BroadcastRequest, BroadcastWish, Subnets } from "./effect.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";

export type ChatEvent =
  | { readonly type: "started"; readonly transport: TransportName; readonly request: OpenRequest }
  | { readonly type: "socket"; readonly transport: TransportName; readonly event: SocketEvent }
  /** A send found the queue full, or the connection gone; none of its bytes were taken. */
  | {
      readonly type: "send-refused";
      readonly connection: ConnectionId;
      readonly why: "full" | "closed";
      readonly bytes: number;
    }
  /** A line the person said. `continues`: the rest of the same line follows, so no newline yet. */
  | { readonly type: "said"; readonly text: string; readonly continues: boolean }
  /** A line that was not delivered is to be said again. */
  | { readonly type: "resend-asked"; readonly entryId: EntryId }
  /** Bytes of standard input, to go out as they are (`--raw`, headless). */
  | { readonly type: "piped"; readonly bytes: Uint8Array }
  /** A command of the composer, with its slash. */
  | { readonly type: "commanded"; readonly line: string }
  /** Alt-↑ ↓: the next one who can be spoken to alone, or all. */
  | { readonly type: "addressee-stepped"; readonly step: 1 | -1 }
  /** The terminal's window lost the focus, or has it again. */
  | { readonly type: "looked"; readonly away: boolean }
  /** Something lies over the conversation that is looked at, or lies there no more. */
  | { readonly type: "covered"; readonly covered: boolean }
  /** Ctrl-T, or /tcp and /udp. */
  | { readonly type: "switched"; readonly to: TransportName }
  /** F3, or `/wire pause`: calls are kept again, or none for now. */
  | { readonly type: "wire-paused" }
  /** The wire panel is there, or gone. */
  | { readonly type: "kernel-watched"; readonly watched: boolean }
  | { readonly type: "kernel-told"; readonly purpose: LookPurpose; readonly seen: readonly TcpObservation[] }
  /** Lines typed that wait for room now; 0: none. */
  | { readonly type: "held"; readonly lines: number }
  /** Something the screen must tell its person; a warning unless it is told otherwise. */
  | { readonly type: "noted"; readonly sentence: Sentence; readonly tone?: "info" | "warning" }
  /** Standard output has too much to write, or has room again. */
  | { readonly type: "output-paused"; readonly paused: boolean }
  | { readonly type: "input-ended" }
  | {
      readonly type: "announcements-read";
      readonly transport: TransportName;
      readonly found: readonly FoundDuet[];
    }
  | { readonly type: "subnets-found"; readonly wish: BroadcastWish; readonly subnets: Subnets }
  /** It did not leave. */
  | { readonly type: "broadcast-failed"; readonly error: NetworkError }
  /** The person has said yes to it. */
  | { readonly type: "broadcast-confirmed"; readonly wish: BroadcastRequest }
  /** Of the sockets of discovery. */
  | { readonly type: "lan"; readonly event: LanEvent }
  /** There is no list to look at: the local network is to be told in lines. */
  | { readonly type: "lan-asked" }
  /** One of the list is to be joined, by its key. `sure`: even if members of ours lose their room by it. */
  | { readonly type: "lan-chosen"; readonly key: string; readonly sure: boolean }
  /** What trouble on purpose has done so far. */
  | { readonly type: "trouble-counted"; readonly counts: TroubleCounts }
  | { readonly type: "port-holder-found"; readonly transport: TransportName; readonly error: NetworkError }
  | { readonly type: "quit-asked"; readonly code: number; readonly reason: Sentence }
  | { readonly type: "time-reached" };
