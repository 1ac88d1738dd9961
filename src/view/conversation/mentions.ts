/** Whether a line speaks of us: our name as a whole word, in any case. Pure words; what is done about it is elsewhere. */

/**
 * What makes a word longer. Scripts that are written without spaces have no such end, so a name among them is found
 * wherever it stands.
 */
const inWord = String.raw`[[\p{L}\p{N}\p{M}_]--[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}]]`;

let known: { readonly name: string; readonly pattern: RegExp } | undefined;

/** Where the name stands, in units of the text. `name` is clean and not empty. */
export function findMentions(
  text: string,
  name: string,
): readonly { readonly start: number; readonly end: number }[] {
  const pattern = patternFor(name);
  pattern.lastIndex = 0;
  return Array.from(text.matchAll(pattern), ({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
  }));
}

export function mentions(text: string, name: string): boolean {
  const pattern = patternFor(name);
  pattern.lastIndex = 0;
  return pattern.test(text);
}

/** Made once for a name: every line of a flood is asked. `ann-marie` is not `ann`. */
function patternFor(name: string): RegExp {
  if (known?.name === name) return known.pattern;
  const literal = name.replace(/[\\^$.*+?()[\]{}|/&!#%,:;<=>@`~-]/g, (sign) =>
    sign === "-" ? String.raw`\x2d` : String.raw`\u{${sign.charCodeAt(0).toString(16)}}`,
  );
  const pattern = new RegExp(`(?<!${inWord}-?)${literal}(?!-?${inWord})`, "giv");
  known = { name, pattern };
  return pattern;
}
