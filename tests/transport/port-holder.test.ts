/** The holder of a port, on the real system. Linux only. */

import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import type { TransportName } from "../../src/protocol/sockets/socket-event.ts";
import { findPortHolder } from "../../src/transport/kernel/port-holder.ts";
import { until } from "../support/wait.ts";

/** The search has a time limit, which a slow machine may reach: so it is repeated until it finds a holder. */
const holderOf = async (transport: TransportName, host: string, port: number): Promise<string> =>
  (await until(() => findPortHolder(transport, host, port), "the holder of the port")).holder;

describe.if(existsSync("/proc/net/tcp"))("the holder of a port", () => {
  test.each(["127.0.0.1", "::"])("is this process, for a TCP listener on %s", async (hostname) => {
    using listener = Bun.listen({ hostname, port: 0, socket: { data() {} } });
    expect(await holderOf("tcp", hostname, listener.port)).toEndWith(` (pid ${process.pid})`);
    expect(await findPortHolder("udp", hostname, listener.port)).toBeUndefined();
  });

  test("is this process, for a UDP socket", async () => {
    const socket = await Bun.udpSocket({ hostname: "127.0.0.1", port: 0, socket: { error() {} } });
    expect(await holderOf("udp", "127.0.0.1", socket.port)).toEndWith(` (pid ${process.pid})`);
    socket.close();
    expect(await findPortHolder("udp", "127.0.0.1", socket.port)).toBeUndefined();
  });

  test("is another program, by its name", async () => {
    const script = `const l = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } }); console.log(l.port);`;
    await using child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" });
    const { value } = await child.stdout.getReader().read();
    const port = Number(new TextDecoder().decode(value));
    expect(await holderOf("tcp", "127.0.0.1", port)).toMatch(new RegExp(`^\\S+ \\(pid ${child.pid}\\)$`));
  });

  test("is a program that only connects from it, since that excludes a listener", async () => {
    using listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const connection = await Bun.connect({
      hostname: "127.0.0.1",
      port: listener.port,
      socket: { data() {} },
    });
    const { localPort: port } = connection;
    const listen = () => Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } });
    expect(listen).toThrow("Failed to listen");
    expect(await holderOf("tcp", "127.0.0.1", port)).toEndWith(` (pid ${process.pid})`);
    connection.terminate();
  });

  test("is only what has the address too", async () => {
    using _ = Bun.listen({ hostname: "127.0.0.2", port: 0, socket: { data() {} } });
    const { port } = _;
    for (const hostname of ["127.0.0.1", "::1"]) {
      expect(await findPortHolder("tcp", hostname, port)).toBeUndefined();
      using free = Bun.listen({ hostname, port, socket: { data() {} } });
      expect(free.port).toBe(port);
    }
    for (const hostname of ["127.0.0.2", "::ffff:127.0.0.2", "0.0.0.0", "::", "a-name"])
      expect(await holderOf("tcp", hostname, port)).toEndWith(` (pid ${process.pid})`);
  });

  test("is the kernel, for a connection that has ended, until a program listens there", async () => {
    const script = `import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(); port = s.getsockname()[1]
c = socket.create_connection(("127.0.0.1", port)); a, _ = s.accept()
a.close(); c.recv(1); c.close(); s.close(); print(port)`;
    const port = Number(Bun.spawnSync(["python3", "-c", script]).stdout.toString());
    const found = await findPortHolder("tcp", "127.0.0.1", port);
    expect(found).toMatchObject({ holder: "the kernel", kept: { state: "TIME-WAIT" } });
    expect(found?.kept?.ms).toBeGreaterThan(30_000);
    expect(found?.kept?.ms).toBeLessThanOrEqual(60_000);
    expect(await findPortHolder("tcp", "127.0.0.2", port)).toBeUndefined();
  });
});
