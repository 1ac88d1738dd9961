/** Duets on two machines encrypt to each other: nothing of the chat is on the wire, and a client may change its address. */

import { expect } from "bun:test";
import { readFileSync } from "node:fs";
import { Folder, startDuet } from "../support/duet.ts";
import { JoinedNamespaces, withJoinedNamespaces } from "../support/joined-namespaces.ts";
import { startProgram } from "../support/processes.ts";
import { until } from "../support/wait.ts";

for (const transport of ["tcp", "udp"] as const) {
  const flags = transport === "udp" ? ["-u"] : [];

  withJoinedNamespaces(
    `over ${transport} two duets on two machines encrypt without a flag, and tshark sees none of their words`,
    async () => {
      await using network = await JoinedNamespaces.open();
      using folder = new Folder();
      const capture = folder.join("seen.pcapng");
      await using tshark = startProgram([...network.one.under, "tshark", "-i", "one", "-w", capture]);
      await tshark.waitForError(/Capture started/);
      const host = ["-l", ...flags, "10.7.0.2", "9000", "--json", "--name", "annabella"];
      await using ann = startDuet(host, { folder, under: network.other.under });
      await ann.waitForEvent({ type: "state", to: transport === "tcp" ? "LISTEN" : "BOUND" });
      const client = ["--duet", ...flags, "10.7.0.2", "9000", "--json", "--name", "bobadilla"];
      await using bob = startDuet(client, { folder, under: network.one.under });
      await bob.waitForEvent({ type: "peer", event: "identified", kind: "duet", security: "encrypted" });
      bob.write("xylophone\n");
      await ann.waitForEvent({
        type: "message",
        text: "xylophone",
        name: "bobadilla",
        security: "encrypted",
      });
      ann.write("zeppelin\n");
      await bob.waitForEvent({ type: "message", text: "zeppelin", name: "annabella", security: "encrypted" });
      await bob.waitForEvent({ type: "receipt", stage: "received" });
      // What crosses the same cable last is captured last.
      Bun.spawnSync([...network.one.under, "bash", "-c", "echo the-marker > /dev/udp/10.7.0.2/9"]);
      await until(() => readFileSync(capture, "latin1").includes("the-marker"), "the end of the capture");
      const seen = readFileSync(capture, "latin1");
      expect(seen).toContain('"seal":1');
      for (const word of ["xylophone", "zeppelin", "bobadilla", "annabella", "welcome"])
        expect([word, seen.includes(word)]).toEqual([word, false]);
    },
  );
}

withJoinedNamespaces("over UDP a client whose address changes chats on, and its host says so", async () => {
  await using network = await JoinedNamespaces.open();
  using folder = new Folder();
  const host = ["-l", "-u", "10.7.0.2", "9000", "--json", "--name", "ann", "-o", folder.join("log.txt")];
  await using ann = startDuet(host, { folder, under: network.other.under });
  await ann.waitForEvent({ type: "state", to: "BOUND" });
  const client = ["--duet", "-u", "10.7.0.2", "9000", "--json", "--name", "bob"];
  await using bob = startDuet(client, { folder, under: network.one.under });
  bob.write("before\n");
  const before = await ann.waitForEvent({ type: "message", text: "before", security: "encrypted" });
  for (const change of [
    ["ip", "addr", "add", "10.7.0.77/24", "dev", "one"],
    ["ip", "addr", "del", "10.7.0.1/24", "dev", "one"],
    ["ip", "addr", "replace", "10.7.0.77/24", "dev", "one"],
  ])
    Bun.spawnSync([...network.one.under, ...change]);
  bob.write("after\n");
  const after = await ann.waitForEvent({ type: "message", text: "after", security: "encrypted" });
  expect(String(before["peer"])).toStartWith("10.7.0.1:");
  expect(String(after["peer"])).toStartWith("10.7.0.77:");
  ann.write("found you\n");
  await bob.waitForEvent({ type: "message", text: "found you" });
  expect(ann.eventsOf("peer").filter(({ event }) => event === "connected")).toHaveLength(1);
});
