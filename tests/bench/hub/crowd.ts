/**
 * Silent connections, in a process of their own: PORT COUNT. Prints a line when all are connected, and one each time that
 * all have received one more line. Ends with its input.
 */

const [port = 0, count = 0] = process.argv.slice(2).map(Number);
/** Connections opened at a time; the listener's backlog is 512. */
const atOnce = 200;
const newline = 0x0a;
const sockets: Bun.Socket[] = [];
let received = 0;
let printed = 0;
let isCounting = false;

for (let start = 0; start < count; start += atOnce) {
  const some = Array.from({ length: Math.min(atOnce, count - start) }, connect);
  sockets.push(...(await Promise.all(some)));
}
// Skips the banner, which is sent up to half a second after the last connection.
await Bun.sleep(1000);
isCounting = true;
process.stdout.write("here\n");
for await (const _ of Bun.stdin.stream()) continue;
for (const socket of sockets) socket.terminate();

function connect(): Promise<Bun.Socket> {
  return Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data: (_socket, bytes) => {
        if (!isCounting) return;
        for (const byte of bytes) if (byte === newline) received += 1;
        for (; received >= (printed + 1) * count; printed += 1) process.stdout.write("all\n");
      },
      error: () => {},
    },
  });
}
