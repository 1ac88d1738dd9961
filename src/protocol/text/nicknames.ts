/**
 * Nicknames: what others call themselves, made fit for a line of the screen and told apart from each other.
 * It knows no members, numbers or addresses.
 */

import { nameMaxColumns } from "../limits.ts";
import { cleanText } from "./text.ts";

/** The name of who gave none, or none that can be seen. */
export const namelessName = "nobody";

/** White space of all kinds, and the Braille pattern that looks like it. */
const blanks = /[\s\u2800]+/g;
/** Brackets and their doubles, which could end `<name> ` early; bars, boxes and blocks, of which gutters are made. */
const openingBrackets =
  /[<\u2039\u00AB\u2329\u276C\u276E\u2770\u27E8\u27EA\u3008\u300A\uFE64\uFF1C\u02C2\u1438]/g;
const closingBrackets =
  /[>\u203A\u00BB\u232A\u276D\u276F\u2771\u27E9\u27EB\u3009\u300B\uFE65\uFF1E\u02C3\u1433]/g;
const gutterSigns =
  /[|\u00A6\u2016\u2223\u23B8-\u23BF\u23D0\u2500-\u259F\u2758-\u275A\uFF5C\uFFE8\u{1FB00}-\u{1FBAF}]/gu;
/** Joiners that lost what they joined when a name was cut. */
const danglingJoiners = /[\u200C\u200D]+$/;

/** Made when first needed: it takes a millisecond. */
let graphemes: Intl.Segmenter | undefined;

/**
 * A nickname on one line: cleaned as cleanText does, blanks in a row as one space, none at the ends, with
 * nothing that could pass for duet's own `<name> ` or gutter, at most nameMaxColumns columns, cut between
 * graphemes. `namelessName` if nothing is left. Idempotent.
 */
export function cleanName(name: string): string {
  const cleaned = cleanText(name.replace(blanks, " ").trim())
    .replace(openingBrackets, "(")
    .replace(closingBrackets, ")")
    .replace(gutterSigns, "!");
  return cutToColumns(cleaned, nameMaxColumns) || namelessName;
}

/** The names of a room, in which none is taken for another. What each looks like is worked out once, when it comes. */
export class RoomNames {
  /** Skeletons, and how many names have each. */
  readonly #skeletons = new Map<string, number>();
  /** The numbers up to here are taken with a name, as long as none is given back: a thousand may have the same. */
  readonly #numbered = new Map<string, number>();

  /**
   * Takes `wanted`, a clean name, or if a reader could take it for one that is taken the first of `wanted~2`,
   * `wanted~3`, … that is free, cut so that it stays within nameMaxColumns.
   */
  take(wanted: string): string {
    const name = this.#firstFree(wanted);
    this.add(name);
    return name;
  }

  /** Takes a name as it is, though it may be taken. */
  add(name: string): void {
    this.#count(name, 1);
  }

  /** Gives a name back that was taken. */
  release(name: string): void {
    this.#numbered.clear();
    this.#count(name, -1);
  }

  #firstFree(wanted: string): string {
    if (!this.#isTaken(wanted)) return wanted;
    for (let number = this.#numbered.get(wanted) ?? 2; ; number++) {
      const suffix = `~${number}`;
      const candidate = cutToColumns(wanted, nameMaxColumns - suffix.length) + suffix;
      if (this.#isTaken(candidate)) continue;
      this.#numbered.set(wanted, number);
      return candidate;
    }
  }

  #isTaken(name: string): boolean {
    return skeletonsOf(name).some((one) => this.#skeletons.has(one));
  }

  #count(name: string, change: 1 | -1): void {
    for (const skeleton of skeletonsOf(name)) {
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
 * What is left of a name when all that a reader may miss is gone (after UTS #39): compatibility forms, spaces,
 * invisible code points, accents, and then either case alone, or lookalikes as they are typed and then case.
 */
function skeletonsOf(name: string): readonly string[] {
  const plain = name.normalize("NFKD").replace(missable, "");
  const latin = Array.from(plain, (character) => latinLookalikes.get(character) ?? character).join("");
  return [plain.toUpperCase().toLowerCase(), latin.toLowerCase()];
}

/** Accents belong to no script; the vowel signs of a script are letters of its words, and stay. */
const missable = /[[\p{M}&&\p{sc=Inherited}]\p{DI}\p{Z}\u2800]/gv;

/** Each letter that looks like a Latin one in most typefaces, in the case in which it does (of UTS #39's confusables.txt). */
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
