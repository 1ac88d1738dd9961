/** A UDP listener at every address answers from the one that was asked. Loopback has as many IPv4 addresses as wanted. */

import { describe, expect, test } from "bun:test";
import { addressSocketsMax } from "../../src/protocol/limits.ts";
import { openAddressSockets, openBunSocket } from "../../src/transport/udp/address-sockets.ts";
import type { OpenDatagramSocket } from "../../src/transport/udp/datagram-socket.ts";
import { bindUdp } from "../../src/transport/udp/udp-socket.ts";
import { bytesOf, Witness } from "../support/events.ts";
import { until } from "../support/wait.ts";

type Wildcard = "0.0.0.0" | "::";

/** A listener that answers each datagram from the address that it reports as asked. */
async function openEcho(hostname: Wildcard, addresses: () => readonly string[], ipv6Only = false) {
  const asked: (string | undefined)[] = [];
  const sockets = await openAddressSockets(
    { hostname, port: 0, ipv6Only },
    {
      onData: (bytes, port, address, local) => {
        asked.push(local);
        sockets.send(bytes, port, address, local);
      },
      onDrain: () => {},
      onError: () => {},
    },
    addresses,
  );
  return Object.assign(sockets, { asked, [Symbol.dispose]: () => sockets.close() });
}

/** Asks an address, and returns the one that answers. */
async function ask(address: string, port: number): Promise<string> {
  const from: string[] = [];
  const hostname = address.includes(":") ? "::1" : "127.0.0.1";
  const client = await Bun.udpSocket({
    hostname,
    port: 0,
    socket: { data: (_socket, _bytes, _port, source) => void from.push(source), error: () => {} },
  });
  client.send("?", port, address);
  await until(() => from.length > 0, `an answer of ${address}`);
  client.close();
  return from[0]!;
}

const makeAddresses = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `127.0.1.${index + 1}`);

describe.each(["0.0.0.0", "::"] as const)("a listener at %s", (hostname) => {
  test("answers from the address that was asked, and from the wildcard socket elsewhere", async () => {
    const addresses = ["127.0.0.2", "127.0.0.3"];
    using echo = await openEcho(hostname, () => addresses);
    expect(echo.answersFromAsked).toBe(true);
    for (const address of ["127.0.0.2", "127.0.0.3", "127.0.0.2", "127.0.0.1"])
      expect(await ask(address, echo.port)).toBe(address);
    expect(echo.asked).toEqual(["127.0.0.2", "127.0.0.3", "127.0.0.2", undefined]);
    // Without a socket of its own the kernel chooses.
    expect(await ask("127.0.0.9", echo.port)).toBe("127.0.0.1");
    if (hostname === "::") expect(await ask("::1", echo.port)).toBe("::1");
  });

  test("is exclusive: nobody else binds to its port, at no address, sharing or not", async () => {
    using echo = await openEcho(hostname, () => ["127.0.0.2"]);
    const bind = async (other: string, flags: number): Promise<string> => {
      const options = { hostname: other, port: echo.port, flags };
      try {
        (await Bun.udpSocket(options)).close();
        return "bound";
      } catch (thrown) {
        return String((thrown as { readonly code?: unknown }).code);
      }
    };
    const others = [hostname, "127.0.0.1", "127.0.0.2", "127.0.0.9"];
    const results = await Promise.all(others.flatMap((other) => [bind(other, 0), bind(other, 16)]));
    expect(results).toEqual(results.map(() => "EADDRINUSE"));
    const again = openEcho(hostname, () => []);
    const same = openAddressSockets({ hostname, port: echo.port, ipv6Only: false }, never, () => []);
    expect(
      await same.then(
        () => "bound",
        ({ code }) => code,
      ),
    ).toBe("EADDRINUSE");
    (await again).close();
  });

  test("follows addresses that come and go, and passes over those that cannot be bound", async () => {
    let addresses: readonly string[] = ["127.0.0.2", "192.0.2.77"];
    using echo = await openEcho(hostname, () => addresses);
    expect(await ask("127.0.0.3", echo.port)).toBe("127.0.0.1");
    addresses = ["127.0.0.3"];
    await echo.follow();
    expect([await ask("127.0.0.2", echo.port), await ask("127.0.0.3", echo.port)]).toEqual([
      "127.0.0.1",
      "127.0.0.3",
    ]);
    addresses = ["127.0.0.2", "127.0.0.3"];
    await echo.follow();
    expect(await ask("127.0.0.2", echo.port)).toBe("127.0.0.2");
  });

  test("has sockets for addressSocketsMax addresses, and the wildcard socket for one more", async () => {
    const addresses = makeAddresses(addressSocketsMax + 1);
    using echo = await openEcho(hostname, () => addresses);
    expect(await ask(addresses[addressSocketsMax - 1]!, echo.port)).toBe(addresses[addressSocketsMax - 1]!);
    expect(await ask(addresses[addressSocketsMax]!, echo.port)).toBe("127.0.0.1");
  });

  test("frees its port when it is closed", async () => {
    const echo = await openEcho(hostname, () => ["127.0.0.2"]);
    const { port } = echo;
    echo.close();
    const again = await openAddressSockets({ hostname, port, ipv6Only: false }, never, () => ["127.0.0.2"]);
    again.close();
  });
});

test("where the system offers no SO_REUSEADDR the wildcard socket is alone, and reported so", async () => {
  const open: OpenDatagramSocket = (bind, handlers) =>
    openAddressSockets(
      { ...bind, hostname: "0.0.0.0" },
      handlers,
      () => ["127.0.0.2"],
      () => false,
    );
  const request = { bind: { kind: "ip", host: "0.0.0.0", port: 0 }, peer: undefined, peersMax: 4 } as const;
  await using listener = new Witness((onEvent) => bindUdp(request, onEvent, open));
  const { local, answersFromAny } = await listener.event("listening");
  expect(answersFromAny).toBe(true);
  const port = local.family === "unix" ? 0 : local.port;
  const client = await Bun.udpSocket({ hostname: "127.0.0.1", port: 0 });
  client.send("hi", port, "127.0.0.2");
  await listener.until("hi", () => listener.text() === "hi");
  client.close();
});

test("a listener at :: for IPv6 alone leaves IPv4 to others", async () => {
  using echo = await openEcho("::", () => ["127.0.0.2"], true);
  const other = await Bun.udpSocket({ hostname: "127.0.0.2", port: echo.port });
  expect(other.port).toBe(echo.port);
  other.close();
});

test("a listener at one address, and a client, have one socket", async () => {
  for (const bind of [
    { hostname: "127.0.0.1", isListener: true },
    { hostname: "0.0.0.0", isListener: false },
  ]) {
    const socket = await openBunSocket({ ...bind, port: 0, ipv6Only: false }, never);
    expect(socket.answersFromAsked).toBeUndefined();
    expect(socket.send(bytesOf("x"), socket.port, "127.0.0.1", "127.0.0.2")).toBe(true);
    socket.close();
  }
});

const never = { onData: () => {}, onDrain: () => {}, onError: () => {} };
