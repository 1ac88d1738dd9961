/** Run with a low descriptor limit: a listener meets more clients than it has room for, and reports as JSON. */

import { listenTcp } from "../../src/transport/tcp-listener.ts";
import { Witness } from "../support/events.ts";

const target = { kind: "ip", host: "127.0.0.1", port: 0 } as const;
const server = new Witness((onEvent) => listenTcp({ target, peersMax: 1000 }, onEvent));
const { local } = await server.event("listening");
const port = local.family === "unix" ? 0 : local.port;

// The clients live in other processes: this one's descriptors are for the listener.
const script = `
  const sockets = [];
  for (let n = 0; n < 50; n += 1) {
    const socket = { data() {}, error() {}, end() {} };
    sockets.push(await Bun.connect({ hostname: "127.0.0.1", port: ${port}, allowHalfOpen: true, socket }));
  }
  process.stdout.write("connected");
  await new Promise(() => {});
`;
const crowds = [0, 1].map(() =>
  Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" }),
);
const seen = () => server.all("connected").length + server.all("turned-away").length;
await server.until("all clients", () => seen() === 100, 10_000);

// A quiet half second shows that accept does not spin.
const before = process.cpuUsage();
await new Promise((resolve) => setTimeout(resolve, 500));
const { user, system } = process.cpuUsage(before);
const first = server.all("connected")[0]!;
const answered = server.transport.send(first.connection, new Uint8Array([10])) === "queued";
await server.until("the answer to leave", () => server.calls("send").length > 0);

process.stdout.write(
  JSON.stringify({
    accepted: server.all("connected").length,
    turnedAway: server.all("turned-away").length,
    answered,
    cpuMs: (user + system) / 1000,
  }),
);
for (const crowd of crowds) crowd.kill();
process.exit(0);
