/**
 * Golden transcripts: a scenario runs real programs, and their output is compared with a committed text file. Ports,
 * times and random ids are replaced by names first. `UPDATE_GOLDEN=1 bun test tests/golden` records again.
 */

import { expect, test } from "bun:test";
import type { Duet } from "../support/duet.ts";
import type { Program } from "../support/processes.ts";
import type { TestTerminal } from "../support/pty.ts";
import { restoredModes, ScreenDuet } from "../support/screens.ts";
import { until } from "../support/wait.ts";
import { eventLines } from "./events.ts";

const isRecording = process.env["UPDATE_GOLDEN"] !== undefined;
/** While recording, a screen is final once it has not changed for this long. */
const settledMs = 600;
/** A scenario ends by conditions; the limit ends one that never would. */
export const scenarioMaxMs = 300_000;
/** A wrong screen is reported after this long; far beyond what a slow machine needs. */
const screenMaxMs = 60_000;

/** A test that compares the text that `scenario` writes with `transcripts/NAME.txt`. */
export function golden(name: string, scenario: (transcript: Transcript) => Promise<void>): void {
  test(name, () => play(name, scenario), scenarioMaxMs);
}

/** Like `golden`, for a test that another function registers, such as `withNamespace`. */
export async function play(name: string, scenario: (transcript: Transcript) => Promise<void>): Promise<void> {
  const file = Bun.file(new URL(`transcripts/${name}.txt`, import.meta.url));
  const recorded = (await file.exists()) ? await file.text() : "";
  const transcript = new Transcript(recorded);
  await scenario(transcript);
  if (isRecording) await file.write(transcript.text());
  else expect(transcript.text()).toBe(recorded);
}

export class Transcript {
  readonly #sections: { readonly title: string; readonly body: string }[] = [];
  readonly #ports = new Map<number, string>();
  readonly #paths = new Map<string, string>();
  readonly #recorded: string;

  constructor(recorded: string) {
    this.#recorded = recorded;
  }

  /** Names a port from now on, with five characters, as many as the digits of the ports that a system chooses. */
  namePort(port: number, name: string): void {
    expect(name).toHaveLength(String(port).length);
    this.#ports.set(port, name);
  }

  namePath(path: string, name: string): void {
    this.#paths.set(path, name);
  }

  /** Names a process that an error mentions. */
  namePid(pid: number, name: string): void {
    this.#paths.set(`pid ${pid}`, `pid ${name}`);
  }

  /** Writes a section of plain text. */
  write(title: string, body: string): void {
    this.#sections.push({ title, body: body.replace(/\n$/, "") });
  }

  /**
   * Waits for the program's end, and writes all its output and its exit code. `readOutput` makes its lines
   * comparable.
   */
  async writeEnd(
    title: string,
    program: Program,
    readOutput: (output: string) => string = (output) => output,
  ): Promise<void> {
    const { code, signal } = await program.waitForExit();
    const streams = [
      ["output", readOutput(program.output)],
      ["errors", program.errors],
    ] as const;
    const printed = streams.filter(([, text]) => text !== "").map(([name, text]) => `─ ${name}\n${text}`);
    const ending = `─ exit ${signal ?? code}`;
    this.write(title, [...printed.map((text) => text.replace(/\n$/, "")), ending].join("\n"));
  }

  /** Like `writeEnd`, for a duet with `--json`. */
  async writeEvents(title: string, duet: Duet): Promise<void> {
    await this.writeEnd(title, duet, eventLines);
  }

  /** Ends the duet by SIGTERM, and writes its output. */
  async stop(title: string, duet: Duet): Promise<void> {
    duet.signal("SIGTERM");
    await (duet.output.startsWith('{"type"') ? this.writeEvents(title, duet) : this.writeEnd(title, duet));
  }

  /** Writes the screen once it equals the recorded one, or as it is after screenMaxMs. */
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
    await until(isFinal, title, screenMaxMs).catch(() => {});
    this.write(title, drawn);
  }

  /**
   * Waits for a duet's end on a terminal; writes its code and last screen, and checks that the terminal is restored.
   */
  async writeFarewell(title: string, terminal: TestTerminal): Promise<void> {
    const { code, signal } = await terminal.waitForExit();
    expect(terminal.modes()).toEqual(restoredModes);
    expect(terminal.isCooked()).toBe(true);
    const rows = terminal.screen().map((row) => row.trimEnd());
    this.write(title, `${rows.join("\n").trimEnd()}\n─ exit ${signal ?? code}`);
  }

  text(): string {
    return this.#sections.map(({ title, body }) => `══ ${title}\n${this.#named(body)}\n`).join("\n");
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

/** Replaces parts that differ in each run: times, measured durations, ids, ports without a name. */
function withoutChance(text: string): string {
  return (
    text
      .replace(/"(session|key|k)":"[\da-f]{8,}"/g, '"$1":"…"')
      .replace(/"(rttMs|delayMs)":[\d.]+/g, '"$1":N')
      .replace(/"pad":"(-+)"/g, (_, pad: string) => `"pad":"${pad.length} × -"`)
      .replace(/(127\.0\.0\.1|0\.0\.0\.0|\[::1?\])([: ])\d{5}(?!\d)/g, "$1$2p-any")
      .replace(/^\d\d:\d\d(?= \S)/gm, "hh:mm")
      .replace(/\d\d:\d\d:\d\d\.\d{3}/g, "hh:mm:ss.mmm")
      .replace(/\S+ (?=\(pid)/, "PROGRAM ")
      .replace(/(ESTABLISHED|OPEN), [\d.]+ (?:µs|ms|s)/g, "$1")
      // In the list of members beside a wide conversation; a round trip may not be known yet.
      .replace(/(duet|raw)(?:  [\d.]+ (?:µs|ms|s))?  ↓[\d.]+ \w+ ↑[\d.]+ \w+/g, "$1  ↓in ↑out")
      .replace(/\b(rtt|round trip) [\d.]+ (?:µs|ms|s)/g, "$1 …")
  );
}

/** The rows, each after a `┃`: ScreenDuet's drawing, which omits times and amounts. */
function drawScreen(terminal: TestTerminal): string {
  return new ScreenDuet(terminal, undefined).drawn();
}
