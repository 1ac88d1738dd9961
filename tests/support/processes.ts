/**
 * Programs on pipes, read line by line, such as headless duets, nc and Python scripts. Disposal kills a program that
 * a test leaves running.
 */

import { terminalEnvironment } from "./pty.ts";
import { Bell, until, within } from "./wait.ts";

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Starts `command` with pipes for its three standard streams. Disposing it kills it. */
export function startProgram(command: readonly string[], options: ProgramOptions = {}): Program {
  return new Program(command, options);
}

export class Program implements AsyncDisposable {
  readonly #process: Bun.Subprocess<"pipe", "pipe", "pipe">;
  readonly #bell = new Bell();
  readonly #command: string;
  readonly #read: Promise<unknown>;
  #output = "";
  #errors = "";
  /** How many characters of the output `waitForLine` has passed. */
  #seen = 0;

  constructor(command: readonly string[], options: ProgramOptions) {
    this.#command = command.join(" ");
    this.#process = Bun.spawn([...command], {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
      env: terminalEnvironment(options.env),
      cwd: options.cwd ?? process.cwd(),
    });
    this.#read = Promise.all([
      this.#follow(this.#process.stdout, (text) => (this.#output += text)),
      this.#follow(this.#process.stderr, (text) => (this.#errors += text)),
    ]);
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** All of standard output so far. */
  get output(): string {
    return this.#output;
  }

  /** All of standard error so far. */
  get errors(): string {
    return this.#errors;
  }

  /** Standard output's complete lines so far. */
  get lines(): string[] {
    return this.#output.split("\n").slice(0, -1);
  }

  /** Waits for the next complete line of standard output that matches, after the one returned last. */
  async waitForLine(pattern: RegExp | string, timeoutMs?: number): Promise<string> {
    let found = "";
    await this.waitFor(
      () => {
        const line = this.#nextLine(pattern);
        found = line ?? "";
        return line !== undefined;
      },
      `the line ${pattern}`,
      timeoutMs,
    );
    return found;
  }

  /** Waits for the first match anywhere in standard error. */
  async waitForError(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray> {
    await this.waitFor(() => pattern.test(this.#errors), `the error ${pattern}`, timeoutMs);
    return this.#errors.match(pattern)!;
  }

  /** Checks the condition after each chunk of output; the timeout error shows all of it. */
  async waitFor(condition: () => boolean, what: string, timeoutMs?: number): Promise<void> {
    await this.#bell.waitFor(condition, what, timeoutMs, () => this.#describe());
  }

  /** Writes to the program's input. */
  write(input: string | Uint8Array): void {
    this.#process.stdin.write(input);
    // An ended program takes no input: `waitForExit` reports its end.
    void Promise.resolve(this.#process.stdin.flush()).catch(() => {});
  }

  /** Closes the program's input. */
  end(): void {
    void this.#process.stdin.end();
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Waits for its end, with all its output read. */
  async waitForExit(timeoutMs?: number): Promise<ProgramEnd> {
    try {
      await within(Promise.all([this.#process.exited, this.#read]), "the program's end", timeoutMs);
    } catch (error) {
      throw new Error(`${String(error)}\n${this.#describe()}`, { cause: error });
    }
    return { code: this.#process.exitCode, signal: this.#process.signalCode as string | null };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.exited;
  }

  async #follow(stream: ReadableStream<Uint8Array>, append: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      append(decoder.decode(bytes, { stream: true }));
      this.#bell.ring();
    }
  }

  #nextLine(pattern: RegExp | string): string | undefined {
    const isWanted = (line: string): boolean =>
      typeof pattern === "string" ? line.includes(pattern) : pattern.test(line);
    for (;;) {
      const end = this.#output.indexOf("\n", this.#seen);
      if (end < 0) return undefined;
      const line = this.#output.slice(this.#seen, end);
      this.#seen = end + 1;
      if (isWanted(line)) return line;
    }
  }

  #describe(): string {
    return `${this.#command}\n─ output\n${this.#output}\n─ errors\n${this.#errors}\n─ exit ${this.#process.exitCode}`;
  }
}

/** The resident memory of a process in bytes, on Linux; 0 when it has ended. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await Bun.file(`/proc/${pid}/status`)
    .text()
    .catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** The processor time of a process in milliseconds, to a hundredth of a second, on Linux. */
export async function processorMs(pid: number): Promise<number> {
  const fields = (await Bun.file(`/proc/${pid}/stat`).text()).replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/**
 * Resolves once a process used at most a tenth of a processor for half a second: an idle program does, a busy loop
 * never. The one place of the suite that measures this.
 */
export async function quietHalfSecond(pid: number): Promise<void> {
  let sinceMs = performance.now();
  let usedMs = await processorMs(pid);
  const isQuiet = async (): Promise<boolean> => {
    const nowMs = performance.now();
    if (nowMs - sinceMs < 500) return false;
    const nowUsedMs = await processorMs(pid);
    const took = nowUsedMs - usedMs;
    sinceMs = nowMs;
    usedMs = nowUsedMs;
    return took <= 50;
  };
  await until(isQuiet, "half a second that costs nothing");
}
