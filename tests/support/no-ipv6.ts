/** Machines without IPv6, for the programs of a test: where it is switched off, and where the kernel has none. */

import { test } from "bun:test";
import { Namespace, withNamespace } from "./namespace.ts";
import { canRefuseSockets, refuseSockets } from "./refused-sockets.ts";

/** What a kernel without IPv6 answers. */
const eafnosupport = 97;

/** Two programs in one network without IPv6, by the command prefix `under`. */
export function withoutIpv6(name: string, body: (under: readonly string[]) => Promise<void>): void {
  withNamespace(`${name}, where IPv6 is switched off`, async () => {
    await using network = await Namespace.open();
    const off = ["sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1"];
    if (Bun.spawnSync([...network.under, ...off]).exitCode !== 0) throw new Error(off.join(" "));
    await body(network.under);
  });
  const other = `${name}, where the kernel has no IPv6`;
  if (!canRefuseSockets() && process.env["CI"] === undefined)
    return test.skip(`${other} (no seccomp here)`, () => {});
  withNamespace(other, async () => {
    await using network = await Namespace.open();
    await body([...network.under, ...refuseSockets("IPv6", eafnosupport)]);
  });
}
