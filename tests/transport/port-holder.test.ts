/** The holder of a port, on the real system. Linux only. */

import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import type { TransportName } from "../../src/protocol/sockets/socket-event.ts";
import { findPortHolder } from "../../src/transport/kernel/port-holder.ts";
import { until } from "../support/wait.ts";

/** The search has a time limit, which a slow machine may reach: so it is repeated until it finds a holder. */
const holderOf = (transport: TransportName, port: number): Promise<string> =>
  until(() => findPortHolder(transport, port), "the holder of the port");

describe.if(existsSync("/proc/net/tcp"))("the holder of a port", () => {
  test.each(["127.0.0.1", "::"])("is this process, for a TCP listener on %s", async (hostname) => {
    using listener = Bun.listen({ hostname, port: 0, socket: { data() {} } });
    expect(await holderOf("tcp", listener.port)).toEndWith(` (pid ${process.pid})`);
    expect(await findPortHolder("udp", listener.port)).toBeUndefined();
  });

  test("is this process, for a UDP socket", async () => {
    const socket = await Bun.udpSocket({ hostname: "127.0.0.1", port: 0, socket: { error() {} } });
    expect(await holderOf("udp", socket.port)).toEndWith(` (pid ${process.pid})`);
    socket.close();
    expect(await findPortHolder("udp", socket.port)).toBeUndefined();
  });

  test("is another program, by its name", async () => {
    const script = `const l = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } }); console.log(l.port);`;
    await using child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" });
    const { value } = await child.stdout.getReader().read();
    const port = Number(new TextDecoder().decode(value));
    expect(await holderOf("tcp", port)).toMatch(new RegExp(`^\\S+ \\(pid ${child.pid}\\)$`));
  });

  test("is not a program that only connects from it", async () => {
    using listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const connection = await Bun.connect({
      hostname: "127.0.0.1",
      port: listener.port,
      socket: { data() {} },
    });
    expect(await findPortHolder("tcp", connection.localPort)).toBeUndefined();
    connection.terminate();
  });
});
