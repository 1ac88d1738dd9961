/**
 * duet without a screen, as a process of its own, with folders of its own so that it neither sees nor joins other
 * duets of this machine.
 */

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program, type ProgramOptions } from "./processes.ts";
import { findTestProgram, mainPath } from "./test-program.ts";

/** The command that starts duet from its sources, or their bundle, under Bun with these options. */
export function sourceCommand(bunOptions: readonly string[] = []): readonly string[] {
  return [process.execPath, ...bunOptions, mainPath];
}

const program = findTestProgram();
/** The command that starts duet: the compiled program, or the sources if they have changed since it was made. */
export const duetCommand: readonly string[] =
  program !== undefined && existsSync(program) ? [program] : sourceCommand();

/** A fresh folder that is removed on disposal. Its name is short: UNIX socket paths have at most 107 bytes. */
export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "duet-"));

  join(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** One event of `--json`. */
export type JsonEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** Starts duet with these arguments. Duets that are to find each other share a `folder`. */
export function startDuet(args: readonly string[], options: DuetOptions = {}): Duet {
  return new Duet(args, options);
}

export interface DuetOptions extends ProgramOptions {
  readonly folder?: Folder;
  /** The command that duet runs under: a namespace, a tracer. */
  readonly under?: readonly string[];
  /** In place of this duet: the command of another one. */
  readonly command?: readonly string[];
  /** A shell command whose output is duet's standard input. */
  readonly inputFrom?: string;
  /** A path, or `| command` of the shell, for duet's standard output. */
  readonly outputTo?: string;
}

export class Duet extends Program {
  readonly #ownFolder: Folder | undefined;
  readonly #events: JsonEvent[] = [];
  /** How many characters of the output are in `#events`. */
  #parsed = 0;

  constructor(
    args: readonly string[],
    { folder, env, under = [], command = duetCommand, ...options }: DuetOptions,
  ) {
    const own = folder === undefined ? new Folder() : undefined;
    const { path } = folder ?? own!;
    super(withRedirections([...under, ...command, ...args], options), {
      ...options,
      env: {
        XDG_RUNTIME_DIR: path,
        TMPDIR: path,
        XDG_STATE_HOME: `${path}/state`,
        XDG_DATA_HOME: `${path}/data`,
        XDG_CONFIG_HOME: `${path}/config`,
        USER: "ada",
        ...env,
      },
    });
    this.#ownFolder = own;
  }

  /** The events of `--json` so far, without an incomplete last line. */
  get events(): readonly JsonEvent[] {
    for (let end; (end = this.output.indexOf("\n", this.#parsed)) >= 0; this.#parsed = end + 1)
      this.#events.push(JSON.parse(this.output.slice(this.#parsed, end)) as JsonEvent);
    return this.#events;
  }

  eventsOf(type: string): readonly JsonEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  /** Waits for the first event that has all these fields. */
  async waitForEvent(fields: Readonly<Record<string, unknown>>, timeoutMs?: number): Promise<JsonEvent> {
    const find = (): JsonEvent | undefined =>
      this.events.find((event) => Object.entries(fields).every(([name, value]) => event[name] === value));
    await this.waitFor(() => find() !== undefined, JSON.stringify(fields), timeoutMs);
    return find()!;
  }

  /** Waits for the port it listens on or is bound to, in any output mode that reports states. */
  async port(): Promise<number> {
    const pattern = /(?:LISTEN|BOUND)\b[^\n]*?(?:127\.0\.0\.1|0\.0\.0\.0|\[::1?\]):(\d+)/;
    const find = (): string | undefined => (pattern.exec(this.errors) ?? pattern.exec(this.output))?.[1];
    await this.waitFor(() => find() !== undefined, "the port that duet listens on");
    return Number(find());
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    this.#ownFolder?.[Symbol.dispose]();
  }
}

/** The shell becomes duet by exec, so that its pid, signals and exit code are duet's. */
function withRedirections(
  command: readonly string[],
  { inputFrom, outputTo }: DuetOptions,
): readonly string[] {
  if (inputFrom === undefined && outputTo === undefined) return command;
  const words = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  const from = inputFrom === undefined ? "" : `< <(${inputFrom})`;
  const to =
    outputTo === undefined ? "" : outputTo.startsWith("|") ? `> >(${outputTo.slice(1)})` : `> ${outputTo}`;
  return ["bash", "-c", `exec ${words} ${from} ${to}`];
}
