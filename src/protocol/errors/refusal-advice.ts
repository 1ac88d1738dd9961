/**
 * The pages of /why about encryption, keys and identity: the likely causes of each, the likeliest first, and what to try,
 * by id. src/words words them.
 */

import type { RefusalPage } from "./error-advice.ts";

export type RefusalCauseId =
  | "somebody-between"
  | "new-identity"
  | "address-reused"
  | "announced-falsely"
  | "password-missing"
  | "password-mistyped"
  | "password-changed"
  | "room-without-password"
  | "duet-too-old"
  | "offer-removed"
  | "raw-program"
  | "bytes-changed"
  | "handshake-slow"
  | "refused-our-key"
  | "many-half-open"
  | "many-guesses"
  | "cut-unsealed"
  | "keys-used-up"
  | "own-machine"
  | "source-forged"
  | "earlier-session"
  | "modes-wrong"
  | "file-spoilt"
  | "later-duet"
  | "same-name"
  | "impostor"
  | "keys-replaced"
  | "digits-misread"
  | "nobody-answered";

export type RefusalTryId =
  | "ask-elsewhere"
  | "trust"
  | "type-again"
  | "update-there"
  | "accept-plain"
  | "demand-encryption"
  | "connect-again"
  | "look-there"
  | "look-at-records"
  | "wait-a-minute"
  | "count-drops"
  | "restrict-modes"
  | "restore-backup"
  | "start-anonymous"
  | "compare-digits"
  | "list-known"
  | "compare-directly";

interface RefusalAdvice {
  /** At least one. */
  readonly causes: readonly RefusalCauseId[];
  /** At least one. */
  readonly tries: readonly RefusalTryId[];
}

export const refusalAdvice: Readonly<Record<RefusalPage, RefusalAdvice>> = {
  EKEY: {
    causes: ["new-identity", "address-reused", "announced-falsely", "somebody-between"],
    tries: ["ask-elsewhere", "trust", "compare-digits"],
  },
  EPASSWORD: {
    causes: [
      "password-missing",
      "password-mistyped",
      "password-changed",
      "many-guesses",
      "room-without-password",
    ],
    tries: ["type-again", "ask-elsewhere"],
  },
  REQUIRED: {
    causes: ["duet-too-old", "raw-program", "offer-removed"],
    tries: ["update-there", "accept-plain"],
  },
  HANDSHAKE: {
    causes: ["handshake-slow", "refused-our-key", "bytes-changed"],
    tries: ["connect-again", "look-there", "look-at-records"],
  },
  BUSY: {
    causes: ["many-half-open", "many-guesses"],
    tries: ["wait-a-minute", "connect-again"],
  },
  SESSION: {
    causes: ["cut-unsealed", "bytes-changed", "keys-used-up"],
    tries: ["connect-again", "look-at-records"],
  },
  PLAIN: {
    causes: ["own-machine", "duet-too-old", "offer-removed"],
    tries: ["demand-encryption", "update-there"],
  },
  FORGED: {
    causes: ["earlier-session", "source-forged"],
    tries: ["count-drops", "demand-encryption"],
  },
  IDENTITY: {
    causes: ["modes-wrong", "file-spoilt", "later-duet"],
    tries: ["restrict-modes", "restore-backup", "start-anonymous"],
  },
  NAMESAKE: {
    causes: ["same-name", "new-identity", "impostor"],
    tries: ["compare-digits", "list-known", "ask-elsewhere"],
  },
  VERIFY: {
    causes: ["digits-misread", "nobody-answered", "keys-replaced"],
    tries: ["compare-digits", "compare-directly"],
  },
};
