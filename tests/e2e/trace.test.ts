/** Traces on real sockets: the calls that carried each message, however TCP cut or joined them. */

import { expect, test } from "bun:test";
import { countEnqueuedBytes } from "../../src/chat/model/peer.ts";
import { hasMoved } from "../../src/chat/trace/call-links.ts";
import { LiveChat } from "../support/live-chat.ts";
import { type RawClient, startClient } from "../support/raw-client.ts";

/** Each message with the calls that carried it, by the calls' names. */
function callsByMessage(chat: LiveChat): readonly (readonly [string, readonly string[]])[] {
  return chat.messages().map((entry) => [
    entry.text,
    chat
      .rows()
      .filter((row) => hasMoved(row, entry))
      .map((row) => `${row.call} ${row.bytes}`),
  ]);
}

/** Writes, and waits until all bytes arrived in a recv of their own. */
async function write(listening: LiveChat, client: RawClient, content: string | Uint8Array): Promise<void> {
  const before = listening.side.counters.bytesIn;
  client.write(content);
  const bytes = Buffer.byteLength(content);
  await listening.until("all of it", () => listening.side.counters.bytesIn === before + bytes);
}

test("three messages in one recv, and one message in three", async () => {
  await using listening = new LiveChat("tcp");
  using client = await startClient(await listening.port());
  await write(listening, client, "one\ntwo\nthree\n");
  await write(listening, client, "fo");
  await write(listening, client, "ur");
  await write(listening, client, " is here\nfive");
  await write(listening, client, "\n");
  expect(callsByMessage(listening)).toEqual([
    ["one", ["recv 14"]],
    ["two", ["recv 14"]],
    ["three", ["recv 14"]],
    ["four is here", ["recv 2", "recv 2", "recv 13"]],
    ["five", ["recv 13", "recv 1"]],
  ]);
});

test("a character cut between two calls belongs to both", async () => {
  await using listening = new LiveChat("tcp");
  using client = await startClient(await listening.port());
  const bytes = Buffer.from("好\n");
  await write(listening, client, bytes.subarray(0, 2));
  await write(listening, client, bytes.subarray(2));
  expect(callsByMessage(listening)).toEqual([["好", ["recv 2", "recv 2"]]]);
});

test("text that silence ended and the text after it are two messages", async () => {
  await using listening = new LiveChat("tcp");
  using client = await startClient(await listening.port());
  await write(listening, client, "half");
  await listening.until("silence", () => listening.messages()[0]?.growing === false);
  await write(listening, client, "other\n");
  expect(callsByMessage(listening)).toEqual([
    ["half", ["recv 4"]],
    ["other", ["recv 6"]],
  ]);
});

test("lines to two peers leave by one call to each peer", async () => {
  await using listening = new LiveChat("tcp");
  const port = await listening.port();
  using one = await startClient(port);
  using other = await startClient(port);
  await write(listening, one, "a\n");
  await write(listening, other, "b\n");
  await one.waitForText("b\n");
  listening.session.enqueueText("x\nyy");
  await one.waitForText("x\nyy\n");
  await other.waitForText("x\nyy\n");
  const sent = callsByMessage(listening).filter(([text]) => text === "x" || text === "yy");
  expect(sent).toEqual([
    ["x", ["send 5", "send 5"]],
    ["yy", ["send 5", "send 5"]],
  ]);
});

test("a long line that the kernel takes in parts belongs to each of its sends", async () => {
  await using listening = new LiveChat("tcp");
  using client = await startClient(await listening.port());
  await write(listening, client, "a\n");
  client.pause();
  const line = "x".repeat(60_000);
  const taken = (): boolean => listening.rows().some(({ result }) => result === "partial");
  for (let lines = 0; !taken() && lines < 400; lines += 1) {
    await listening.session.waitForInputRoom();
    listening.session.enqueueText(line);
    await new Promise(setImmediate);
  }
  client.resume();
  await listening.until("all has left", () => {
    const [peer] = listening.side.peers.values();
    return peer !== undefined && peer.outbound.bytesOut === countEnqueuedBytes(peer);
  });
  const sends = listening.rows().filter(({ call }) => call === "send");
  const partial = sends.find(({ result }) => result === "partial");
  expect(partial).toBeDefined();
  const parted = listening.messages().filter((entry) => partial !== undefined && hasMoved(partial, entry));
  expect(parted.length).toBeGreaterThan(0);
  // The calls cover all bytes of each message, and each of them carried some.
  for (const entry of parted) {
    const [range] = entry.spans?.list ?? [];
    const carriers = sends.filter((row) => hasMoved(row, entry));
    const first = carriers[0]!;
    const last = carriers.at(-1)!;
    expect(first.offset).toBeLessThanOrEqual(range!.start);
    expect(last.offset + (last.bytes ?? 0)).toBeGreaterThanOrEqual(range!.end);
  }
});

test("over UDP each datagram is a message", async () => {
  await using listening = new LiveChat("udp");
  const port = await listening.port();
  const socket = await Bun.udpSocket({ hostname: "127.0.0.1" });
  for (const text of ["one", "two"]) {
    socket.send(text, port, "127.0.0.1");
    await listening.until(text, () => listening.messages().some((entry) => entry.text === text));
  }
  listening.session.enqueueText("answer");
  await listening.until("the answer", () => listening.messages().length === 3);
  expect(callsByMessage(listening)).toEqual([
    ["one", ["recvfrom 3"]],
    ["two", ["recvfrom 3"]],
    ["answer", ["sendto 6"]],
  ]);
  socket.close();
});
