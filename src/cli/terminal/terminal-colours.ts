/**
 * Which colours the terminal is drawn in: the person's choice, or else what can be told of its background. The first
 * frame takes the best guess and waits for nothing; the terminal's own answer repaints it.
 */

import { createTheme, type Theme } from "../../../components/paint/theme.ts";
import type { ReplyEvent } from "../../input/keys/key-event.ts";
import type { ThemeChoice } from "../options/option-values.ts";
import { ImmediateStore } from "./paced-store.ts";

/** What the environment says of the terminal. */
type TerminalVariables = Readonly<Record<string, string | undefined>>;

type Background = "dark" | "light" | "unknown";

/** OSC 11 with a question mark: xterm's ctlseqs, "Change VT100 text background color". */
const backgroundQuestion = "\x1b]11;?\x1b\\";
/** Most terminals answer within a few; one that says nothing by then most likely never will. */
const answerWithinMs = 100;

export class TerminalColours {
  readonly #choice: ThemeChoice;
  readonly #variables: TerminalVariables;
  readonly #theme: ImmediateStore<Theme>;
  #background: Background;
  #answer = Promise.withResolvers<void>();

  constructor(choice: ThemeChoice, variables: TerminalVariables) {
    this.#choice = choice;
    this.#variables = variables;
    this.#background = guessBackground(variables);
    this.#theme = new ImmediateStore(this.#create());
    this.#answer.resolve();
  }

  get theme(): ImmediateStore<Theme> {
    return this.#theme;
  }

  /** What to ask the terminal, now and whenever it may have changed; undefined: nothing depends on its answer. */
  get question(): string | undefined {
    return this.#isOpen && this.#variables["TERM"] !== "linux" ? backgroundQuestion : undefined;
  }

  /** Asks, if anything depends on the answer. */
  ask(terminal: { readonly ask: (question: string) => void }): void {
    const { question } = this;
    if (question === undefined) return;
    terminal.ask(question);
    this.onAsked();
  }

  /** To be told when the question goes out. */
  onAsked(): void {
    this.#answer.resolve();
    this.#answer = Promise.withResolvers();
    setTimeout(this.#answer.resolve, answerWithinMs);
  }

  /**
   * Resolves once the question is answered, or will hardly be: a terminal that is given back before has its answer typed
   * into the shell.
   */
  get answered(): Promise<void> {
    return this.#answer.promise;
  }

  /** Takes the answer in, however late it comes. */
  onReply(reply: ReplyEvent): void {
    const background = readBackground(reply);
    if (background !== undefined) this.#answer.resolve();
    if (!this.#isOpen || background === undefined || background === this.#background) return;
    this.#background = background;
    this.#theme.set(this.#create());
  }

  /** The choice leaves the background to be found out. */
  get #isOpen(): boolean {
    return this.#choice === "auto" && canColour(this.#variables);
  }

  #create(): Theme {
    const links = canLink(this.#variables);
    if (this.#choice === "plain") return createTheme({ hasColour: false, hasLinks: links });
    if (this.#choice !== "auto")
      return createTheme({ hasColour: true, background: this.#choice, hasLinks: links });
    return createTheme({
      hasColour: canColour(this.#variables),
      background: this.#background,
      hasLinks: links,
    });
  }
}

/** COLORFGBG ends with the number of the background among the 16 colours: rxvt, Konsole and others set it. */
export function guessBackground(variables: TerminalVariables): Background {
  const number = /;(\d{1,2})$/.exec(variables["COLORFGBG"] ?? "")?.[1];
  if (number === undefined || Number(number) > 15) return "unknown";
  return Number(number) === 7 || Number(number) > 8 ? "light" : "dark";
}

/** The background that an answer to OSC 11 tells; undefined: it is no such answer. */
export function readBackground({ kind, body }: ReplyEvent): Background | undefined {
  if (kind !== "osc") return undefined;
  const [, red, green, blue] =
    /^11;rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?$/i.exec(body) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  // Rec. 601: good enough to tell day from night.
  const brightness = 0.299 * partOf(red) + 0.587 * partOf(green) + 0.114 * partOf(blue);
  return brightness > 0.5 ? "light" : "dark";
}

/** `f`, `ff` and `ffff` are all of it. */
function partOf(digits: string): number {
  return Number.parseInt(digits, 16) / (16 ** digits.length - 1);
}

/** https://no-color.org, and terminals that have no colours (terminfo's own names). */
function canColour(variables: TerminalVariables): boolean {
  if ((variables["NO_COLOR"] ?? "") !== "") return false;
  return !/^(vt\d+.*|.*-m|.*-mono|ansi-m)$/.test(variables["TERM"] ?? "");
}

/** OSC 8 is ignored where it is not known, but for consoles that would show it. */
function canLink(variables: TerminalVariables): boolean {
  return !/^(linux|dumb|vt\d+.*)?$/.test(variables["TERM"] ?? "");
}
