/** The contract of every UDP transport. A test file for each address family runs it. */

import { describe, expect, test } from "bun:test";
import { datagramMaxBytes } from "../../src/protocol/limits.ts";
import type { DatagramRequest, DatagramTransport } from "../../src/transport/contract.ts";
import { bindUdp } from "../../src/transport/udp/udp-socket.ts";
import { bytesOf, Witness } from "../support/events.ts";

export function openUdp(request: Partial<DatagramRequest>): Witness<DatagramTransport> {
  const whole = { bind: undefined, peer: undefined, peersMax: 16, ...request };
  return new Witness((onEvent) => bindUdp(whole, onEvent));
}

export async function openBound(host: string, peersMax = 16) {
  const socket = openUdp({ bind: { kind: "ip", host, port: 0 }, peersMax });
  const { local } = await socket.event("listening");
  if (local.family === "unix") throw new Error("not an IP socket");
  return { socket, port: local.port };
}

export function testDatagramContract(name: string, host: string, peerHost: string): void {
  describe(`${name}: the datagram contract`, () => {
    test("bind is reported, also of an ephemeral socket with a chosen peer", async () => {
      const { socket: server, port } = await openBound(host);
      await using _server = server;
      await using client = openUdp({ peer: { kind: "ip", host: peerHost, port } });
      const chosen = await client.event("connected");
      expect(client.events.map((event) => event.type)).toEqual(["called", "listening", "connected"]);
      expect(chosen.isInbound).toBe(false);
      expect(chosen.peer).toMatchObject({ address: peerHost, port });
    });

    test("a datagram is answered from the bound port to its source port", async () => {
      const { socket: server, port } = await openBound(host);
      await using _server = server;
      await using client = openUdp({ peer: { kind: "ip", host: peerHost, port } });
      const { connection, local } = await client.event("connected");
      expect(client.transport.send(connection, bytesOf("你好"))).toBe("sent");
      const inbound = await server.event("connected");
      expect(inbound.isInbound).toBe(true);
      expect(inbound.peer).toEqual(local);
      await server.until("你好", () => server.text(inbound.connection) === "你好");
      expect(server.transport.send(inbound.connection, bytesOf("hello"))).toBe("sent");
      await client.until("hello", () => client.text(connection) === "hello");
      expect(client.all("connected").length).toBe(1);
      expect(server.calls("sendto").map((event) => event.bytes)).toEqual([5]);
    });

    test("an empty datagram and one of 65,507 bytes are received whole", async () => {
      const { socket: server, port } = await openBound(host);
      await using _server = server;
      await using client = openUdp({ peer: { kind: "ip", host: peerHost, port } });
      const { connection } = await client.event("connected");
      client.transport.send(connection, new Uint8Array(0));
      client.transport.send(connection, new Uint8Array(datagramMaxBytes).fill(1));
      await server.until("two", () => server.all("received").length === 2);
      expect(server.all("received").map((event) => event.bytes.length)).toEqual([0, datagramMaxBytes]);
    });

    test("a datagram of 65,508 bytes fails alone and is not sent", async () => {
      const { socket: server, port } = await openBound(host);
      await using _server = server;
      await using client = openUdp({ peer: { kind: "ip", host: peerHost, port } });
      const { connection } = await client.event("connected");
      expect(client.transport.send(connection, new Uint8Array(datagramMaxBytes + 1))).toBe("closed");
      const failed = await client.event("send-failed");
      expect(failed).toMatchObject({
        error: { code: "EMSGSIZE", call: "sendto" },
        bytes: datagramMaxBytes + 1,
      });
      expect(client.transport.send(connection, bytesOf("small"))).toBe("sent");
      await server.until("small", () => server.text() === "small");
    });

    test("closing forgets the peer; its next datagram makes a new association", async () => {
      const { socket: server, port } = await openBound(host);
      await using _server = server;
      await using client = openUdp({ peer: { kind: "ip", host: peerHost, port } });
      const { connection } = await client.event("connected");
      client.transport.send(connection, bytesOf("1"));
      const first = await server.event("connected");
      server.transport.close(first.connection, "flush");
      expect(server.all("disconnected")).toEqual([
        { type: "disconnected", connection: first.connection, cause: "ours" },
      ]);
      expect(server.transport.send(first.connection, bytesOf("late"))).toBe("closed");
      client.transport.send(connection, bytesOf("2"));
      const second = await server.event("connected", (event) => event.connection !== first.connection);
      await server.until("2", () => server.text(second.connection) === "2");
    });

    test("associate returns the existing association of an endpoint", async () => {
      const { socket, port } = await openBound(host);
      await using _socket = socket;
      const peer = { family: peerHost.includes(":") ? "IPv6" : "IPv4", address: peerHost, port } as const;
      const id = socket.transport.associate(peer);
      expect(socket.transport.associate(peer)).toBe(id);
      socket.transport.send(id, bytesOf("to myself"));
      await socket.until("myself", () => socket.text(id) === "to myself");
      expect(socket.all("connected").length).toBe(1);
    });

    test("stop ends each association, and stopped is the last event", async () => {
      const { socket: server, port } = await openBound(host);
      await using client = openUdp({ peer: { kind: "ip", host: peerHost, port } });
      client.transport.send((await client.event("connected")).connection, bytesOf("x"));
      await server.event("received");
      server.transport.stop(1000);
      server.transport.stop(1000);
      expect(server.events.slice(-3).map((event) => event.type)).toEqual([
        "disconnected",
        "called",
        "stopped",
      ]);
    });
  });
}
