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
  | "barPlain"
  | "barStrong"
  | "barQuiet"
  | "barGood"
  | "barWarning"
  | "barBad";

export interface Theme {
  readonly styles: Readonly<Record<Style, string>>;
  /** A name has one of these. None is the red of errors. */
  readonly nameStyles: readonly [string, ...string[]];
}

const bar = "48;5;236";

/** Of the 256 colours, which no terminal's theme changes, those that contrast with black and with white by more than 3.5 (WCAG 2). */
const green = "38;5;64";
const cyan = "38;5;30";
const amber = "38;5;130";
const red = "38;5;160";

const inColour: Theme = {
  styles: {
    time: "2",
    gutter: "2",
    ownName: "1",
    quiet: "2",
    strong: "1",
    good: green,
    warning: amber,
    bad: red,
    joined: green,
    left: red,
    info: cyan,
    hint: cyan,
    barPlain: `${bar};38;5;250`,
    barStrong: `${bar};38;5;255;1`,
    barQuiet: `${bar};38;5;244`,
    barGood: `${bar};38;5;114`,
    barWarning: `${bar};38;5;221`,
    barBad: `${bar};38;5;210`,
  },
  nameStyles: [green, cyan, amber, "38;5;33", "38;5;62", "38;5;97", "38;5;133", "38;5;168"],
};

/** https://no-color.org asks for no colour; weight and inversion are none. */
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
    barPlain: "7",
    barStrong: "7;1",
    barQuiet: "7",
    barGood: "7",
    barWarning: "7;1",
    barBad: "7;1",
  },
  nameStyles: [""],
};

export function createTheme({ colour }: { readonly colour: boolean }): Theme {
  return colour ? inColour : withoutColour;
}

export function paint(theme: Theme, style: Style, text: string): string {
  return withSgr(theme.styles[style], text);
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
