/** A flood blocks neither keys nor sending: old lines are dropped and counted, and waiting lines are reported. */

import { expect, test } from "bun:test";
import { once } from "node:events";
import { createServer } from "node:net";
import { startProgram } from "../support/processes.ts";
import { restoredModes, startOnScreen } from "../support/screens.ts";

const floodPath = new URL("../support/fixtures/flood.ts", import.meta.url).pathname;

for (const transport of ["tcp", "udp"] as const) {
  test(`while a ${transport} peer sends 20,000 lines a second keys are handled and old lines counted`, async () => {
    const flags = transport === "udp" ? ["-u"] : [];
    await using duet = await startOnScreen([...flags, "-l", "127.0.0.1", "0"]);
    const port = String(await duet.port());
    await using _flood = startProgram([process.execPath, floodPath, transport, port, "20000"]);
    await duet.sees(/old lines dropped/);
    duet.type("still typing");
    await duet.composes("still typing");
    duet.type("\x1b[5~");
    await duet.sees(/-MORE\(\d/);
    duet.type("!");
    await duet.composes("still typing!");
    duet.type("\x14");
    await duet.sees(transport === "tcp" ? /TCP ◎ LISTEN {2}\[UDP\]/ : /\[TCP\].*UDP ● OPEN/);
    duet.type("\x15/quit\r");
    // The last lines are printed below the prompt; which ones those are depends on the flood.
    expect((await duet.terminal.waitForExit()).code).toBe(0);
    expect(duet.terminal.modes()).toEqual(restoredModes);
  });
}

test("lines for a peer that does not read wait, and the composer shows how many", async () => {
  const server = createServer((socket) => socket.pause().on("error", () => {})).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await using duet = await startOnScreen(["127.0.0.1", String(port)]);
  await duet.sees("no duet greeted");
  const line = `${"x".repeat(1000)}\n`;
  for (let paste = 0; paste < 14; paste += 1) {
    duet.type(`\x1b[200~${line.repeat(1000)}\x1b[201~`);
    await duet.sees(/^ada │↑x+$/);
    duet.type("\r");
    await duet.sees(/^ada │ type a line/);
  }
  await duet.sees(/waiting: [\d,]+ lines$/);
  await duet.sees(/backlog \d+/);
  duet.type("\x03\x03\x03");
  expect((await duet.terminal.waitForExit()).code).toBe(130);
  server.close();
});
