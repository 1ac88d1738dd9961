/**
 * Nicknames: cleans the names that peers claim so that they fit a line of the screen, and keeps them distinguishable.
 */

import { segmentGraphemes } from "./grapheme-segments.ts";
import { setBounded } from "../bounded-map.ts";
import { nameMaxColumns, sharedNamesMax } from "../limits.ts";
import { computeKey, computeSkeletons } from "./lookalikes.ts";
import { cleanText } from "./text.ts";
import { measureNominally } from "./width.ts";

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
/** Arrows, which stand between the names in the `<name → you> ` of a private message; as text or as an emoji. */
const arrows =
  /[\u2190-\u21FF\u2794\u2798-\u27AF\u27B1-\u27BE\u27F0-\u27FF\u2900-\u297F\u2B00-\u2B11\u2B30-\u2B4F\u2B5A-\u2BB8\uFFE9-\uFFEC\u{1F800}-\u{1F8FF}]\uFE0F?/gu;
/** The quotes in which a name may stand before the text of a private message. */
const quotes = /"/g;
/** Joiners whose second letter was cut off. */
const danglingJoiners = /[\u200C\u200D]+$/;

/**
 * Cleans a nickname to one line: as cleanText does, with runs of blanks as one space, without characters that imitate
 * duet's `<name> `, `<name → you> ` or gutter or would end a quoted name, cut between graphemes to nameMaxColumns columns.
 * `namelessName` if nothing is left. Idempotent.
 */
export function cleanName(name: string): string {
  const cleaned = cleanText(name.replace(arrows, "-").replace(blanks, " ").trim())
    .replace(openingBrackets, "(")
    .replace(closingBrackets, ")")
    .replace(gutterSigns, "!")
    .replace(quotes, "'");
  return cutToColumns(cleaned, nameMaxColumns) || namelessName;
}

/** Letters, digits, emoji and a few signs: such a name ends where it seems to end, before the text of `/me`. */
const plainName = /^(?:(?![\u02B0-\u02FF])[\p{L}\p{M}\p{N}\p{ExtPict}\p{RI}\u200D_.~@-])+$/u;

/**
 * The author in a line of `/me`: `* bob waves`. Another name than a plain one stands in brackets, which no name contains,
 * so that the `/me` of `bob says` is no line of `bob`: `* <bob says> hi`.
 */
export function formatActor(name: string): string {
  return plainName.test(name) ? name : `<${name}>`;
}

/** What duet calls the person and itself, in all its languages: nobody else has such a name. */
const reservedWords = new Set(["you", "duet", "你"]);
/**
 * An address, an endpoint or a UNIX peer, as duet names peers without a name, in the letters of a skeleton: l for 1, o for
 * 0, and no blanks.
 */
const addressLike =
  /^(?:[lo2-9]{1,3}(?:\.[lo2-9]{1,3}){3}(?::?[lo2-9]{1,5})?|\[?(?=.*:.*:)[lo2-9a-f:.]+(?:%[^\]]*)?\]?(?::?[lo2-9]{1,5})?|[/@].*#[lo2-9]+)$/;

function isReserved(name: string): boolean {
  return computeSkeletons(name).some((one) => reservedWords.has(one) || addressLike.test(one));
}

/** The names in use in a room, none of which looks like another, or like a reserved word or an address. */
export class RoomNames {
  /** The number of names for each skeleton. */
  readonly #skeletons = new Map<string, number>();
  /**
   * The first suffix that may be free for names that look alike, by their skeleton: a thousand members may want the same
   * name. Bounded.
   */
  readonly #firstFree = new Map<string, number>();

  /**
   * Takes `wanted`, a clean name, or if it looks like a name in use or a reserved one the first free one of `wanted~2`,
   * `wanted~3`, …, cut to nameMaxColumns.
   */
  take(wanted: string): string {
    return this.#take(wanted, isReserved(wanted));
  }

  /** The same for a peer without a name: `address` is its own. */
  takeAddress(address: string): string {
    return this.#take(address, false);
  }

  #take(wanted: string, isRefused: boolean): string {
    const name = !isRefused && !this.#isTaken(wanted) ? wanted : this.#findFirstFree(wanted);
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
  if (measureNominally(text) <= columnsMax) return text;
  let columns = 0;
  let end = 0;
  for (const { segment, index } of segmentGraphemes(text)) {
    columns += measureNominally(segment);
    if (columns > columnsMax) break;
    end = index + segment.length;
  }
  return text.slice(0, end).trimEnd().replace(danglingJoiners, "");
}

/** The name as a command takes it: in quotes if it has several words. */
export function quoteName(name: string): string {
  return /\s/.test(name) ? `"${name}"` : name;
}
