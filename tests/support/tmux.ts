/**
 * A program in tmux, a terminal of its own width table: the screen as tmux holds it, without a window. One client in
 * control mode sends all commands, as a process for each would cost more than everything else.
 */

import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terminalEnvironment } from "./pty.ts";
import { Bell, until } from "./wait.ts";

export interface TmuxScreen {
  readonly rows: readonly string[];
  readonly cursor: { readonly column: number; readonly row: number };
}

interface TmuxSize {
  readonly columns: number;
  readonly rows: number;
}

interface Reply {
  readonly lines: readonly string[];
  readonly isError: boolean;
}

/** Where the output does not grow, the screen is taken again after so many polls. */
const pollsBetweenScreens = 50;

export class Tmux implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "duet-tmux-"));
  readonly #client: Bun.Subprocess<"pipe", "pipe", "inherit">;
  readonly #bell = new Bell();
  /** Replies that were not taken yet. */
  readonly #replies: Reply[] = [];

  private constructor(
    command: readonly string[],
    { columns, rows }: TmuxSize,
    environment: Readonly<Record<string, string>>,
  ) {
    const env = { ...terminalEnvironment(environment), TERM: "xterm-256color", LC_ALL: "C.UTF-8" };
    const tmux = ["tmux", "-S", join(this.#folder, "socket"), "-f", "/dev/null"];
    const started = Bun.spawnSync(
      // Where a status line is shown, tmux takes a row from the program.
      [...tmux, "new-session", "-d", "-x", `${columns}`, "-y", `${rows}`, ";", "set", "status", "off"].concat(
        [";", "pipe-pane", "-o", `cat >> ${this.#outputPath}`, ";"],
        ["respawn-pane", "-k", command.map((word) => `'${word}'`).join(" ")],
      ),
      { env },
    );
    if (started.exitCode !== 0) throw new Error(`tmux: ${started.stderr.toString()}`);
    this.#client = Bun.spawn([...tmux, "-C", "attach", "-f", "no-output"], {
      env,
      stdin: "pipe",
      stdout: "pipe",
      stderr: "inherit",
    });
    void this.#readReplies();
  }

  static async open(
    command: readonly string[],
    size: TmuxSize,
    environment: Readonly<Record<string, string>>,
  ): Promise<Tmux> {
    const tmux = new Tmux(command, size, environment);
    // Of the attachment itself.
    await tmux.#takeReply();
    return tmux;
  }

  get #outputPath(): string {
    return join(this.#folder, "output");
  }

  /** What the program has written. */
  output(): string {
    try {
      return readFileSync(this.#outputPath, "utf8");
    } catch {
      return "";
    }
  }

  /** The length of the output in bytes. */
  get outputBytes(): number {
    return statSync(this.#outputPath, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** The rows without trailing blanks, and the cursor's place. */
  async screen(): Promise<TmuxScreen> {
    const [[position = ""], rows] = await this.#ask(
      "display-message -p '#{cursor_x} #{cursor_y}' ; capture-pane -p",
      2,
    );
    const [column = 0, row = 0] = position.split(" ").map(Number);
    return { rows: rows.map((text) => text.trimEnd()), cursor: { column, row } };
  }

  /** Types a text, byte by byte. */
  async type(text: string): Promise<void> {
    const bytes = Array.from(Buffer.from(text), (byte) => byte.toString(16)).join(" ");
    await this.#ask(`send-keys -H ${bytes}`, 1);
  }

  async press(key: string): Promise<void> {
    await this.#ask(`send-keys ${key}`, 1);
  }

  /** Takes the screen whenever the program has written, until the condition holds. */
  async waitFor(condition: (screen: TmuxScreen) => boolean, what: string): Promise<TmuxScreen> {
    let last: TmuxScreen | undefined;
    let seenBytes = -1;
    let polls = 0;
    const holds = async (): Promise<boolean> => {
      const bytes = this.outputBytes;
      polls += 1;
      if (bytes === seenBytes && polls % pollsBetweenScreens !== 0) return false;
      seenBytes = bytes;
      last = await this.screen();
      return condition(last);
    };
    try {
      await until(holds, what);
      // The condition may have read output that came after the screen was taken.
      return await this.screen();
    } catch (error) {
      throw new Error(`${String(error)}\n${last?.rows.join("\n")}`, { cause: error });
    }
  }

  async #ask(command: string, replies: 1): Promise<readonly [readonly string[]]>;
  async #ask(command: string, replies: 2): Promise<readonly [readonly string[], readonly string[]]>;
  async #ask(command: string, replies: number): Promise<readonly (readonly string[])[]> {
    this.#client.stdin.write(`${command}\n`);
    await this.#client.stdin.flush();
    const taken: (readonly string[])[] = [];
    while (taken.length < replies) taken.push(await this.#takeReply());
    return taken;
  }

  async #takeReply(): Promise<readonly string[]> {
    await this.#bell.waitFor(() => this.#replies.length > 0, "a reply of tmux");
    const { lines, isError } = this.#replies.shift()!;
    if (isError) throw new Error(`tmux: ${lines.join("\n")}`);
    return lines;
  }

  /** A reply is between the lines `%begin N` and `%end N`, or `%error N`; other lines are notifications. */
  async #readReplies(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    let begun: { readonly mark: string; readonly lines: string[] } | undefined;
    for await (const bytes of this.#client.stdout) {
      const lines = `${rest}${decoder.decode(bytes, { stream: true })}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (begun === undefined) {
          if (line.startsWith("%begin ")) begun = { mark: line.slice("%begin".length), lines: [] };
          continue;
        }
        if (line !== `%end${begun.mark}` && line !== `%error${begun.mark}`) {
          begun.lines.push(line);
          continue;
        }
        this.#replies.push({ lines: begun.lines, isError: line.startsWith("%error") });
        begun = undefined;
      }
      this.#bell.ring();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.stdin.write("kill-server\n");
    await this.#client.stdin.flush();
    await this.#client.exited;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
