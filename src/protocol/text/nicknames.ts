/**
 * Nicknames: cleans the names that peers claim so that they fit a line of the screen, and keeps them distinguishable.
 */

import { setBounded } from "../bounded-map.ts";
import { nameMaxColumns, sharedNamesMax } from "../limits.ts";
import { cleanText } from "./text.ts";

/** The name of a member whose claimed name is empty or invisible. */
export const namelessName = "nobody";

/** White space of all kinds, and the Braille pattern that looks like it. */
const blanks = /[\s\u2800]+/g;
/** Brackets and their lookalikes, which could end `<name> ` early; bars, boxes and blocks, which gutters consist of. */
const openingBrackets =
  /[<\u2039\u00AB\u2329\u276C\u276E\u2770\u27E8\u27EA\u3008\u300A\uFE64\uFF1C\u02C2\u1438]/g;
const closingBrackets =
  /[>\u203A\u00BB\u232A\u276D\u276F\u2771\u27E9\u27EB\u3009\u300B\uFE65\uFF1E\u02C3\u1433]/g;
const gutterSigns =
  /[|\u00A6\u2016\u2223\u23B8-\u23BF\u23D0\u2500-\u259F\u2758-\u275A\uFF5C\uFFE8\u{1FB00}-\u{1FBAF}]/gu;
/** Joiners whose second letter was cut off. */
const danglingJoiners = /[\u200C\u200D]+$/;

/** Created when first needed, which takes a millisecond. */
let graphemes: Intl.Segmenter | undefined;

/**
 * Cleans a nickname to one line: as cleanText does, with runs of blanks as one space, without characters that imitate
 * duet's `<name> ` or gutter, cut between graphemes to nameMaxColumns columns. `namelessName` if nothing is left.
 * Idempotent.
 */
export function cleanName(name: string): string {
  const cleaned = cleanText(name.replace(blanks, " ").trim())
    .replace(openingBrackets, "(")
    .replace(closingBrackets, ")")
    .replace(gutterSigns, "!");
  return cutToColumns(cleaned, nameMaxColumns) || namelessName;
}

/** The names in use in a room, none of which looks like another. */
export class RoomNames {
  /** The number of names for each skeleton. */
  readonly #skeletons = new Map<string, number>();
  /**
   * The first suffix that may be free for names that look alike, by their skeleton: a thousand members may want the same
   * name. Bounded.
   */
  readonly #firstFree = new Map<string, number>();

  /**
   * Reserves `wanted`, a clean name, or if it looks like a name in use the first free one of `wanted~2`, `wanted~3`,
   * …, cut to nameMaxColumns.
   */
  take(wanted: string): string {
    const name = this.#findFirstFree(wanted);
    this.add(name);
    return name;
  }

  /** Reserves a name unchanged, even if it is in use. */
  add(name: string): void {
    this.#count(name, 1);
  }

  /** Releases a reserved name. */
  release(name: string): void {
    this.#count(name, -1);
    const [, base = name, digits] = /^(.*)~(\d+)$/s.exec(name) ?? [];
    if (digits === undefined) return;
    const key = computeKey(base);
    const first = this.#firstFree.get(key);
    if (first !== undefined && Number(digits) < first) this.#firstFree.set(key, Number(digits));
  }

  #findFirstFree(wanted: string): string {
    if (!this.#isTaken(wanted)) return wanted;
    const key = computeKey(wanted);
    for (let number = this.#firstFree.get(key) ?? 2; ; number++) {
      const suffix = `~${number}`;
      const candidate = cutToColumns(wanted, nameMaxColumns - suffix.length) + suffix;
      if (this.#isTaken(candidate)) continue;
      setBounded(this.#firstFree, key, number, sharedNamesMax);
      return candidate;
    }
  }

  #isTaken(name: string): boolean {
    return computeSkeletons(name).some((one) => this.#skeletons.has(one));
  }

  #count(name: string, change: 1 | -1): void {
    for (const skeleton of computeSkeletons(name)) {
      const count = (this.#skeletons.get(skeleton) ?? 0) + change;
      if (count > 0) this.#skeletons.set(skeleton, count);
      else this.#skeletons.delete(skeleton);
    }
  }
}

function cutToColumns(text: string, columnsMax: number): string {
  if (Bun.stringWidth(text) <= columnsMax) return text;
  let columns = 0;
  let end = 0;
  graphemes ??= new Intl.Segmenter("und", { granularity: "grapheme" });
  for (const { segment, index } of graphemes.segment(text)) {
    columns += Bun.stringWidth(segment);
    if (columns > columnsMax) break;
    end = index + segment.length;
  }
  return text.slice(0, end).trimEnd().replace(danglingJoiners, "");
}

/**
 * The skeletons of a name (after UTS #39): names that look alike share one. Both ignore compatibility forms, spaces,
 * invisible code points, accents and case; the second also replaces lookalikes, before it ignores case.
 */
function computeSkeletons(name: string): readonly [plain: string, latin: string] {
  const plain = name.normalize("NFKD").replace(ignorable, "");
  const latin = Array.from(plain, (character) => latinLookalikes.get(character) ?? character).join("");
  return [plain.toUpperCase().toLowerCase(), latin.toLowerCase()];
}

/** One key for names that look alike. */
function computeKey(name: string): string {
  return computeSkeletons(name)[1];
}

/** Accents belong to no script and are ignored; vowel signs belong to one, and are kept. */
const ignorable = /[[\p{M}&&\p{sc=Inherited}]\p{DI}\p{Z}\u2800]/gv;

/**
 * Letters that look like a Latin one in most typefaces, in the case in which they do (from UTS #39's confusables.txt).
 */
const latinLookalikes = new Map(
  [
    ["0OОΟՕ", "o"],
    ["оοօσ", "o"],
    ["1|IІΙӀӏı", "l"],
    ["аαɑАΑ", "a"],
    ["ВΒβ", "b"],
    ["сС", "c"],
    ["ԁ", "d"],
    ["еєЕΕ", "e"],
    ["ɡց", "g"],
    ["һհНΗ", "h"],
    ["іι", "i"],
    ["јϳЈͿ", "j"],
    ["кκКΚ", "k"],
    ["МΜ", "m"],
    ["ոηΝ", "n"],
    ["рρРΡ", "p"],
    ["ԛզ", "q"],
    ["г", "r"],
    ["ѕЅՏ", "s"],
    ["ТΤτ", "t"],
    ["սυ", "u"],
    ["ѵν", "v"],
    ["ԝѡω", "w"],
    ["хχХΧ", "x"],
    ["уγУΥү", "y"],
    ["Ζ", "z"],
  ].flatMap(([lookalikes = "", latin = ""]) => Array.from(lookalikes, (one) => [one, latin] as const)),
);
