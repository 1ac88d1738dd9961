/**
 * Finds URLs in a line of clean text. Only ASCII characters that a URL may contain (RFC 3986 §2) are matched: the link
 * leads where the text reads, and cannot end an escape sequence. No escapes and no rows.
 */

/** A URL in a line; `start` and `end` in UTF-16 units. */
interface LinkSpan {
  readonly start: number;
  readonly end: number;
  readonly url: string;
}

/** VTE ignores longer URLs. */
const urlMaxUnits = 2083;

const addresses = /(?<![A-Za-z0-9])(?:https?|ftp):\/\/[A-Za-z0-9[][\w\-.~:/?#[\]@!$&'()*+,;=%]*/giu;
/** Punctuation at the end of a URL is usually the sentence's. */
const sentenceEnd = ".,;:!?'*~_";
const brackets: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/**
 * The links of a line, in order. Trailing punctuation, and a closing bracket without an opening one, are not part of a
 * link.
 */
export function findLinks(line: string): readonly LinkSpan[] {
  if (!line.includes("://")) return [];
  return Array.from(line.matchAll(addresses), ({ index, 0: found }) => {
    const url = trimSentenceEnd(found);
    return { start: index, end: index + url.length, url };
  }).filter(({ url }) => url.length <= urlMaxUnits && /:\/\/(?:\[[\da-f:]|[A-Za-z0-9])/i.test(url));
}

/** In one pass from the end: a URL may be followed by thousands of closing brackets. */
function trimSentenceEnd(found: string): string {
  const counts = countBrackets(found);
  let end = found.length;
  for (; end > 0; end -= 1) {
    const last = found[end - 1] ?? "";
    const opening = brackets[last];
    const isUnopened = opening !== undefined && (counts.get(opening) ?? 0) < (counts.get(last) ?? 0);
    if (!isUnopened && !sentenceEnd.includes(last)) break;
    counts.set(last, (counts.get(last) ?? 0) - 1);
  }
  return found.slice(0, end);
}

function countBrackets(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of text) if ("()[]".includes(one)) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}
