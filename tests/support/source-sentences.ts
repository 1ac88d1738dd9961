/** The sentences that a source file holds, with `{}` for what is put into them. It reads TypeScript only as far as that takes. */

/** Every string and template of a source without its imports; `{}` stands for each substitution. */
export function literalsOf(source: string): readonly string[] {
  const found: string[] = [];
  scan(source.replace(/^import[^;]*;$/gm, ""), found);
  return found;
}

function scan(source: string, found: string[]): void {
  for (let at = 0; at < source.length;) {
    const rest = source.slice(at);
    const skipped = /^(\/\/.*|\/\*[^]*?\*\/)/.exec(rest) ?? regularExpression(source, at, rest);
    const quoted = /^"((?:[^"\\\n]|\\.)*)"/.exec(rest);
    if (skipped !== null) at += skipped[0].length;
    else if (quoted !== null) {
      found.push(quoted[1] ?? "");
      at += quoted[0].length;
    } else if (source[at] === "`") at = template(source, at + 1, found);
    else at += 1;
  }
}

/** One can stand where no value has just ended. */
function regularExpression(source: string, at: number, rest: string): RegExpExecArray | null {
  if (!/[(,=:[!&|?{};\n]\s*$/.test(source.slice(Math.max(0, at - 20), at))) return null;
  return /^\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/.exec(rest);
}

/** From behind its first backquote; the place behind its last one. */
function template(source: string, start: number, found: string[]): number {
  let text = "";
  for (let at = start; at < source.length; at += 1) {
    const character = source[at] ?? "";
    if (character === "`") {
      found.push(text);
      return at + 1;
    }
    if (character === "$" && source[at + 1] === "{") {
      at = substitution(source, at + 2, found);
      text += "{}";
    } else if (character === "\\") text += source[(at += 1)] ?? "";
    else text += character;
  }
  return source.length;
}

/** The place of the brace that ends it. */
function substitution(source: string, start: number, found: string[]): number {
  let depth = 1;
  for (let at = start; at < source.length; at += 1) {
    if (source[at] === "`") at = template(source, at + 1, found) - 1;
    else if (source[at] === "{") depth += 1;
    else if (source[at] === "}" && (depth -= 1) === 0) {
      scan(source.slice(start, at).replace(/`[^`]*`/g, ""), found);
      return at;
    }
  }
  return source.length;
}
