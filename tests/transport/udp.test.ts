/** Behaviour that only UDP has: dead peers, bounds on peers, a full buffer, errors of bind. */

import { describe, expect, test } from "bun:test";
import { outQueueHighBytes, outQueueMaxBytes } from "../../src/protocol/limits.ts";
import type { DatagramHandlers, DatagramSocket } from "../../src/transport/udp/datagram-socket.ts";
import { processQueueBudget } from "../../src/transport/queue/send-queue.ts";
import { bindUdp } from "../../src/transport/udp/udp-socket.ts";
import { UdpPeers } from "../../src/transport/udp/udp-peers.ts";
import { bytesOf, Witness } from "../support/events.ts";
import { openBound, openUdp } from "./datagram-contract.ts";

const makeLoopback = (port: number) => ({ family: "IPv4", address: "127.0.0.1", port }) as const;

/** A port without a bound socket. */
async function findDeadPort(): Promise<number> {
  const { socket, port } = await openBound("127.0.0.1");
  await socket[Symbol.asyncDispose]();
  return port;
}

describe("a dead peer", () => {
  test("keeps no live peer waiting: each receives 100 of 100", async () => {
    const { socket: host } = await openBound("127.0.0.1");
    await using _host = host;
    const one = await openBound("127.0.0.1");
    await using first = one.socket;
    const other = await openBound("127.0.0.1");
    await using second = other.socket;
    const ports = [one.port, await findDeadPort(), other.port];
    const peers = ports.map((port) => host.transport.associate(makeLoopback(port)));
    for (let round = 0; round < 100; round += 1) {
      for (const peer of peers) host.transport.send(peer, bytesOf("."));
    }
    await first.until("100", () => first.text().length === 100);
    await second.until("100", () => second.text().length === 100);
    await host.event("unreachable");
    expect(host.all("failed")).toEqual([]);
  });

  test("is named when the error can only be about it", async () => {
    const port = await findDeadPort();
    await using client = openUdp({ peer: { kind: "ip", host: "127.0.0.1", port } });
    const { connection } = await client.event("connected");
    client.transport.send(connection, bytesOf("anybody?"));
    const unreachable = await client.event("unreachable");
    expect(unreachable).toMatchObject({
      connection,
      error: { code: "ECONNREFUSED", target: `127.0.0.1:${port}`, transport: "udp" },
    });
    const refused = client.all("called").filter(({ result }) => result === "ECONNREFUSED");
    expect(unreachable.error.call).toBe(refused.at(-1)!.call as never);
    expect(client.transport.send(connection, bytesOf("still bound"))).toBe("sent");
  });

  test("is not named when another peer was sent to and has not answered", async () => {
    const silent = await openBound("127.0.0.1");
    await using _silent = silent.socket;
    const { socket } = await openBound("127.0.0.1");
    await using _socket = socket;
    const [live, dead] = [silent.port, await findDeadPort()].map((port) =>
      socket.transport.associate(makeLoopback(port)),
    );
    socket.transport.send(live!, bytesOf("x"));
    socket.transport.send(dead!, bytesOf("x"));
    expect((await socket.event("unreachable")).connection).toBeUndefined();
  });
});

describe("bounds", () => {
  test("a newcomer beyond peersMax is refused while no peer is silent", async () => {
    const { socket, port } = await openBound("127.0.0.1", 1);
    await using _socket = socket;
    await using first = openUdp({ peer: { kind: "ip", host: "127.0.0.1", port } });
    first.transport.send((await first.event("connected")).connection, bytesOf("1"));
    await socket.event("received");
    await using second = openUdp({ peer: { kind: "ip", host: "127.0.0.1", port } });
    second.transport.send((await second.event("connected")).connection, bytesOf("2"));
    expect((await socket.event("turned-away")).refusal).toEqual({ is: "datagrams-full", peersMax: 1 });
    expect(socket.text()).toBe("1");
  });

  test("an address has one peer in any notation", () => {
    const peers = new UdpPeers();
    peers.isIPv6 = true;
    const four = peers.add("::ffff:10.0.0.1", 1, "raw", 0);
    expect(four.endpoint).toEqual({ family: "IPv4", address: "10.0.0.1", port: 1 });
    expect(four.host).toBe("::ffff:10.0.0.1");
    expect(peers.find("10.0.0.1", 1)).toBe(four);
    expect(peers.find("10.0.0.1", 2)).toBeUndefined();
    expect(peers.find("::ffff:a00:1", 1)).toBe(four);
    const six = peers.add("::1", 1, "raw", 0);
    expect(peers.find("0:0:0:0:0:0:0:1", 1)).toBe(six);
    const local = peers.add("FE80::1%eth0", 1, "raw", 0);
    expect(local.endpoint).toEqual({ family: "IPv6", address: "fe80::1%eth0", port: 1 });
    expect(peers.find("fe80::1%eth0", 1)).toBe(local);
    expect(peers.find("fe80::1%eth1", 1)).toBeUndefined();
  });
});

/** A socket whose kernel buffer has room for a limited number of datagrams. */
class NarrowSocket implements DatagramSocket {
  readonly port = 4711;
  readonly sent: string[] = [];
  room = 0;
  closed = false;

  send(payload: Uint8Array): boolean {
    if (this.room === 0) return false;
    this.room -= 1;
    this.sent.push(new TextDecoder().decode(payload));
    return true;
  }

  close(): void {
    this.closed = true;
  }
}

async function openNarrow() {
  const socket = new NarrowSocket();
  let handlers: DatagramHandlers | undefined;
  const bind = { kind: "ip", host: "127.0.0.1", port: 0 } as const;
  const witness = new Witness((onEvent) =>
    bindUdp({ bind, peer: undefined, peersMax: 4 }, onEvent, (_bind, given) => {
      handlers = given;
      return Promise.resolve(socket);
    }),
  );
  await witness.event("listening");
  const drain = (room: number) => {
    socket.room = room;
    handlers?.onDrain();
  };
  return { socket, witness, drain, peer: witness.transport.associate(makeLoopback(1)) };
}

describe("a full buffer", () => {
  test("datagrams wait in order and are sent when there is room", async () => {
    const { socket, witness, drain, peer } = await openNarrow();
    await using _witness = witness;
    const before = processQueueBudget.bytes;
    for (const word of ["a", "b", "c"]) expect(witness.transport.send(peer, bytesOf(word))).toBe("queued");
    expect([witness.transport.countQueuedBytes(peer), processQueueBudget.bytes - before]).toEqual([3, 3]);
    drain(2);
    expect(witness.transport.send(peer, bytesOf("d"))).toBe("queued");
    drain(9);
    expect(socket.sent).toEqual(["a", "b", "c", "d"]);
    expect([witness.transport.countQueuedBytes(peer), processQueueBudget.bytes - before]).toEqual([0, 0]);
    expect(witness.transport.send(peer, bytesOf("e"))).toBe("sent");
  });

  test("the queue is full at its bound, backlogged above its high-water mark, drained below its low one", async () => {
    const { witness, drain, peer } = await openNarrow();
    await using _witness = witness;
    const payload = new Uint8Array(1024);
    for (let sum = 0; sum < outQueueMaxBytes; sum += payload.length) {
      expect(witness.transport.send(peer, payload)).toBe("queued");
    }
    expect(witness.transport.send(peer, payload)).toBe("full");
    expect(witness.all("backlogged").map((event) => event.queuedBytes)).toEqual([
      outQueueHighBytes + payload.length,
    ]);
    drain(1000);
    expect(witness.all("drained").length).toBe(1);
  });

  test("a peer closed with flush is forgotten after its datagrams, one that is reset at once", async () => {
    const { socket, witness, drain, peer } = await openNarrow();
    await using _witness = witness;
    const other = witness.transport.associate(makeLoopback(2));
    witness.transport.send(peer, bytesOf("kept"));
    witness.transport.send(other, bytesOf("dropped"));
    witness.transport.close(peer, "flush");
    witness.transport.close(other, "reset");
    expect(witness.all("disconnected").map((event) => event.connection)).toEqual([other]);
    drain(5);
    expect(witness.all("disconnected").map((event) => event.connection)).toEqual([other, peer]);
    expect(socket.sent).toEqual(["kept"]);
  });

  test("stop waits for the queue, but not longer than idleMs", async () => {
    const { socket, witness, peer } = await openNarrow();
    witness.transport.send(peer, bytesOf("stuck"));
    witness.transport.stop(30);
    expect(witness.all("stopped")).toEqual([]);
    await witness.event("stopped");
    expect(socket.closed).toBe(true);
  });
});

describe("refusals by the network", () => {
  test("a port in use, a foreign address, an unknown name and a UNIX path fail with their codes", async () => {
    const { socket, port } = await openBound("127.0.0.1");
    await using _socket = socket;
    const failures = [
      [{ kind: "ip", host: "127.0.0.1", port }, "EADDRINUSE"],
      [{ kind: "ip", host: "192.0.2.1", port: 0 }, "EADDRNOTAVAIL"],
      [{ kind: "ip", host: "nobody.invalid", port: 0 }, "ENOTFOUND"],
      [{ kind: "unix", path: "/tmp/x" }, "EAFNOSUPPORT"],
    ] as const;
    for (const [bind, code] of failures) {
      const failing = openUdp({ bind });
      await failing.event("stopped");
      const reported = failing.all("failed")[0]?.error.code;
      expect(reported === "EAI_AGAIN" ? "ENOTFOUND" : reported).toBe(code);
    }
  });

  test("an unroutable peer costs one datagram", async () => {
    const { socket } = await openBound("127.0.0.1");
    await using _socket = socket;
    const six = socket.transport.associate({ family: "IPv6", address: "::1", port: 9 });
    expect(socket.transport.send(six, bytesOf("x"))).toBe("closed");
    expect((await socket.event("send-failed")).error.code).toBe("EAFNOSUPPORT");
    const nowhere = socket.transport.associate(makeLoopback(0));
    expect(socket.transport.send(nowhere, bytesOf("x"))).toBe("closed");
    expect(socket.all("send-failed").at(-1)?.error.code).toBe("EINVAL");
  });

  test("stop takes effect before the socket is bound", async () => {
    const socket = openUdp({ bind: { kind: "ip", host: "127.0.0.1", port: 0 } });
    socket.transport.stop(0);
    await socket.event("stopped");
    expect(socket.events.length).toBe(1);
  });
});
