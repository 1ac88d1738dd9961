/**
 * Connections that say nothing, in a process of their own: PORT COUNT. Prints a line when all have come, and one each
 * time that all have heard one more line; goes when its input ends.
 */

const [port = 0, count = 0] = process.argv.slice(2).map(Number);
/** So many are connected at a time: the listener's backlog is 512. */
const atOnce = 200;
const newline = 0x0a;
const sockets: Bun.Socket[] = [];
let heard = 0;
let told = 0;
let isCounting = false;

for (let start = 0; start < count; start += atOnce) {
  const some = Array.from({ length: Math.min(atOnce, count - start) }, connect);
  sockets.push(...(await Promise.all(some)));
}
// The banner, half a second after the last has come, is no line of anybody.
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
        for (const byte of bytes) if (byte === newline) heard += 1;
        for (; heard >= (told + 1) * count; told += 1) process.stdout.write("all\n");
      },
      error: () => {},
    },
  });
}
