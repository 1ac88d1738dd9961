/** Every colour is legible on the backgrounds it is made for, as measured by WCAG 2; and painting is safe for any text. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  createTheme,
  joinPainted,
  paint,
  paintLink,
  paintName,
  paintPlain,
  type Style,
  type Theme,
} from "../../components/paint/theme.ts";
import { hostileText } from "../support/hostile-text.ts";

type Colour = readonly [number, number, number];

/** Colours 16 to 255 of xterm: a cube of six steps each way, and 24 greys. */
function paletteColour(number: number): Colour {
  if (number >= 232) return [8 + 10 * (number - 232), 8 + 10 * (number - 232), 8 + 10 * (number - 232)];
  const step = (digit: number): number => [0, 95, 135, 175, 215, 255][digit] ?? 0;
  const index = number - 16;
  return [step(Math.floor(index / 36)), step(Math.floor(index / 6) % 6), step(index % 6)];
}

function hexColour(text: string): Colour {
  const [red = "", green = "", blue = ""] = text.match(/[0-9a-f]{2}/g) ?? [];
  return [Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16)];
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as unknown as Colour;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Colour, other: Colour): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** The lowest contrast of any style of the theme with its background. */
function worst(theme: Theme, backgrounds: readonly string[], isQuiet: (style: Style) => boolean): number {
  const names = theme.nameStyles.map((sgr) => ["name" as Style, sgr] as const);
  const styles = [...(Object.entries(theme.styles) as [Style, string][]), ...names];
  return Math.min(
    ...styles
      .filter(([style]) => isQuiet(style))
      .flatMap(([, sgr]) => {
        const fore = /38;5;(\d+)/.exec(sgr)?.[1];
        const back = /48;5;(\d+)/.exec(sgr)?.[1];
        if (fore === undefined) return [];
        const on = back === undefined ? backgrounds.map(hexColour) : [paletteColour(Number(back))];
        return on.map((background) => contrast(paletteColour(Number(fore)), background));
      }),
  );
}

const quietStyles: readonly Style[] = ["time", "gutter", "quiet", "barQuiet"];
const isQuiet = (style: Style): boolean => quietStyles.includes(style);
const isText = (style: Style): boolean => !isQuiet(style);

test.each([
  ["dark", ["000000", "1e1e1e", "282c34", "002b36", "2e3440", "300a24"]],
  ["light", ["ffffff", "fafafa", "fdf6e3", "eeeeee"]],
] as const)(
  "on a %s background the contrast of text is at least 4.5, of quiet text 3",
  (background, colours) => {
    const theme = createTheme({ hasColour: true, background });
    expect(worst(theme, colours, isText)).toBeGreaterThanOrEqual(4.5);
    expect(worst(theme, colours, isQuiet)).toBeGreaterThanOrEqual(3);
  },
);

test("until the background is known, the contrast of text with black and white is at least 4.3", () => {
  const theme = createTheme({ hasColour: true });
  expect(worst(theme, ["000000", "ffffff"], isText)).toBeGreaterThanOrEqual(4.3);
  expect(worst(theme, ["000000", "ffffff"], isQuiet)).toBeGreaterThanOrEqual(3);
});

test("without colour there is none, and no name has the red of errors", () => {
  const plain = createTheme({ hasColour: false });
  expect([...Object.values(plain.styles), ...plain.nameStyles].join(";")).not.toMatch(/[34]8;|\b[349]\d\b/);
  for (const background of ["dark", "light", "unknown"] as const) {
    const { styles, nameStyles } = createTheme({ hasColour: true, background });
    expect(nameStyles).not.toContain(styles.bad);
    expect(new Set(nameStyles).size).toBe(nameStyles.length);
  }
});

test("whatever is painted, a terminal obeys the styles of the theme alone", () => {
  const theme = createTheme({ hasColour: true, hasLinks: true });
  const escape = "\x1b";
  const own = new RegExp(String.raw`${escape}\[[\d;]*m|${escape}\]8;[\x21-\x7E]*${escape}\\`, "g");
  fc.assert(
    fc.property(hostileText, hostileText, (text, other) => {
      const painted = [paint(theme, "warning", text), paintName(theme, other, text), paintPlain(text)];
      const linked = paintLink(theme, { url: text, id: other }, paintPlain(other));
      for (const drawn of [...painted, linked, joinPainted(painted)])
        expect(drawn.replace(own, "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
    }),
  );
});
