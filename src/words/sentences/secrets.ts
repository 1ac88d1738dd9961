/** Passwords and pass-phrases that are read. Types only. */

import type { SecretProblem } from "../../protocol/errors/secret-problem.ts";
import type { NoParams } from "../parts/no-params.ts";

export interface SecretSentences<S> {
  readonly "secret-in-argument": { readonly flag: string };
  readonly "secret-problem": { readonly problem: SecretProblem };
  readonly "secrets-differ": NoParams;
  readonly "ask-room-password": NoParams;
  readonly "ask-password-again": NoParams;
  readonly "password-needed": { readonly address: string };
  readonly "password-hint": NoParams;
  readonly "wrong-password": { readonly address: string };
  readonly "password-not-asked": { readonly address: string };
  readonly "password-not-asked-hint": NoParams;
  /** Behind one of these. */
  readonly "password-unproven": NoParams;
  readonly "guesses-refused": { readonly address: string };
  readonly "guesses-refused-hint": NoParams;
  /** For a duet that does not seal, in our goodbye. */
  readonly "password-required": NoParams;
  /** Why a peer was turned away. */
  readonly "duet-without-password": NoParams;
  readonly "raw-without-password": NoParams;
  readonly "password-asked-for": NoParams;
  readonly "left-before-handshake": NoParams;
  readonly "wrong-guess": NoParams;
  readonly "guess-hint": { readonly host: string | undefined; readonly guesses: number };
  readonly "too-many-guesses": { readonly guesses: number };
  readonly "raw-has-no-password": NoParams;
  /** Questions, and answers to them. */
  readonly "ask-pass-phrase": { readonly path: string; readonly isAgain: boolean };
  /** No folder for the identity is known. */
  readonly "no-home": NoParams;
  readonly "ask-new-pass-phrase": { readonly path: string };
  readonly "pass-phrase-unread": { readonly path: string; readonly problem: S };
  readonly "pass-phrase-changed": { readonly path: string; readonly isRemoved: boolean };
}
