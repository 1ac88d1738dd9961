/** A bare Bun socket, for comparison: prints its port, then a dot and a newline for each datagram. */

const lines = Buffer.alloc(64 * 1024, ".\n");
let waiting = 0;
const socket = await Bun.udpSocket({
  hostname: "127.0.0.1",
  socket: {
    data: () => {
      if (waiting === 0) setImmediate(flush);
      waiting += 1;
    },
  },
});
process.stdout.write(`BOUND ${socket.port}\n`);

function flush(): void {
  for (; waiting > 0;) {
    const count = Math.min(waiting, lines.length / 2);
    process.stdout.write(lines.subarray(0, count * 2));
    waiting -= count;
  }
}
