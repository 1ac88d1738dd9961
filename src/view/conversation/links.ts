/**
 * Addresses of the web in a line of clean text. Only ASCII that a URL may hold (RFC 3986 §2) is taken, so that what is
 * followed is what is read, and nothing of it can end an escape sequence. It knows no escapes and no rows.
 */

/** Units of a line that are an address. */
export interface LinkSpan {
  readonly start: number;
  readonly end: number;
  readonly url: string;
}

/** Terminals follow none that is longer (VTE's bound). */
const urlMaxUnits = 2083;

const addresses = /(?<![A-Za-z0-9])(?:https?|ftp):\/\/[A-Za-z0-9[][\w\-.~:/?#[\]@!$&'()*+,;=%]*/giu;
/** A sentence's own, more often than an address's. */
const sentenceEnd = /[.,;:!?'*~_]$/;
const brackets: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** In the order of the line. Punctuation at the end, and a bracket that nothing in the address opens, stay outside. */
export function findLinks(line: string): readonly LinkSpan[] {
  if (!line.includes("://")) return [];
  return Array.from(line.matchAll(addresses), ({ index, 0: found }) => {
    const url = withoutSentenceEnd(found);
    return { start: index, end: index + url.length, url };
  }).filter(({ url }) => url.length <= urlMaxUnits && /:\/\/(?:\[[\da-f:]|[A-Za-z0-9])/i.test(url));
}

function withoutSentenceEnd(found: string): string {
  let url = found;
  while (sentenceEnd.test(url) || isUnopened(url)) url = url.slice(0, -1);
  return url;
}

function isUnopened(url: string): boolean {
  const closing = url.at(-1) ?? "";
  const opening = brackets[closing];
  return opening !== undefined && url.split(opening).length < url.split(closing).length;
}
