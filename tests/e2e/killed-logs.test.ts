/** Logs of runs that were killed, or that filled a disk: the next run goes on after the last whole record. */

import { expect, test } from "bun:test";
import fs from "node:fs";
import { duetCommand, Folder, startDuet } from "../support/duet.ts";
import { startProgram } from "../support/processes.ts";
import { withPrograms } from "../support/programs.ts";
import { startClient } from "../support/raw-client.ts";
import { startOnScreen } from "../support/screens.ts";
import { seeded } from "../support/seeded.ts";
import { until } from "../support/wait.ts";

const kills = 10;

function sizeOf(path: string): number {
  return fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Each whole event of the log. Throws at one that is glued to half of another. */
function parseEvents(path: string): readonly { readonly type: string; readonly text?: string }[] {
  const lines = fs.readFileSync(path, "utf8").split("\n");
  expect(lines.pop()).toBe("");
  return lines.map((line) => JSON.parse(line) as { type: string; text?: string });
}

withPrograms(["tshark"])(
  "after kill -9 at any time, every record of every run is read",
  async () => {
    using folder = new Folder();
    const [events, packets] = [folder.join("log.ndjson"), folder.join("log.pcapng")];
    const random = seeded(9);
    let mended = 0;
    for (let run = 0; run <= kills; run += 1) {
      await using duet = startDuet(["-l", "0", "--plain", "-v", "-o", events, "--export", packets], {
        outputTo: "/dev/null",
      });
      using client = await startClient(await duet.port());
      client.write(`run ${run}\n`);
      await duet.waitForError(/recv/);
      const before = sizeOf(events);
      mended +=
        duet.errors.match(/ended in half a record.*duet cut off the last [\d,]+ bytes?\n/g)?.length ?? 0;
      if (run < kills) client.write(`${"x".repeat(1000)}\n`.repeat(1000));
      const killAt = before + (run < kills ? random() * 500_000 : 0);
      await until(() => sizeOf(events) >= killAt, "the moment of the kill");
      duet.signal(run < kills ? "SIGKILL" : "SIGTERM");
      await duet.waitForExit();
      // Most kills come within a write. Whether one did is the machine's choice, so the first is made to.
      if (run === 0) fs.truncateSync(events, sizeOf(events) - 5);
    }
    expect(mended).toBeGreaterThan(0);
    const texts = parseEvents(events).flatMap(({ type, text = "" }) => (type === "message" ? [text] : []));
    expect(texts.filter((text) => text.startsWith("run "))).toEqual(
      Array.from({ length: kills + 1 }, (_, run) => `run ${run}`),
    );
    await using tshark = startProgram([
      "tshark",
      "-r",
      packets,
      "-Y",
      "tcp.payload contains 72:75:6e:20",
      "-T",
      "fields",
      "-e",
      "tcp.payload",
    ]);
    expect(await tshark.waitForExit()).toEqual({ code: 0, signal: null });
    expect(tshark.lines.map((hex) => Buffer.from(hex, "hex").toString().split("\n")[0])).toEqual(
      Array.from({ length: kills + 1 }, (_, run) => `run ${run}`),
    );
  },
  120_000,
);

/** Starts a process in a mount namespace of its own, with a small disk at this folder. */
function withSmallDisk(folder: string): readonly string[] {
  return ["unshare", "-rm", "sh", "-c", `mount -t tmpfs -o size=256k small '${folder}' && exec "$@"`, "sh"];
}

const canMount = Bun.spawnSync([...withSmallDisk("/mnt"), "true"]).exitCode === 0;

test.skipIf(!canMount && process.env["CI"] === undefined)(
  "after a full disk, every record is read",
  async () => {
    using folder = new Folder();
    const [events, packets] = [folder.join("log.ndjson"), folder.join("log.pcapng")];
    await using shell = startProgram([...withSmallDisk(folder.path), "bash"]);
    const run = async (bytes: number): Promise<void> => {
      using server = Bun.listen({
        hostname: "127.0.0.1",
        port: 0,
        socket: { open: (socket) => void socket.end(`${"x".repeat(60)}\n`.repeat(bytes / 61)), data() {} },
      });
      const command = [
        ...duetCommand,
        "127.0.0.1",
        String(server.port),
        "--plain",
        "-v",
        "-o",
        events,
        "--export",
        packets,
      ];
      shell.write(`${command.join(" ")} < /dev/null > /dev/null; echo ended $?\n`);
      await shell.waitForLine("ended");
    };
    shell.write(`head -c 100000 /dev/zero > ${folder.path}/filler; echo filled\n`);
    await shell.waitForLine("filled");
    await run(300_000);
    expect(shell.errors).toMatch(/the log \S+log.ndjson ends here.*the disk is full \(ENOSPC\)/);
    shell.write(`rm ${folder.path}/filler; echo removed\n`);
    await shell.waitForLine("removed");
    await run(61);
    expect(shell.errors.match(/ended in half a record/g)).toHaveLength(2);
    const copyOut = async (path: string): Promise<void> => {
      shell.write(`base64 -w 0 ${path}; echo\n`);
      fs.writeFileSync(path, Buffer.from(await shell.waitForLine(/./), "base64"));
    };
    await copyOut(events);
    await copyOut(packets);
    expect(parseEvents(events).at(-1)?.type).toBe("state");
    await using tshark = startProgram(["tshark", "-r", packets, "-T", "fields", "-e", "tcp.len"]);
    expect(await tshark.waitForExit()).toEqual({ code: 0, signal: null });
    expect(tshark.lines).toContain("61");
  },
);

test("a mended log is reported once, on a screen too", async () => {
  using folder = new Folder();
  const path = folder.join("log.ndjson");
  fs.writeFileSync(path, '{"type":"half');
  const args = ["-l", "127.0.0.1", "0", "-o", path];
  {
    await using duet = await startOnScreen(args, { folder, columns: 120 });
    await duet.sees(/ended in half a record/);
    await duet.sees(/duet cut off the last 13 bytes/);
  }
  await using again = startDuet(["-l", "0", "--json", "-o", path], { folder });
  await again.waitForEvent({ type: "state", to: "LISTEN" });
  again.signal("SIGTERM");
  await again.waitForExit();
  expect(again.errors).toBe("");
  expect(parseEvents(path).length).toBeGreaterThan(2);
});
