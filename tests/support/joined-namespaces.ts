/**
 * Two networks of a test's own on Linux, joined by one virtual cable: 10.7.0.1 and 10.7.0.2, with link-local IPv6.
 */

import { test } from "bun:test";
import { Program, startProgram } from "./processes.ts";

const usable = canJoin();

/** Like withNamespace, where two namespaces can be joined as well. */
export function withJoinedNamespaces(name: string, body: () => Promise<void>, timeoutMs?: number): void {
  if (usable || process.env["CI"] !== undefined) test(name, body, timeoutMs);
  else test.skip(`${name} (no joined network namespaces here)`, body);
}

function canJoin(): boolean {
  if (["unshare", "nsenter", "ip"].some((program) => Bun.which(program) === null)) return false;
  const cable = "ip link add one type veth peer name other";
  return Bun.spawnSync(["unshare", "-rn", "sh", "-c", cable], { stderr: "ignore" }).exitCode === 0;
}

/** Configures a device, without IPv6's duplicate address detection, which takes a second. */
const setUp = (device: string, address: string): string =>
  [
    `echo 0 > /proc/sys/net/ipv6/conf/${device}/accept_dad`,
    `ip addr add ${address}/24 brd + dev ${device}`,
    `ip link set ${device} up`,
    // As on a machine with a default route: a program that names no interface sends to a group through this one.
    `ip route add 224.0.0.0/4 dev ${device}`,
  ].join("; ");

/** Waits until the cable carries and IPv6 has its address. */
const carrying = (device: string): string =>
  `until ip link show ${device} | grep -q LOWER_UP && ip -6 addr show ${device} | grep -q fe80; do sleep 0.01; done`;

export interface JoinedNamespace {
  /** The command prefix that runs a program in it. */
  readonly under: readonly string[];
  readonly address: string;
}

export class JoinedNamespaces implements AsyncDisposable {
  readonly one: JoinedNamespace;
  readonly other: JoinedNamespace;
  readonly #holders: readonly Program[];

  private constructor(one: Program, other: Program) {
    this.one = { under: enter(one), address: "10.7.0.1" };
    this.other = { under: enter(other), address: "10.7.0.2" };
    this.#holders = [one, other];
  }

  static async open(): Promise<JoinedNamespaces> {
    const hold = "ip link set lo up && echo ready && exec cat";
    const one = startProgram(["unshare", "-rn", "sh", "-c", hold]);
    await one.waitForLine("ready");
    const other = startProgram([...enter(one), "unshare", "-n", "sh", "-c", hold]);
    await other.waitForLine("ready");
    const joined = new JoinedNamespaces(one, other);
    await joined.#run(joined.one, `ip link add one type veth peer name other netns ${other.pid}`);
    await joined.#run(joined.one, setUp("one", joined.one.address));
    await joined.#run(joined.other, setUp("other", joined.other.address));
    await joined.#run(joined.one, carrying("one"));
    await joined.#run(joined.other, carrying("other"));
    return joined;
  }

  /** Unplugs the cable, or plugs it in. */
  async setCable(isIn: boolean): Promise<void> {
    await this.#run(this.one, `ip link set one ${isIn ? "up" : "down"}`);
  }

  /** Runs a shell command in one of them. Throws if it fails. */
  async #run({ under }: JoinedNamespace, command: string): Promise<void> {
    await using shell = startProgram([...under, "sh", "-c", command]);
    const { code } = await shell.waitForExit();
    if (code !== 0) throw new Error(`${command}: ${shell.errors}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const holder of this.#holders.toReversed()) await holder[Symbol.asyncDispose]();
  }
}

/** The link-local IPv6 address of a device, without its zone, and the device's number. */
export function readLinkLocal(
  { under }: JoinedNamespace,
  device: string,
): { readonly address: string; readonly index: number } {
  const shown = Bun.spawnSync([...under, "ip", "-o", "-6", "addr", "show", "dev", device, "scope", "link"]);
  const [, index, address] = /^(\d+):.* inet6 ([\da-f:]+)\//m.exec(shown.stdout.toString()) ?? [];
  if (index === undefined || address === undefined) throw new Error(`${device} has no link-local address`);
  return { address, index: Number(index) };
}

function enter(holder: Program): readonly string[] {
  return ["nsenter", "-t", String(holder.pid), "-U", "-n", "--preserve-credentials"];
}
