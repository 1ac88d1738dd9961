/** Which names look alike, after UTS #39: the skeletons of a name, and the table of lookalikes behind them. */

/** Accents belong to no script and are ignored; vowel signs belong to one, and are kept. */
const ignorable = /[[\p{M}&&\p{sc=Inherited}]\p{DI}\p{Z}\u2800]/gv;
const onlyAscii = /^[\0-\x7F]*$/;
/** The only lookalikes within ASCII that people take for each other in names. */
const asciiLookalikes: Readonly<Record<string, string>> = { "0": "o", "1": "l", I: "l", "|": "l" };

/**
 * The skeletons of a name: names that look alike share one. Both ignore compatibility forms, spaces, invisible code
 * points, accents and case; the second also replaces lookalikes, before it ignores case.
 */
export function computeSkeletons(name: string): readonly [plain: string, latin: string] {
  if (onlyAscii.test(name)) {
    const written = name.replaceAll(" ", "");
    return [written.toLowerCase(), replaceAsciiLookalikes(written)];
  }
  const plain = name.normalize("NFKD").replace(ignorable, "");
  const table = loadLookalikes();
  const latin = Array.from(plain, (character) => table.get(character) ?? character).join("");
  return [plain.toUpperCase().toLowerCase(), replaceAsciiLookalikes(latin)];
}

/** One key for names that look alike. */
export function computeKey(name: string): string {
  return computeSkeletons(name)[1];
}

function replaceAsciiLookalikes(text: string): string {
  return text.replace(/[01I|]/g, (character) => asciiLookalikes[character] ?? character).toLowerCase();
}

let lookalikes: ReadonlyMap<string, string> | undefined;

/** Loads the table at the first name that is not ASCII, at once: a name must not change while the table loads. */
function loadLookalikes(): ReadonlyMap<string, string> {
  if (lookalikes !== undefined) return lookalikes;
  const { confusables } = require("./confusables.ts") as typeof import("./confusables.ts");
  const table = new Map(
    confusables
      .replace(/\s/g, "")
      .split(";")
      .flatMap((entry) => {
        const [target = "", sources = ""] = entry.split("=");
        const alike = target.split("+").map(readCodePoint).join("");
        return sources.split(",").map((source) => [readCodePoint(source), alike] as const);
      }),
  );
  // Case is ignored: with Ь (a capital) like b, so is ь.
  for (const [source, alike] of [...table]) {
    const small = source.toLowerCase();
    if (onlyAscii.test(alike) && !onlyAscii.test(small) && !onlyAscii.test(table.get(small) ?? small))
      table.set(small, alike);
  }
  lookalikes = table;
  return lookalikes;
}

function readCodePoint(hex: string): string {
  return String.fromCodePoint(Number.parseInt(hex, 16));
}
