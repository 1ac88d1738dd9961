/** Private lines through a host that cannot open them: three real duets, and a peer that somebody else wrote. */

import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Duet, Folder, startDuet } from "../support/duet.ts";
import { type Program, startProgram } from "../support/processes.ts";
import { type ScreenDuet, startOnScreen } from "../support/screens.ts";

const peerPath = join(import.meta.dir, "../support/sealed-peer.py");
/** A key in groups of four, wrapped as a screen of 120 columns wraps it. */
const remark = /\[only the host says whose key this is: ([a-z2-7]{4}[ \s│]+){12}[a-z2-7]{4}\]/;

/** A host that writes down all that it knows. */
function startHub(
  folder: Folder,
  flags: readonly string[],
): { readonly hub: Duet; readonly logs: readonly string[] } {
  const logs = ["events.ndjson", "bytes.hex", "talk.pcapng"].map((name) => folder.join(name));
  const [events = "", hex = "", packets = ""] = logs;
  const to = ["-o", events, "-x", hex, "--export", packets];
  const hub = startDuet(
    ["-l", ...flags, "127.0.0.1", "0", "--json", "-v", "--encrypt", "require", "--name", "hub", ...to],
    { folder },
  );
  return { hub, logs };
}

async function enterRoom(hub: Duet, flags: readonly string[], name: string): Promise<ScreenDuet> {
  const port = String(await hub.port());
  const args = ["--duet", ...flags, "127.0.0.1", port, "--encrypt", "require", "--name", name];
  const duet = await startOnScreen(args, { columns: 120, rows: 30 });
  await duet.sees(`you are ${name}`);
  return duet;
}

for (const transport of ["tcp", "udp"] as const) {
  const flags = transport === "udp" ? ["-u"] : [];

  test(`over ${transport} two members write to each other, and the host has none of the words`, async () => {
    using folder = new Folder();
    const { hub, logs } = startHub(folder, flags);
    await using _ = hub;
    await using ann = await enterRoom(hub, flags, "ann");
    await using bob = await enterRoom(hub, flags, "bob");
    await ann.sees(/bob .*joined/);
    ann.say("/msg bob xylophone");
    await bob.sees(/ann → you │ xylophone/);
    await bob.sees("[only the host says whose key this is:");
    await ann.sees(/→ bob │ xylophone/);
    await ann.sees(/✓/);
    bob.say("/to ann");
    await bob.sees(/^→ ann │/);
    bob.say("quagmire");
    await ann.sees(/bob → you │ quagmire/);
    expect(ann.terminal.screen().join("\n")).toMatch(remark);
    expect(bob.terminal.screen().join("\n")).toMatch(remark);
    bob.say("/to");
    await bob.sees(/^bob │/);
    bob.say("zeppelin");
    await hub.waitForEvent({ type: "message", text: "zeppelin", security: "encrypted" });
    ann.say("/msg hub telegram");
    await hub.waitForEvent({ type: "message", text: "telegram", private: true, security: "end-to-end" });
    hub.signal("SIGINT");
    await hub.waitForExit();
    const written = [hub.output, hub.errors, ...logs.map((path) => readFileSync(path, "latin1"))];
    // What is for all is there, so the search finds what there is.
    expect(written.some((text) => text.includes("zeppelin"))).toBe(true);
    for (const word of ["xylophone", "quagmire"]) {
      const hex = Buffer.from(word).toString("hex");
      const spaced = hex.replaceAll(/..(?=.)/g, "$& ");
      for (const text of written) for (const form of [word, hex, spaced]) expect(text).not.toContain(form);
    }
  });

  test(`over ${transport} a peer that somebody else wrote opens and sends one`, async () => {
    using folder = new Folder();
    const { hub } = startHub(folder, flags);
    await using _ = hub;
    await using ann = await enterRoom(hub, flags, "ann");
    const port = String(await hub.port());
    await using peer: Program = startProgram([
      ...["/usr/bin/python3", peerPath, `${transport}-connect`, "127.0.0.1", port, "py"],
    ]);
    await ann.sees(/py .*joined/);
    ann.say("/msg py xylophone 你好");
    await peer.waitForLine(
      /"text": "xylophone \\u4f60\\u597d", "private": true.*"sealed": true, "unknownKey": false/,
    );
    await ann.sees(/→ py │ xylophone 你好/);
    await ann.sees(/✓/);
    peer.write("private 2 quagmire\n");
    await ann.sees(/py → you │ quagmire/);
    expect(ann.terminal.screen().join("\n")).toMatch(remark);
    expect(hub.output).not.toContain("xylophone");
    expect(hub.output).not.toContain("quagmire");
  });
}
