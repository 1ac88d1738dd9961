/**
 * Golden transcripts: a scenario plays with real programs, and what they showed is compared with a committed text file.
 * Ports, times and random ids are replaced by names first. `UPDATE_GOLDEN=1 bun test tests/golden` records anew.
 */

import { expect, test } from "bun:test";
import type { Duet } from "../support/duet.ts";
import type { Program } from "../support/processes.ts";
import type { TestTerminal } from "../support/pty.ts";
import { givenBack, ScreenDuet } from "../support/screens.ts";
import { until } from "../support/wait.ts";
import { eventLines } from "./events.ts";

const isRecording = process.env["UPDATE_GOLDEN"] !== undefined;
/** While recording, a screen is final once it has not changed for so long. */
const settledMs = 600;
/** For one condition, on a busy machine. */
const waitMaxMs = 15_000;
/**
 * A timer of duet's own (250 ms for a greeting, 1 s for the rest of a line) may overtake the programs of a scenario on a
 * busy machine. Such a run is played again: what a change of the code alters differs each time.
 */
const playsMax = 3;
const scenarioMaxMs = 120_000;

/** A test that compares what `scenario` writes with `transcripts/NAME.txt`. */
export function golden(name: string, scenario: Scenario): void {
  test(name, () => play(name, scenario), scenarioMaxMs);
}

type Scenario = (transcript: Transcript) => Promise<void>;

/** As `golden`, for a test that is registered by another function, as `withNamespace` does. */
export async function play(name: string, scenario: Scenario): Promise<void> {
  const file = Bun.file(new URL(`transcripts/${name}.txt`, import.meta.url));
  if (isRecording) return void (await file.write(await record(scenario)));
  const recorded = await file.text();
  for (let time = 1; ; time += 1) {
    try {
      const transcript = await playOnce(scenario, recorded);
      expect(transcript).toBe(recorded);
      return;
    } catch (error) {
      if (time === playsMax) throw error;
      console.warn(`${name} differed and is played again: ${String(error).slice(0, 2000)}`);
    }
  }
}

/** Plays until two runs agree. */
async function record(scenario: Scenario): Promise<string> {
  let before = "";
  for (let time = 1; time <= 2 * playsMax; time += 1) {
    const transcript = await playOnce(scenario, "");
    if (transcript === before) return transcript;
    if (time > 1) showDifference(before, transcript);
    before = transcript;
  }
  throw new Error("no two runs agree");
}

function showDifference(before: string, now: string): void {
  const lines = new Set(before.split("\n"));
  const added = now.split("\n").filter((line) => !lines.has(line));
  console.warn(`two runs differ; only in the second:\n${added.join("\n")}`);
}

async function playOnce(scenario: Scenario, recorded: string): Promise<string> {
  const transcript = new Transcript(recorded);
  await scenario(transcript);
  return transcript.text();
}

export class Transcript {
  readonly #sections: { readonly title: string; readonly body: string }[] = [];
  readonly #ports = new Map<number, string>();
  readonly #paths = new Map<string, string>();
  readonly #recorded: string;

  constructor(recorded: string) {
    this.#recorded = recorded;
  }

  /** From now on this port has a name: five characters, as many as the ports that a system chooses have digits. */
  namePort(port: number, name: string): void {
    expect(name).toHaveLength(String(port).length);
    this.#ports.set(port, name);
  }

  namePath(path: string, name: string): void {
    this.#paths.set(path, name);
  }

  /** A section of plain text. */
  write(title: string, body: string): void {
    this.#sections.push({ title, body: body.replace(/\n$/, "") });
  }

  /** Waits for the program's end; all that it printed, and its exit code. `readOutput` makes its lines comparable. */
  async writeEnd(
    title: string,
    program: Program,
    readOutput: (output: string) => string = (output) => output,
  ): Promise<void> {
    const { code, signal } = await program.waitForExit(waitMaxMs);
    const streams = [
      ["output", readOutput(program.output)],
      ["errors", program.errors],
    ] as const;
    const printed = streams.filter(([, text]) => text !== "").map(([name, text]) => `─ ${name}\n${text}`);
    const ending = `─ exit ${signal ?? code}`;
    this.write(title, [...printed.map((text) => text.replace(/\n$/, "")), ending].join("\n"));
  }

  /** As `writeEnd`, of a duet with `--json`. */
  async writeEvents(title: string, duet: Duet): Promise<void> {
    await this.writeEnd(title, duet, eventLines);
  }

  /** Ends the duet by SIGTERM, and writes what it printed. */
  async stop(title: string, duet: Duet): Promise<void> {
    duet.signal("SIGTERM");
    await (duet.output.startsWith('{"type"') ? this.writeEvents(title, duet) : this.writeEnd(title, duet));
  }

  /** Waits until the screen is what was recorded. */
  async writeScreen(title: string, { terminal }: { readonly terminal: TestTerminal }): Promise<void> {
    const expected = this.#recordedSection(title);
    let drawn = "";
    let sinceMs = performance.now();
    const isFinal = (): boolean => {
      const now = this.#named(drawScreen(terminal));
      if (now !== drawn) sinceMs = performance.now();
      drawn = now;
      if (terminal.modes().synchronized) return false;
      return isRecording ? performance.now() - sinceMs >= settledMs : drawn === expected;
    };
    await until(isFinal, title, waitMaxMs).catch(() => {});
    if (!isRecording) expect(drawn).toBe(expected ?? "");
    this.write(title, drawn);
  }

  /** The end of a duet on a terminal: its code, what it leaves there, and whether the terminal is the shell's again. */
  async writeFarewell(title: string, terminal: TestTerminal): Promise<void> {
    const { code, signal } = await terminal.waitForExit(waitMaxMs);
    expect(terminal.modes()).toEqual(givenBack);
    expect(terminal.isCooked()).toBe(true);
    const rows = terminal.screen().map((row) => row.trimEnd());
    this.write(title, `${rows.join("\n").trimEnd()}\n─ exit ${signal ?? code}`);
  }

  text(): string {
    return this.#sections
      .map(({ title, body }) => `══ ${this.#named(title)}\n${this.#named(body)}\n`)
      .join("\n");
  }

  #recordedSection(title: string): string | undefined {
    const start = `══ ${title}\n`;
    const section = `\n${this.#recorded}`.split("\n══ ").find((text) => `══ ${text}`.startsWith(start));
    return section?.slice(start.length - 3).replace(/\n+$/, "");
  }

  #named(text: string): string {
    let named = text;
    for (const [path, name] of this.#paths) named = named.replaceAll(path, name);
    for (const [port, name] of this.#ports)
      named = named.replace(new RegExp(`(?<!\\d)${port}(?!\\d)`, "g"), name);
    return withoutChance(named);
  }
}

/** Leaves out what is another in each run: times, measured durations, ids, ports without a name. */
function withoutChance(text: string): string {
  return (
    text
      .replace(/"(session|key|k)":"[\da-f]{8,}"/g, '"$1":"…"')
      .replace(/"(rttMs|delayMs)":[\d.]+/g, '"$1":N')
      .replace(
        /(-|\w[^"\n]{0,20}?)\1{19,}/g,
        (all: string, unit: string) => `${all.length / unit.length}×{${unit}}`,
      )
      .replace(/(127\.0\.0\.1|0\.0\.0\.0|\[::1?\])([: ])\d{5}(?!\d)/g, "$1$2p-any")
      .replace(/^(┃?)\d\d:\d\d(?= \S)/gm, "$1hh:mm")
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "TIME")
      .replace(/\d\d:\d\d:\d\d\.\d{3}/g, "hh:mm:ss.mmm")
      .replace(/\d\d:\d\d\.\d{3}/g, "mm:ss.mmm")
      .replace(/\S+ \(pid \d+\)/g, "PROGRAM (pid N)")
      // Beside a peer's name: its pings and receipts are paced by timers.
      .replace(/(?:[\d.]+ (?:µs|ms|s) +)?↓[\d.]+ \w+ ↑[\d.]+ \w+/g, "↓in ↑out")
      .replace(/\b(rtt|round trip) [\d.]+ (?:µs|ms|s)/g, "$1 …")
  );
}

/** The rows, each after a `┃`: ScreenDuet's drawing, up to the last row that is not empty. */
function drawScreen(terminal: TestTerminal): string {
  const rows = new ScreenDuet(terminal, undefined)
    .drawn()
    .replace(/(\n┃)+$/, "")
    .split("\n");
  const [first = ""] = terminal.screen();
  return rows.map((row) => (row.includes("↓ in ↑ out") ? statusRow(row, first.length) : row)).join("\n");
}

/** Without the sparkline, which moves each second, and on a small screen without what has to make room for it. */
function statusRow(row: string, columns: number): string {
  const still = row.replace(/[▁-█]+(?: ↓[\d.]+ \w+\/s ↑[\d.]+ \w+\/s)?/, "").replace(/ {2,}/g, "  ");
  return columns < 60 ? still.replace(/Ctrl-T \w+ {2}/, "") : still;
}
