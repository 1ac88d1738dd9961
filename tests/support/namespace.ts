/**
 * A network of a test's own on Linux, where every port is free: programs started in it see nothing but its loopback.
 * It knows no program.
 */

import { test } from "bun:test";
import { Program, startProgram } from "./processes.ts";

const usable = canUnshare();

/** `test` where a network namespace can be made, or where CI is set and its lack must show; else skipped by name. */
export function withNamespace(name: string, body: () => Promise<void>, timeoutMs?: number): void {
  if (usable || process.env["CI"] !== undefined) test(name, body, timeoutMs);
  else test.skip(`${name} (no network namespaces here)`, body);
}

function canUnshare(): boolean {
  if (Bun.which("unshare") === null || Bun.which("nsenter") === null || Bun.which("ip") === null)
    return false;
  const tried = Bun.spawnSync(["unshare", "-rn", "ip", "link", "set", "lo", "up"], { stderr: "ignore" });
  return tried.exitCode === 0;
}

export class Namespace implements AsyncDisposable {
  readonly #holder: Program;

  private constructor(holder: Program) {
    this.#holder = holder;
  }

  static async open(): Promise<Namespace> {
    const holder = startProgram([
      "unshare",
      "-rn",
      "sh",
      "-c",
      "ip link set lo up && echo ready && exec cat",
    ]);
    await holder.waitForLine("ready");
    return new Namespace(holder);
  }

  /** Words that start a command in it. */
  get under(): readonly string[] {
    const target = String(this.#holder.pid);
    return ["nsenter", "-t", target, "-U", "-n", "--preserve-credentials"];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#holder[Symbol.asyncDispose]();
  }
}
