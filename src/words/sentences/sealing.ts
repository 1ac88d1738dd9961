/** Sealed sessions (SEALED.md). Types only. */

import type {
  IdentityProblem,
  KnownPeersProblem,
  PrivateFileProblem,
} from "../../protocol/errors/private-file-problem.ts";
import type { SealFault } from "../../protocol/sockets/socket-event.ts";
import type { NoParams } from "../parts/no-params.ts";

export interface SealingSentences {
  /** For a duet that does not seal, in our goodbye. */
  readonly "seal-required": NoParams;
  readonly "peer-cannot-seal": { readonly address: string };
  /** Why a duet was turned away. */
  readonly "duet-without-seal": NoParams;
  readonly "raw-cannot-seal": { readonly address: string };
  readonly "duet-does-not-seal": { readonly name: string };
  readonly "too-many-handshakes": NoParams;
  readonly "seal-timed-out": { readonly seconds: number };
  readonly "seal-failed": NoParams;
  /** `reason`: a number of SEALED.md, which nothing proves. */
  readonly "seal-refused": { readonly reason: number };
  readonly "no-sealed-hello": NoParams;
  readonly "peer-moved": { readonly name: string; readonly from: string; readonly to: string };
  readonly "session-broken": { readonly why: SealFault };
  /** Keys as people compare them, in groups of four. */
  readonly "plain-held": { readonly address: string; readonly expected: string };
  readonly "key-changed": { readonly address: string; readonly expected: string; readonly key: string };
  /** `key`: as `--key` takes it; undefined: the peer was in the clear. */
  readonly "key-changed-hint": { readonly key: string | undefined };
  readonly "plain-held-reason": NoParams;
  readonly "key-changed-reason": NoParams;
  /** Listed on the local network as the known person of a key. `key`: that it has; undefined: it was in the clear. */
  readonly "listed-key-differs": {
    readonly address: string;
    readonly name: string;
    readonly expected: string;
    readonly key: string | undefined;
  };
  readonly "listed-key-hint": NoParams;
  readonly "listed-key-reason": NoParams;
  readonly "another-key": { readonly name: string; readonly key: string; readonly other: string };
  /** `name`: the last one that the key before has used. */
  readonly "key-renewed": { readonly name: string; readonly key: string; readonly from: string };
  readonly "wrong-signature": NoParams;
  readonly "nothing-held": NoParams;
  readonly "key-trusted": { readonly key: string };
  readonly "plain-trusted": NoParams;
  readonly "no-known-peers": NoParams;
  readonly "peer-forgotten": { readonly name: string; readonly keys: number };
  readonly "peer-not-known": { readonly name: string };
  readonly "identity-problem": { readonly problem: IdentityProblem };
  readonly "known-peers-problem": { readonly problem: KnownPeersProblem };
  readonly "our-key": { readonly key: string };
  readonly "our-key-kept": { readonly path: string };
  readonly "our-key-alone": NoParams;
  readonly "identity-acts": { readonly word: string };
  readonly "pass-phrase-outside": NoParams;
  readonly "identity-needs-file": NoParams;
  readonly "no-identity-to-back-up": NoParams;
  readonly "identity-backed-up": { readonly path: string };
  readonly "backup-problem": { readonly problem: PrivateFileProblem };
  /** `isKept`: in a file, and not of this run alone. */
  readonly "renew-asks": { readonly isKept: boolean };
  /** `sessions`: those that go on with the key before. */
  readonly "identity-renewed": {
    readonly key: string;
    readonly sessions: number;
    readonly isKept: boolean;
  };
  readonly "identity-renewed-elsewhere": { readonly key: string };
}
