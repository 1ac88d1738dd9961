/** Reasons of an end, a failure or a change of state. Types only. */

import type { Refusal } from "../../protocol/sockets/refusal.ts";
import type { NoParams } from "../parts/no-params.ts";

/** `who`: the peer's name; undefined if the reason follows the name. */
interface OfPeer {
  readonly who: string | undefined;
}

export interface ReasonSentences<S> {
  /** Text that is not translated: a peer's own, a code, a recording's. */
  readonly "as-written": { readonly text: string };
  /** `● ESTABLISHED: reason`, of the side itself or of a peer. */
  readonly "state-line": {
    readonly who: string | undefined;
    readonly state: string;
    readonly reason: S | undefined;
  };
  readonly "waiting-for-connection": { readonly local: string };
  readonly "waiting-for-datagram": { readonly local: string };
  readonly "datagrams-leave-from": { readonly local: string };
  readonly "asked-for-connection": { readonly target: string };
  readonly "connection-made": { readonly address: string };
  readonly "peer-connected": { readonly address: string };
  readonly "datagram-received": { readonly address: string };
  readonly "connection-over": NoParams;
  readonly "closed-here": NoParams;
  readonly "place-needed": NoParams;
  readonly "opening-another": NoParams;
  readonly "closed-on-its-side": NoParams;
  readonly "gone-elsewhere": NoParams;
  readonly "closed-by-host": NoParams;
  /** The person left duet. */
  readonly quit: NoParams;
  readonly "both-closed": NoParams;
  readonly "both-said-all": NoParams;
  readonly "reset-by-peer": NoParams;
  readonly "reset-here": NoParams;
  readonly "nothing-received": NoParams;
  readonly "connection-broke": NoParams;
  readonly "peer-sent-fin": NoParams;
  /** A duet's FIN was received, then its kernel's RST. */
  readonly "ended-without-goodbye": NoParams;
  /** A duet's RST was received, and no FIN before. */
  readonly "reset-without-goodbye": NoParams;
  readonly "we-sent-fin": NoParams;
  /** `who`: where no name precedes the sentence. */
  readonly "said-goodbye": { readonly reason: S | undefined; readonly who?: string };
  readonly "left-before": NoParams;
  readonly "stopped-listening": NoParams;
  readonly "became-duet": NoParams;
  readonly "no-duet-there": NoParams;
  readonly "own-broadcast": NoParams;
  readonly "address-not-allowed": NoParams;
  readonly "address-not-allowed-now": NoParams;
  readonly refused: { readonly refusal: Refusal };
  readonly "hello-incomplete": { readonly seconds: number };
  readonly "own-greeting-back": NoParams;
  readonly "side-is-raw": NoParams;
  readonly "unanswered-pings": OfPeer & { readonly pings: number };
  readonly "silent-for-seconds": { readonly address: string; readonly seconds: number };
  readonly "silent-for-minutes": { readonly minutes: number };
  readonly "idle-for": { readonly seconds: number };
  readonly "did-not-read": OfPeer & { readonly seconds: number };
  readonly "reads-too-slowly": OfPeer & { readonly bytes: number };
  readonly "acknowledges-too-slowly": OfPeer;
  readonly "target-taken": { readonly target: string };
  readonly "nobody-there": NoParams;
  readonly "nobody-here": NoParams;
  readonly "signal-came": { readonly signal: string };
  readonly "terminal-hung-up": NoParams;
  readonly "output-closed": NoParams;
  readonly "everybody-left": NoParams;
  readonly "input-over": NoParams;
  readonly "had-forgotten-us": NoParams;
  readonly "did-not-answer": NoParams;
}
