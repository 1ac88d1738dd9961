/** Half-closes, raw bytes both ways, and rooms of different programs. */

import { expect, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { outQueueHighBytes } from "../../src/protocol/limits.ts";
import { Folder, startDuet } from "../support/duet.ts";
import { startProgram } from "../support/processes.ts";
import { isTcpListening, withPrograms } from "../support/programs.ts";
import { startClient } from "../support/raw-client.ts";
import { freePort } from "../support/tutorial.ts";
import { until } from "../support/wait.ts";

const withNc = withPrograms(["nc"]);

withNc("a client that sends hi and FIN (nc -N) still receives its answer", async () => {
  await using duet = startDuet(["-l", "0", "--plain"]);
  const port = String(await duet.port());
  await using nc = startProgram(["sh", "-c", `printf hi | nc -N 127.0.0.1 ${port}`]);
  await duet.waitForLine(/^<127\.0\.0\.1:\d+> hi$/);
  await duet.waitForError(/HALF-CLOSED \(theirs\)/);
  duet.write("welcome\n");
  await nc.waitForLine("welcome");
  duet.end();
  expect((await nc.waitForExit()).code).toBe(0);
  expect(nc.output).toBe("welcome\n");
});

withNc("an answer piped in before a client connects reaches it, followed by the FIN", async () => {
  await using duet = startDuet(["-l", "0", "--plain"]);
  const port = String(await duet.port());
  duet.write("the answer\n");
  duet.end();
  await using nc = startProgram(["sh", "-c", `printf hi | nc -N 127.0.0.1 ${port}`]);
  expect((await nc.waitForExit()).code).toBe(0);
  expect(nc.output).toBe("the answer\n");
  await duet.waitForLine(/> hi$/);
});

withPrograms(["ncat"])(
  "text without newline or FIN (ncat --no-shutdown) is printed after a second",
  async () => {
    await using duet = startDuet(["-l", "0", "--plain"]);
    const port = String(await duet.port());
    await using ncat = startProgram(["sh", "-c", `printf unfinished | ncat --no-shutdown 127.0.0.1 ${port}`]);
    await duet.waitForLine(/^<127\.0\.0\.1:\d+> unfinished$/);
    expect(duet.errors).not.toContain("HALF-CLOSED");
    duet.write("heard\n");
    await ncat.waitForLine("heard");
  },
);

withPrograms(["socat"])(
  "after our FIN, received lines are printed, and the peer's close ends duet with 0",
  async () => {
    const port = await freePort("tcp");
    await using socat = startProgram(["socat", "-t10", "-", `TCP4-LISTEN:${port},bind=127.0.0.1`]);
    await until(() => isTcpListening(port), "socat to listen");
    await using duet = startDuet(["127.0.0.1", String(port), "--plain"]);
    duet.write("question\n");
    duet.end();
    await socat.waitForLine("question");
    await duet.waitForError(/HALF-CLOSED \(ours\)/);
    socat.write("late answer\n");
    await duet.waitForLine("late answer");
    socat.end();
    expect(await duet.waitForExit()).toEqual({ code: 0, signal: null });
  },
);

withPrograms(["nc", "ncat"])(
  "in a room of nc, ncat and a duet each receives the others' lines by name, and none its own",
  async () => {
    using folder = new Folder();
    await using host = startDuet(["-l", "0", "--plain", "--name", "host"], { folder });
    const port = String(await host.port());
    await using nc = startProgram(["nc", "127.0.0.1", port]);
    await using ncat = startProgram(["ncat", "127.0.0.1", port]);
    await using guest = startDuet(["127.0.0.1", port, "--plain", "--name", "guest"], { folder });
    await guest.waitForError(/you are guest in host's room/);
    await host.waitFor(() => host.errors.split(" joined").length === 4, "all to be here");
    nc.write("from nc\n");
    await host.waitForLine("> from nc");
    ncat.write("from ncat\n");
    await guest.waitForLine(/^<127\.0\.0\.1:\d+> from ncat$/);
    guest.write("from guest\n");
    await ncat.waitFor(() => ncat.output.includes("<guest> from guest\n"), "the guest's line");
    await host.waitForLine("<guest> from guest");
    host.write("from host\n");
    for (const peer of [nc, ncat, guest]) {
      await peer.waitFor(() => peer.output.includes("from host\n"), "the host's line");
    }
    const banner = /^duet\/1 host's room, \d here\. Type a line and press Enter\.$/;
    const linesOf = (program: { readonly lines: string[] }) =>
      program.lines.filter((line) => !banner.test(line)).map((line) => line.replace(/:\d+>/, ">"));
    expect(linesOf(nc)).toEqual(["<127.0.0.1> from ncat", "<guest> from guest", "from host"]);
    expect(linesOf(ncat)).toEqual(["<127.0.0.1> from nc", "<guest> from guest", "from host"]);
    expect(linesOf(guest).toSorted()).toEqual(
      ["<127.0.0.1> from nc", "<127.0.0.1> from ncat", "<host> from host"].toSorted(),
    );
    expect(host.lines.map((line) => line.replace(/:\d+>/, ">"))).toEqual([
      "<127.0.0.1> from nc",
      "<127.0.0.1> from ncat",
      "<guest> from guest",
    ]);
  },
);

withNc("with --raw the room receives bytes unchanged: no banner, no names, no echo", async () => {
  await using duet = startDuet(["-l", "0", "--raw", "-v"]);
  const port = String(await duet.port());
  await using one = startProgram(["nc", "127.0.0.1", port]);
  await using other = startProgram(["nc", "127.0.0.1", port]);
  await duet.waitFor(() => duet.errors.split("joined").length === 3, "both to be here");
  one.write("half a line");
  await other.waitFor(() => other.output === "half a line", "the bytes");
  other.write("\x01\ttwo\r\nlines");
  await one.waitFor(() => one.output.endsWith("lines"), "the bytes");
  duet.write("host");
  for (const peer of [one, other]) await peer.waitFor(() => peer.output.endsWith("host"), "the host's bytes");
  expect(one.output).toBe("\x01\ttwo\r\nlineshost");
  expect(other.output).toBe("half a linehost");
  await duet.waitFor(() => duet.output.endsWith("lines"), "the output");
  expect(duet.output).toBe("half a line\x01\ttwo\r\nlines");
});

const longInput = "seq 100000";

withNc("seq | duet --raw into nc -l arrives byte for byte", async () => {
  using folder = new Folder();
  const port = await freePort("tcp");
  await using nc = startProgram(["sh", "-c", `nc -l 127.0.0.1 ${port} > ${folder.join("got")}`]);
  await until(() => isTcpListening(port), "nc to listen");
  await using sender = startDuet(["127.0.0.1", String(port), "--raw"], { folder, inputFrom: longInput });
  expect((await sender.waitForExit()).code).toBe(0);
  expect((await nc.waitForExit()).code).toBe(0);
  await expectSeq(folder.join("got"));
});

withNc("seq | nc -N into duet -l --raw arrives byte for byte", async () => {
  using folder = new Folder();
  const port = await freePort("tcp");
  await using duet = startDuet(["-l", String(port), "--raw"], { folder, outputTo: folder.join("got") });
  await until(() => isTcpListening(port), "duet to listen");
  duet.end();
  await using nc = startProgram(["sh", "-c", `${longInput} | nc -N 127.0.0.1 ${port}`]);
  expect((await nc.waitForExit()).code).toBe(0);
  await untilSeqIsIn(folder.join("got"));
  await expectSeq(folder.join("got"));
});

withNc("duet -l --raw < file reaches nc byte for byte, then FIN to a client that sent FIN", async () => {
  using folder = new Folder();
  const port = await freePort("tcp");
  await using duet = startDuet(["-l", String(port), "--raw"], { folder, inputFrom: longInput });
  await until(() => isTcpListening(port), "duet to listen");
  await using nc = startProgram(["sh", "-c", `nc -N 127.0.0.1 ${port} < /dev/null > ${folder.join("got")}`]);
  expect((await nc.waitForExit()).code).toBe(0);
  await expectSeq(folder.join("got"));
  expect(duet.errors).toBe("");
});

withNc("nc -l < file into duet --raw arrives byte for byte, and duet ends with 0", async () => {
  using folder = new Folder();
  const port = await freePort("tcp");
  await using nc = startProgram(["sh", "-c", `${longInput} | nc -lN 127.0.0.1 ${port}`]);
  await until(() => isTcpListening(port), "nc to listen");
  await using duet = startDuet(["127.0.0.1", String(port), "--raw"], {
    folder,
    outputTo: folder.join("got"),
  });
  // OpenBSD's nc ends at our FIN, whatever it still had to read: so the FIN follows the last byte.
  await untilSeqIsIn(folder.join("got"));
  duet.end();
  expect((await duet.waitForExit()).code).toBe(0);
  expect((await nc.waitForExit()).code).toBe(0);
  await expectSeq(folder.join("got"));
});

const seqText = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join("");

async function untilSeqIsIn(path: string): Promise<void> {
  await until(() => existsSync(path) && statSync(path).size >= seqText.length, "all bytes");
}

async function expectSeq(path: string): Promise<void> {
  const got = await Bun.file(path).text();
  expect(got.length).toBe(seqText.length);
  expect(Bun.hash(got)).toBe(Bun.hash(seqText));
}

test("binary data passes through --raw unchanged", async () => {
  using folder = new Folder();
  const every = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
  await Bun.write(folder.join("in"), every);
  await using host = startDuet(["-l", "0", "--raw", "-v"], { folder, outputTo: folder.join("host") });
  const port = String(await host.port());
  host.end();
  await using guest = startDuet(["127.0.0.1", port, "--raw"], {
    folder,
    inputFrom: `cat ${folder.join("in")}`,
    outputTo: folder.join("guest"),
  });
  expect((await guest.waitForExit()).code).toBe(0);
  await until(async () => (await Bun.file(folder.join("host")).bytes()).length >= every.length, "all bytes");
  expect(Buffer.compare(await Bun.file(folder.join("host")).bytes(), every)).toBe(0);
});

withNc("a file sent by one member of a raw room reaches the others byte for byte", async () => {
  using folder = new Folder();
  await using duet = startDuet(["-l", "0", "--raw", "-v"], { folder, outputTo: "/dev/null" });
  const port = String(await duet.port());
  await using reader = startProgram(["sh", "-c", `nc -d 127.0.0.1 ${port} > ${folder.join("got")}`]);
  await duet.waitForError(/joined/);
  await using sender = startProgram(["nc", "-N", "127.0.0.1", port]);
  const source = Array.from({ length: fileBytes / 8 }, (_, line) => String(line).padStart(7, "0")).join("\n");
  const size = (): number => Bun.file(folder.join("got")).size;
  // A reader that the machine does not run for a while may have a queue, and is not too slow.
  for (let start = 0; start < source.length; start += outQueueHighBytes) {
    const end = Math.min(source.length, start + outQueueHighBytes);
    sender.write(source.slice(start, end));
    await until(() => size() >= end, `${end} bytes`);
  }
  sender.end();
  expect(await Bun.file(folder.join("got")).text()).toBe(source);
  expect(duet.errors).not.toContain("too slowly");
  expect(sender.errors + reader.errors).toBe("");
});

const fileBytes = 16 * 1024 * 1024;

test("a member that stops reading is disconnected with a reason, and the others miss no byte", async () => {
  await using duet = startDuet(["-l", "0", "--raw", "-v"], { outputTo: "/dev/null" });
  const port = await duet.port();
  using stopped = await startClient(port);
  using listener = await startClient(port);
  using talker = await startClient(port);
  await duet.waitFor(() => duet.errors.split("joined").length === 4, "all to be here");
  stopped.pause();
  const block = "x".repeat(256 * 1024);
  let sentBytes = 0;
  for (; !duet.errors.includes("reads too slowly"); sentBytes += block.length) {
    expect(sentBytes).toBeLessThan(64 * 1024 * 1024);
    talker.write(block);
    await listener.waitFor(() => listener.receivedBytes >= sentBytes, "what was said before");
  }
  await listener.waitFor(() => listener.receivedBytes === sentBytes, "all that was said");
});
