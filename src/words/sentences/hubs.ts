/** A room on several machines: its engine and its hubs. Types only. */

import type { NoParams } from "../parts/no-params.ts";

/** Why the engine serves no room, or takes nothing. */
export type EngineTrouble =
  | "unreachable"
  | "silent"
  | "denied"
  | "full"
  | "read-only"
  | "loading"
  | "certificate"
  | "wrong-password"
  | "needs-password"
  | "no-seal"
  | "later-seal"
  | "other";

export interface HubSentences {
  /** The mark of a message that has not crossed to the other hubs. */
  readonly "here-only": NoParams;
  /** `hubs`: ours included; `members`: of the other hubs. */
  readonly "room-shared": {
    readonly room: string;
    readonly hubs: number;
    readonly members: number;
    readonly epoch: "first" | "same" | "emptied" | "failed-over";
  };
  readonly "entries-missed": { readonly entries: number };
  readonly "entries-passed-over": {
    readonly entries: number;
    readonly why: "skipped" | "unproven" | "removed";
  };
  readonly "room-readable": { readonly place: string };
  readonly "hub-joined": { readonly hub: string; readonly fingerprint: string };
  /** `isObeyed`: every hub passes its entries over, ours as well. */
  readonly "hub-removed-by": { readonly by: string; readonly hub: string; readonly isObeyed: boolean };
  readonly "our-hub-passed-over": { readonly by: string };
  /** `by`: empty if it is not known. */
  readonly "our-hub-removed": { readonly room: string; readonly by: string };
  readonly "our-hub-removed-hint": NoParams;
  readonly "room-not-shared": NoParams;
  readonly "hub-takes": NoParams;
  readonly "this-hub": NoParams;
  readonly "hub-size": { readonly members: number };
  readonly "hub-is-ours": NoParams;
  readonly "hub-missing": { readonly name: string };
  readonly "hubs-of-one-name": { readonly name: string; readonly fingerprints: readonly string[] };
  readonly "hubs-removed-full": { readonly most: number };
  readonly "hub-removed-here": NoParams;
  readonly "lines-stayed-here": { readonly lines: number };
  /** `detail`: a code of the system, or words of the engine. */
  readonly "engine-problem": {
    readonly place: string;
    readonly problem: EngineTrouble;
    readonly detail: string;
  };
  readonly "engine-problem-hint": { readonly problem: EngineTrouble };
  readonly "engine-takes-again": NoParams;
  /** In `/who`. */
  readonly "hub-row": { readonly hub: string; readonly members: number };
  readonly "told-in-numbers": { readonly members: number };
  readonly "hub-member-joined": { readonly name: string; readonly hub: string };
  readonly "hub-left": {
    readonly hub: string;
    readonly members: number;
    readonly why: "ended" | "lease" | "removed";
  };
  readonly "left-while-away": NoParams;
  /** The person asks for what needs a connection to a member. */
  readonly "member-of-other-hub": { readonly name: string };
  readonly "verify-not-across": { readonly name: string };
  /** Beside a private line that crosses in the clear. */
  readonly "engine-reads": NoParams;
  readonly "too-much-waits": NoParams;
  /** Why a private line was not delivered. */
  readonly "hub-gone": { readonly hub: string };
}
