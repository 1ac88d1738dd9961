/**
 * Finds the lines of statements and errors in a TOML text. Bun's parser reports no line (Bun 1.4.5, pinned by "a syntax
 * error names its line"), so every prefix of the text is parsed. That is slow, and done only after an error.
 */

/** Lines beyond this number are not searched. */
const linesMax = 1000;

/** The line, from 1, of the statement that cannot be parsed. */
export function findSyntaxErrorLine(text: string): number {
  let after = 0;
  for (const { lines } of parsePrefixes(text)) after = lines;
  return findStatementAfter(text, after);
}

/** The line, from 1, of the statement that first sets `key`, or opens a table of that name. */
export function findKeyLine(text: string, key: string): number {
  let after = 0;
  for (const { lines, table } of parsePrefixes(text)) {
    if (Object.hasOwn(table, key)) return findStatementAfter(text, after);
    after = lines;
  }
  return 1;
}

interface Prefix {
  readonly lines: number;
  readonly table: object;
}

/** Every prefix of the text that ends at a line and is valid TOML. */
function* parsePrefixes(text: string): Generator<Prefix> {
  const lines = text.split("\n");
  for (let count = 1; count <= Math.min(lines.length, linesMax); count += 1) {
    try {
      yield { lines: count, table: Bun.TOML.parse(lines.slice(0, count).join("\n")) };
    } catch {
      // The prefix ends inside a statement of several lines, or contains the error.
    }
  }
}

/** The first line, from 1, after the first `after` lines that is neither blank nor a comment. */
function findStatementAfter(text: string, after: number): number {
  const rest = text.split("\n").slice(after);
  const skipped = rest.findIndex((line) => !/^\s*(#.*)?$/.test(line));
  return after + Math.max(0, skipped) + 1;
}
