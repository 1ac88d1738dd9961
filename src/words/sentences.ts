/**
 * Sentences by their English: a pattern with holes, as `{} left: {}`, and what is said for it, where `{1}` is the first
 * hole's words. What stands in a hole is translated too when it is a sentence itself. It knows no language.
 */

/** English, and what is said for it. */
export type SentencePair = readonly [string, string];

/** A reason in a sentence in a sentence; deeper there are none of ours. */
const depthMax = 3;

interface Pattern {
  /** What stands between the holes, before the first and behind the last. */
  readonly literals: readonly string[];
  readonly said: string;
}

/** The translation of a sentence; one that no pattern fits stays as it is. */
export function translator(pairs: readonly SentencePair[]): (english: string) => string {
  const whole = new Map(pairs.filter(([english]) => !english.includes("{}")));
  const patterns = pairs
    .filter(([english]) => english.includes("{}"))
    .map(([english, said]): Pattern => ({ literals: english.split("{}"), said }))
    // The more of it is fixed, the more it is meant.
    .toSorted((one, other) => fixedLength(other) - fixedLength(one));
  const translate = (english: string, depth: number): string => {
    const known = whole.get(english);
    if (known !== undefined || depth === 0) return known ?? english;
    for (const { literals, said } of patterns) {
      const holes = fill(literals, english);
      if (holes !== undefined)
        return said.replace(/\{(\d)\}/g, (_, place) => translate(holes[Number(place) - 1] ?? "", depth - 1));
    }
    return english;
  };
  return (english) => translate(english, depthMax);
}

function fixedLength({ literals }: Pattern): number {
  return literals.reduce((sum, literal) => sum + literal.length, 0);
}

/** What stands in the holes, each ending where its next literal first begins: one pass, whatever the text is. */
function fill(literals: readonly string[], text: string): readonly string[] | undefined {
  const first = literals[0] ?? "";
  const last = literals.at(-1) ?? "";
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return undefined;
  const holes: string[] = [];
  const end = text.length - last.length;
  let at = first.length;
  for (const literal of literals.slice(1, -1)) {
    const next = text.indexOf(literal, at);
    if (next < 0 || next + literal.length > end) return undefined;
    holes.push(text.slice(at, next));
    at = next + literal.length;
  }
  return [...holes, text.slice(at, end)];
}
