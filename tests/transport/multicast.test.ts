/** Multicast groups on loopback only. tests/e2e/lan.test.ts uses several interfaces. */

import { expect, test } from "bun:test";
import { lanGroupV4, lanPort } from "../../src/protocol/lan/lan-announcement.ts";
import type { LanEvent } from "../../src/protocol/lan/lan-event.ts";
import {
  datagramFrameMaxBytes,
  lanReceivedPerAddressMax,
  lanReceivedPerSecondMax,
} from "../../src/protocol/limits.ts";
import { LanSockets } from "../../src/transport/multicast/lan-sockets.ts";
import {
  type MulticastSocket,
  openMulticast,
  type SocketInterface,
} from "../../src/transport/multicast/multicast-socket.ts";
import { bytesOf } from "../support/events.ts";
import { Namespace, withNamespace } from "../support/namespace.ts";
import { startProgram } from "../support/processes.ts";
import { until } from "../support/wait.ts";

const group = "239.255.100.118";
const lo: SocketInterface = { name: "lo", family: "IPv4", cidrs: ["127.0.0.1/8"] };

async function openReceiver(port: number, hostname = group) {
  const texts: string[] = [];
  const bind = { hostname, port, family: "IPv4", isShared: true } as const;
  const socket = await openMulticast(bind, {
    onData: (bytes) => texts.push(Buffer.from(bytes).toString()),
  });
  return { socket, texts, [Symbol.dispose]: () => socket.close() };
}

async function openSender(): Promise<MulticastSocket & Disposable> {
  const bind = { hostname: "0.0.0.0", port: 0, family: "IPv4", isShared: false } as const;
  const socket = await openMulticast(bind, { onData: () => {} });
  return Object.assign(socket, { [Symbol.dispose]: () => socket.close() });
}

test("every socket that shares the port receives the group's datagrams, even the sender", async () => {
  using one = await openReceiver(0);
  using other = await openReceiver(one.socket.port);
  using sender = await openSender();
  for (const { socket } of [one, other]) expect(socket.join(group, lo)).toBe("ok");
  expect(one.socket.join(group, lo)).toBe("ok");
  expect(sender.send(bytesOf("hi"), one.socket.port, group, lo)).toBe("ok");
  await until(() => one.texts.length === 1 && other.texts.length === 1, "both to hear");
  expect([one.texts, other.texts]).toEqual([["hi"], ["hi"]]);
});

test("a socket bound to its group's address receives no unicast datagrams", async () => {
  using bound = await openReceiver(0);
  using anywhere = await openReceiver(bound.socket.port, "0.0.0.0");
  using sender = await openSender();
  bound.socket.join(group, lo);
  const { port } = bound.socket;
  expect(sender.send(bytesOf("to one"), port, "127.0.0.1", lo)).toBe("ok");
  expect(sender.send(bytesOf("to all"), port, group, lo)).toBe("ok");
  await until(() => bound.texts.includes("to all") && anywhere.texts.includes("to one"), "both to hear");
  expect(bound.texts).toEqual(["to all"]);
});

test("a missing interface is reported with the system's error code", async () => {
  using one = await openReceiver(0);
  expect(one.socket.join(group, { ...lo, cidrs: ["192.0.2.77/24"] })).toBe("ENODEV");
});

for (const mode of ["same", "moving"] as const)
  withNamespace(
    `an interface is joined again beyond the system's most memberships (${mode} address)`,
    async () => {
      await using network = await Namespace.open();
      const fixture = new URL("replaced-interfaces.ts", import.meta.url).pathname;
      await using script = startProgram([...network.under, process.execPath, fixture, mode]);
      const { joined, bySystem } = JSON.parse(await script.waitForLine(/^\{/)) as Record<
        string,
        readonly string[]
      >;
      expect(bySystem).toEqual(["ok", "ok", "ENOBUFS", "ENOBUFS"]);
      expect(joined).toEqual(["received", "received", "received", "received"]);
    },
  );

test("a flood from one address leaves room for the datagrams of others", async () => {
  const froms: string[] = [];
  const sockets = new LanSockets((event) => {
    if (event.type === "received" && event.from.family !== "unix") froms.push(event.from.address);
  });
  await sockets.open();
  const bind = { port: 0, family: "IPv4", isShared: false } as const;
  const flooder = await openMulticast({ ...bind, hostname: "127.0.0.66" }, { onData: () => {} });
  const other = await openMulticast({ ...bind, hostname: "127.0.0.9" }, { onData: () => {} });
  const send = (socket: MulticastSocket) => socket.send(bytesOf("here"), lanPort, lanGroupV4, lo);
  const beganMs = performance.now();
  // In small parts, which the receive buffer has room for.
  for (let part = 0; part < 40; part += 1) {
    for (let index = 0; index < 50; index += 1) send(flooder);
    await new Promise((resolve) => setImmediate(resolve));
  }
  send(other);
  await until(() => froms.includes("127.0.0.9"), "the other one");
  const seconds = Math.ceil((performance.now() - beganMs) / 1000) + 1;
  const flooded = froms.filter((from) => from === "127.0.0.66").length;
  expect(flooded).toBeGreaterThan(0);
  expect(flooded).toBeLessThanOrEqual(seconds * lanReceivedPerAddressMax);
  for (const socket of [flooder, other, sockets]) socket.close();
});

test("the group's datagrams are limited per second, and oversized or late ones ignored", async () => {
  const events: LanEvent[] = [];
  const sockets = new LanSockets((event) => events.push(event));
  await sockets.open();
  // All processes of the machine share the group: others may send to it as well.
  const own = (text: string): string => `${process.pid} ${text}`;
  const texts = (start: string): number =>
    events.filter(
      (event) => event.type === "received" && Buffer.from(event.bytes).toString().startsWith(start),
    ).length;
  using sender = await openSender();
  const send = (text: string): string => sender.send(bytesOf(text), lanPort, lanGroupV4, lo);
  send(own(`long ${"x".repeat(datagramFrameMaxBytes)}`));
  send(own("first"));
  await until(() => texts(own("first")) === 1, "the first one");
  expect(texts(own("long"))).toBe(0);
  const beganMs = performance.now();
  for (let index = 0; index < 5 * lanReceivedPerSecondMax; index += 1) send(own("flood"));
  await until(() => {
    send(own("later"));
    return texts(own("later")) > 0;
  }, "one of a later second");
  const seconds = Math.ceil((performance.now() - beganMs) / 1000) + 1;
  expect(texts(own("flood"))).toBeLessThanOrEqual(seconds * lanReceivedPerAddressMax);
  sockets.close();
  const before = texts(own(""));
  send(own("closed"));
  using other = await openReceiver(lanPort, lanGroupV4);
  other.socket.join(lanGroupV4, lo);
  send(own("end"));
  await until(() => other.texts.includes(own("end")), "the end");
  expect(texts(own(""))).toBe(before);
});
