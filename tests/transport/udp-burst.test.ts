/** A burst that comes faster than anybody reads. */

import { expect, test } from "bun:test";
import { bindUdp } from "../../src/transport/udp-socket.ts";
import { until } from "../support/wait.ts";

const count = 50_000;
const burst = new URL("../support/fixtures/burst.ts", import.meta.url).pathname;

test("50,000 datagrams in a burst arrive, each once and in order", async () => {
  const texts: string[] = [];
  const { promise: bound, resolve } = Promise.withResolvers<number>();
  const bind = { kind: "ip", host: "127.0.0.1", port: 0 } as const;
  const socket = bindUdp({ bind, peer: undefined, peersMax: 4 }, (event) => {
    if (event.type === "listening" && event.local.family !== "unix") resolve(event.local.port);
    if (event.type === "received") texts.push(Buffer.from(event.bytes).toString());
  });
  // Until the sender has gone nobody reads here: the buffer alone has to hold them.
  const sender = Bun.spawnSync([process.execPath, burst, String(await bound), String(count)]);
  expect(sender.exitCode).toBe(0);
  expect(texts).toEqual([]);
  await until(() => texts.length >= count, "all datagrams");
  expect(texts).toEqual(Array.from({ length: count }, (_, index) => `line ${index}`));
  socket.stop(0);
});
