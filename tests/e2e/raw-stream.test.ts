/** Streams through `--raw`: every byte arrives, whatever standard input and output are. */

import { expect, test } from "bun:test";
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { duetCommand, Folder, startDuet } from "../support/duet.ts";
import { startProgram } from "../support/processes.ts";
import { type RawClient, startClient } from "../support/raw-client.ts";
import { seeded } from "../support/seeded.ts";
import { startInTerminal } from "../support/pty.ts";
import { until } from "../support/wait.ts";

const random = seeded(7);
/** No two parts are equal, and newlines have no rhythm. */
const stream = Buffer.from(Uint32Array.from({ length: 1_500_000 }, () => random() * 0x1_0000_0000).buffer);

function hash(bytes: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
}

async function expectWhole(client: RawClient): Promise<void> {
  await client.waitFor(() => client.receivedBytes >= stream.length, "all bytes");
  expect(hash(Buffer.concat(client.received))).toBe(hash(stream));
}

test("sent from a file, and from a pipe", async () => {
  using folder = new Folder();
  const path = folder.join("stream");
  writeFileSync(path, stream);
  for (const input of [`exec 0< ${path}`, `exec 0< <(cat ${path})`]) {
    const script = `${input}; exec ${duetCommand.join(" ")} -l 0 --raw -v`;
    const env = { XDG_RUNTIME_DIR: folder.path, TMPDIR: folder.path };
    await using duet = startProgram(["bash", "-c", script], { env });
    const listening = /LISTEN: 127\.0\.0\.1:(\d+)/;
    await duet.waitForError(listening);
    using client = await startClient(Number(listening.exec(duet.errors)?.[1]));
    await expectWhole(client);
  }
});

test("with -v, their progress is one row of a terminal, of which nothing is left at the end", async () => {
  using folder = new Folder();
  const path = folder.join("stream");
  writeFileSync(path, stream);
  const script = `exec ${duetCommand.join(" ")} -l 127.0.0.1 0 --raw -v < ${path} > /dev/null`;
  const env = { XDG_RUNTIME_DIR: folder.path, TMPDIR: folder.path };
  await using terminal = await startInTerminal(["bash", "-c", script], { columns: 60, rows: 12, env });
  const listening = /LISTEN: 127\.0\.0\.1:(\d+)/;
  const readAll = (): string => terminal.screen().join("\n");
  await terminal.waitFor(() => listening.test(readAll()), "the port");
  using client = await startClient(Number(listening.exec(readAll())?.[1]));
  client.pause();
  await terminal.waitFor(
    () => /^sent \d.* of 5\.7 MiB \(\d.* %\), .*\/s$/m.test(readAll()),
    "the progress of a sender whose peer does not read",
  );
  client.resume();
  await expectWhole(client);
  client.end();
  await terminal.waitFor(
    () => readAll().includes("CLOSED") && !/^sent /m.test(readAll()),
    "the end without the progress",
  );
  expect(readAll()).not.toContain("tcp send");
});

test("sent from a FIFO in pieces of any length, to a peer that reads each before the next is written", async () => {
  using folder = new Folder();
  const path = folder.join("fifo");
  Bun.spawnSync(["mkfifo", path]);
  const writer = openSync(path, "r+");
  await using duet = startDuet(["-l", "0", "--raw", "-v"], { folder, inputFrom: `cat ${path}` });
  using client = await startClient(await duet.port());
  let written = 0;
  for (const length of [1, 7, 4096, 65_507, 65_508, 131_014, 131_015, 300_000]) {
    const piece = stream.subarray(written, written + length);
    for (let at = 0; at < length;) at += writeSync(writer, piece.subarray(at, at + 4096));
    written += length;
    await client.waitFor(() => client.receivedBytes >= written, `${written} bytes`);
  }
  closeSync(writer);
  expect(hash(Buffer.concat(client.received))).toBe(hash(stream.subarray(0, written)));
});

test("received into a file, and into a pipe", async () => {
  using folder = new Folder();
  const got = folder.join("got");
  for (const outputTo of [got, `| cat > ${got}`]) {
    await using duet = startDuet(["-l", "0", "--raw", "--recv-only", "-v"], { folder, outputTo });
    using client = await startClient(await duet.port());
    client.write(stream);
    client.end();
    await until(() => readFileSync(got).length >= stream.length, "the whole stream");
    expect(hash(readFileSync(got))).toBe(hash(stream));
  }
});
