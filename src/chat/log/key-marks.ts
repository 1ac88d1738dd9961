/** Remarks on the keys of a message's author and receiver, for rows and outputs (EVENTS.md, message). */

import { formatFingerprint } from "../../protocol/identity/key-text.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

/**
 * `introduced`: a private line, and the host alone says that the key is the other person's. `unknown-key`: it was sealed with
 * another key than the author's. `host-reads`: it is not sealed end to end, though the connection is encrypted; `engine-reads`: it crosses to another hub in the clear. `another-key`:
 * the other person has the name of a known one, and another key.
 */
export const keyMarks = ["introduced", "unknown-key", "host-reads", "engine-reads", "another-key"] as const;
export type KeyMark = (typeof keyMarks)[number];

export interface KeyFacts {
  /** The other person's key as text, of a private line that was sealed end to end. */
  readonly key: string | undefined;
  readonly marks: readonly KeyMark[];
  /** An introduced key is so by the word of another hub, not of our host. */
  readonly isByHub?: boolean | undefined;
  /** The name under which our person knows an introduced key, if that is another one. */
  readonly knownAs?: string | undefined;
}

export const noKeyFacts: KeyFacts = { key: undefined, marks: [] };

/**
 * The remarks beside a row, without the fingerprint if there is no key. `name`: the other person's; undefined: not known.
 */
export function describeKeyFacts(
  { key, marks, knownAs, isByHub = false }: KeyFacts,
  name: string | undefined,
): readonly Sentence[] {
  const fingerprint = key && formatFingerprint(key);
  return marks.flatMap((mark): readonly Sentence[] => {
    switch (mark) {
      case "introduced":
        return [sentence("key-introduced", { key: fingerprint, knownAs, by: isByHub ? "hub" : "host" })];
      case "unknown-key":
        return [sentence("key-unknown", { key: fingerprint })];
      case "host-reads":
        return [sentence("host-reads")];
      case "engine-reads":
        return [sentence("engine-reads")];
      case "another-key":
        return name === undefined ? [] : [sentence("another-key-mark", { name })];
    }
  });
}
