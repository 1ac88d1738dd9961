/** Comparisons of keys, in English. */

import { quoteName } from "../../protocol/text/nicknames.ts";
import type { ComparingSentences } from "../sentences/comparing.ts";
import type { ParamsOf, SentenceTable } from "../sentences/sentence.ts";

export const comparingEnglish: SentenceTable<ComparingSentences> = {
  "comparison-begun": ({ name }) => `comparing keys with ${name}: waiting for ${name}'s duet`,
  "comparison-begun-hint": ({ name }, _word, _program, place) =>
    place === "shell"
      ? "the digits appear on both screens"
      : `the digits appear on both screens; /verify ${quoteName(name)} cancel ends it`,
  "comparison-digits": ({ name, digits }) => `${digits}  are your digits with ${name}`,
  "comparison-asked": ({ name, digits }) =>
    `${digits}  are your digits with ${name}, who asks to compare keys`,
  "comparison-digits-hint": ({ name }, _word, _program, place) => {
    const read = "read them to each other by phone or face to face, not in this chat";
    if (place === "shell") return read;
    const command = `/verify ${quoteName(name)}`;
    return `${read}: ${command} same if all 12 are the same, ${command} different if not`;
  },
  "comparison-agreed": ({ name }) => `you agreed; ${name} is VERIFIED once ${name} has agreed too`,
  "comparison-other-agreed": ({ name }) => `${name} says that the digits are the same`,
  "comparison-answer-hint": ({ name }, _word, _program, place) => {
    if (place === "shell") return "compare them with yours";
    const command = `/verify ${quoteName(name)}`;
    return `${command} same if you see the same ones, ${command} different if not`;
  },
  "comparison-verified": ({ name }) => `${name} is VERIFIED: each of you has the other's key`,
  "comparison-ended": (params) => `${params.name} was not verified: ${wordEnd(params)}`,
  "comparison-alarm-hint": ({ name }, _word, _program, place) =>
    `somebody between you and ${name} may have put other keys in place, or one of you read other digits: write nothing secret` +
    (place === "shell" ? "" : `, and compare again with /verify ${quoteName(name)}`),
  "comparison-missing": ({ name }) =>
    `no comparison with ${name} is under way: /verify ${quoteName(name)} begins one`,
  "comparison-without-digits": ({ name }) => `the digits with ${name} are not known yet`,
  "comparisons-full": ({ most }) => `${most} comparisons are under way already: agree to one, or cancel one`,
  "no-key-to-compare": ({ name, why }) => {
    switch (why) {
      case "raw":
        return `${name} has no key to compare: it is no duet`;
      case "plain":
        return `${name} has no key to compare: the connection is PLAIN`;
      case "unnamed":
        return `${name} has no key to compare: it is not encrypted to the host, or the host's duet is too old to name keys`;
    }
  },
};

function wordEnd({ name, why, isTheirs, hadDigits }: ParamsOf<"comparison-ended">): string {
  switch (why) {
    case "different":
      return isTheirs ? `${name} says that the digits are different` : "the digits are different";
    case "cancelled":
      return isTheirs ? `${name} ended the comparison` : "you ended the comparison";
    case "late":
      if (hadDigits) return "ten minutes passed, and not both of you agreed";
      return `${name}'s duet did not answer: it may be too old to compare keys`;
    case "busy":
      return `too many comparisons with ${name}'s duet: try again in half a minute`;
    case "absent":
      return `${name} is no longer here, or has no key to compare`;
    case "unattended":
      return `${name}'s duet takes no commands, since its input is sent as it is`;
    case "mismatch":
      return "the numbers received do not agree with each other";
  }
}
