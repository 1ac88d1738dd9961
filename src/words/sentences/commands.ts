/** Answers and errors of commands. Types only. */

import type { FolderProblem } from "../../protocol/errors/folder-problem.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { CommandName } from "../parts/names.ts";
import type { NoParams } from "../parts/no-params.ts";

interface OfCommand {
  readonly command: CommandName;
}

export interface CommandSentences<S> {
  readonly usage: OfCommand & { readonly argumentsText: string };
  readonly "no-such-command": { readonly name: string };
  readonly "no-slash": { readonly slash: string };
  readonly "no-slash-hint": OfCommand;
  readonly "unknown-command": { readonly unknown: S; readonly hint: S };
  readonly "commands-there": { readonly commands: readonly CommandName[] };
  readonly "takes-no-argument": OfCommand;
  readonly "takes-on-or-off": OfCommand & { readonly word: string };
  readonly "needs-name": OfCommand;
  readonly "needs-text": OfCommand;
  readonly "needs-name-and-text": OfCommand;
  readonly "needs-file": OfCommand;
  readonly "needs-bytes": OfCommand;
  /** `names`: the members here. */
  /** `more`: how many others are here. */
  readonly "nobody-called": {
    readonly word: string;
    readonly names: readonly string[];
    readonly more: number;
  };
  readonly "ambiguous-name": { readonly names: readonly string[] };
  readonly "which-peer": NoParams;
  readonly "unix-needs-tcp": NoParams;
  readonly "group-has-no-listener": NoParams;
  readonly "group-needs-udp": NoParams;
  readonly "nothing-open-before": NoParams;
  readonly "nothing-open": NoParams;
  readonly "pairing-given-up": NoParams;
  /** A duet of this machine waits over the other transport. */
  readonly "neighbour-waits": {
    readonly name: string;
    readonly at: string;
    readonly transport: TransportName;
  };
  readonly "neighbour-hint": { readonly transport: TransportName; readonly isInChat: boolean };
  readonly "udp-has-no-half-close": NoParams;
  readonly "peer-has-no-half-close": { readonly name: string };
  readonly "peer-has-our-fin": { readonly name: string };
  readonly "duet-chooses-name": { readonly name: string };
  readonly "duet-already": { readonly name: string };
  readonly "raw-off-first": NoParams;
  readonly "raw-already": { readonly isOn: boolean };
  readonly "raw-on": NoParams;
  readonly "raw-connects-again": NoParams;
  readonly "raw-off": NoParams;
  readonly "no-range": { readonly word: string };
  readonly "rule-host-unknown": { readonly host: string; readonly code: string };
  /** After a rule that could not be added. */
  readonly "rules-unchanged": { readonly rule: "allow" | "deny" };
  readonly "ranges-full": { readonly ranges: number };
  /** Ranges as they are written; `staying`: members already here are not removed. */
  readonly rules: {
    /** The newest ranges, and how many there are. */
    readonly allow: readonly string[];
    readonly allowCount: number;
    readonly deny: readonly string[];
    readonly denyCount: number;
    readonly staying: boolean;
  };
  /** The kernel keeps the port in `state`, and duet waits for it. */
  readonly "port-kept": { readonly target: string; readonly state: string; readonly seconds: number };
  /** The next port; `isTyped`: as a command of the composer, else of a shell. */
  readonly "port-kept-hint": {
    readonly transport: TransportName;
    readonly host: string;
    readonly port: number;
    readonly isTyped: boolean;
  };
  /** `holder`: the program that has the port; undefined if unknown. `why`: why it cannot be told from a duet. */
  readonly "target-held": {
    readonly target: string;
    readonly transport: TransportName;
    readonly holder: string | undefined;
    readonly why: S | undefined;
  };
  readonly "folder-problem": FolderProblem;
  readonly "not-announced": { readonly why: S };
  /** `duetAt`: the words of the command line for the duet that is not announced. */
  /** `isHere`: this duet is to join; else others are. */
  readonly "no-announcements-hint": { readonly duetAt: string; readonly isHere: boolean };
  /** `duetAt`: the target's words, if another user's duet may listen there. */
  readonly "target-held-hint": {
    readonly transport: TransportName;
    readonly port: number;
    readonly duetAt: string | undefined;
    readonly isInChat?: boolean;
  };
  readonly "needs-drawn-screen": OfCommand;
  readonly "no-page-for": { readonly word: string };
  readonly "nothing-went-wrong": NoParams;
  readonly "why-code-hint": NoParams;
  readonly "why-tells-more": { readonly hint: S };
}
