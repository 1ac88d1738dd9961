/** duet with --screen-reader on a wide terminal: each event is one line, and commands are typed. */

import { Folder } from "../support/duet.ts";
import { startInTerminal, type TestTerminal } from "../support/pty.ts";
import { commandOf, screenEnvironment } from "../support/screens.ts";

/** Wide enough that no line is wrapped, and high enough that none is scrolled away. */
const size = { columns: 320, rows: 60 } as const;

export async function startSpoken(args: readonly string[], folder: Folder): Promise<SpokenDuet> {
  const command = commandOf([...args, "--screen-reader"]);
  return new SpokenDuet(await startInTerminal(command, { ...size, env: screenEnvironment(folder) }));
}

export class SpokenDuet implements AsyncDisposable {
  readonly terminal: TestTerminal;

  constructor(terminal: TestTerminal) {
    this.terminal = terminal;
  }

  write(line: string): void {
    this.terminal.write(`${line}\r`);
  }

  /** Types a line, and waits until one more row matches its answer. */
  async type(line: string, answer: RegExp): Promise<void> {
    const count = (): number => this.terminal.screen().filter((row) => answer.test(row)).length;
    const before = count();
    this.write(line);
    await this.terminal.waitFor(() => count() > before, `the answer ${answer} to ${line}`);
  }

  async reads(text: RegExp | string): Promise<void> {
    await this.terminal.waitForText(text);
  }

  /** The port that it listens on. */
  async port(): Promise<number> {
    const listening = /(?:LISTEN|BOUND).*127\.0\.0\.1:(\d+)/;
    await this.reads(listening);
    return Number(
      this.terminal
        .screen()
        .map((row) => listening.exec(row)?.[1])
        .find(Boolean),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminal[Symbol.asyncDispose]();
  }
}
