/**
 * Asks for a secret on the controlling terminal, which does not echo it. Whatever ends the question, a signal or a stop
 * included, the terminal is as it was before.
 */

import fs from "node:fs";
import { ReadStream } from "node:tty";
import type { SecretProblem } from "../../protocol/errors/secret-problem.ts";
import type { KeyEvent } from "../../input/keys/key-event.ts";
import { KeyDecoder } from "../../input/keys/keys.ts";
import { editSecret } from "../../input/line/secret-line.ts";
import { parseSecret } from "../../protocol/text/secret-text.ts";
import { type Sentence, sentence, type Word } from "../../words/sentences/sentence.ts";
import { printLast } from "../files/standard-output.ts";
import { guardTerminal } from "../process/guard.ts";
import { readIgnoredSignals } from "../process/ignored-signals.ts";
import { pumpKeys } from "./key-pump.ts";

const { O_NOCTTY, O_RDWR } = fs.constants;

export interface SecretQuestion {
  /** Without a blank at its end. */
  readonly question: Sentence;
  /** A new secret is asked for twice, since a person does not see what they type: this is the second question. */
  readonly again: Sentence | undefined;
}

type Answer = { readonly secret: string } | { readonly problem: SecretProblem };

/** Asks until a secret is entered, and the same one again where it is new; a cancelled question is a problem. */
export async function askSecret({ question, again }: SecretQuestion, word: Word): Promise<Answer> {
  let terminal: SecretTerminal;
  try {
    terminal = new SecretTerminal(word);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "ENXIO";
    return { problem: { is: "no-terminal", code } };
  }
  try {
    for (;;) {
      const answer = await terminal.ask(question);
      if ("problem" in answer || again === undefined) return answer;
      const repeated = await terminal.ask(again);
      if ("problem" in repeated || repeated.secret === answer.secret) return repeated;
      terminal.print(`${word(sentence("secrets-differ"))}\r\n`);
    }
  } finally {
    terminal.close();
  }
}

class SecretTerminal {
  readonly #word: Word;
  readonly #descriptor: number;
  /** Sets the modes, and is never read. */
  readonly #modes: ReadStream;
  readonly #guard;
  /** The question that is asked. */
  #stopReading: (() => void) | undefined;
  /** The question that is asked, as text. */
  #question = "";
  #text = "";
  #settle: ((answer: Answer) => void) | undefined;
  /** Keys between two questions. */
  readonly #early: KeyEvent[] = [];
  #isRaw = false;

  constructor(word: Word) {
    this.#word = word;
    this.#descriptor = openTerminal();
    this.#modes = new ReadStream(this.#descriptor);
    this.#guard = guardTerminal({
      onSignal: (_signal, code) => {
        this.#restore();
        this.#guard.leave(code);
      },
      restore: () => this.#restore(),
      print: printLast,
      word,
    });
    if (!readIgnoredSignals().has("SIGTSTP")) process.on("SIGTSTP", this.#onStop);
    process.on("SIGCONT", this.#onContinue);
  }

  /** Asks again after a text that is no secret. */
  ask(question: Sentence): Promise<Answer> {
    this.#question = `${this.#word(question)} `;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#settle = resolve;
    this.#begin();
    this.#read();
    while (this.#settle !== undefined && this.#early.length > 0) this.#press(this.#early.shift()!);
    return promise;
  }

  #read(): void {
    const input = new ReadStream(openTerminal());
    const stopPump = pumpKeys({
      keyboard: input,
      decoder: new KeyDecoder(),
      onKey: (event) => void (this.#settle === undefined ? this.#early.push(event) : this.#press(event)),
      onEnd: () => this.#finish("cancelled"),
    });
    this.#stopReading = () => {
      stopPump();
      input.destroy();
    };
  }

  /**
   * Ends the question. The stream ends within its own event: Bun 1.4.5 reads on behind that, and would take the next bytes
   * away from whoever reads the terminal then.
   */
  #end(answer: Answer): void {
    const settle = this.#settle;
    this.#settle = undefined;
    this.#stopReading?.();
    this.#stopReading = undefined;
    settle?.(answer);
  }

  #press(event: KeyEvent): void {
    if (event.type === "key" && event.ctrl && event.name === "c") return this.#interrupt();
    if (event.type === "key" && event.ctrl && event.name === "z") return void process.kill(0, "SIGTSTP");
    const edit = editSecret(this.#text, event);
    if (edit.is === "typing") this.#text = edit.text;
    else this.#finish(edit.is);
  }

  print(text: string): void {
    fs.writeSync(this.#descriptor, text);
  }

  #begin(): void {
    this.#text = "";
    this.#setRaw(true);
    this.print(this.#question);
  }

  #finish(how: "entered" | "cancelled"): void {
    const text = this.#text;
    this.#text = "";
    if (this.#settle === undefined) return;
    this.print("\r\n");
    if (how === "cancelled") return this.#end({ problem: { is: "cancelled" } });
    const parsed = parseSecret(text);
    if ("secret" in parsed) return this.#end(parsed);
    this.print(`${this.#word(sentence("secret-problem", { problem: { is: parsed.problem } }))}\r\n`);
    this.print(this.#question);
  }

  /** As if the terminal had sent SIGINT, which it does not in raw mode. */
  #interrupt(): void {
    if (readIgnoredSignals().has("SIGINT")) return this.#finish("cancelled");
    process.kill(process.pid, "SIGINT");
  }

  readonly #onStop = (): void => {
    this.#restore();
    process.off("SIGTSTP", this.#onStop);
    process.kill(0, "SIGTSTP");
  };

  readonly #onContinue = (): void => {
    if (this.#settle === undefined) return;
    process.off("SIGTSTP", this.#onStop).on("SIGTSTP", this.#onStop);
    // After SIGSTOP the shell has turned echo on, but the runtime assumes that it is off.
    this.#setRaw(false);
    this.#begin();
  };

  /** The prompt's row is left, and the terminal echoes again. Idempotent. */
  #restore(): void {
    if (!this.#isRaw) return;
    this.print("\r\n");
    this.#setRaw(false);
  }

  #setRaw(isRaw: boolean): void {
    this.#isRaw = isRaw;
    // The runtime emits an error if the terminal has hung up, which would be thrown if nothing listened for it.
    this.#modes.on("error", ignore);
    this.#modes.setRawMode(isRaw);
    this.#modes.off("error", ignore);
  }

  close(): void {
    this.#stopReading?.();
    process.off("SIGTSTP", this.#onStop);
    process.off("SIGCONT", this.#onContinue);
    this.#setRaw(false);
    this.#guard[Symbol.dispose]();
    this.#modes.destroy();
  }
}

function openTerminal(): number {
  return fs.openSync("/dev/tty", O_RDWR | O_NOCTTY);
}

function ignore(): void {}
