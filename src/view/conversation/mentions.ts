/** Finds the person's name in a text: as a whole word, case ignored. */

/**
 * A character that continues a word. Scripts written without spaces have no word boundaries here, so that a name is
 * found anywhere among them.
 */
const inWord = String.raw`[[\p{L}\p{N}\p{M}_]--[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}]]`;

let known: { readonly name: string; readonly pattern: RegExp } | undefined;

/** The places of the name, in UTF-16 units. `name` must be clean and not empty. */
export function findMentions(
  text: string,
  name: string,
): readonly { readonly start: number; readonly end: number }[] {
  const pattern = getPattern(name);
  pattern.lastIndex = 0;
  return Array.from(text.matchAll(pattern), ({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
  }));
}

export function hasMention(text: string, name: string): boolean {
  const pattern = getPattern(name);
  pattern.lastIndex = 0;
  return pattern.test(text);
}

/** Cached, because a flood checks every message. `ann-marie` does not mention `ann`. */
function getPattern(name: string): RegExp {
  if (known?.name === name) return known.pattern;
  const literal = name.replace(/[\\^$.*+?()[\]{}|/&!#%,:;<=>@`~-]/g, (sign) =>
    sign === "-" ? String.raw`\x2d` : String.raw`\u{${sign.charCodeAt(0).toString(16)}}`,
  );
  const pattern = new RegExp(`(?<!${inWord}-?)${literal}(?!-?${inWord})`, "giv");
  known = { name, pattern };
  return pattern;
}
