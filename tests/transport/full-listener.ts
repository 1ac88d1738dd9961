/** A listener with a full backlog, which never answers a connect. Made with the C library, since Bun always accepts. */

import { dlopen } from "bun:ffi";
import { readFileSync } from "node:fs";

const { symbols: libc } = dlopen("libc.so.6", {
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  bind: { args: ["i32", "ptr", "u32"], returns: "i32" },
  listen: { args: ["i32", "i32"], returns: "i32" },
  getsockname: { args: ["i32", "ptr", "ptr"], returns: "i32" },
  close: { args: ["i32"], returns: "i32" },
});

const AF_UNIX = 1;
const AF_INET = 2;
const SOCK_STREAM = 1;

export async function fullListener() {
  const address = new Uint8Array(16);
  address.set([AF_INET, 0, 0, 0, 127, 0, 0, 1]);
  const fd = libc.socket(AF_INET, SOCK_STREAM, 0);
  libc.bind(fd, address, 16);
  libc.listen(fd, 0);
  libc.getsockname(fd, address, new Uint32Array([16]));
  const port = (address[2]! << 8) | address[3]!;
  // A backlog of 0 has room for one.
  const one = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data: () => {}, error: () => {} } });
  return {
    port,
    /** Our connects to it that are still in SYN-SENT. */
    pendingConnects(): number {
      const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
      const lines = readFileSync("/proc/net/tcp", "utf8").split("\n");
      return lines.filter((line) => line.includes(` ${remote} 02 `)).length;
    },
    [Symbol.dispose]() {
      one.terminate();
      libc.close(fd);
    },
  };
}

/** The same at a UNIX path: the listener is alive, but Bun reports ECONNREFUSED instead of EAGAIN. */
export async function fullUnixListener(path: string) {
  const address = new Uint8Array(110);
  address.set([AF_UNIX, 0, ...new TextEncoder().encode(path)]);
  const fd = libc.socket(AF_UNIX, SOCK_STREAM, 0);
  libc.bind(fd, address, path.length + 3);
  libc.listen(fd, 0);
  const one = await Bun.connect({ unix: path, socket: { data: () => {}, error: () => {} } });
  return {
    [Symbol.dispose]() {
      one.terminate();
      libc.close(fd);
    },
  };
}
