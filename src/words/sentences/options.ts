/** Errors of the command line and of settings files. Types only. */

import type { RoomPlaceProblem } from "../../protocol/hubs/room-place.ts";
import type { NoParams } from "../parts/no-params.ts";

/** Why two options exclude each other. */
export type ClashReason =
  | "start-in-one"
  | "either-family"
  | "lines-or-events"
  | "raw-has-no-frames"
  | "nothing-left-to-do"
  | "no-unix-datagrams"
  | "unix-has-no-family"
  | "unix-stays-here"
  | "group-is-udp"
  | "group-has-no-listener"
  | "group-has-address"
  | "group-needs-no-search"
  | "group-is-plain-text"
  | "sealing-needs-frames"
  | "proof-needs-encryption"
  | "room-has-lines"
  | "room-goes-both-ways"
  | "file-or-none"
  | "replay-has-no-peers"
  | "tour-is-for-person"
  | "replay-or-tour"
  | "whom-lines-are-for";

interface OfFlag {
  /** The option as it was written, or `key =` of a file of settings. */
  readonly flag: string;
}

export interface OptionSentences<S> {
  /** `leaveOut`: the option to leave out. */
  readonly clash: {
    readonly one: string;
    readonly other: string;
    readonly why: ClashReason;
    readonly leaveOut?: string;
  };
  readonly "room-needs-listener": NoParams;
  readonly "room-needs-engine": { readonly room: string };
  readonly "wrong-room": { readonly problem: RoomPlaceProblem };
  readonly "wrong-key": OfFlag & { readonly word: string };
  readonly "path-alone": { readonly word: string };
  readonly "lan-or-place": NoParams;
  readonly "replay-has-no-place": { readonly word: string };
  readonly "file-shared": { readonly one: string; readonly other: string; readonly path: string };
  readonly "tour-needs-terminal": NoParams;
  readonly "no-group": { readonly host: string };
  readonly "group-needs-port": NoParams;
  readonly "group-misplaced": { readonly host: string };
  readonly "wrong-seconds": OfFlag & { readonly word: string; readonly max: number };
  readonly "wrong-peers-max": OfFlag & { readonly word: string; readonly max: number };
  readonly "wrong-range": OfFlag & { readonly word: string };
  readonly "hosts-full": OfFlag & { readonly ranges: number };
  readonly "hosts-unreadable": OfFlag & { readonly path: string; readonly code: string };
  readonly "hosts-file-empty": OfFlag & { readonly path: string };
  /** `code`: the resolver's. */
  readonly "host-unknown": OfFlag & { readonly host: string; readonly code: string };
  readonly "wrong-choice": OfFlag & { readonly word: string; readonly choices: readonly string[] };
  readonly "name-unseen": OfFlag;
  readonly "name-too-long": OfFlag & { readonly name: string; readonly columns: number };
  readonly "name-not-as-is": OfFlag & { readonly name: string; readonly shown: string };
  readonly "no-option-nor-port": { readonly word: string };
  /** `inside`: the word of several short options that contains it. */
  readonly "unknown-option": {
    readonly option: string;
    readonly inside: string | undefined;
    readonly advice: S;
  };
  readonly "did-you-mean": { readonly option: string };
  readonly "help-lists": NoParams;
  readonly "port-is-argument": NoParams;
  readonly "addresses-not-looked-up": NoParams;
  readonly "broadcast-is-command": NoParams;
  readonly "goes-on-listening": NoParams;
  readonly "joining-is-room": NoParams;
  readonly "takes-no-value": { readonly option: string; readonly value: string };
  /** `given`: the next word, which looks like another option. */
  readonly "needs-value": {
    readonly option: string;
    readonly valueName: string;
    readonly given: string | undefined;
  };
  readonly "no-toml": { readonly detail: string };
  readonly "unknown-setting": { readonly key: string; readonly advice: S };
  readonly "help-lists-options": NoParams;
  readonly "setting-is-switch": { readonly key: string; readonly value: string };
  readonly "setting-is-text": { readonly key: string; readonly value: string; readonly mayRepeat: boolean };
  readonly "setting-is-one": { readonly key: string; readonly values: number };
}
