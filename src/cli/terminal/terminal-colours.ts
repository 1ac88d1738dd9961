/**
 * Selects the colour theme: the person's choice, or one for the terminal's background. The first frame uses a guess;
 * the terminal's answer repaints it.
 */

import { createTheme, type Theme } from "../../../components/paint/theme.ts";
import type { ReplyEvent } from "../../input/keys/key-event.ts";
import type { ThemeChoice } from "../options/option-values.ts";
import { ImmediateStore } from "./paced-store.ts";
import type { TerminalQuery } from "./terminal-queries.ts";

/** Environment variables. */
type TerminalVariables = Readonly<Record<string, string | undefined>>;

type Background = "dark" | "light" | "unknown";

/** OSC 11 with a question mark: xterm's ctlseqs, "Change VT100 text background color". */
const backgroundQuery = "\x1b]11;?\x1b\\";

export class TerminalColours {
  readonly #choice: ThemeChoice;
  readonly #variables: TerminalVariables;
  readonly #theme: ImmediateStore<Theme>;
  #background: Background;

  constructor(choice: ThemeChoice, variables: TerminalVariables) {
    this.#choice = choice;
    this.#variables = variables;
    this.#background = guessBackground(variables);
    this.#theme = new ImmediateStore(this.#create());
  }

  get theme(): ImmediateStore<Theme> {
    return this.#theme;
  }

  /** Asks for the background if the theme depends on it: at the start, and whenever it may have changed. */
  get query(): TerminalQuery {
    return {
      moments: ["entry", "focus"],
      getSequence: () => {
        const isAsked = this.#dependsOnBackground && this.#variables["TERM"] !== "linux";
        return isAsked ? backgroundQuery : "";
      },
      onReply: (reply) => this.#onReply(reply),
    };
  }

  #onReply(reply: ReplyEvent): void {
    const background = readBackground(reply);
    if (!this.#dependsOnBackground || background === undefined || background === this.#background) return;
    this.#background = background;
    this.#theme.set(this.#create());
  }

  get #dependsOnBackground(): boolean {
    return this.#choice === "auto" && supportsColour(this.#variables);
  }

  #create(): Theme {
    const hasLinks = supportsLinks(this.#variables);
    if (this.#choice === "plain") return createTheme({ hasColour: false, hasLinks });
    if (this.#choice !== "auto") return createTheme({ hasColour: true, background: this.#choice, hasLinks });
    return createTheme({
      hasColour: supportsColour(this.#variables),
      background: this.#background,
      hasLinks,
    });
  }
}

/** COLORFGBG, which rxvt, Konsole and others set, ends with the number of the background among the 16 colours. */
export function guessBackground(variables: TerminalVariables): Background {
  const number = /;(\d{1,2})$/.exec(variables["COLORFGBG"] ?? "")?.[1];
  if (number === undefined || Number(number) > 15) return "unknown";
  return Number(number) === 7 || Number(number) > 8 ? "light" : "dark";
}

/** Reads the background from an answer to OSC 11; undefined for any other reply. */
export function readBackground({ kind, body }: ReplyEvent): Background | undefined {
  if (kind !== "osc") return undefined;
  const [, red, green, blue] =
    /^11;rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?$/i.exec(body) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  // Luma of Rec. 601, which is exact enough to distinguish dark from light.
  const brightness = 0.299 * parseChannel(red) + 0.587 * parseChannel(green) + 0.114 * parseChannel(blue);
  return brightness > 0.5 ? "light" : "dark";
}

/** A hexadecimal channel as a number from 0 to 1. `f`, `ff` and `ffff` are all 1. */
function parseChannel(digits: string): number {
  return Number.parseInt(digits, 16) / (16 ** digits.length - 1);
}

/** False if NO_COLOR is set (https://no-color.org), or terminfo's name is that of a terminal without colours. */
function supportsColour(variables: TerminalVariables): boolean {
  if ((variables["NO_COLOR"] ?? "") !== "") return false;
  return !/^(vt\d+.*|.*-m|.*-mono|ansi-m)$/.test(variables["TERM"] ?? "");
}

/** Terminals ignore OSC 8 if they do not support it, but consoles print it. */
export function supportsLinks(variables: TerminalVariables): boolean {
  return !/^(linux|dumb|vt\d+.*)?$/.test(variables["TERM"] ?? "");
}
