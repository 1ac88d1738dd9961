/** Names with several addresses (RFC 8305), IDN, and a trailing dot, against an /etc/hosts of the test's own. */

import { expect } from "bun:test";
import { type Duet, Folder, startDuet } from "../support/duet.ts";
import { withHosts } from "../support/hosts.ts";
import { JoinedNamespaces, withJoinedNamespaces } from "../support/joined-namespaces.ts";

/** The results of each connect of a `--json` duet, with the address that was tried. */
function listConnects(duet: Duet): readonly string[] {
  return duet.eventsOf("call").flatMap((event) => {
    const { call, result, peer } = event;
    return call === "connect" ? [`${String(peer)} ${String(result)}`] : [];
  });
}

withJoinedNamespaces(
  "an address that does not answer delays the next one by 250 ms, and has no row",
  async () => {
    await using network = await JoinedNamespaces.open();
    using folder = new Folder();
    await using ann = startDuet(["-l", "0.0.0.0", "9000", "--plain", "--name", "ann"], {
      under: network.other.under,
    });
    await ann.port();
    const under = withHosts(network.one.under, folder, { "room.test": ["10.7.0.3", "10.7.0.6", "10.7.0.2"] });
    const startedMs = performance.now();
    await using bob = startDuet(["room.test", "9000", "--json", "-v", "--name", "bob"], { folder, under });
    await bob.waitForEvent({ type: "state", to: "ESTABLISHED" });
    // 10.7.0.3 and 10.7.0.6 have no machine, which the kernel reports after three seconds.
    expect(performance.now() - startedMs).toBeLessThan(2900);
    await ann.waitForError(/bob .*joined|is bob/);
    expect(listConnects(bob)).toEqual(["10.7.0.2:9000 ok"]);
    const pending = Bun.spawnSync([...network.one.under, "ss", "-Htn", "state", "syn-sent"]);
    expect(pending.stdout.toString()).toBe("");
    bob.signal("SIGINT");
    await bob.waitForExit(5000);
  },
);

withJoinedNamespaces(
  "an address that refuses is followed by the next at once, of the other family first",
  async () => {
    await using network = await JoinedNamespaces.open();
    using folder = new Folder();
    await using ann = startDuet(["-l", "127.0.0.9", "9000", "--plain", "--name", "ann"], {
      under: network.one.under,
    });
    await ann.waitForError(/LISTEN/);
    const names = { "room.test": ["127.0.0.7", "127.0.0.9", "::1"] };
    const under = withHosts(network.one.under, folder, names);
    await using bob = startDuet(["room.test", "9000", "--json", "-v", "--name", "bob"], { folder, under });
    await bob.waitForEvent({ type: "state", to: "ESTABLISHED" });
    const connects = listConnects(bob);
    expect(connects.slice(0, 2).toSorted()).toEqual([
      "127.0.0.7:9000 ECONNREFUSED",
      "[::1]:9000 ECONNREFUSED",
    ]);
    expect(connects.slice(2)).toEqual(["127.0.0.9:9000 ok"]);
  },
);

withJoinedNamespaces(
  "with --wait, addresses that do not answer fail within it, each with its row",
  async () => {
    await using network = await JoinedNamespaces.open();
    using folder = new Folder();
    const under = withHosts(network.one.under, folder, { "room.test": ["10.7.0.3", "10.7.0.6"] });
    await using bob = startDuet(["room.test", "9000", "--json", "-v", "-w", "1"], { folder, under });
    const { code } = await bob.waitForExit();
    expect(code).toBe(1);
    expect(listConnects(bob).toSorted()).toEqual(["10.7.0.3:9000 ETIMEDOUT", "10.7.0.6:9000 ETIMEDOUT"]);
  },
);

withJoinedNamespaces(
  "a socket that would open after another has won is nobody's, neither here nor there",
  async () => {
    await using network = await JoinedNamespaces.open();
    using folder = new Folder();
    const under = withHosts(network.one.under, folder, { "room.test": ["10.7.0.3", "10.7.0.2"] });
    await using ann = startDuet(["-l", "0.0.0.0", "9000", "--json", "-v", "--name", "ann"], {
      under: network.other.under,
    });
    await ann.waitForEvent({ type: "state", to: "LISTEN" });
    await using bob = startDuet(["room.test", "9000", "--json", "-v", "--name", "bob"], { folder, under });
    await bob.waitForEvent({ type: "state", to: "ESTABLISHED" });
    // The machine of the address that did not answer is there after all, and the kernel finds it by another program.
    const addLate = ["ip", "addr", "add", "10.7.0.3/24", "dev", "other"];
    expect(Bun.spawnSync([...network.other.under, ...addLate]).exitCode).toBe(0);
    await using eve = startDuet(["10.7.0.3", "9000", "--json", "--name", "eve"], {
      under: network.one.under,
    });
    await ann.waitForEvent({ type: "peer", event: "connected", name: "eve" });
    expect(ann.eventsOf("call").filter(({ call }) => call === "accept")).toHaveLength(2);
    expect(listConnects(bob)).toEqual(["10.7.0.2:9000 ok"]);
    expect(bob.eventsOf("state").map(({ to }) => to)).toEqual(["CONNECTING", "ESTABLISHED"]);
    expect(eve.eventsOf("error")).toEqual([]);
  },
);

withJoinedNamespaces("an internationalized name is looked up in punycode", async () => {
  await using network = await JoinedNamespaces.open();
  using folder = new Folder();
  await using ann = startDuet(["-l", "127.0.0.1", "9000", "--plain", "--name", "ann"], {
    under: network.one.under,
  });
  await ann.port();
  const names = { "xn--bcher-kva.test": ["127.0.0.1"], "xn--fsqu00a.test": ["127.0.0.1"] };
  const under = withHosts(network.one.under, folder, names);
  for (const host of ["bücher.test", "BÜCHER.test", "xn--bcher-kva.test", "例子.test"]) {
    await using bob = startDuet([host, "9000", "--plain", "--name", "bob"], { folder, under });
    await bob.waitForError(/you are bob\S* in ann's room/);
  }
});
