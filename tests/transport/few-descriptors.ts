/**
 * Run with a low descriptor limit: a listener with more clients than it has descriptors for. Prints the result as
 * JSON, and runs until standard input ends.
 */

import { listenTcp } from "../../src/transport/tcp/tcp-listener.ts";
import { Witness } from "../support/events.ts";

const target = { kind: "ip", host: "127.0.0.1", port: 0 } as const;
const server = new Witness((onEvent) => listenTcp({ target, peersMax: 1000 }, onEvent));
const { local } = await server.event("listening");
const port = local.family === "unix" ? 0 : local.port;

// The clients run in other processes, so that all descriptors of this one are the listener's.
const script = `
  const sockets = [];
  for (let n = 0; n < 50; n += 1) {
    const socket = { data() {}, error() {}, end() {} };
    sockets.push(await Bun.connect({ hostname: "127.0.0.1", port: ${port}, allowHalfOpen: true, socket }));
  }
  await Bun.stdin.text();
  process.exit();
`;
const clients = [0, 1].map(() =>
  Bun.spawn([process.execPath, "-e", script], { stdin: "pipe", stdout: "ignore", stderr: "inherit" }),
);
const countClients = () => server.all("connected").length + server.all("turned-away").length;
await server.until("all clients", () => countClients() === 100);

const first = server.all("connected")[0]!;
const answered = server.transport.send(first.connection, new Uint8Array([10])) === "queued";
await server.until("the answer to leave", () => server.calls("send").length > 0);

const accepted = server.all("connected").length;
const turnedAway = server.all("turned-away").length;
console.log(JSON.stringify({ accepted, turnedAway, answered }));
await Bun.stdin.text();
for (const crowd of clients) crowd.kill();
process.exit(0);
