/** Refusals by the network or the machine, each reported with its true code. */

import { describe, expect, test } from "bun:test";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import type { Target } from "../../src/protocol/address/target.ts";
import { listenTcp } from "../../src/transport/tcp/tcp-listener.ts";
import { Witness } from "../support/events.ts";
import { openPair } from "./contract.ts";
import { fullListener } from "./full-listener.ts";
import { connectTo, listenOn, loopback, portOf } from "./loopback.ts";

describe("refusals by the network", () => {
  test("a port in use and a foreign address fail with their codes", async () => {
    await using server = listenOn("127.0.0.1");
    const port = await portOf(server);
    const second = listenOn("127.0.0.1", port);
    await second.event("stopped");
    expect(second.all("failed")).toMatchObject([
      { error: { code: "EADDRINUSE", call: "bind", target: `127.0.0.1:${port}` } },
    ]);
    expect(second.events.map((event) => event.type)).toEqual(["called", "failed", "stopped"]);
    const elsewhere = listenOn("192.0.2.1");
    await elsewhere.event("stopped");
    expect(elsewhere.all("failed")[0]?.error.code).toBe("EADDRNOTAVAIL");
  });

  test("an unknown name fails to resolve", async () => {
    for (const witness of [
      listenOn("nobody.invalid"),
      connectTo({ kind: "ip", host: "nobody.invalid", port: 80 }),
    ]) {
      await witness.event("stopped");
      const [failed] = witness.all("failed");
      expect(failed?.error.call).toBe("resolve");
      expect(["ENOTFOUND", "EAI_AGAIN"]).toContain(failed?.error.code ?? "");
    }
  });

  test("a port outside 0–65535 is rejected", async () => {
    for (const port of [0, 65_536, Number.NaN]) {
      const client = connectTo({ kind: "ip", host: "127.0.0.1", port });
      await client.event("stopped");
      expect(client.all("failed")[0]?.error.code).toBe("EINVAL");
    }
    const server = listenOn("127.0.0.1", 70_000);
    await server.event("stopped");
    expect(server.all("failed")[0]?.error.code).toBe("EINVAL");
  });

  test("a listener that does not answer times out, and the socket is closed", async () => {
    using full = await fullListener();
    const client = connectTo({ kind: "ip", host: "127.0.0.1", port: full.port }, 150);
    await client.event("stopped");
    expect(client.all("failed")).toMatchObject([{ error: { code: "ETIMEDOUT", call: "connect" } }]);
    expect(full.pendingConnects()).toBe(0);
  });

  test("stop while connecting ends at once, without a failure", async () => {
    using full = await fullListener();
    const client = connectTo({ kind: "ip", host: "127.0.0.1", port: full.port }, 60_000);
    await client.event("connecting");
    client.transport.stop(0);
    await client.event("stopped");
    expect(client.events.map((event) => event.type)).toEqual(["connecting", "stopped"]);
    expect(full.pendingConnects()).toBe(0);
  });

  test("a name with several addresses opens one connection", async () => {
    await using server = listenOn("::", 0);
    await using client = connectTo({ kind: "ip", host: "localhost", port: await portOf(server) });
    await client.event("connected");
    await server.event("connected");
    expect(server.calls("accept").length).toBe(1);
  });

  test("an unroutable address is distinguished from a refusal", async () => {
    const client = connectTo({ kind: "ip", host: "255.255.255.255", port: 9 });
    await client.event("stopped");
    expect(["EACCES", "ENETUNREACH"]).toContain(client.all("failed")[0]?.error.code ?? "");
  });

  test("without a descriptor all three report EMFILE (Bun 1.4.5: refused, nothing and EMFILE)", async () => {
    const command = `ulimit -n 64; exec "${process.execPath}" "${import.meta.dir}/no-descriptors.ts"`;
    const child = Bun.spawn(["sh", "-c", command], { stdout: "pipe", stderr: "inherit", timeout: 120_000 });
    expect(await child.stdout.text()).toBe("EMFILE\nEMFILE\nEMFILE\n");
  });

  test("a listener of family 6 at :: leaves the port to IPv4", async () => {
    const target: Target = { kind: "ip", host: "::", port: 0, family: 6 };
    await using six = new Witness((onEvent) => listenTcp({ target, peersMax: 1 }, onEvent));
    await using four = listenOn("0.0.0.0", await portOf(six));
    await four.event("listening");
  });

  test("connection ids are never reused", async () => {
    const ids: ConnectionId[] = [];
    for (let round = 0; round < 3; round += 1) {
      await using pair = await openPair(loopback);
      ids.push(pair.here, pair.there);
    }
    expect(new Set(ids).size).toBe(6);
  });
});
