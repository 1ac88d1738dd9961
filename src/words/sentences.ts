/**
 * Sentences by their English: a pattern with holes, as `{name} left: {}`, and what is said for it, where `{1}` is the first
 * hole's words. What stands in `{}` is said too when it is a sentence itself; `{name}` stays as it is, for what somebody or
 * something is called is nobody's sentence; `{figure}` is a number with its unit and nothing else. It knows no language.
 */

/** English, and what is said for it. */
export type SentencePair = readonly [string, string];

/** English in, what a person is told out. */
export type Say = (english: string) => string;

/** As every program is told it, and who reads English. */
export const asItIs: Say = (english) => english;

/** What is put into a pattern. */
const hole = /\{(?:name|figure)?\}/g;
const figure = /^[\d.,]+ ?(?:[KMGT]?i?B|µs|ms|s|%)?$/;

/** A reason in a sentence in a sentence; deeper there are none of ours. */
const depthMax = 3;

interface Pattern {
  /** What stands between the holes, before the first and behind the last. */
  readonly literals: readonly string[];
  readonly holes: readonly string[];
  readonly said: string;
}

/** The translation of a sentence; one that no pattern fits stays as it is. */
export function translator(pairs: readonly SentencePair[]): Say {
  const all = pairs.map(toPattern);
  const whole = new Map(
    all.flatMap(({ literals: [text = ""], holes, said }) => (holes.length === 0 ? [[text, said]] : [])),
  );
  const patterns = all
    .filter(({ holes }) => holes.length > 0)
    // The more of it is fixed, the more it is meant.
    .toSorted((one, other) => fixedLength(other) - fixedLength(one));
  const translate = (english: string, depth: number): string => {
    const known = whole.get(english);
    if (known !== undefined || depth === 0) return known ?? english;
    const match = find(patterns, english);
    if (match === undefined) return english;
    const { pattern, filled } = match;
    return pattern.said.replace(/\{(\d)\}/g, (_, digit: string) => {
      const place = Number(digit) - 1;
      const words = filled[place] ?? "";
      return pattern.holes[place] === "{}" ? translate(words, depth - 1) : words;
    });
  };
  return (english) => translate(english, depthMax);
}

interface Match {
  readonly pattern: Pattern;
  readonly filled: readonly string[];
}

/**
 * The first pattern that fits, but rather one without a colon or semicolon in a name: in `bob left: bob answered none of 3
 * pings` nobody is called `bob left: bob`.
 */
function find(patterns: readonly Pattern[], english: string): Match | undefined {
  let odd: Match | undefined;
  for (const pattern of patterns) {
    const filled = fill(pattern, english);
    if (filled === undefined) continue;
    const isOdd = filled.some(
      (words, place) => pattern.holes[place] === "{name}" && /[:;](?: |$)/.test(words),
    );
    if (!isOdd) return { pattern, filled };
    odd ??= { pattern, filled };
  }
  return odd;
}

function toPattern([english, said]: SentencePair): Pattern {
  return { literals: english.split(hole), holes: english.match(hole) ?? [], said };
}

function fixedLength({ literals }: Pattern): number {
  return literals.reduce((sum, literal) => sum + literal.length, 0);
}

/** What stands in the holes, each ending where its next literal first begins: one pass, whatever the text is. */
function fill({ literals, holes }: Pattern, text: string): readonly string[] | undefined {
  const first = literals[0] ?? "";
  const last = literals.at(-1) ?? "";
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return undefined;
  const found: string[] = [];
  const end = text.length - last.length;
  let at = first.length;
  for (const literal of literals.slice(1, -1)) {
    const next = text.indexOf(literal, at);
    if (next < 0 || next + literal.length > end) return undefined;
    found.push(text.slice(at, next));
    at = next + literal.length;
  }
  found.push(text.slice(at, end));
  return holes.every((kind, place) => kind !== "{figure}" || figure.test(found[place] ?? ""))
    ? found
    : undefined;
}
