/** A network of a test's own on Linux, where every port is free: programs in it see only its loopback interface. */

import { test } from "bun:test";
import { Program, startProgram } from "./processes.ts";

const usable = canUnshare();

/**
 * `test` where a network namespace can be made, or in CI, where a missing one must fail; else a skipped test with
 * the reason.
 */
export function withNamespace(name: string, body: () => Promise<void>, timeoutMs?: number): void {
  if (usable || process.env["CI"] !== undefined) test(name, body, timeoutMs);
  else test.skip(`${name} (no network namespaces here)`, body);
}

/** Like `withNamespace`, where its network can also drop packets. */
export function withLoss(name: string, body: () => Promise<void>, timeoutMs?: number): void {
  const filter = Bun.which("nft") ?? Bun.which("iptables");
  if (filter !== null || process.env["CI"] !== undefined) withNamespace(name, body, timeoutMs);
  else test.skip(`${name} (neither nft nor iptables here)`, body);
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

  /** The command prefix that runs a program in it. */
  get under(): readonly string[] {
    const target = String(this.#holder.pid);
    return ["nsenter", "-t", target, "-U", "-n", "--preserve-credentials"];
  }

  /** From now on drops this share of arriving packets at random, each way. */
  lose(share: number): void {
    const rules = Bun.which("nft") === null ? iptablesRules(share) : nftRules(share);
    for (const rule of rules) {
      const { exitCode, stderr } = Bun.spawnSync([...this.under, ...rule]);
      if (exitCode !== 0) throw new Error(`${rule.join(" ")}: ${stderr.toString()}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#holder[Symbol.asyncDispose]();
  }
}

function nftRules(share: number): readonly (readonly string[])[] {
  const below = String(Math.round(share * 1000));
  const hook = "{ type filter hook input priority 0; }";
  const rule = ["iifname", "lo", "numgen", "random", "mod", "1000", "<", below, "drop"];
  return [
    ["nft", "add", "table", "inet", "bad"],
    ["nft", `add chain inet bad input ${hook}`],
    ["nft", "add", "rule", "inet", "bad", "input", ...rule],
  ];
}

function iptablesRules(share: number): readonly (readonly string[])[] {
  const chance = ["-m", "statistic", "--mode", "random", "--probability", String(share)];
  return [["iptables", "-A", "INPUT", "-i", "lo", ...chance, "-j", "DROP"]];
}
