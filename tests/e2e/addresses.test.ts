/** A peer is who it is, however its address is spelled: by zone name and number, mapped, in capitals, with zeros. */

import { expect, test } from "bun:test";
import { Folder, startDuet } from "../support/duet.ts";
import { JoinedNamespaces, readLinkLocal, withJoinedNamespaces } from "../support/joined-namespaces.ts";

/** Each 16-bit group in four digits and capitals: `FE80:0000:…`. */
function writeInFull(address: string): string {
  const [before = "", after = ""] = address.split("::");
  const [head, tail] = [before.split(":"), after.split(":")];
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeros, ...tail].map((group) => group.padStart(4, "0").toUpperCase()).join(":");
}

for (const transport of ["udp", "tcp"] as const)
  withJoinedNamespaces(
    `over ${transport} two duets meet at every spelling of an address, and nobody is taken for another`,
    async () => {
      await using network = await JoinedNamespaces.open();
      using folder = new Folder();
      const flags = transport === "udp" ? ["-u"] : [];
      const hub = ["-l", ...flags, "::", "9000", "--json", "--name", "ann"];
      await using ann = startDuet(hub, { folder, under: network.other.under });
      await ann.port();
      const { address } = readLinkLocal(network.other, "other");
      const { index } = readLinkLocal(network.one, "one");
      const spellings = [
        `${address}%one`,
        `${address.toUpperCase()}%one`,
        `${writeInFull(address)}%one`,
        `${address}%${index}`,
        "::ffff:10.7.0.2",
        "::FFFF:a07:2",
        "0:0:0:0:0:ffff:0a07:0002",
        "10.7.0.2",
      ];
      for (const [number, spelling] of spellings.entries()) {
        const member = ["--duet", ...flags, spelling, "9000", "--plain", "--name", `bob${number}`];
        await using bob = startDuet(member, { folder, under: network.one.under });
        await bob.waitForError(new RegExp(`you are bob${number} in ann's room`));
        bob.write(`by ${spelling}\n`);
        await ann.waitForEvent({ type: "message", text: `by ${spelling}` });
        ann.write(`back ${number}\n`);
        await bob.waitForLine(`<ann> back ${number}`);
        expect([spelling, bob.errors.includes("forged")]).toEqual([spelling, false]);
      }
      const peers = new Set(ann.events.flatMap(({ type, peer }) => (type === "message" ? [peer] : [])));
      const linkLocal = [...peers].filter((peer) => String(peer).startsWith("["));
      expect(linkLocal).toHaveLength(4);
      for (const peer of linkLocal) expect(String(peer)).toMatch(/^\[fe80::[\da-f:]+%other\]:\d+$/);
      for (const peer of peers) expect(String(peer)).not.toMatch(/^\[?::ffff:|[A-Z]/);
    },
  );

test("a duet of this machine that announced itself is greeted over UDP at every spelling of its address", async () => {
  using folder = new Folder();
  await using ann = startDuet(["-l", "-u", "0", "--plain", "--name", "ann"], { folder });
  const port = String(await ann.port());
  for (const spelling of ["::ffff:7f00:1", "::FFFF:127.0.0.1", "localhost", "0.0.0.0", "127.0.0.1"]) {
    await using bob = startDuet(["-u", spelling, port, "--plain", "--name", "bob"], { folder });
    await bob.waitForError(/you are bob\S* in ann's room/);
    expect([spelling, bob.errors.includes("forged")]).toEqual([spelling, false]);
  }
});
