/** The page of /why about each sentence on encryption, keys, passwords and identity. */

import type { RefusalPage } from "../../protocol/errors/error-advice.ts";
import type { ComparingSentences } from "../../words/sentences/comparing.ts";
import type { SealingSentences } from "../../words/sentences/sealing.ts";
import type { SecretSentences } from "../../words/sentences/secrets.ts";
import { isSentence, type Sentence, type SentenceId } from "../../words/sentences/sentence.ts";

type OwnId = keyof SealingSentences | keyof SecretSentences<Sentence> | keyof ComparingSentences;

/** Sentences of other topics. */
type OtherId = "forged-datagram" | "private-line-unreadable" | "private-line-repeated";

/** `none`: an answer, a hint or a question, and no refusal. Each new sentence of these topics needs its decision here. */
const pages: Readonly<Record<OwnId | OtherId, RefusalPage | "PRIVATE" | "none">> = {
  "seal-required": "REQUIRED",
  "peer-cannot-seal": "REQUIRED",
  "duet-without-seal": "REQUIRED",
  "raw-cannot-seal": "REQUIRED",
  "duet-does-not-seal": "PLAIN",
  "too-many-handshakes": "BUSY",
  "seal-timed-out": "HANDSHAKE",
  "seal-failed": "HANDSHAKE",
  "seal-refused": "HANDSHAKE",
  "no-sealed-hello": "HANDSHAKE",
  "wrong-signature": "HANDSHAKE",
  "peer-moved": "none",
  "session-broken": "SESSION",
  "plain-held": "EKEY",
  "key-changed": "EKEY",
  "key-changed-hint": "none",
  "plain-held-reason": "EKEY",
  "key-changed-reason": "EKEY",
  "listed-key-differs": "EKEY",
  "listed-key-hint": "none",
  "listed-key-reason": "EKEY",
  "another-key": "NAMESAKE",
  "key-renewed": "none",
  "nothing-held": "none",
  "key-trusted": "none",
  "plain-trusted": "none",
  "no-known-peers": "none",
  "peer-forgotten": "none",
  "peer-not-known": "none",
  "identity-problem": "IDENTITY",
  "known-peers-problem": "IDENTITY",
  "our-key": "none",
  "our-key-kept": "none",
  "our-key-alone": "none",
  "identity-acts": "none",
  "pass-phrase-outside": "none",
  "identity-needs-file": "none",
  "no-identity-to-back-up": "none",
  "identity-backed-up": "none",
  "backup-problem": "IDENTITY",
  "renew-asks": "none",
  "identity-renewed": "none",
  "identity-renewed-elsewhere": "none",
  "secret-in-argument": "none",
  "secret-problem": "none",
  "secrets-differ": "none",
  "ask-room-password": "none",
  "ask-password-again": "none",
  "password-needed": "EPASSWORD",
  "password-hint": "none",
  "wrong-password": "EPASSWORD",
  "password-unproven": "EPASSWORD",
  "password-not-asked": "EPASSWORD",
  "password-not-asked-hint": "none",
  "guesses-refused": "BUSY",
  "guesses-refused-hint": "none",
  "password-required": "EPASSWORD",
  "duet-without-password": "EPASSWORD",
  "raw-without-password": "EPASSWORD",
  "password-asked-for": "none",
  "left-before-handshake": "none",
  "guess-hint": "none",
  "ask-pass-phrase": "none",
  "no-home": "IDENTITY",
  "ask-new-pass-phrase": "none",
  "pass-phrase-unread": "IDENTITY",
  "pass-phrase-changed": "none",
  "wrong-guess": "EPASSWORD",
  "too-many-guesses": "BUSY",
  "raw-has-no-password": "none",
  "comparison-begun": "none",
  "comparison-begun-hint": "none",
  "comparison-digits": "none",
  "comparison-asked": "none",
  "comparison-digits-hint": "none",
  "comparison-agreed": "none",
  "comparison-other-agreed": "none",
  "comparison-answer-hint": "none",
  "comparison-verified": "none",
  "comparison-ended": "VERIFY",
  "comparison-alarm-hint": "none",
  "comparison-missing": "none",
  "comparison-without-digits": "none",
  "comparisons-full": "none",
  "no-key-to-compare": "VERIFY",
  "forged-datagram": "FORGED",
  "private-line-unreadable": "PRIVATE",
  "private-line-repeated": "PRIVATE",
};

/** The page about a sentence, or about one in it, as the reason of a change of state; undefined: there is none. */
export function findPageOf({ id, params }: Sentence): RefusalPage | "PRIVATE" | undefined {
  const page = isOwn(id) ? pages[id] : "none";
  if (page !== "none") return id === "seal-refused" ? findPageOfReason(params) : page;
  for (const value of Object.values(params)) {
    const inner: unknown = value;
    const found = isSentence(inner) ? findPageOf(inner) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function isOwn(id: SentenceId): id is keyof typeof pages {
  return Object.hasOwn(pages, id);
}

/** The reason of a refusal (SEALED.md, The handshake). */
function findPageOfReason(params: Readonly<Record<string, unknown>>): RefusalPage {
  if (params["reason"] === 1) return "BUSY";
  return params["reason"] === 2 ? "EPASSWORD" : "HANDSHAKE";
}
