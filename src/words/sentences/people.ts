/** Sentences about members and peers that join, leave, are renamed, greeted, throttled or refused. Types only. */

import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { NoParams } from "../parts/no-params.ts";

/** `address` is undefined if the name is the address. */
export interface Person {
  readonly name: string;
  readonly address: string | undefined;
}

/** Several members: the first few by name, and the number of the others. */
export interface Several {
  readonly names: readonly string[];
  readonly more: number;
}

export interface PeopleSentences<S> {
  readonly "peer-joined": Person & { readonly isDuet: boolean };
  readonly "peer-left": { readonly name: string; readonly reason: S | undefined };
  readonly "several-joined": Several;
  readonly "several-left": Several;
  readonly "joined-times": { readonly name: string; readonly times: number };
  readonly "left-times": { readonly name: string; readonly times: number };
  /** A run of joins and leaves in one line. */
  readonly "joins-and-leaves": { readonly sentences: readonly S[] };
  readonly "peer-here": Person;
  readonly "here-by-too": Person & { readonly transport: TransportName };
  readonly "no-longer-here-by": {
    readonly name: string;
    readonly transport: TransportName;
    readonly reason: S;
  };
  readonly "peer-is-duet": { readonly name: string; readonly address: string };
  readonly "you-are-now": { readonly name: string };
  /** The wanted name is taken, reserved, or looks like such a name. */
  readonly "name-taken": { readonly wanted: string; readonly name: string };
  readonly "peer-name-taken": { readonly wanted: string; readonly from: string; readonly name: string };
  readonly "peer-renamed": { readonly from: string; readonly name: string };
  readonly "you-are-in-room": {
    readonly you: string;
    readonly host: string;
    readonly address: string;
    readonly others: Several;
  };
  readonly "lines-left-out": { readonly lines: number };
  readonly "turned-away": { readonly address: string; readonly reason: S };
  readonly "offers-duet": { readonly name: string };
  readonly "upgrade-hint": { readonly name: string };
  readonly "greeted-as-duet": { readonly name: string };
  readonly "no-greeting": { readonly address: string };
  readonly "silent-end-hint": NoParams;
  readonly "no-answer-to-greetings": { readonly address: string; readonly greetings: number };
  readonly "own-greeting-from": { readonly address: string };
  readonly "host-forgot-us": { readonly name: string };
  readonly "forged-datagram": { readonly address: string };
  readonly "forged-hint": NoParams;
  readonly "host-slows-us": { readonly name: string; readonly reason: S };
  readonly "you-are-slowed": { readonly linesPerSecond: number };
  readonly "peer-slowed": { readonly name: string };
  readonly "waiting-lines-dropped": { readonly lines: number; readonly name: string };
  readonly "accept-hint": { readonly name: string; readonly address: string };
  readonly "peer-accepted": { readonly name: string };
  readonly "another-of-that-name": { readonly name: string };
  readonly "are-no-longer-here": { readonly names: readonly string[] };
}
