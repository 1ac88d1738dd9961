/** The local network on a screen: the list, its keys, the doctor, and joining. */

import { expect } from "bun:test";
import { startDuet } from "../support/duet.ts";
import { JoinedNamespaces, withJoinedNamespaces } from "../support/joined-namespaces.ts";
import { startOnScreen } from "../support/screens.ts";

withJoinedNamespaces(
  "/lan lists the duets found, ↑ ↓ choose, Enter joins, and the doctor is shown below",
  async () => {
    await using network = await JoinedNamespaces.open();
    const { one, other } = network;
    await using bob = startDuet(["--lan", "-l", "--name", "bob", "--plain"], { under: other.under });
    await using _eve = startDuet(["--lan", "-u", "-l", "8081", "--name", "eve", "--plain"], {
      under: one.under,
    });
    await bob.waitForError(/eve is on/);
    await using ann = await startOnScreen(["--lan", "--name", "ann"], {
      under: one.under,
      columns: 100,
      rows: 20,
    });
    await ann.sees("bob is on the local network: TCP 10.7.0.2:8080");
    await ann.sees("eve is on the local network: UDP 10.7.0.1:8081");
    ann.say("/lan");
    for (const family of [/one {2}IPv4/, /one {2}IPv6 {2}fe80/])
      await ann.sees(new RegExp(`${family.source}\\S* .*joined {2}sees itself {2}sees (bob, eve|eve, bob)`));
    const screen = ann.terminal.screen().map((row) => row.trimEnd());
    expect(screen.slice(1, 10)).toEqual([
      " On the local network (2)",
      " ▸ bob  TCP  10.7.0.2:8080",
      "   eve  UDP  10.7.0.1:8081",
      "",
      "   where multicast is blocked (guest WLANs, VPNs, other networks), hand this over:",
      "     bun run start --duet 10.7.0.1 8080",
      "",
      " This machine's interfaces",
      expect.stringMatching(
        /^ {3}one {2}IPv4 {2}10\.7\.0\.1 +joined {2}sees itself {2}sees (bob, eve|eve, bob)$/,
      ),
    ]);
    expect(screen.at(-2)).toContain("open to the network, not encrypted");
    expect(screen.at(-1)).toBe("lan │ ↑ ↓ choose · Enter joins · Esc closes");
    ann.type("\u001b[B");
    await ann.sees(/▸ eve/);
    ann.type("\u001b[A");
    await ann.sees(/▸ bob/);
    ann.type("\r");
    await ann.sees("you are ann in bob's room at 10.7.0.2:8080");
    ann.say("hello bob");
    await bob.waitForLine("<ann> hello bob");
    ann.say("/lan");
    await ann.sees(/▸ bob {2}TCP {2}10\.7\.0\.2:8080 {2}you are there/);
    bob.signal("SIGTERM");
    await ann.sees(/▸ eve/);
    ann.type("\r");
    await ann.sees("you are ann in eve's room at 10.7.0.1:8081");
    await ann.sees(/\[UDP\]/);
  },
);

withJoinedNamespaces("Esc closes the list, and an empty list explains how duets get into it", async () => {
  await using network = await JoinedNamespaces.open();
  await using ann = await startOnScreen(["-l", "0"], { under: network.one.under, columns: 40, rows: 16 });
  ann.say("/lan");
  await ann.sees("nobody yet: a duet started with");
  await ann.sees("nobody can join here");
  ann.type("typed in vain");
  ann.type("\u001b");
  await ann.composes("type a line and press Enter, or …");
  ann.say("/lan off");
  await ann.sees("/lan looks again");
});
