/** Discovery with real multicast, in networks of the test's own: two machines, and two users on one. */

import { expect } from "bun:test";
import { type Duet, startDuet } from "../support/duet.ts";
import {
  type JoinedNamespace,
  JoinedNamespaces,
  withJoinedNamespaces,
} from "../support/joined-namespaces.ts";
import { Namespace, withNamespace } from "../support/namespace.ts";

const fastClock = new URL("../support/fixtures/fast-clock.ts", import.meta.url).pathname;

function startOnLan({ under }: Pick<JoinedNamespace, "under">, words: readonly string[], speed = 1): Duet {
  const env = speed === 1 ? {} : { BUN_OPTIONS: `--preload=${fastClock}`, DUET_TEST_CLOCK: String(speed) };
  return startDuet(["--lan", "--plain", ...words], { under, env });
}

withJoinedNamespaces(
  "two machines find each other's announced endpoint, and a goodbye is reported",
  async () => {
    await using network = await JoinedNamespaces.open();
    await using ann = startOnLan(network.one, ["-l", "--name", "ann"]);
    await ann.waitForError(/looking for duets on the local network \(one\)/);
    await using bob = startOnLan(network.other, ["-u", "-l", "9090", "--name", "bob"]);
    await bob.waitForError(/--> ann is on the local network: TCP 10\.7\.0\.1:8080/);
    await ann.waitForError(/--> bob is on the local network: UDP 10\.7\.0\.2:9090/);
    for (const { errors } of [ann, bob])
      expect(errors).toContain("open to the network: whoever reaches this port");
    bob.signal("SIGTERM");
    await bob.waitForExit();
    await ann.waitForError(/<-- bob left the local network/);
  },
);

withNamespace("two users on one machine find each other with only its loopback interface", async () => {
  await using network = await Namespace.open();
  await using ann = startOnLan(network, ["-l", "--name", "ann"]);
  await ann.waitForError(/there is no network to look for duets on/);
  await using bob = startOnLan(network, ["-l", "8081", "--name", "bob"]);
  await ann.waitForError(/--> bob is on the local network: TCP 127\.0\.0\.1:8081/);
  await bob.waitForError(/--> ann is on the local network: TCP 127\.0\.0\.1:8080/);
  await using _eve = startOnLan(network, ["-l", "8082", "--name", "eve"]);
  for (const duet of [ann, bob]) await duet.waitForError(/--> eve is on the local network/);
});

withJoinedNamespaces(
  "one that is killed says no goodbye and is dropped, and so is one whose cable is out",
  async () => {
    await using network = await JoinedNamespaces.open();
    await using ann = startOnLan(network.one, ["-l", "--name", "ann"], 5);
    await using _bob = startOnLan(network.other, ["-l", "--name", "bob"], 5);
    await using eve = startOnLan(network.one, ["-l", "8081", "--name", "eve"], 5);
    await ann.waitForError(/--> bob is on/);
    await ann.waitForError(/--> eve is on/);
    eve.signal("SIGKILL");
    await ann.waitForError(/<-- eve is no longer on the local network: nothing received for too long/);
    expect(ann.errors).not.toContain("<-- bob");
    await network.setCable(false);
    await ann.waitForError(/<-- bob is no longer on the local network: nothing received for too long/);
  },
);

withJoinedNamespaces(
  "-v reports the doctor's findings for both families, and the command to pass on",
  async () => {
    await using network = await JoinedNamespaces.open();
    await using bob = startOnLan(network.other, ["-l", "--name", "bob"]);
    await bob.waitForError(/looking for/);
    await using ann = startOnLan(network.one, ["-l", "--name", "ann", "-v"]);
    await ann.waitForError(/-- one +IPv4 +10\.7\.0\.1 +joined +sees itself +sees bob\n/);
    await ann.waitForError(/-- one +IPv6 +fe80::\S+ +joined +sees itself +sees bob\n/);
    await ann.waitForError(/-- lo +IPv4 +127\.0\.0\.1 +joined +sees itself +sees nobody else\n/);
    await ann.waitForError(
      /hand this over:\n-- {3}bun run start --duet 10\.7\.0\.1 8080 --key [a-z2-7]{52}\n/,
    );
  },
);

withJoinedNamespaces("an interface that comes up later is joined and announced on", async () => {
  await using network = await JoinedNamespaces.open();
  await network.setCable(false);
  await using ann = startOnLan(network.one, ["-l", "--name", "ann"], 5);
  await using bob = startOnLan(network.other, ["-l", "--name", "bob"], 5);
  await ann.waitForError(/looking for duets|there is no network/);
  await bob.waitForError(/looking for duets|there is no network/);
  await network.setCable(true);
  await ann.waitForError(/--> bob is on/);
  await bob.waitForError(/--> ann is on/);
});

withJoinedNamespaces("without --lan no datagram is sent to the group", async () => {
  await using network = await JoinedNamespaces.open();
  await using ann = startOnLan(network.one, ["-l", "--name", "ann"], 5);
  await using bob = startDuet(["-l", "0.0.0.0", "9000", "--plain"], { under: network.other.under });
  await bob.waitForError(/open to the network/);
  await using _eve = startOnLan(network.other, ["-l", "8081", "--name", "eve"]);
  await ann.waitForError(/--> eve is on/);
  expect(ann.errors.match(/--> .* is on the local network/g)).toHaveLength(1);
});
