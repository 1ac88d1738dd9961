/** A peer that has sent something and reset the connection before we accepted it: what it sent is still received, as its own. */

import { expect } from "bun:test";
import { withPrograms } from "../support/programs.ts";
import { listenOn, portOf } from "./loopback.ts";

/** Prints its port once all is over: SO_LINGER with no time makes close an RST (socket(7)). */
const program = `
import socket, struct, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
s.sendall(b"last words")
print(s.getsockname()[1])
s.close()
`;

for (const [listening, host] of [
  ["127.0.0.1", "127.0.0.1"],
  ["::1", "::1"],
  ["::", "127.0.0.1"],
] as const)
  withPrograms(["python3"])(
    `${host}, gone before a listener at ${listening} accepts it, is known by its address`,
    async () => {
      await using server = listenOn(listening);
      // While it runs nothing is accepted here.
      const { stdout } = Bun.spawnSync(["python3", "-c", program, host, String(await portOf(server))]);
      const { connection, peer } = await server.event("connected");
      const family = host.includes(":") ? "IPv6" : "IPv4";
      expect(peer).toEqual({ family, address: host, port: Number(stdout.toString()) });
      await server.event("disconnected");
      expect(server.text(connection)).toBe("last words");
    },
  );
