/**
 * Every colour and style of the screen, as SGR parameters (ECMA-48 §8.3.117). It knows what things are
 * called, not what they say or where they stand. Text given to it must be clean.
 */

/** What is painted, by its meaning. The bars have styles of their own, for they have a background. */
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
  | "lit"
  | "litCurrent"
  | "litWord"
  | "menuChosen"
  | "barPlain"
  | "barStrong"
  | "barQuiet"
  | "barGood"
  | "barWarning"
  | "barBad";

export interface Theme {
  readonly styles: Readonly<Record<Style, string>>;
  /** A name has one of these. None is the red of errors, or what a mention is lit with. */
  readonly nameStyles: readonly [string, ...string[]];
  /** The terminal knows OSC 8: addresses of the web can be followed. */
  readonly links: boolean;
}

export interface ThemeWish {
  readonly colour: boolean;
  /** What colours have to be seen on; `unknown`, the default: on black and on white alike. */
  readonly background?: "dark" | "light" | "unknown";
  readonly links?: boolean;
}

/** The colours of one background, each by its number among the 256, which no terminal's theme changes. */
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

// Each contrasts with its backgrounds by 4.5 and more, what is quiet by 3 (WCAG 2; tests/components/theme.test.ts).
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
  // The middle that both can show is narrow: black and white are 21 apart, and these lie between.
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

function coloured({ quiet, green, cyan, amber, red, mention, names, bar }: Palette, links: boolean): Theme {
  const onBar = (number: number): string => `48;5;${bar.back};${fore(number)}`;
  const [first, ...others] = names;
  return {
    styles: {
      time: fore(quiet),
      gutter: fore(quiet),
      ownName: "1",
      quiet: fore(quiet),
      strong: "1",
      good: fore(green),
      warning: fore(amber),
      bad: fore(red),
      joined: fore(green),
      left: fore(red),
      info: fore(cyan),
      hint: fore(cyan),
      mention: `${fore(mention)};1`,
      link: "4",
      lit: "48;5;229;38;5;16",
      litCurrent: "48;5;214;38;5;16;1",
      litWord: "48;5;153;38;5;16",
      menuChosen: `48;5;${bar.plain};${fore(bar.back)}`,
      barPlain: onBar(bar.plain),
      barStrong: `${onBar(bar.strong)};1`,
      barQuiet: onBar(bar.quiet),
      barGood: onBar(bar.good),
      barWarning: onBar(bar.warning),
      barBad: onBar(bar.bad),
    },
    nameStyles: [fore(first), ...others.map(fore)],
    links,
  };
}

function fore(number: number): string {
  return `38;5;${number}`;
}

/** https://no-color.org asks for no colour; weight, underlines and inversion are none. */
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
    lit: "7",
    litCurrent: "7;1",
    litWord: "4",
    menuChosen: "1",
    barPlain: "7",
    barStrong: "7;1",
    barQuiet: "7",
    barGood: "7",
    barWarning: "7;1",
    barBad: "7;1",
  },
  nameStyles: [""],
  links: false,
};

export function createTheme({ colour, background = "unknown", links = false }: ThemeWish): Theme {
  return colour ? coloured(palettes[background], links) : { ...withoutColour, links };
}

export function paint(theme: Theme, style: Style, text: string): string {
  return withSgr(theme.styles[style], text);
}

/**
 * An address that can be followed: OSC 8, where the terminal knows it. `url` must be visible ASCII, so that it cannot end
 * the sequence; what is painted may have styles of its own.
 */
export function paintLink(
  theme: Theme,
  { url, id }: { readonly url: string; readonly id: string },
  painted: string,
): string {
  const underlined = `\x1b[${theme.styles.link}m${painted}\x1b[0m`;
  return theme.links ? `\x1b]8;id=${id};${url}\x1b\\${underlined}\x1b]8;;\x1b\\` : underlined;
}

/** The same key has always the same colour. */
export function paintName(theme: Theme, key: string, name: string): string {
  const style = theme.nameStyles[hash(key) % theme.nameStyles.length] ?? theme.nameStyles[0];
  return withSgr(style, name);
}

function withSgr(parameters: string, text: string): string {
  return parameters === "" || text === "" ? text : `\x1b[${parameters}m${text}\x1b[0m`;
}

/** FNV-1a: neighbouring ports get different colours. */
function hash(key: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    value = Math.imul(value ^ key.charCodeAt(index), 0x01000193);
  }
  return (value ^ (value >>> 15)) >>> 0;
}
