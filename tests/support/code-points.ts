/** Any code point but surrogates, as a text. */

import fc from "fast-check";

const surrogates = 0x800;
const firstSurrogate = 0xd800;
const codePoints = 0x11_0000 - surrogates;

/**
 * The unit of strings of any code points. It makes the same strings from a seed as fast-check's "binary", which makes
 * a table of all code points first: 0.7 s in each file.
 */
export const anyCodePoint: fc.Arbitrary<string> = fc.nat({ max: codePoints - 1 }).map(
  (index) => String.fromCodePoint(index < firstSurrogate ? index : index + surrogates),
  (text) => {
    const code = typeof text === "string" ? text.codePointAt(0) : undefined;
    if (code === undefined || text !== String.fromCodePoint(code)) throw new Error("not one code point");
    if (code < firstSurrogate) return code;
    if (code < firstSurrogate + surrogates) throw new Error("a surrogate");
    return code - surrogates;
  },
);
