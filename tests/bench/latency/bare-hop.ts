/**
 * The same hops in bare Bun, for comparison: `bare-hop.ts tcp|udp` prints its port and writes what it receives to
 * standard output; with a port, it sends what it reads from standard input there.
 */

import { writeSync } from "node:fs";

const [, , transport, port] = process.argv;
const hostname = "127.0.0.1";
const show = (bytes: Uint8Array): void => void writeSync(1, bytes);
const portNumber = Number(port);

if (port === undefined) {
  const socket =
    transport === "tcp"
      ? Bun.listen({ hostname, port: 0, socket: { data: (_socket, bytes) => show(bytes) } })
      : await Bun.udpSocket({ hostname, socket: { data: (_socket, bytes) => show(bytes) } });
  process.stderr.write(`BOUND ${hostname}:${socket.port}\n`);
} else if (transport === "tcp") {
  const socket = await Bun.connect({ hostname, port: portNumber, socket: { data: () => {} } });
  await sendInput((bytes) => void socket.write(bytes));
} else {
  const socket = await Bun.udpSocket({ hostname, socket: { data: () => {} } });
  await sendInput((bytes) => void socket.send(bytes, portNumber, hostname));
}

async function sendInput(send: (bytes: Uint8Array) => void): Promise<void> {
  if (process.stdin.isTTY) process.stdin.setRawMode(true);
  for await (const bytes of Bun.stdin.stream()) send(bytes);
}
