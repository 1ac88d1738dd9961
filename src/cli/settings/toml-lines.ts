/**
 * Finds the lines of statements and errors in a TOML text. Bun's parser reports no line (Bun 1.4.5, pinned by "a syntax
 * error names its line"), so each statement is parsed by itself. Done only after an error.
 */

/** A statement: a key with its value, or the header of a table. */
interface Statement {
  /** The line where it begins, from 1. */
  readonly line: number;
  readonly text: string;
  /** The offset after it. */
  readonly end: number;
}

/** The line, from 1, of the statement that cannot be parsed, or that sets a key again. */
export function findSyntaxErrorLine(text: string): number {
  const statements = splitStatements(text);
  const wrong =
    statements.find((one) => parse(one.text) === undefined) ?? findContradiction(text, statements);
  return wrong?.line ?? 1;
}

/** The line, from 1, of the statement that first sets `key`, or opens a table of that name. */
export function findKeyLine(text: string, key: string): number {
  let isInTable = false;
  for (const statement of splitStatements(text)) {
    const isHeader = statement.text.startsWith("[");
    isInTable ||= isHeader;
    if (isInTable && !isHeader) continue;
    if (Object.hasOwn(parse(statement.text) ?? {}, key)) return statement.line;
  }
  return 1;
}

/** The first statement that contradicts those before it. Whether a prefix is valid is monotone, so it is bisected. */
function findContradiction(text: string, statements: readonly Statement[]): Statement | undefined {
  let valid = 0;
  let invalid = statements.length;
  while (valid + 1 < invalid) {
    const middle = Math.floor((valid + invalid) / 2);
    if (parse(text.slice(0, statements[middle - 1]?.end)) === undefined) invalid = middle;
    else valid = middle;
  }
  return statements[invalid - 1];
}

function parse(text: string): object | undefined {
  try {
    return Bun.TOML.parse(text);
  } catch {
    return undefined;
  }
}

/** A token that decides where a statement ends: a string, a comment, a bracket or the end of a line. */
const tokens =
  /"""(?:[^\\]|\\[^])*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|#[^\n]*|[[\]{}]|\n/g;

/** Cuts a text into statements. One whose bracket or string is not closed extends to the end of the text. */
function splitStatements(text: string): readonly Statement[] {
  const found: Statement[] = [];
  let start = 0;
  let startLine = 1;
  let line = 1;
  let depth = 0;
  const add = (end: number): void => {
    const statement = text.slice(start, end);
    const blank = /^(?:[^\S\n]|\n|#[^\n]*(?:\n|$))*/.exec(statement)?.[0] ?? "";
    const rest = statement.slice(blank.length);
    if (rest !== "") found.push({ line: startLine + countNewlines(blank), text: rest, end });
    start = end;
    startLine = line;
  };
  for (const { 0: token, index } of text.matchAll(tokens)) {
    line += countNewlines(token);
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    else if (token === "\n" && depth <= 0) {
      add(index + 1);
      depth = 0;
    }
  }
  add(text.length);
  return found;
}

function countNewlines(text: string): number {
  return text.split("\n").length - 1;
}
