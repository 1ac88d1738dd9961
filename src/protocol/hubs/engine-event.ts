/**
 * The commands to the engine of a shared room, and the events that it reports. Chat and transport share these types, and
 * never import each other.
 */

import type { HubRecord } from "./hub-record.ts";
import type { PlacedEntry } from "./room-entry.ts";

/** Another hub that is alive, and its members by number. */
export interface HubPresence extends HubRecord {
  readonly hub: string;
  readonly members: ReadonlyMap<number, string>;
  /** The duets among them, with the texts of their keys (member-key.ts). */
  readonly duets: ReadonlyMap<number, string>;
}

/**
 * Why the engine serves no room. `unreachable`: no connection, `code` is the system's; `silent`: no answer in time;
 * `denied`: wrong user, password or rights; `full`, `read-only`: it takes no entry; `certificate`: TLS failed. The room has
 * another password than ours (`wrong-password`), one while we have none (`needs-password`), none (`no-seal`), or a seal of a
 * later version (`later-seal`).
 */
export type EngineProblem =
  | { readonly is: "unreachable"; readonly code: string }
  | { readonly is: "silent" | "denied" | "full" | "read-only" | "loading" | "certificate" }
  | { readonly is: "wrong-password" | "needs-password" | "no-seal" | "later-seal" }
  /** `text`: the engine's own words, clean. */
  | { readonly is: "other"; readonly text: string };

/** `skipped`: malformed, or of a later version; `unproven`: those that no hub of this room has written. */
export interface ReadEntries {
  readonly type: "entries";
  readonly entries: readonly PlacedEntry[];
  readonly skipped: number;
  readonly unproven: number;
}

export type EngineEvent =
  /**
   * The room is there. `epoch`: `first` at the start; `same` after an absence; `emptied`: the engine has lost the room;
   * `failed-over`: it has lost its newest entries. `missed`: how many entries were trimmed in the absence.
   */
  | {
      readonly type: "up";
      readonly epoch: "first" | "same" | "emptied" | "failed-over";
      readonly missed: number;
      /** When we joined, by the engine's clock. */
      readonly since: number;
      readonly hubs: readonly HubPresence[];
      /** The hubs that were removed from a room with a password. */
      readonly removed: readonly string[];
    }
  | { readonly type: "away"; readonly problem: EngineProblem }
  /** In the order of the stream, our own included. */
  | ReadEntries
  /** The engine has not taken entries, and serves on. */
  | { readonly type: "refused"; readonly problem: EngineProblem }
  /** The hubs whose lease lasts; `news`: those that were not known here, with their members. */
  | { readonly type: "leases"; readonly alive: readonly string[]; readonly news: readonly HubPresence[] }
  /** The answer to `close`. */
  | { readonly type: "closed" };

export type EngineWork =
  /** Joins the room, shown by `label`. */
  | { readonly type: "open"; readonly label: string }
  /** Writes an entry. The entry is written once `entries` has it; until then it is written again after each `up`. */
  | { readonly type: "append"; readonly payload: string }
  /** Sets the name of a member in the hub's presence; undefined: the member has left. `duet`: of a new member, its key's text. */
  | {
      readonly type: "set-member";
      readonly member: number;
      readonly name: string | undefined;
      readonly duet?: string | undefined;
    }
  /** Keeps that a hub was removed, for hubs that join later. */
  | { readonly type: "remove-hub"; readonly removed: string }
  /** Leaves the room, once the entries before are written. */
  | { readonly type: "close" };
