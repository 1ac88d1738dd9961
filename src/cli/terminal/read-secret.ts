/** The one place that reads secrets of a person: asked, from a file, or from a descriptor. Used before a screen is drawn, and without one. */

import type { SecretProblem } from "../../protocol/errors/secret-problem.ts";
import { type Sentence, sentence, type Word } from "../../words/sentences/sentence.ts";
import { readSecretDescriptor, readSecretFile } from "../identity/secret-file.ts";
import type { SecretSource } from "../options/secret-source.ts";
import { askSecret, type SecretQuestion } from "./secret-prompt.ts";

/** Reads a secret, in NFC, of at most secretMaxBytes; else the sentence that says why there is none. */
export async function readSecret(
  source: SecretSource,
  question: SecretQuestion,
  word: Word,
): Promise<{ readonly secret: string } | { readonly problem: Sentence }> {
  const read = await readFrom(source, question, word);
  return "secret" in read ? read : { problem: sentence("secret-problem", { problem: read.problem }) };
}

async function readFrom(
  source: SecretSource,
  question: SecretQuestion,
  word: Word,
): Promise<{ readonly secret: string } | { readonly problem: SecretProblem }> {
  switch (source.is) {
    case "ask":
      return askSecret(question, word);
    case "file":
      return readSecretFile(source.path);
    case "descriptor":
      return readSecretDescriptor(source.descriptor);
  }
}
