/** A group with real multicast: duets on one machine and on two, and socat among them. */

import { describe, expect, test } from "bun:test";
import { type Duet, startDuet } from "../support/duet.ts";
import {
  type JoinedNamespace,
  JoinedNamespaces,
  withJoinedNamespaces,
} from "../support/joined-namespaces.ts";
import { Namespace, withNamespace } from "../support/namespace.ts";
import { startProgram } from "../support/processes.ts";
import { startOnScreen } from "../support/screens.ts";
import { until } from "../support/wait.ts";

function startInGroup(
  { under }: Pick<JoinedNamespace, "under">,
  name: string,
  words: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Duet {
  return startDuet(["--group", ...words, ...(words.includes("--json") ? [] : ["--plain"]), "--name", name], {
    under,
    env,
  });
}

const joined = /everybody who has joined/;

withJoinedNamespaces(
  "two duets on one machine and a third on another receive each other's lines once, and never their own",
  async () => {
    await using network = await JoinedNamespaces.open();
    await using ann = startInGroup(network.one, "ann");
    await using bob = startInGroup(network.one, "bob");
    await using eve = startInGroup(network.other, "eve");
    for (const duet of [ann, bob, eve]) await duet.waitForError(joined);
    ann.write("from ann\n");
    for (const duet of [bob, eve]) await duet.waitForLine("<ann> from ann");
    eve.write("from eve\n");
    for (const duet of [ann, bob]) await duet.waitForLine("<eve> from eve");
    bob.write("from bob\n");
    for (const duet of [ann, eve]) await duet.waitForLine("<bob> from bob");
    expect([ann, bob, eve].map(({ lines }) => lines)).toEqual([
      ["<eve> from eve", "<bob> from bob"],
      ["<ann> from ann", "<eve> from eve"],
      ["<ann> from ann", "<bob> from bob"],
    ]);
    expect(ann.errors).toContain("UDP multicast promises no delivery and checks no name");
  },
);

withNamespace("without a network two duets on one machine use the loopback interface", async () => {
  await using network = await Namespace.open();
  await using ann = startInGroup(network, "ann", ["239.9.9.9:9999"]);
  await using bob = startInGroup(network, "bob", ["239.9.9.9", "9999"]);
  for (const duet of [ann, bob]) await duet.waitForError(joined);
  ann.write("hi\n");
  await bob.waitForLine("<ann> hi");
  expect(ann.lines).toEqual([]);
});

withJoinedNamespaces("an IPv6 group is joined by its zone", async () => {
  await using network = await JoinedNamespaces.open();
  await using ann = startInGroup(network.one, "ann", ["ff02::d7e7%one", "9999"]);
  await using bob = startInGroup(network.other, "bob", ["ff02::d7e7%other", "9999"]);
  await using eve = startInGroup(network.one, "eve", ["ff02::d7e7%one", "9999"]);
  for (const duet of [ann, bob, eve]) await duet.waitForError(joined);
  ann.write("hi\n");
  for (const duet of [bob, eve]) await duet.waitForLine("<ann> hi");
  bob.write("ho\n");
  for (const duet of [ann, eve]) await duet.waitForLine("<bob> ho");
  expect(ann.lines).toEqual(["<bob> ho"]);
});

const withSocat: typeof withJoinedNamespaces = (name, body, timeoutMs) => {
  if (Bun.which("socat") !== null || process.env["CI"] !== undefined)
    withJoinedNamespaces(name, body, timeoutMs);
  else test.skip(`${name} (not installed: socat)`, body);
};

withSocat("socat receives and sends like any member", async () => {
  await using network = await JoinedNamespaces.open();
  const { under, address } = network.other;
  await using ann = startInGroup(network.one, "ann", ["239.9.9.9", "9999"]);
  await using bob = startInGroup(network.other, "bob", ["239.9.9.9", "9999"]);
  for (const duet of [ann, bob]) await duet.waitForError(joined);
  const membership = `ip-add-membership=239.9.9.9:${address}`;
  await using socat = startProgram([
    ...under,
    "socat",
    "-",
    `UDP4-DATAGRAM:239.9.9.9:9999,bind=:9999,reuseaddr,ip-multicast-loop=1,${membership}`,
  ]);
  // Its output does not report when it has joined.
  await until(() => {
    socat.write("<sox> from socat\n");
    return ann.output.includes("<sox> from socat");
  }, "socat to be heard");
  await bob.waitForLine("<sox> from socat");
  ann.write("from ann\n");
  await socat.waitForLine("<ann> from ann");
  bob.write("from bob\n");
  await socat.waitForLine("<bob> from bob");
});

withJoinedNamespaces("the screen shows a group, open to the network, with its members", async () => {
  await using network = await JoinedNamespaces.open();
  await using bob = startInGroup(network.other, "bob");
  await bob.waitForError(joined);
  await using ann = await startOnScreen(["--group", "--name", "ann"], {
    under: network.one.under,
    columns: 120,
    rows: 20,
  });
  await ann.sees("[UDP] group ◎ BOUND 10.7.0.1:");
  await ann.sees("→ 239.255.100.103:8080");
  await ann.sees("open to the network");
  ann.say("hello");
  await bob.waitForLine("<ann> hello");
  bob.write("hello yourself\n");
  await ann.sees(/bob 10\.7\.0\.2:\d+ │ hello yourself/);
  await ann.sees("1 peer");
});

/** Runs a shell command in a namespace. Throws if it fails. */
function run({ under }: JoinedNamespace, command: string): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...under, "sh", "-ec", command]);
  if (exitCode !== 0) throw new Error(`${command}: ${stderr.toString()}`);
  return stdout.toString();
}

/** Waits until the kernel of a namespace has joined 239.255.100.103 on a device. */
async function waitUntilJoined(namespace: JoinedNamespace, device: string): Promise<void> {
  const joinedOn = new RegExp(`\\b${device} .*(\\n\\t.*)*\\n\\t+6764FFEF `);
  await until(() => joinedOn.test(run(namespace, "cat /proc/net/igmp")), `the group on ${device}`);
}

/** Gives the first namespace two interfaces on one LAN, with addresses in one network unless `address` has another. */
function bridge({ one, other }: JoinedNamespaces, address = "10.7.0.3/24"): void {
  const otherPid = other.under[2];
  run(one, `ip link add second type veth peer name bridged netns ${otherPid}`);
  run(one, `ip addr add ${address} brd + dev second; ip link set second up`);
  run(other, "ip link add lan type bridge; ip link set other master lan; ip link set bridged master lan");
  run(other, "ip addr flush dev other; ip addr add 10.7.0.2/24 brd + dev lan");
  run(other, "ip link set bridged up; ip link set lan up; ip route add 224.0.0.0/4 dev lan");
}

const noFfi = new URL("../support/fixtures/no-ffi.ts", import.meta.url).pathname;

describe.each([
  ["", {}, ["one", "second"]],
  [" without bun:ffi", { BUN_OPTIONS: `--preload=${noFfi}` }, ["one"]],
] as const)("two interfaces of one LAN%s", (_name, env, devices) => {
  withJoinedNamespaces("bring a line that is shown once, and repeated lines each time", async () => {
    await using network = await JoinedNamespaces.open();
    const { one, other } = network;
    bridge(network);
    await using ann = startInGroup(one, "ann", [], env);
    await using bob = startInGroup(other, "bob");
    for (const duet of [ann, bob]) await duet.waitForError(joined);
    for (const device of devices) await waitUntilJoined(one, device);
    for (const line of ["one", "same", "same", "same", "end"]) bob.write(`${line}\n`);
    await ann.waitForLine("<bob> end");
    ann.write("from ann\n");
    await bob.waitForLine("<ann> from ann");
    bob.write("last\n");
    await ann.waitForLine("<bob> last");
    expect(ann.lines).toEqual(["one", "same", "same", "same", "end", "last"].map((line) => `<bob> ${line}`));
    expect(bob.lines).toEqual(["<ann> from ann"]);
  });

  withJoinedNamespaces("bring an IPv6 line that is shown once, and repeated lines each time", async () => {
    await using network = await JoinedNamespaces.open();
    const { one, other } = network;
    bridge(network);
    const linkLocal = /fe80::\S+(?!.*tentative)/;
    for (const [namespace, device] of [
      [one, "one"],
      [one, "second"],
      [other, "lan"],
    ] as const)
      await until(() => linkLocal.test(run(namespace, `ip -6 addr show dev ${device} -tentative`)), device);
    await using ann = startInGroup(one, "ann", ["ff02::d7e7", "9999"], env);
    await using bob = startInGroup(other, "bob", ["ff02::d7e7%lan", "9999"]);
    for (const duet of [ann, bob]) await duet.waitForError(joined);
    await until(() => {
      bob.write("ready\n");
      return ann.output.includes("<bob> ready");
    }, "the first line");
    for (const line of ["one", "same", "same", "end"]) bob.write(`${line}\n`);
    await ann.waitForLine("<bob> end");
    const lines = ann.lines.filter((line) => line !== "<bob> ready");
    expect(lines).toEqual(["one", "same", "same", "end"].map((line) => `<bob> ${line}`));
  });
});

withJoinedNamespaces(
  "an interface that is removed and comes back, and one that comes later, are followed",
  async () => {
    await using network = await JoinedNamespaces.open();
    const { one, other } = network;
    await using ann = startInGroup(one, "ann", ["--json"]);
    await using bob = startInGroup(other, "bob");
    await ann.waitForEvent({ type: "state", to: "BOUND" });
    await bob.waitForError(joined);
    await waitUntilJoined(one, "one");
    await waitUntilJoined(other, "other");
    const chat = async (round: string): Promise<void> => {
      ann.write(`${round} from ann\n`);
      await bob.waitForLine(`<ann> ${round} from ann`);
      bob.write(`${round} from bob\n`);
      await ann.waitForEvent({ type: "message", direction: "in", text: `${round} from bob` });
    };
    await chat("before");
    run(one, "ip link del one");
    ann.write("into the void\n");
    const { code } = await ann.waitForEvent({ type: "error" });
    expect(["ENODEV", "ENETUNREACH"]).toContain(String(code));
    const addresses = { one: one.address, other: "10.7.0.22" };
    run(one, `ip link add one type veth peer name other netns ${other.under[2]}`);
    for (const [namespace, device] of [
      [one, "one"],
      [other, "other"],
    ] as const) {
      run(namespace, `ip addr add ${addresses[device]}/24 brd + dev ${device}; ip link set ${device} up`);
      run(namespace, `ip route add 224.0.0.0/4 dev ${device}`);
    }
    await waitUntilJoined(one, "one");
    await waitUntilJoined(other, "other");
    await chat("after");
    await bob.waitForError(/datagrams leave from 10\.7\.0\.22:\d+/);
  },
);
