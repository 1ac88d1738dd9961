/** Piped lines go to raw peers byte for byte, whatever their encoding and line ends. */

import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { Folder, startDuet } from "../support/duet.ts";
import { startClient } from "../support/raw-client.ts";

const inputs = {
  GBK: Buffer.from([0xc4, 0xe3, 0xba, 0xc3, 0x0a, 0xca, 0xc0, 0xbd, 0xe7, 0x0a]),
  "CR LF": Buffer.from("one\r\ntwo\r\n\r\nthree\n"),
  "a byte order mark": Buffer.from("\uFEFFfirst\nsecond\n"),
  "NUL and other controls": Buffer.from("a\0b\x07\n\x1b[31m\n"),
  "a long line of another encoding": Buffer.concat([Buffer.alloc(100_000, 0xc4), Buffer.from("\n")]),
};

test.concurrent.each(Object.entries(inputs))("%s", async (_name, bytes) => {
  using folder = new Folder();
  writeFileSync(folder.join("input"), bytes);
  await using hub = startDuet(["-l", "0", "--plain", "--name", "ann"], { folder });
  const port = await hub.port();
  await using duet = startDuet(["--duet", "127.0.0.1", String(port), "--plain", "--name", "bob"], { folder });
  await duet.waitForError(/you are bob/);
  using raw = await startClient(port);
  raw.write("here\n");
  await duet.waitForLine("> here");
  const before = raw.receivedBytes;
  for (let at = 0; at < bytes.length; at += 7001) hub.write(bytes.subarray(at, at + 7001));
  await raw.waitFor(() => raw.receivedBytes - before >= bytes.length, "the input");
  expect(Buffer.concat(raw.received).subarray(before)).toEqual(bytes);
  const isUtf8 = Buffer.from(bytes.toString()).equals(bytes);
  if (!isUtf8) await hub.waitForError(/^!! the input is not UTF-8/m);
  expect(hub.errors.split("is not UTF-8").length).toBe(isUtf8 ? 1 : 2);
});
