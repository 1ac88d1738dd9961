/** Passwords and pass-phrases that are read, in English. */

import { quoteWord } from "../../protocol/address/target.ts";
import type { SecretProblem } from "../../protocol/errors/secret-problem.ts";
import { secretMaxBytes } from "../../protocol/limits.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { SecretSentences } from "../sentences/secrets.ts";
import { wordFileProblem } from "./sealing.ts";

export const secretsEnglish: SentenceTable<SecretSentences<Sentence>> = {
  "secret-in-argument": ({ flag }) =>
    `${flag} takes ask, file:PATH or fd:N, never the secret itself, since others on this machine can read it there; HOST PORT stand before it`,
  "secret-problem": ({ problem }) => wordProblem(problem),
  "secrets-differ": "the two are not the same: once more",
  "ask-room-password": "Password of the room (it is not shown):",
  "ask-password-again": "The same again:",
  "password-needed": ({ address }) => `the room at ${address} has a password`,
  "password-hint": (_params, _word, program, place) =>
    place === "screen"
      ? "/reconnect asks for it again"
      : `start as ${program} --password: it is asked for, or read by --password file:PATH`,
  "wrong-password": ({ address }) => `the password is wrong, says ${address}`,
  "password-not-asked": ({ address }) =>
    `${address} asks for no password, and you have one for it: nothing was sent`,
  "password-not-asked-hint":
    "it may be somebody else in its place, or the room has no password any more: ask by another way, and start without --password",
  "password-unproven": "the connection ended without the room's password",
  "guesses-refused": ({ address }) =>
    `${address} takes no more guesses of its password from your address now`,
  "guesses-refused-hint": "try again in a minute; others at your address count too",
  "password-required":
    "this room has a password, and your duet does not encrypt: a newer duet does, without --encrypt off",
  "duet-without-password": "it does not encrypt, and the room has a password",
  "raw-without-password": "it is no duet that encrypts, and the room has a password: nothing was sent to it",
  "password-asked-for": "it is asking its person for the password",
  "left-before-handshake": "it left before it joined, as a duet does that asks its person for the password",
  "wrong-guess": "the password was wrong",
  "guess-hint": ({ host, guesses }, _word, _program, place) =>
    `an address has ${guesses} guesses a minute${host === undefined ? "" : `; ${place === "shell" ? "--deny" : "/deny"} ${host} keeps it out`}`,
  "too-many-guesses": ({ guesses }) => `more than ${guesses} guesses of the password in a minute`,
  "raw-has-no-password": "a room with a password has no raw mode: start without --password",
  "ask-pass-phrase": ({ path, isAgain }) =>
    isAgain
      ? `that is not the pass-phrase of ${quoteWord(path)}. Once more:`
      : `the pass-phrase of ${quoteWord(path)}:`,
  "no-home": "the home folder is not known: name the identity's file with --identity",
  "ask-new-pass-phrase": ({ path }) => `a new pass-phrase for ${quoteWord(path)}:`,
  "pass-phrase-unread": ({ path, problem }, word) =>
    `the identity ${quoteWord(path)} needs its pass-phrase (--pass-phrase), or start with --anonymous: ${word(problem)}`,
  "pass-phrase-changed": ({ path, isRemoved }) =>
    isRemoved
      ? `${quoteWord(path)} has no pass-phrase any more`
      : `${quoteWord(path)} has a new pass-phrase, which is asked for at each start; nobody can find it again for you`,
};

function wordProblem(problem: SecretProblem): string {
  switch (problem.is) {
    case "no-terminal":
      return `there is no terminal to ask for the secret on (${problem.code}): write file:PATH or fd:N`;
    case "cancelled":
      return "no secret was entered";
    case "terminal-descriptor":
      return `fd:${problem.descriptor} is the terminal, which would show the secret: write ask`;
    case "descriptor":
      return `the secret cannot be read from fd:${problem.descriptor} (${problem.code}): open it for duet itself, as by ${problem.descriptor}< FILE; a script that starts duet passes on fd:0 alone`;
    case "file":
      return `the secret cannot be read: ${wordFileProblem(problem.problem)}`;
    case "empty":
      return `the secret${wordOrigin(problem)} is empty: it needs a character at least`;
    case "too-long":
      return `the secret${wordOrigin(problem)} has more than ${secretMaxBytes} bytes`;
    case "several-lines":
      return `the secret${wordOrigin(problem)} has several lines: it must be one`;
    case "unprintable":
      return `the secret${wordOrigin(problem)} has a control character, or is not UTF-8`;
  }
}

function wordOrigin({
  path,
  descriptor,
}: {
  readonly path?: string | undefined;
  readonly descriptor?: number | undefined;
}): string {
  if (path !== undefined) return ` in ${quoteWord(path)}`;
  return descriptor === undefined ? "" : ` from fd:${descriptor}`;
}
