/**
 * Where in a TOML text something stands. Bun's parser tells no line (Bun 1.4.5, pinned by "a syntax error names its
 * line"), so the text is parsed up to each line: slow, and done only when something is wrong already.
 */

/** Longer files are not searched: an error then names line 1. */
const linesMax = 1000;

/** The line, from 1, of the statement that cannot be parsed. */
export function lineOfSyntaxError(text: string): number {
  let after = 0;
  for (const { lines } of parsedPrefixes(text)) after = lines;
  return statementAfter(text, after);
}

/** The line, from 1, of the statement that first sets `key`, or opens a table of that name. */
export function lineOfKey(text: string, key: string): number {
  let after = 0;
  for (const { lines, table } of parsedPrefixes(text)) {
    if (Object.hasOwn(table, key)) return statementAfter(text, after);
    after = lines;
  }
  return 1;
}

interface Prefix {
  readonly lines: number;
  readonly table: object;
}

/** Every beginning of the text that ends with a line and is whole. */
function* parsedPrefixes(text: string): Generator<Prefix> {
  const lines = text.split("\n");
  for (let count = 1; count <= Math.min(lines.length, linesMax); count += 1) {
    try {
      yield { lines: count, table: Bun.TOML.parse(lines.slice(0, count).join("\n")) };
    } catch {
      // Within a statement of several lines, or from the error on.
    }
  }
}

/** The first line after so many that is neither blank nor a comment. */
function statementAfter(text: string, after: number): number {
  const rest = text.split("\n").slice(after);
  const skipped = rest.findIndex((line) => !/^\s*(#.*)?$/.test(line));
  return after + Math.max(0, skipped) + 1;
}
