/** A program in tmux, a terminal of its own width table: the screen as tmux holds it, without a window. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terminalEnvironment } from "./pty.ts";
import { until } from "./wait.ts";

export interface TmuxScreen {
  readonly rows: readonly string[];
  readonly cursor: { readonly column: number; readonly row: number };
}

const waitMs = 20_000;

export class Tmux implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "duet-tmux-"));
  readonly #environment: Record<string, string>;

  constructor(
    command: readonly string[],
    size: { readonly columns: number; readonly rows: number },
    environment: Readonly<Record<string, string>>,
  ) {
    this.#environment = { ...terminalEnvironment(environment), TERM: "xterm-256color", LC_ALL: "C.UTF-8" };
    // Where a status line is shown, tmux takes a row from the program.
    this.#run(
      ["-f", "/dev/null", "new-session", "-d", "-x", `${size.columns}`, "-y", `${size.rows}`],
      [";", "set", "status", "off", ";", "pipe-pane", "-o", `cat >> ${this.#outputPath}`, ";"],
      ["respawn-pane", "-k", command.map((word) => `'${word}'`).join(" ")],
    );
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

  /** The rows without trailing blanks, and the cursor's place. */
  screen(): TmuxScreen {
    const [position = "", ...rows] = this.#run(
      ["display-message", "-p", "#{cursor_x} #{cursor_y}", ";"],
      ["capture-pane", "-p"],
    ).split("\n");
    const [column = 0, row = 0] = position.split(" ").map(Number);
    return { rows: rows.slice(0, -1).map((text) => text.trimEnd()), cursor: { column, row } };
  }

  type(text: string): void {
    this.#run(["send-keys", "-l", "--", text]);
  }

  press(key: string): void {
    this.#run(["send-keys", key]);
  }

  async waitFor(condition: (screen: TmuxScreen) => boolean, what: string): Promise<TmuxScreen> {
    let last: TmuxScreen | undefined;
    try {
      await until(() => condition((last = this.screen())), what, waitMs);
      // The condition may have read output that came after the screen was taken.
      return this.screen();
    } catch (error) {
      throw new Error(`${String(error)}\n${last?.rows.join("\n")}`, { cause: error });
    }
  }

  #run(...words: readonly (readonly string[])[]): string {
    const command = ["tmux", "-S", join(this.#folder, "socket"), ...words.flat()];
    const { stdout, stderr, exitCode } = Bun.spawnSync(command, { env: this.#environment });
    if (exitCode !== 0) throw new Error(`${command.slice(3).join(" ")}: ${stderr.toString()}`);
    return stdout.toString();
  }

  [Symbol.dispose](): void {
    this.#run(["kill-server"]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
