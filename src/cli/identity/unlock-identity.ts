/** The pass-phrase of the identity: asked for where the file has one, and changed. */

import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { SecretSource } from "../options/secret-source.ts";
import { changePassPhrase, loadIdentity } from "./identity-file.ts";

/** `passPhrase`: undefined for a file that has none. */
export type UnlockedIdentity = { readonly passPhrase: string | undefined } | { readonly problem: Sentence };

interface Question {
  readonly question: Sentence;
  readonly again: Sentence | undefined;
}

/** Reads a secret from where it is; only an asked one needs the question. */
export type ReadSecret = (
  source: SecretSource,
  question: Question,
) => Promise<{ readonly secret: string } | { readonly problem: Sentence }>;

/** So often a pass-phrase is asked for; one in a file does not become right. */
const triesMax = 3;

/** Finds the pass-phrase of an identity, or makes the identity where there is none. */
export async function unlockIdentity(
  path: string,
  source: SecretSource = { is: "ask" },
  read: ReadSecret,
): Promise<UnlockedIdentity> {
  const loaded = loadIdentity(path);
  if (loaded.kind === "identity") return { passPhrase: undefined };
  if (loaded.problem.is !== "pass-phrase")
    return { problem: sentence("identity-problem", { problem: loaded.problem }) };
  for (let tries = 1; ; tries += 1) {
    const question = sentence("ask-pass-phrase", { path, isAgain: tries > 1 });
    const answer = await read(source, { question, again: undefined });
    if ("problem" in answer)
      return { problem: sentence("pass-phrase-unread", { path, problem: answer.problem }) };
    const opened = loadIdentity(path, answer.secret);
    if (opened.kind === "identity") return { passPhrase: answer.secret };
    const isLast = source.is !== "ask" || tries === triesMax;
    if (isLast || opened.problem.is !== "wrong-pass-phrase")
      return { problem: sentence("identity-problem", { problem: opened.problem }) };
  }
}

/** Sets a new pass-phrase, or `none`. `isDone`: false if the sentence is the reason why it was not. */
export async function renewPassPhrase(
  path: string,
  sources: { readonly current: SecretSource | undefined; readonly next: SecretSource | "none" },
  read: ReadSecret,
): Promise<{ readonly said: Sentence; readonly isDone: boolean }> {
  const unlocked = await unlockIdentity(path, sources.current, read);
  if ("problem" in unlocked) return { said: unlocked.problem, isDone: false };
  const next = await readNext(path, sources.next, read);
  if (next !== undefined && "problem" in next) return { said: next.problem, isDone: false };
  const changed = changePassPhrase(path, unlocked.passPhrase, next?.secret);
  if (changed.kind === "problem")
    return { said: sentence("identity-problem", { problem: changed.problem }), isDone: false };
  return { said: sentence("pass-phrase-changed", { path, isRemoved: next === undefined }), isDone: true };
}

async function readNext(path: string, next: SecretSource | "none", read: ReadSecret) {
  if (next === "none") return undefined;
  const question = sentence("ask-new-pass-phrase", { path });
  return read(next, { question, again: sentence("ask-password-again") });
}
