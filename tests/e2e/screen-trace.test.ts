/**
 * Traces on real terminals: relayed lines and receipts are highlighted beside the conversation, and no other calls.
 */

import { expect, test } from "bun:test";
import { Folder } from "../support/duet.ts";
import { startClient } from "../support/raw-client.ts";
import { type ScreenDuet, startOnScreen } from "../support/screens.ts";

const f2 = "\x1bOQ";
const up = "\x1b[A";
const altL = "\x1bl";
/** The backgrounds of calls that carried a message, and of calls that carried its receipts. */
const yellow = 229;
const blue = 153;

/** The highlighted calls, each with its peer and the part it carried. */
function lit({ terminal }: ScreenDuet, background: number): readonly string[] {
  return terminal.styledScreen().flatMap((row) =>
    row.flatMap((run) => {
      if (run.background !== background) return [];
      const call = /\d\d:\d\d\.\d{3} (\S+) +((?:send|recv)(?:to|from)?) \d+ B(?: · (\w+))?/.exec(run.text);
      return call === null
        ? []
        : [[call[2], call[1]?.includes("…") ? "raw" : call[1], call[3] ?? "text"].join(" ")];
    }),
  );
}

/**
 * Each kind of call once: UDP may retransmit, and `received` and `read` may share a datagram or not, before or after
 * an acknowledgement.
 */
async function seesLit(duet: ScreenDuet, texts: readonly string[], words: readonly string[]): Promise<void> {
  const seen = () => [...new Set(lit(duet, yellow)), ...[...new Set(lit(duet, blue))].toSorted()].join("\n");
  const expected = [...texts, ...words].join("\n");
  try {
    await duet.terminal.waitFor(() => seen() === expected, "the calls of the message to be lit");
  } catch {
    expect(seen()).toBe(expected);
  }
}

async function clearChoice(duet: ScreenDuet): Promise<void> {
  duet.type("\x1b");
  await duet.terminal.waitFor(() => lit(duet, yellow).length === 0, "nothing to be lit");
}

test("a hub highlights the recv of a member's line, every send that relayed it, and its receipts", async () => {
  using folder = new Folder();
  await using hub = await startOnScreen(["-l", "127.0.0.1", "0", "--name", "hub"], {
    columns: 140,
    rows: 40,
    folder,
  });
  const port = await hub.port();
  using nc = await startClient(port);
  nc.write("I am nc\n");
  await hub.sees("I am nc");
  const bobArgs = ["--duet", "127.0.0.1", String(port), "--name", "bob"];
  await using bob = await startOnScreen(bobArgs, { columns: 120, rows: 24, folder });
  await bob.sees(/you are bob in hub's room/);
  bob.say("hello");
  await nc.waitForText("<bob> hello\n");
  nc.write("from nc\n");
  await bob.sees("from nc");
  hub.type(f2);
  await hub.sees("wire  following");
  hub.type(`${altL}${up}`);
  await seesLit(hub, ["recv bob text", "send raw text"], ["send bob receipt"]);
  await clearChoice(hub);
  hub.type(altL);
  await seesLit(hub, ["recv raw text", "send bob text"], ["recv bob receipt"]);
  bob.type(`${f2}${altL}`);
  await seesLit(bob, ["recv hub text"], ["send hub receipt"]);
});

test("over UDP a line highlights its datagrams, acknowledgements and receipts, and a receipt its line", async () => {
  using folder = new Folder();
  await using ann = await startOnScreen(["-u", "-l", "127.0.0.1", "0", "--name", "ann"], {
    columns: 140,
    rows: 40,
    folder,
  });
  const bobArgs = ["-u", "--duet", "127.0.0.1", String(await ann.port()), "--name", "bob"];
  await using bob = await startOnScreen(bobArgs, { columns: 140, rows: 40, folder });
  await bob.sees(/you are bob in ann's room/);
  bob.say(`long ${"x".repeat(1500)} end`);
  await ann.sees(/x end/);
  bob.type(`${f2}${altL}`);
  await seesLit(bob, ["sendto ann text"], ["recvfrom ann ack", "recvfrom ann receipt"]);
  expect(lit(bob, yellow).length).toBeGreaterThanOrEqual(2);
  await clearChoice(bob);
  bob.type(f2);
  await bob.sees(/^wire │/);
  bob.type("receipt");
  bob.type(up);
  const isShown = (): boolean =>
    bob.terminal
      .styledScreen()
      .some((row) => row.some(({ background, text }) => background === yellow && text.includes("xxx")));
  await bob.terminal.waitFor(isShown, "the line of the receipt to be lit");
});
