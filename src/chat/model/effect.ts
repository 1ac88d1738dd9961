/** Effects: work to be done outside of the chat, as data. The session carries them out in order. */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { KeptPlace } from "../../protocol/sockets/kept-place.ts";
import type { IdentityAct } from "../records/people.ts";
import type { PeerChange } from "../../protocol/identity/known-peers.ts";
import type { EngineWork } from "../../protocol/hubs/engine-event.ts";
import type { LanWork } from "../../protocol/lan/lan-event.ts";
import type { NetworkError } from "../../protocol/sockets/network-error.ts";
import type { ConnectionId, FanoutName, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { HostRange } from "../../protocol/address/host-range.ts";
import type { Target } from "../../protocol/address/target.ts";
import type { SeededImpairment } from "../../protocol/sockets/network-impairment.ts";
import type { NewSession, SessionKeys } from "../../protocol/sealed/session-keys.ts";
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
  /** One payload for all of these connections. */
  | {
      readonly type: "send";
      readonly transport: TransportName;
      readonly connections: readonly ConnectionId[];
      readonly payload: Uint8Array;
      /** In a session, too, the payload leaves as it is. */
      readonly isUnsealed?: true;
    }
  /** As `send`, over TCP. The payload is lent until the event's effects are carried out. */
  | {
      readonly type: "send-lent";
      readonly connections: readonly ConnectionId[];
      readonly payload: BorrowedBytes;
    }
  /** Puts a TCP connection into a fan-out group, or takes it out. */
  | {
      readonly type: "join-fanout" | "leave-fanout";
      readonly group: FanoutName;
      readonly connection: ConnectionId;
    }
  /** As `send` to a fan-out group but one connection. The payload is lent until the event's effects are carried out. */
  | {
      readonly type: "publish";
      readonly group: FanoutName;
      readonly except: ConnectionId | undefined;
      readonly payload: BorrowedBytes;
    }
  /** A session begins. The transport owns its keys. */
  | {
      readonly type: "seal";
      readonly transport: TransportName;
      readonly connection: ConnectionId;
      readonly session: NewSession;
    }
  /** A session has new keys, which the transport owns: see Transport.renew. */
  | {
      readonly type: "renew";
      readonly transport: TransportName;
      readonly connection: ConnectionId;
      readonly keys: SessionKeys;
      readonly isResponder: boolean;
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
      readonly type: "limit-receive-buffer";
      readonly transport: TransportName;
      readonly connection: ConnectionId;
      readonly bytes: number | undefined;
    }
  /** Asks for the kernel's view of the TCP connections; `kernel-looked` is the answer. */
  | { readonly type: "look-at-kernel"; readonly purpose: LookPurpose }
  | { readonly type: "stop"; readonly transport: TransportName; readonly idleMs: number }
  /** Answered by `announcements-read`. */
  | { readonly type: "read-announcements"; readonly transport: TransportName }
  /** Answered by `neighbours-read`. */
  | { readonly type: "read-neighbours"; readonly transport: TransportName }
  | { readonly type: "announce"; readonly transport: TransportName; readonly local: Endpoint }
  /** A peer takes its place in the room: see Transport.keepPlace. */
  | {
      readonly type: "keep-place";
      readonly transport: TransportName;
      readonly connection: ConnectionId;
      readonly place: KeptPlace;
    }
  /** Pauses or resumes reading of each TCP peer, as isReadPaused decides. */
  | { readonly type: "read-peers" }
  /** Pauses or resumes reading of one TCP peer. */
  | { readonly type: "read-peer"; readonly connection: ConnectionId; readonly reading: boolean }
  | { readonly type: "withdraw"; readonly transport: TransportName }
  /** `/allow` or `/deny` of a name. Answered by `addresses-found`. */
  | { readonly type: "find-addresses"; readonly rule: "allow" | "deny"; readonly host: HostRange }
  /** Answered by `port-holder-found`. */
  | {
      readonly type: "find-port-holder";
      readonly transport: TransportName;
      readonly error: NetworkError;
      readonly host: string;
      readonly port: number;
    }
  /** Sets or ends the impairment of our UDP sockets. */
  | { readonly type: "set-impairment"; readonly impairment: SeededImpairment | undefined }
  /** Answered by `subnets-found`. */
  | { readonly type: "find-subnets"; readonly wish: BroadcastWish }
  /** One datagram from the UDP side's socket; its recipients do not become peers. */
  | {
      readonly type: "broadcast-datagram";
      readonly address: string;
      readonly port: number;
      readonly payload: Uint8Array;
    }
  /** Work for the engine of a shared room. */
  | { readonly type: "engine"; readonly work: EngineWork }
  /** Work for the sockets of discovery. */
  | { readonly type: "lan"; readonly work: LanWork }
  | PersonEffect
  /** Everything is reported and closed: leave with this code. */
  | { readonly type: "exit"; readonly code: number };

/** A request that the screen, the printer or the files of the person carry out. */
export type PersonEffect =
  | { readonly type: "report"; readonly output: Output }
  /**
   * Typed text that could not be sent: back into the composer, or reported where there is no screen. `isAlone`: the
   * lines that wait behind it can be sent.
   */
  | { readonly type: "return-text"; readonly text: string; readonly isAlone?: boolean }
  /** The person chose another name, which is theirs at the next start too. */
  | { readonly type: "remember-name"; readonly name: string }
  /** Something was learned of a key, which the known peers keep. */
  | { readonly type: "learn-peer"; readonly change: PeerChange }
  | { readonly type: "change-identity"; readonly act: IdentityAct }
  | { readonly type: "show-help" }
  | { readonly type: "ask-screen"; readonly request: ScreenRequest };

/** The text of a `/broadcast` and its destination; without an address, the first subnet. */
export interface BroadcastWish {
  readonly text: string;
  readonly address: string | undefined;
  readonly port: number;
  readonly forced: boolean;
}

/** A broadcast with its destination. */
export type BroadcastRequest = BroadcastWish & { readonly address: string };

/** This machine's networks: the broadcast addresses of its subnets, and all of its own addresses. */
export interface Subnets {
  readonly broadcasts: readonly string[];
  readonly ours: readonly string[];
}

/** A command that only the screen can carry out, since it depends on what is in view or writes a file. */
export type ScreenRequest =
  | { readonly type: "search"; readonly term: string }
  /** Writes the active tab's conversation to a file. */
  | { readonly type: "save"; readonly path: string; readonly overwrite: boolean }
  /** The wire panel's filter, or `off`. */
  | { readonly type: "wire"; readonly words: string }
  /** Asks the person to confirm the broadcast. */
  | { readonly type: "broadcast"; readonly wish: BroadcastRequest }
  /** Asks for the password of the room at a target, since it is needed there or the one before was wrong. */
  | {
      readonly type: "password";
      readonly transport: TransportName;
      readonly target: string;
      readonly address: string;
      readonly isWrong: boolean;
    }
  /** Asks whether to join another room, since that many members lose ours. */
  | { readonly type: "leave-room"; readonly key: string; readonly members: number }
  /** Opens the list of duets on the local network. */
  | { readonly type: "lan" }
  /** Opens the tour of socket calls. */
  | { readonly type: "tour" }
  /** undefined: toggles. */
  | { readonly type: "mouse"; readonly on: boolean | undefined };
