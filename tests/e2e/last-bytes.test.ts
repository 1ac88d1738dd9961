/** What was accepted before the end is delivered, however late its reader is, or the exit code is 1. */

import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { Folder, startDuet } from "../support/duet.ts";
import { Program } from "../support/processes.ts";
import { freePort } from "../support/tutorial.ts";

const line = "a line that somebody sent\n";

/** Sends lines to one client, then FIN, and ends when the client has closed. */
const sender = `
import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
client, _ = server.accept()
client.sendall(sys.argv[2].encode() * int(sys.argv[3]))
client.shutdown(socket.SHUT_WR)
while client.recv(4096): pass
`;

test("standard output is written to its end, although its reader begins after the connection is closed", async () => {
  using folder = new Folder();
  const [gate, read] = [folder.join("gate"), folder.join("read")];
  Bun.spawnSync(["mkfifo", gate]);
  const port = String(await freePort("tcp"));
  const lines = 12_000;
  await using peer = new Program(["python3", "-c", sender, port, line, String(lines)], {});
  await peer.waitForLine("ready");
  const late = `{ read -r _ < ${gate}; cat > ${read}; }`;
  await using duet = startDuet(["127.0.0.1", port, "--raw"], {
    folder,
    outputTo: `| ${late}`,
    inputFrom: "true",
  });
  expect((await peer.waitForExit()).code).toBe(0);
  writeFileSync(gate, "go\n");
  expect(await duet.waitForExit()).toEqual({ code: 0, signal: null });
  // The reader may still be writing the last of it.
  await duet.waitFor(() => readFileSync(read).length >= lines * line.length, "all lines");
  expect(readFileSync(read, "utf8")).toBe(line.repeat(lines));
});

/** Talks all the time, and reads as slowly as its own sends let it. */
const talker = `
import hashlib, socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
client, _ = server.accept()
client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
digest, count = hashlib.sha256(), 0
while piece := client.recv(4096):
    digest.update(piece)
    count += len(piece)
    try: client.sendall(b"x" * 4096)
    except OSError: pass # duet has left; what it sent is still to be read.
print(count, digest.hexdigest(), flush=True)
`;

test("a peer that talks while duet leaves receives every byte", async () => {
  using folder = new Folder();
  const bytes = crypto.getRandomValues(new Uint8Array(64 * 1024));
  const whole = Buffer.concat(Array.from({ length: 96 }, () => bytes));
  writeFileSync(folder.join("whole"), whole);
  const port = String(await freePort("tcp"));
  await using peer = new Program(["python3", "-c", talker, port], {});
  await peer.waitForLine("ready");
  await using duet = startDuet(["127.0.0.1", port, "--raw", "--send-only"], {
    folder,
    inputFrom: `cat ${folder.join("whole")}`,
  });
  expect(await duet.waitForExit()).toEqual({ code: 0, signal: null });
  expect(duet.errors).toBe("");
  const digest = new Bun.CryptoHasher("sha256").update(whole).digest("hex");
  await peer.waitForLine(`${whole.length} ${digest}`);
});
