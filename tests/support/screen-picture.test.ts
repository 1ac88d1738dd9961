import { expect, test } from "bun:test";
import { screenPicture } from "./screen-picture.ts";
import type { StyledRun } from "./styled-rows.ts";

const plain = { bold: false, dim: false, italic: false, underline: false, inverse: false } as const;

function run(text: string, rest: Partial<StyledRun> = {}): StyledRun {
  return { ...plain, text, foreground: undefined, background: undefined, ...rest };
}

test("each run is drawn at its column with its colours, and wide characters take two columns", () => {
  const svg = screenPicture([[run("你好 "), run("<b>", { foreground: 196, bold: true })]], 10, "t & u");
  expect(svg).toContain("<title>t &amp; u</title>");
  expect(svg).toContain('x="14" y="27" textLength="33.6"');
  expect(svg).toContain(
    '<text x="56" y="27" textLength="25.2" lengthAdjust="spacingAndGlyphs" fill="#ff0000" font-weight="bold">&lt;b&gt;</text>',
  );
});

test("a background is drawn behind blanks too, and inversion swaps the colours", () => {
  const svg = screenPicture([[run("  ", { background: 236 }), run("x", { inverse: true })]], 3, "");
  expect(svg).toContain('<rect x="14" y="14" width="16.8" height="18" fill="#303030"/>');
  expect(svg).toContain('fill="#11151c">x</text>');
});
