/** Every code point of Unicode, alone and beside others: displayed or escaped. */

import { describe, expect, test } from "bun:test";
import { mayBeInvisible } from "../../src/protocol/text/characters.ts";
import { cleanText } from "../../src/protocol/text/text.ts";
import { widthByGrapheme } from "../support/hostile-text.ts";

/** Calls `visit` with each code point except the surrogates. */
function forEachCodePoint(visit: (character: string, codePoint: number) => void): void {
  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++)
    if (codePoint < 0xd800 || codePoint > 0xdfff) visit(String.fromCodePoint(codePoint), codePoint);
}

describe("every code point", () => {
  const neverShown = /^[\p{C}\p{Zl}\p{Zp}\p{DI}]$/u;
  const canStay = /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}]$/u;

  test("control, format, private, unassigned and ignorable ones are escaped everywhere", () => {
    const left: string[] = [];
    forEachCodePoint((character, codePoint) => {
      if (!neverShown.test(character)) return;
      if (cleanText(`${character}a${character}b中${character}`).includes(character))
        left.push(codePoint.toString(16));
    });
    // Variation selectors after an ideograph.
    expect(left.splice(0, 3)).toEqual(["fe00", "fe01", "fe02"]);
    expect(left.length).toBe(240);
    expect([left[0], left.at(-1)]).toEqual(["e0100", "e01ef"]);
  });

  test("letters, numbers, signs and spaces are kept, except those without a meaning alone", () => {
    const lost: string[] = [];
    forEachCodePoint((character) => {
      if (!canStay.test(character) || neverShown.test(character) || cleanText(character) === character)
        return;
      lost.push(character);
    });
    expect(lost.filter((character) => !/[\u1161-\u11FF\uD7B0-\uD7FB]/.test(character))).toEqual(
      Array.from("\u0980\u0C80\u0D3A\u0E33\u0EB3\uFF9E\uFF9F\u{1F3FB}\u{1F3FC}\u{1F3FD}\u{1F3FE}\u{1F3FF}"),
    );
  });

  test("each is as wide as its graphemes, has a column, and is clean at once", () => {
    const wrong = new Set<string>();
    forEachCodePoint((character, codePoint) => {
      if (/[\p{Cn}\p{Co}]/u.test(character)) return;
      for (const text of [character, `a${character}`, `${character}a`]) {
        const clean = cleanText(text);
        if (clean !== text && /^[ -~␀-␡]+$/.test(clean)) continue;
        const columns = widthByGrapheme(clean);
        const fine = columns > 0 && columns === Bun.stringWidth(clean) && cleanText(clean) === clean;
        if (!fine) wrong.add(codePoint.toString(16));
      }
    });
    expect([...wrong]).toBeEmpty();
  });

  test("the quick check and the grammar agree", () => {
    forEachCodePoint((character, codePoint) => {
      if (!mayBeInvisible.test(character) && cleanText(`\0${character}`) !== `␀${character}`)
        throw new Error(`U+${codePoint.toString(16)} is passed but is no run by itself`);
    });
  });

  test("Bun 1.4.5 counts no column for three letters, so they are escaped", () => {
    expect(Bun.stringWidth("\u0980\u0C80\u0D3A")).toBe(0);
  });
});
