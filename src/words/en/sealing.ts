/** Sealed sessions, in English. */

import type { SealFault } from "../../protocol/sockets/socket-event.ts";
import type { SealingSentences } from "../sentences/sealing.ts";
import type { SentenceTable } from "../sentences/sentence.ts";

export const sealingEnglish: SentenceTable<SealingSentences> = {
  "seal-required":
    "this duet only accepts encrypted duets (--encrypt require); yours does not encrypt: a newer duet does",
  "peer-cannot-seal": ({ address }) =>
    `${address} does not encrypt, and --encrypt require refuses a duet that cannot`,
  "raw-cannot-seal": ({ address }) =>
    `${address} is no duet that encrypts, and --encrypt require sends nothing in the clear`,
  "duet-does-not-seal": ({ name }) =>
    `this connection is PLAIN: ${name}'s duet does not encrypt, or its offer was removed on the way`,
  "too-many-handshakes": "too many encrypted handshakes have not ended: try again in some seconds",
  "seal-timed-out": ({ seconds }) => `the encrypted handshake was not complete within ${seconds} s`,
  "seal-failed":
    "the encrypted handshake failed: its bytes were changed on the way, or the other side has an error",
  "seal-refused": ({ reason }) => `the other side refused the encrypted handshake: ${wordRefusal(reason)}`,
  "no-sealed-hello": "the first sealed record was no greeting",
  "session-broken": ({ why }) => wordFault(why),
};

function wordRefusal(reason: number): string {
  if (reason === 1) return "it has too many at once";
  return reason === 2 ? "the password is wrong" : "it failed there, or took too long";
}

function wordFault(why: SealFault): string {
  switch (why) {
    case "forged":
      return "an encrypted record was changed on the way: nothing of it was read";
    case "malformed":
      return "what was received is no encrypted record: nothing of it was read";
    case "after-end":
      return "something was received behind the end of the encrypted stream: it was not read";
    case "cut":
      return "the connection was cut: its end did not come from the other side's program";
  }
}
