/** Draws a terminal's cells as an SVG. */

import type { StyledRun } from "./styled-rows.ts";

const cell = { width: 8.4, height: 18 } as const;
const margin = 14;
const ground = "#11151c";
const ink = "#d5dae2";
/** The 16 colours that a terminal's theme may change; the others are fixed. */
const named =
  "#1c1f26 #d3545f #5fae6f #d0a24c #5a8fd6 #a878c8 #4fa8a8 #c8ccd4 #5c6370 #ff7b86 #8ad69a #f0c674 #82b1ff #c9a0e8 #7fd3d3 #ffffff".split(
    " ",
  );

/** An image of `rows`, each `columns` wide. Screen readers read out `title`. */
export function screenPicture(
  rows: readonly (readonly StyledRun[])[],
  columns: number,
  title: string,
): string {
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = rows.length * cell.height + 2 * margin;
  const drawn = rows.flatMap((runs, row) => drawRow(runs, margin + row * cell.height));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${ground}"/>`,
    `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" xml:space="preserve">`,
    ...drawn,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function drawRow(runs: readonly StyledRun[], top: number): readonly string[] {
  let column = 0;
  return runs.flatMap((run) => {
    const left = margin + column * cell.width;
    const width = Bun.stringWidth(run.text) * cell.width;
    column += Bun.stringWidth(run.text);
    return drawRun(run, left, top, width);
  });
}

function drawRun(run: StyledRun, left: number, top: number, width: number): readonly string[] {
  const front = colour(run.foreground, ink);
  const back = colour(run.background, ground);
  const [fill, behind] = run.inverse ? [back, front] : [front, back];
  const box = `<rect x="${number(left)}" y="${top}" width="${number(width)}" height="${cell.height}" fill="${behind}"/>`;
  const style = [
    run.bold ? ' font-weight="bold"' : "",
    run.italic ? ' font-style="italic"' : "",
    run.underline ? ' text-decoration="underline"' : "",
    run.dim ? ' opacity="0.6"' : "",
  ].join("");
  // Some SVG readers drop blanks at the ends of a text.
  const words = run.text.trim();
  const indent = Bun.stringWidth(run.text) - Bun.stringWidth(run.text.trimStart());
  const x = number(left + indent * cell.width);
  const y = top + cell.height - 5;
  const fit = `textLength="${number(Bun.stringWidth(words) * cell.width)}" lengthAdjust="spacingAndGlyphs"`;
  const text = `<text x="${x}" y="${y}" ${fit} fill="${fill}"${style}>${escaped(words)}</text>`;
  return [...(behind === ground ? [] : [box]), ...(words === "" ? [] : [text])];
}

/** xterm's 256 colours: 16 named ones, a cube of six levels, and 24 greys. */
function colour(value: number | string | undefined, otherwise: string): string {
  if (value === undefined || typeof value === "string") return value ?? otherwise;
  if (value < 16) return named[value] ?? otherwise;
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const cube = value - 16;
  const grey = 8 + (value - 232) * 10;
  const parts =
    value >= 232
      ? [grey, grey, grey]
      : [cube / 36, (cube / 6) % 6, cube % 6].map((step) => level(Math.floor(step)));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function number(value: number): string {
  return String(Number(value.toFixed(1)));
}
