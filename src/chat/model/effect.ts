/** What the chat wants done in the world, as data. The session carries effects out, in order. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { LanWork } from "../../protocol/lan/lan-event.ts";
import type { NetworkError } from "../../protocol/sockets/network-error.ts";
import type { ConnectionId, Hearers, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Target } from "../../protocol/address/target.ts";
import type { SeededTrouble } from "../../protocol/sockets/network-impairment.ts";
import type { LookPurpose } from "../records/kernel-look.ts";
import type { Output } from "./output.ts";

export type Effect =
  | { readonly type: "listen"; readonly transport: TransportName; readonly target: Target }
  | {
      readonly type: "connect";
      readonly transport: TransportName;
      readonly target: Target;
      readonly timeoutMs: number;
    }
  /** One payload for all of these connections, in one buffer. */
  | {
      readonly type: "send";
      readonly transport: TransportName;
      readonly connections: readonly ConnectionId[];
      readonly payload: Uint8Array;
    }
  /**
   * Over TCP, as `send` to all of these but one. The payload is valid while the effects of its event are carried out.
   */
  | {
      readonly type: "broadcast";
      readonly hearers: Hearers;
      readonly but: ConnectionId | undefined;
      readonly payload: Uint8Array;
    }
  | { readonly type: "shutdown"; readonly transport: TransportName; readonly connection: ConnectionId }
  | {
      readonly type: "close";
      readonly transport: TransportName;
      readonly connection: ConnectionId;
      readonly how: "flush" | "reset";
    }
  /** `/buffer`: see Transport.limitReceiveBuffer. */
  | {
      readonly type: "hold";
      readonly transport: TransportName;
      readonly connection: ConnectionId;
      readonly bytes: number | undefined;
    }
  /** What the kernel knows of the TCP connections; answered by `kernel-told`. */
  | { readonly type: "look"; readonly purpose: LookPurpose }
  | { readonly type: "stop"; readonly transport: TransportName; readonly flushMs: number }
  /** Answered by `announcements-read`. */
  | { readonly type: "read-announcements"; readonly transport: TransportName }
  | { readonly type: "announce"; readonly transport: TransportName; readonly local: Endpoint }
  /** Every TCP peer is read or not, as isReadPaused decides for each. */
  | { readonly type: "read-peers" }
  /** One TCP peer is read or not. */
  | { readonly type: "read-peer"; readonly connection: ConnectionId; readonly reading: boolean }
  | { readonly type: "withdraw"; readonly transport: TransportName }
  /** Answered by `port-holder-found`. */
  | {
      readonly type: "find-port-holder";
      readonly transport: TransportName;
      readonly error: NetworkError;
      readonly port: number;
    }
  /** The network of our UDP sockets is made so bad, or left as it is. */
  | { readonly type: "make-trouble"; readonly trouble: SeededTrouble | undefined }
  /** Answered by `subnets-found`. */
  | { readonly type: "find-subnets"; readonly wish: BroadcastWish }
  /** One datagram from the UDP side's socket; nobody becomes a peer by it. */
  | {
      readonly type: "broadcast-datagram";
      readonly address: string;
      readonly port: number;
      readonly payload: Uint8Array;
    }
  /** For the sockets of discovery. */
  | { readonly type: "lan"; readonly work: LanWork }
  | { readonly type: "tell"; readonly output: Output }
  /** What was typed and could not go out goes back to the composer (or is told, without a screen). */
  | { readonly type: "give-back"; readonly text: string }
  | { readonly type: "show-help" }
  | { readonly type: "ask-screen"; readonly request: ScreenRequest }
  /** Everything is said and closed: leave with this code. */
  | { readonly type: "exit"; readonly code: number };

/** What `/broadcast` is to say, and where; without an address, to the first subnet. */
export interface BroadcastWish {
  readonly text: string;
  readonly address: string | undefined;
  readonly port: number;
  readonly forced: boolean;
}

/** It is known where. */
export type BroadcastRequest = BroadcastWish & { readonly address: string };

/** What this machine's networks are: broadcast addresses of subnets beyond it, and all addresses of its own. */
export interface Subnets {
  readonly broadcasts: readonly string[];
  readonly ours: readonly string[];
}

/** What a command wants of the screen: it alone knows what is in view, and its host may write files. */
export type ScreenRequest =
  | { readonly type: "search"; readonly term: string }
  /** The active tab's conversation into a file. */
  | { readonly type: "save"; readonly path: string; readonly overwrite: boolean }
  /** What to show of the socket calls: a filter, or `off`. */
  | { readonly type: "wire"; readonly words: string }
  /** Whether this is to be sent to everybody there. */
  | { readonly type: "broadcast"; readonly wish: BroadcastRequest }
  /** Whether so many members may lose our room, for we join another. */
  | { readonly type: "leave-room"; readonly key: string; readonly members: number }
  /** The list of the local network. */
  | { readonly type: "lan" }
  /** The walk through the socket calls. */
  | { readonly type: "tour" }
  /** undefined: the other way than now. */
  | { readonly type: "mouse"; readonly on: boolean | undefined };
