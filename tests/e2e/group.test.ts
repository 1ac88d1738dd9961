/** A group with real multicast: duets on one machine and on two, and socat among them. */

import { expect, test } from "bun:test";
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
): Duet {
  return startDuet(["--group", ...words, "--plain", "--name", name], { under });
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
  await ann.sees("open to the network, not encrypted");
  ann.say("hello");
  await bob.waitForLine("<ann> hello");
  bob.write("hello yourself\n");
  await ann.sees(/bob 10\.7\.0\.2:\d+ │ hello yourself/);
  await ann.sees("1 peer");
});
