/**
 * Every colour and style of the screen, as SGR parameters (ECMA-48 §8.3.117), and the door of the drawn screen: only
 * text that was painted here is drawn, and painting replaces what a terminal would obey. (cli/files/standard-output.ts
 * is the door for printed text.)
 */

import { replaceControls } from "../../src/protocol/text/text.ts";

declare const paintedMark: unique symbol;

/** Text that is safe to draw: its only control sequences are SGR and OSC 8 of this file. */
export type Painted = string & { readonly [paintedMark]: true };

/** Styles by meaning. The bars have their own, because they have a background. */
export type Style =
  | "time"
  | "gutter"
  | "ownName"
  | "quiet"
  | "strong"
  | "good"
  | "warning"
  | "bad"
  | "joined"
  | "left"
  | "info"
  | "hint"
  | "mention"
  | "link"
  | "highlight"
  | "highlightCurrent"
  | "highlightReceipt"
  | "menuChosen"
  | "barPlain"
  | "barStrong"
  | "barQuiet"
  | "barGood"
  | "barWarning"
  | "barBad";

export interface Theme {
  readonly styles: Readonly<Record<Style, string>>;
  /** The styles for names. None is the red of errors or the colour of mentions. */
  readonly nameStyles: readonly [string, ...string[]];
  /** The terminal supports OSC 8, so that links can be opened. */
  readonly hasLinks: boolean;
}

interface ThemeOptions {
  readonly hasColour: boolean;
  /** The terminal's background; the colours for `unknown`, the default, are legible on both black and white. */
  readonly background?: "dark" | "light" | "unknown";
  readonly hasLinks?: boolean;
}

/** The colours for one background, as numbers of the 256-colour palette, which terminal themes do not change. */
interface Palette {
  readonly quiet: number;
  readonly green: number;
  readonly cyan: number;
  readonly amber: number;
  readonly red: number;
  readonly mention: number;
  readonly names: readonly [number, ...number[]];
  readonly bar: Record<"back" | "plain" | "strong" | "quiet" | "good" | "warning" | "bad", number>;
}

const darkBar = { back: 236, plain: 250, strong: 255, quiet: 245, good: 114, warning: 221, bad: 210 };

// Contrast with the background is at least 4.5, for quiet text at least 3 (WCAG 2; tests/components/theme.test.ts).
const palettes: Readonly<Record<"dark" | "light" | "unknown", Palette>> = {
  dark: {
    quiet: 246,
    green: 114,
    cyan: 80,
    amber: 179,
    red: 210,
    mention: 220,
    names: [114, 80, 179, 111, 147, 176, 217, 150],
    bar: darkBar,
  },
  light: {
    quiet: 242,
    green: 22,
    cyan: 23,
    amber: 94,
    red: 124,
    mention: 126,
    names: [22, 23, 94, 25, 54, 55, 90, 24],
    bar: { back: 254, plain: 237, strong: 232, quiet: 242, good: 22, warning: 94, bad: 124 },
  },
  // Few colours are legible on both: the contrast of black and white is 21, so the best possible with each is 4.6.
  unknown: {
    quiet: 243,
    green: 29,
    cyan: 30,
    amber: 130,
    red: 131,
    mention: 163,
    names: [29, 30, 130, 63, 98, 132, 28],
    bar: darkBar,
  },
};

function createColouredTheme(
  { quiet, green, cyan, amber, red, mention, names, bar }: Palette,
  hasLinks: boolean,
): Theme {
  const onBar = (number: number): string => `48;5;${bar.back};${formatForeground(number)}`;
  const [first, ...others] = names;
  return {
    styles: {
      time: formatForeground(quiet),
      gutter: formatForeground(quiet),
      ownName: "1",
      quiet: formatForeground(quiet),
      strong: "1",
      good: formatForeground(green),
      warning: formatForeground(amber),
      bad: formatForeground(red),
      joined: formatForeground(green),
      left: formatForeground(red),
      info: formatForeground(cyan),
      hint: formatForeground(cyan),
      mention: `${formatForeground(mention)};1`,
      link: "4",
      highlight: "48;5;229;38;5;16",
      highlightCurrent: "48;5;214;38;5;16;1",
      highlightReceipt: "48;5;153;38;5;16",
      menuChosen: `48;5;${bar.plain};${formatForeground(bar.back)}`,
      barPlain: onBar(bar.plain),
      barStrong: `${onBar(bar.strong)};1`,
      barQuiet: onBar(bar.quiet),
      barGood: onBar(bar.good),
      barWarning: onBar(bar.warning),
      barBad: onBar(bar.bad),
    },
    nameStyles: [formatForeground(first), ...others.map(formatForeground)],
    hasLinks,
  };
}

function formatForeground(number: number): string {
  return `38;5;${number}`;
}

/** https://no-color.org excludes colours, but not weight, underline or inversion. */
const withoutColour: Theme = {
  styles: {
    time: "2",
    gutter: "2",
    ownName: "1",
    quiet: "2",
    strong: "1",
    good: "",
    warning: "1",
    bad: "1",
    joined: "",
    left: "",
    info: "",
    hint: "",
    mention: "7",
    link: "4",
    highlight: "7",
    highlightCurrent: "7;1",
    highlightReceipt: "4",
    menuChosen: "1",
    barPlain: "7",
    barStrong: "7;1",
    barQuiet: "7",
    barGood: "7",
    barWarning: "7;1",
    barBad: "7;1",
  },
  nameStyles: [""],
  hasLinks: false,
};

export function createTheme({ hasColour, background = "unknown", hasLinks = false }: ThemeOptions): Theme {
  return hasColour ? createColouredTheme(palettes[background], hasLinks) : { ...withoutColour, hasLinks };
}

export function paint(theme: Theme, style: Style, text: string): Painted {
  return wrapInSgr(theme.styles[style], text);
}

/** Paints text in the terminal's own style. */
export function paintPlain(text: string): Painted {
  return replaceControls(text) as Painted;
}

/** Paints the prompts, which are the same in each theme. */
export function paintDim(text: string): Painted {
  return wrapInSgr("2", text);
}

export function paintBold(text: string): Painted {
  return wrapInSgr("1", text);
}

export function joinPainted(pieces: readonly Painted[]): Painted {
  return pieces.join("") as Painted;
}

/** Paints a link: underlined, and with OSC 8 where the terminal supports it. Only visible ASCII of `url` is kept. */
export function paintLink(
  theme: Theme,
  { url, id }: { readonly url: string; readonly id: string },
  painted: Painted,
): Painted {
  const underlined = `\x1b[${theme.styles.link}m${painted}\x1b[0m`;
  const target = `id=${id};${url}`.replace(/[^\x21-\x7E]/g, "");
  const linked = theme.hasLinks ? `\x1b]8;${target}\x1b\\${underlined}\x1b]8;;\x1b\\` : underlined;
  return linked as Painted;
}

/** Paints a name. The same key always has the same colour. */
export function paintName(theme: Theme, key: string, name: string): Painted {
  const style = theme.nameStyles[hash(key) % theme.nameStyles.length] ?? theme.nameStyles[0];
  return wrapInSgr(style, name);
}

function wrapInSgr(parameters: string, text: string): Painted {
  const shown = paintPlain(text);
  return parameters === "" || text === "" ? shown : (`\x1b[${parameters}m${shown}\x1b[0m` as Painted);
}

/** FNV-1a: adjacent ports get different colours. */
function hash(key: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    value = Math.imul(value ^ key.charCodeAt(index), 0x01000193);
  }
  return (value ^ (value >>> 15)) >>> 0;
}
