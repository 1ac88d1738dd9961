/** A bare hub of Bun sockets, for comparison: copies received bytes to all other clients, one write each a turn. */

interface Bare {
  chunks: Buffer[];
  waiting: boolean;
}

const sockets = new Set<Bun.Socket<Bare>>();
let flushing = false;

const listener = Bun.listen<Bare>({
  hostname: "127.0.0.1",
  port: Number(process.argv[2] ?? 0),
  socket: {
    open: (socket) => {
      socket.data = { chunks: [], waiting: false };
      sockets.add(socket);
    },
    data: (origin, bytes) => {
      const copy = Buffer.from(bytes);
      for (const socket of sockets) if (socket !== origin) socket.data.chunks.push(copy);
      if (flushing) return;
      flushing = true;
      setImmediate(flushAll);
    },
    drain: (socket) => {
      socket.data.waiting = false;
      flush(socket);
    },
    close: (socket) => {
      sockets.delete(socket);
    },
    error: () => {},
  },
});
process.stdout.write(`LISTEN ${listener.port}\n`);

function flushAll(): void {
  flushing = false;
  for (const socket of sockets) flush(socket);
}

function flush(socket: Bun.Socket<Bare>): void {
  const { data } = socket;
  if (data.waiting || data.chunks.length === 0) return;
  const all = data.chunks.length === 1 ? data.chunks[0]! : Buffer.concat(data.chunks);
  const written = Math.max(0, socket.write(all));
  data.waiting = written < all.length;
  data.chunks = data.waiting ? [all.subarray(written)] : [];
}
