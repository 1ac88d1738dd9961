/** A paste of 64 MiB, from the terminal to a peer that takes its time: asked about first, then every byte, in order. */

import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { startOnScreen } from "../support/screens.ts";
import { until } from "../support/wait.ts";

const mib = 1024 * 1024;
const line = "a line of the paste, 你好, with 0123456789 and abcdefghijklmnopqrstuvwxyz in it\n";
const text = line.repeat(Math.ceil((64 * mib) / Buffer.byteLength(line)));

test("64 MiB pasted into a slow reader arrive byte for byte", async () => {
  const hash = createHash("sha256");
  let bytes = 0;
  using reader = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data: (socket, chunk) => {
        hash.update(chunk);
        bytes += chunk.length;
        // It stops after each read until the loop comes round again: the writer's queue is full nearly all the time.
        socket.pause();
        setTimeout(() => socket.resume(), 1);
      },
      error: () => {},
    },
  });
  await using duet = await startOnScreen(["127.0.0.1", String(reader.port), "--name", "ann"]);
  await duet.sees("no duet greets");
  duet.terminal.write("\x1b[200~");
  // A terminal hands a paste over with CR for each newline.
  const typed = text.replaceAll("\n", "\r");
  for (let start = 0; start < typed.length; start += 65_536) {
    duet.terminal.write(typed.slice(start, start + 65_536));
    await new Promise((resolve) => setImmediate(resolve));
  }
  duet.terminal.write("\x1b[201~");
  await duet.terminal.waitForText("Enter or y sends");
  expect(bytes).toBe(0);
  duet.terminal.write("y");
  await until(() => bytes >= Buffer.byteLength(text), "all of the paste");
  expect(bytes).toBe(Buffer.byteLength(text));
  expect(hash.digest("hex")).toBe(createHash("sha256").update(text).digest("hex"));
});
