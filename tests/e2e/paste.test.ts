/** A paste of 64 MiB from the terminal to a slow peer: it is confirmed on purpose, then every byte arrives in order. */

import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { startOnScreen } from "../support/screens.ts";
import { until } from "../support/wait.ts";

const clockPath = new URL("../support/fixtures/fast-clock.ts", import.meta.url).pathname;
const mib = 1024 * 1024;
const line = "a line of the paste, 你好, with 0123456789 and abcdefghijklmnopqrstuvwxyz in it\n";
const text = line.repeat(Math.ceil((64 * mib) / Buffer.byteLength(line)));
const size = Buffer.byteLength(text);

test("64 MiB pasted for a slow reader arrive byte for byte", async () => {
  const hash = createHash("sha256");
  let bytes = 0;
  using reader = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data: (socket, chunk) => {
        hash.update(chunk);
        bytes += chunk.length;
        // It pauses after each read until the next turn of the event loop: the writer's queue is full nearly all the
        // time.
        socket.pause();
        setTimeout(() => socket.resume(), 1);
      },
      error: () => {},
    },
  });
  // duet takes a second without a byte for the end of a paste: ten of them here, since a slow machine may pause that
  // long.
  await using duet = await startOnScreen(["127.0.0.1", String(reader.port), "--raw", "--name", "ann"], {
    bunOptions: ["--preload", clockPath],
    env: { DUET_TEST_CLOCK: "0.1" },
  });
  await duet.sees("● ESTABLISHED");
  // A terminal sends a paste with CR for each newline.
  await duet.terminal.writeAll(`\x1b[200~${text.replaceAll("\n", "\r")}\x1b[201~`);
  await duet.terminal.waitForText(/lines pasted: y sends, n drops/);
  duet.terminal.write("\r");
  await duet.terminal.waitForText("nothing is sent before y or n for the paste");
  expect(bytes).toBe(0);
  duet.terminal.write("y");
  await until(() => bytes >= size, "all of the paste");
  expect(bytes).toBe(size);
  expect(hash.digest("hex")).toBe(createHash("sha256").update(text).digest("hex"));
});
