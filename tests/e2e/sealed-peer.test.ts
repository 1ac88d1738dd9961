/**
 * A peer that somebody else wrote, in Python on dissononce, from SEALED.md and PROTOCOL.md alone: it encrypts, chats,
 * renews its keys and moves with duet, as a client and as a host.
 */

import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Duet, Folder, startDuet } from "../support/duet.ts";
import { type Program, startProgram } from "../support/processes.ts";

const peerPath = join(import.meta.dir, "../support/sealed-peer.py");

function startPeer(...words: readonly string[]): Program {
  return startProgram(["/usr/bin/python3", peerPath, ...words]);
}

/** Waits for an event of the peer that has these fields. */
async function waitForPeer(peer: Program, fields: Readonly<Record<string, unknown>>): Promise<void> {
  const hasFields = (line: string): boolean => {
    const event = JSON.parse(line) as Readonly<Record<string, unknown>>;
    return Object.entries(fields).every(([name, value]) => event[name] === value);
  };
  await peer.waitFor(() => peer.lines.filter((line) => line !== "").some(hasFields), JSON.stringify(fields));
}

/** A line each way and a goodbye; a client also renews the keys, and over UDP moves. */
async function chat(
  duet: Duet,
  peer: Program,
  role: "host" | "client over TCP" | "client over UDP",
): Promise<void> {
  await waitForPeer(peer, { event: "encrypted" });
  await duet.waitForEvent({ type: "peer", event: "identified", name: "py", security: "encrypted" });
  const say = async (text: string): Promise<void> => {
    peer.write(`say ${text}\n`);
    await duet.waitForEvent({ type: "message", direction: "in", text, security: "encrypted" });
    duet.write(`${text}, too\n`);
    await waitForPeer(peer, { event: "message", text: `${text}, too` });
  };
  await say("你好");
  if (role !== "host") {
    peer.write("rekey\n");
    await waitForPeer(peer, { event: "rekeyed" });
    await say("with new keys");
  }
  if (role === "client over UDP") {
    peer.write("move\n");
    await say("from another port");
  }
  peer.write("bye\n");
  await duet.waitForEvent({ type: "peer", event: "disconnected", security: "encrypted" });
  await waitForPeer(peer, { event: "ended" });
}

/** A password on both sides, and the file of it for duet. */
const password = "open sesame 长城";

test("the transcripts of SEALED.md are what it computes, too", async () => {
  await using peer = startPeer("self-test");
  expect(await peer.waitForExit()).toEqual({ code: 0, signal: null });
});

for (const transport of ["tcp", "udp"] as const) {
  const flags = [
    "--json",
    "--encrypt",
    "require",
    "--name",
    "ann",
    ...(transport === "udp" ? ["--udp"] : []),
  ];

  test(`over ${transport.toUpperCase()} it is a client of duet`, async () => {
    await using duet = startDuet(["-l", "127.0.0.1", "0", ...flags]);
    const port = await duet.port();
    await using peer = startPeer(`${transport}-connect`, "127.0.0.1", String(port), "py");
    await chat(duet, peer, transport === "udp" ? "client over UDP" : "client over TCP");
  });

  test(`over ${transport.toUpperCase()} it is the host of duet`, async () => {
    await using peer = startPeer(`${transport}-listen`, "127.0.0.1", "0", "py");
    await peer.waitForLine(/"listening"/);
    const { port } = JSON.parse(peer.lines[0] ?? "") as { readonly port: number };
    await using duet = startDuet(["127.0.0.1", String(port), "--duet", ...flags]);
    await chat(duet, peer, "host");
  });

  test(`over ${transport.toUpperCase()} it joins a room with a password, and not with a wrong one`, async () => {
    using folder = new Folder();
    const path = folder.join("password");
    writeFileSync(path, password, { mode: 0o600 });
    await using duet = startDuet(["-l", "127.0.0.1", "0", "--password", `file:${path}`, ...flags], {
      folder,
    });
    const port = String(await duet.port());
    await using wrong = startPeer(`${transport}-connect`, "127.0.0.1", port, "py", "--password", "x");
    await waitForPeer(wrong, { event: "ended", how: "refused", reason: "wrong password", by: "peer" });
    await duet.waitForEvent({ type: "error", code: "EPASSWORD" });
    await using peer = startPeer(`${transport}-connect`, "127.0.0.1", port, "py", "--password", password);
    await chat(duet, peer, transport === "udp" ? "client over UDP" : "client over TCP");
  });

  test(`over ${transport.toUpperCase()} it is the host of a room with a password`, async () => {
    using folder = new Folder();
    const path = folder.join("password");
    writeFileSync(path, password, { mode: 0o600 });
    await using peer = startPeer(`${transport}-listen`, "127.0.0.1", "0", "py", "--password", password);
    await peer.waitForLine(/"listening"/);
    const { port } = JSON.parse(peer.lines[0] ?? "") as { readonly port: number };
    const client = ["127.0.0.1", String(port), "--duet", "--password", `file:${path}`, ...flags];
    await using duet = startDuet(client, { folder });
    await chat(duet, peer, "host");
  });
}
