/**
 * Run with a low descriptor limit: a listener meets more clients than it has room for, reports as JSON, and stays until its
 * standard input ends.
 */

import { listenTcp } from "../../src/transport/tcp/tcp-listener.ts";
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
  await Bun.stdin.text();
  process.exit();
`;
const crowds = [0, 1].map(() =>
  Bun.spawn([process.execPath, "-e", script], { stdin: "pipe", stdout: "ignore", stderr: "inherit" }),
);
const seen = () => server.all("connected").length + server.all("turned-away").length;
await server.until("all clients", () => seen() === 100);

const first = server.all("connected")[0]!;
const answered = server.transport.send(first.connection, new Uint8Array([10])) === "queued";
await server.until("the answer to leave", () => server.calls("send").length > 0);

const accepted = server.all("connected").length;
const turnedAway = server.all("turned-away").length;
console.log(JSON.stringify({ accepted, turnedAway, answered }));
await Bun.stdin.text();
for (const crowd of crowds) crowd.kill();
process.exit(0);
