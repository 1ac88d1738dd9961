/** The local network on a screen: the list, its keys, the doctor, and joining. */

import { expect } from "bun:test";
import { Folder, startDuet } from "../support/duet.ts";
import {
  type JoinedNamespace,
  JoinedNamespaces,
  withJoinedNamespaces,
} from "../support/joined-namespaces.ts";
import { type Program, startProgram } from "../support/processes.ts";
import { startOnScreen } from "../support/screens.ts";

const forgerFixture = new URL("../support/fixtures/lan-forger.ts", import.meta.url).pathname;

/** Starts a program that forges announcements, from addresses of its own: 10.7.0.66, 10.7.0.67, and so on. */
async function startForger(
  { under }: JoinedNamespace,
  mode: "copy" | "flood",
  addressCount: number,
): Promise<Program> {
  const addresses = Array.from({ length: addressCount }, (_, index) => `10.7.0.${66 + index}`);
  const add = addresses.map((address) => `ip addr add ${address}/24 dev other`).join(" && ");
  expect(Bun.spawnSync([...under, "sh", "-c", add]).exitCode).toBe(0);
  const forger = startProgram([...under, process.execPath, forgerFixture, "other", mode, ...addresses]);
  await forger.waitForLine("ready");
  return forger;
}

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
      expect.stringMatching(/^ {5}bun run start --duet 10\.7\.0\.1 8080 --key [a-z2-7]{52}$/),
      "",
      " This machine's interfaces",
      expect.stringMatching(
        /^ {3}one {2}IPv4 {2}10\.7\.0\.1 +joined {2}sees itself {2}sees (bob, eve|eve, bob)$/,
      ),
    ]);
    expect(screen.at(-2)).toContain("open to the network");
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

withJoinedNamespaces(
  "539 announcements a second from 40 addresses keep no duet from being found",
  async () => {
    await using network = await JoinedNamespaces.open();
    const { one, other } = network;
    await using _forger = await startForger(other, "flood", 40);
    await using ann = await startOnScreen(["--lan", "--name", "ann"], {
      under: one.under,
      columns: 100,
      rows: 40,
    });
    ann.say("/lan");
    await ann.sees("On the local network (512)");
    await using _alice = startDuet(["--lan", "-l", "--name", "alice", "--plain"], { under: other.under });
    await ann.sees(/ alice +TCP +10\.7\.0\.2:8080/);
  },
);

withJoinedNamespaces(
  "a forged announcement with the session of a duet stands beside it, and both rows are marked, in each language",
  async () => {
    await using network = await JoinedNamespaces.open();
    const { one, other } = network;
    await using _forger = await startForger(other, "copy", 1);
    await using _alice = startDuet(["--lan", "-l", "--name", "alice", "--plain"], { under: other.under });
    for (const [lang, mark] of [
      ["en", "another address claims to be this duet"],
      ["zh", "另一个地址自称是同一个 duet"],
    ] as const) {
      await using ann = await startOnScreen(["--lan", "--name", "ann", "--lang", lang], {
        under: one.under,
        columns: 100,
        rows: 40,
      });
      ann.say("/lan");
      await ann.sees(new RegExp(` alice +TCP +10\\.7\\.0\\.2:8080 +${mark}`));
      await ann.sees(new RegExp(` alice +TCP +10\\.7\\.0\\.66:6666 +${mark}`));
    }
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

withJoinedNamespaces(
  "a known person is listed by the name that we know, and who copies the announced key gets nothing",
  async () => {
    await using network = await JoinedNamespaces.open();
    const { one, other } = network;
    using bobs = new Folder();
    const start = (name: string) =>
      startDuet(["--lan", "-l", "--name", name, "--plain"], {
        folder: bobs,
        under: other.under,
      });
    await using ann = await startOnScreen(["--lan", "--name", "ann"], {
      under: one.under,
      columns: 200,
      rows: 40,
    });
    {
      await using bob = start("bob");
      await ann.sees("bob is on the local network");
      ann.say("/connect 10.7.0.2 8080");
      await ann.sees("you are ann in bob's room");
      bob.signal("SIGTERM");
      await ann.sees("bob left");
    }
    await using robert = start("robert");
    await ann.sees("announced with the key of bob");
    await using _forger = await startForger(other, "copy", 1);
    await using eve = startDuet(["-l", "10.7.0.66", "6666", "--name", "eve", "--plain"], {
      under: other.under,
    });
    await eve.waitForError(/LISTEN/);
    ann.say("/lan");
    await ann.sees(/ bob +TCP +10\.7\.0\.2:8080 +known key/);
    await ann.sees(/ bob +TCP +10\.7\.0\.66:6666 +known key +another address claims/);
    await ann.sees(/▸ bob +TCP +10\.7\.0\.2:8080/);
    ann.type("\u001b[B");
    await ann.sees(/▸ bob +TCP +10\.7\.0\.66:6666/);
    ann.type("\r");
    await ann.sees("10.7.0.66:6666 was announced with the key of bob");
    ann.say("/lan");
    ann.type("\u001b[A");
    await ann.sees(/▸ bob +TCP +10\.7\.0\.2:8080/);
    ann.type("\r");
    await ann.sees("you are ann in robert's room");
    ann.say("hello robert");
    await robert.waitForLine("<ann> hello robert");
    expect(ann.terminal.screen().join("\n")).not.toContain("KEY CHANGED");
  },
);
