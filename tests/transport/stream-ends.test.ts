/**
 * A peer that sends and resets the connection before accept: its bytes are still received, and its address is known.
 */

import { expect } from "bun:test";
import { withPrograms } from "../support/programs.ts";
import { listenOn, portOf } from "./loopback.ts";

/** Prints its port at the end. SO_LINGER with a time of 0 makes close send RST (socket(7)). */
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
    `the address of a peer at ${host} that a listener at ${listening} accepts after its RST is known`,
    async () => {
      await using server = listenOn(listening);
      // spawnSync blocks this process, so nothing is accepted meanwhile.
      const { stdout } = Bun.spawnSync(["python3", "-c", program, host, String(await portOf(server))]);
      const { connection, peer } = await server.event("connected");
      const family = host.includes(":") ? "IPv6" : "IPv4";
      expect(peer).toEqual({ family, address: host, port: Number(stdout.toString()) });
      await server.event("disconnected");
      expect(server.text(connection)).toBe("last words");
    },
  );
