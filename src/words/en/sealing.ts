/** Sealed sessions, in English. */

import { formatCount } from "../../protocol/text/quantities.ts";
import type {
  IdentityProblem,
  KnownPeersProblem,
  PrivateFileProblem,
} from "../../protocol/errors/private-file-problem.ts";
import { quoteWord } from "../../protocol/address/target.ts";
import type { SealFault } from "../../protocol/sockets/socket-event.ts";
import type { SealingSentences } from "../sentences/sealing.ts";
import type { SentenceTable } from "../sentences/sentence.ts";

export const sealingEnglish: SentenceTable<SealingSentences> = {
  "seal-required":
    "this duet only accepts encrypted duets (--encrypt require); yours does not encrypt: a newer duet does",
  "peer-cannot-seal": ({ address }) =>
    `${address} does not encrypt, and --encrypt require refuses a duet that cannot`,
  "duet-without-seal": "it does not encrypt, and --encrypt require refuses a duet that does not",
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
  "peer-moved": ({ name, from, to }) => `${name} has another address now: ${to}, before ${from}`,
  "session-broken": ({ why }) => wordFault(why),
  "plain-held": ({ address, expected }) =>
    `PLAIN: ${address} answers in the clear, or not at all, and had the key ${expected} before; nothing was sent`,
  "key-changed": ({ address, expected, key }) =>
    `KEY CHANGED: ${address} has the key ${key}, not ${expected}; nothing was sent`,
  "key-changed-hint": ({ key }, _word, _program, place) =>
    `it may be somebody in between, or the same person with another ${key === undefined ? "program" : "key"}: ask by another way; ` +
    (place !== "shell"
      ? "/trust accepts it and connects again"
      : key === undefined
        ? "--encrypt off sends in the clear"
        : `--key ${key} accepts it`),
  "plain-held-reason": "PLAIN where it was encrypted before",
  "key-changed-reason": "KEY CHANGED",
  "listed-key-differs": ({ address, name, expected, key }) =>
    key === undefined
      ? `PLAIN: ${address} was announced with the key of ${name}, ${expected}, and answers in the clear, or not at all; nothing was sent`
      : `${address} was announced with the key of ${name}, ${expected}, and has the key ${key}; nothing was sent`,
  "listed-key-hint": (_params, _word, _program, place) =>
    "anybody on this network can announce any key, so this may be somebody else: ask by another way" +
    (place === "shell" ? "" : "; /trust accepts it and connects again"),
  "listed-key-reason": "the announced key was not proven",
  "another-key": ({ name, key, other }) =>
    `this ${name} has another key than the ${name} you know: ${key}, not ${other}`,
  "key-renewed": ({ name, key, from }) =>
    `${name} has renewed the identity: the key is now ${key}, signed by the one that you know, ${from}, whose place it takes`,
  "wrong-signature":
    "a signature of its identity is wrong: its greeting was changed, or its program has an error",
  "nothing-held": "no connection was held because of its key",
  "key-trusted": ({ key }) => `the key ${key} is trusted from now on`,
  "plain-trusted": "sending in the clear is accepted",
  "no-known-peers": "no key of another duet is known yet",
  "peer-forgotten": ({ name, keys }) =>
    `${formatCount(keys, "key")} of ${name} ${keys === 1 ? "is" : "are"} forgotten`,
  "peer-not-known": ({ name }, _word, _program, place) =>
    `no known key has used the name ${name}${place === "shell" ? "" : ": /peers lists all"}`,
  "identity-problem": ({ problem }) => wordIdentityProblem(problem),
  "known-peers-problem": ({ problem }) => wordPeersProblem(problem),
  "our-key": ({ key }) => `your key: ${key}`,
  "our-key-kept": ({ path }) => `kept in ${path}`,
  "our-key-alone": "of this run alone (--anonymous)",
  "identity-acts": ({ word }) =>
    `/identity ${word} is none of /identity, /identity backup FILE, /identity renew and /identity pass-phrase`,
  "pass-phrase-outside": (_params, _word, program) =>
    `the pass-phrase of your identity is asked for in a shell, without echo: ${program} --new-pass-phrase ask sets or changes it, --new-pass-phrase none takes it away`,
  "identity-needs-file": "/identity backup needs the name of a file that does not exist yet",
  "no-identity-to-back-up": "your key is of this run alone (--anonymous): there is nothing to back up",
  "identity-backed-up": ({ path }) =>
    `the identity is copied to ${quoteWord(path)} (mode 600): who has that file can be you; --identity with its name uses it, in a folder of mode 700`,
  "backup-problem": ({ problem }) =>
    problem.is === "system" && problem.code === "EEXIST"
      ? `${quoteWord(problem.path)} exists already and stays as it is: name another file`
      : `the identity was not copied: ${wordFileProblem(problem)}`,
  "renew-asks": ({ isKept }) =>
    `you would get a new key, signed by the one that you have, which is ${isKept ? "removed from its file" : "forgotten"}: duets that know your key take the new one by themselves, a --key that you gave to others is refused by all who never met you; /identity renew yes does it`,
  "identity-renewed": ({ key, sessions, isKept }) =>
    `your key is now ${key}${isKept ? "" : ", until this run ends (--anonymous)"}, signed by the one before` +
    (sessions === 0
      ? ""
      : `; ${formatCount(sessions, "connection")} that you have now ${sessions === 1 ? "keeps" : "keep"} the old key to the end`),
  "identity-renewed-elsewhere": ({ key }) =>
    `nothing was renewed: the identity's file has another key meanwhile, ${key}, which this duet uses from now on`,
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
    case "other-key":
      return "new keys were asked for with another identity";
    case "spent":
      return "its keys have encrypted as much as they may, and the other side agreed to no new ones";
    case "refused":
      return "the other side refused the encrypted handshake";
    case "wrong-password":
      return "the other side refused the password";
    case "cut":
      return "the connection was cut: its end did not come from the other side's program";
  }
}

function wordIdentityProblem(problem: IdentityProblem): string {
  const path = quoteWord(problem.path);
  switch (problem.is) {
    case "later-version":
      return `the identity ${path} is of a later duet: start that one, or name another file with --identity`;
    case "malformed":
      return `${path} is no identity of duet: restore a backup, or move it away, and a new one is made`;
    case "pass-phrase":
      return `${path} has a pass-phrase: give it with --pass-phrase`;
    case "wrong-pass-phrase":
      return `that is not the pass-phrase of ${path}`;
    case "locked":
      return `another duet keeps ${path} locked: nothing was changed, try again`;
    case "others-may-enter":
    case "others-may-read":
    case "other-owner":
    case "no-file":
    case "too-long":
    case "system":
      return `the identity cannot be used: ${wordFileProblem(problem)}; --anonymous starts without it`;
  }
}

function wordPeersProblem(problem: KnownPeersProblem): string {
  const path = quoteWord(problem.path);
  switch (problem.is) {
    case "later-version":
      return `the known peers ${path} are of a later duet: start that one, or move the file away`;
    case "malformed-line":
      return `line ${problem.line} of the known peers ${path} is wrong: mend it, or remove it`;
    case "locked":
      return `another duet keeps ${path} locked: what was learned is not kept`;
    case "others-may-enter":
    case "others-may-read":
    case "other-owner":
    case "no-file":
    case "too-long":
    case "system":
      return `the known peers cannot be used: ${wordFileProblem(problem)}; --anonymous starts without them`;
  }
}

export function wordFileProblem(problem: PrivateFileProblem): string {
  const path = quoteWord(problem.path);
  switch (problem.is) {
    case "others-may-enter":
      return `other users may enter ${path} (mode ${problem.mode.toString(8)}): chmod 700 ${path}`;
    case "others-may-read":
      return `other users may use ${path} (mode ${problem.mode.toString(8)}): chmod 600 ${path}`;
    case "other-owner":
      return `${path} belongs to another user`;
    case "no-file":
      return `${path} is no plain file`;
    case "too-long":
      return `${path} has more than ${problem.maxBytes} bytes`;
    case "system":
      return `${path}: ${problem.code}`;
  }
}
