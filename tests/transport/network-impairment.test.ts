/** Network impairment around a fake socket and around real ones. */

import { describe, expect, test } from "bun:test";
import {
  noImpairmentYet,
  type SeededImpairment,
  type ImpairmentCounts,
} from "../../src/protocol/sockets/network-impairment.ts";
import { openBunSocket } from "../../src/transport/udp/address-sockets.ts";
import type { DatagramHandlers, DatagramSocket } from "../../src/transport/udp/datagram-socket.ts";
import { DelayedDatagrams } from "../../src/transport/impairment/delayed-datagrams.ts";
import { NetworkImpairment } from "../../src/transport/impairment/network-impairment.ts";
import { bindUdp } from "../../src/transport/udp/udp-socket.ts";
import { bytesOf, Witness } from "../support/events.ts";
import { until } from "../support/wait.ts";
import { openBound } from "./datagram-contract.ts";

function makeTrouble(over: Partial<SeededImpairment>): SeededImpairment {
  return { lossPercent: 0, duplicatePercent: 0, reorderPercent: 0, delayMs: 0, seed: 1, ...over };
}

/** A fake socket that records datagrams, and can be full or throw. */
class FakeSocket implements DatagramSocket {
  readonly port = 4242;
  readonly sent: string[] = [];
  readonly arrived: string[] = [];
  /** The addresses that it was to send from, and those that its user was asked at. */
  readonly locals: (string | undefined)[] = [];
  isFull = false;
  throws: Error | undefined;
  closed = false;
  handlers: DatagramHandlers | undefined;

  send(payload: Uint8Array, _port: number, _address: string, local?: string): boolean {
    this.locals.push(local);
    const { throws } = this;
    this.throws = undefined;
    if (throws !== undefined) throw throws;
    if (!this.isFull) this.sent.push(Buffer.from(payload).toString());
    return !this.isFull;
  }

  close(): void {
    this.closed = true;
  }
}

async function openFake(settings: SeededImpairment | undefined) {
  const fake = new FakeSocket();
  let counts: ImpairmentCounts = noImpairmentYet;
  const network = new NetworkImpairment((now) => (counts = now));
  network.setImpairment(settings);
  const open = network.wrap(async (_bind, handlers) => {
    fake.handlers = handlers;
    return fake;
  });
  const socket = await open(
    { hostname: "127.0.0.1", port: 0, ipv6Only: false, isListener: true },
    {
      onData: (bytes, _port, _address, local) => {
        fake.arrived.push(Buffer.from(bytes).toString());
        fake.locals.push(local);
      },
      onDrain: () => fake.arrived.push("drain"),
      onError: () => fake.arrived.push("error"),
    },
  );
  const send = (text: string): boolean => socket.send(bytesOf(text), 1, "127.0.0.1");
  const receive = (text: string): void => fake.handlers?.onData(bytesOf(text), 1, "127.0.0.1");
  return { fake, network, socket, send, receive, counts: () => counts };
}

describe("a fake socket", () => {
  test("passes on the address that was asked, and the one to answer from, at once and delayed", async () => {
    for (const delayMs of [0, 1]) {
      const { fake, socket } = await openFake(makeTrouble({ delayMs }));
      fake.handlers?.onData(bytesOf("in"), 1, "127.0.0.1", "127.0.0.2");
      await until(() => fake.arrived.length === 1, "the datagram");
      socket.send(bytesOf("out"), 1, "127.0.0.1", "127.0.0.3");
      await until(() => fake.sent.length === 1, "the answer");
      expect(fake.locals).toEqual(["127.0.0.2", "127.0.0.3"]);
    }
  });

  test("without impairment passes datagrams, results and errors unchanged", async () => {
    const { fake, send, receive } = await openFake(undefined);
    expect(send("a")).toBe(true);
    fake.isFull = true;
    expect(send("b")).toBe(false);
    fake.throws = new Error("ECONNREFUSED");
    expect(() => send("c")).toThrow("ECONNREFUSED");
    receive("d");
    fake.handlers?.onDrain();
    fake.handlers?.onError(new Error("x"));
    expect([fake.sent, fake.arrived]).toEqual([["a"], ["d", "drain", "error"]]);
  });

  test("drops all datagrams at 100 %, both ways, and reports them as sent", async () => {
    const { fake, send, receive, counts } = await openFake(makeTrouble({ lossPercent: 100 }));
    expect(send("a")).toBe(true);
    receive("b");
    expect([fake.sent, fake.arrived]).toEqual([[], []]);
    await until(() => counts().dropped === 2, "the counts");
    expect(counts()).toEqual({ ...noImpairmentYet, dropped: 2 });
  });

  test("duplicates all datagrams at 100 %, at once and in order", async () => {
    const { fake, send, receive, counts } = await openFake(makeTrouble({ duplicatePercent: 100 }));
    send("a");
    send("b");
    receive("c");
    expect([fake.sent, fake.arrived]).toEqual([
      ["a", "a", "b", "b"],
      ["c", "c"],
    ]);
    await until(() => counts().duplicated === 3, "the counts");
  });

  test("delays each datagram, in order, and copies received bytes", async () => {
    const { fake, send, receive, counts } = await openFake(makeTrouble({ delayMs: 20 }));
    const startedAt = performance.now();
    const bytes = bytesOf("one");
    fake.handlers?.onData(bytes, 1, "127.0.0.1");
    bytes.fill(0);
    receive("two");
    send("three");
    expect([fake.sent, fake.arrived]).toEqual([[], []]);
    await until(() => fake.arrived.length === 2 && fake.sent.length === 1, "all three");
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19);
    expect([fake.sent, fake.arrived]).toEqual([["three"], ["one", "two"]]);
    await until(() => counts().delayed === 3, "the counts");
  });

  test("lets later datagrams overtake those it reorders", async () => {
    const settings = makeTrouble({ reorderPercent: 50, seed: 3 });
    const { fake, send } = await openFake(settings);
    const texts = Array.from({ length: 20 }, (_, index) => String(index));
    for (const text of texts) send(text);
    await until(() => fake.sent.length === 20, "all twenty");
    expect(fake.sent).not.toEqual(texts);
    expect(fake.sent.toSorted()).toEqual(texts.toSorted());
  });

  test("a datagram that a full socket refused keeps its fate when it is sent again", async () => {
    const settings = makeTrouble({ lossPercent: 50, seed: 5 });
    const survivors = async (fullAt: number): Promise<readonly string[]> => {
      const { fake, send } = await openFake(settings);
      for (let index = 0; index < 40; index += 1) {
        fake.isFull = index === fullAt;
        if (send(String(index))) continue;
        fake.isFull = false;
        expect(send(String(index))).toBe(true);
      }
      return fake.sent;
    };
    const undisturbed = await survivors(-1);
    expect(undisturbed.length).toBeGreaterThan(5);
    for (let index = 0; index < 40; index += 1) expect(await survivors(index)).toEqual(undisturbed);
  });

  test("closing sends delayed datagrams at once, and receives no more", async () => {
    const { fake, socket, send, receive } = await openFake(makeTrouble({ delayMs: 30 }));
    send("goodbye");
    receive("too late");
    socket.close();
    expect([fake.sent, fake.closed]).toEqual([["goodbye"], true]);
    const { fake: other, send: sendOther } = await openFake(makeTrouble({ delayMs: 40 }));
    sendOther("later");
    await until(() => other.sent.length === 1, "a delay longer than the other's");
    expect(fake.arrived).toEqual([]);
  });

  test("a delayed send that throws counts as a loss, and the error of an earlier one costs nothing", async () => {
    const { fake, send, counts } = await openFake(makeTrouble({ delayMs: 5 }));
    fake.throws = new Error("ECONNREFUSED");
    send("a");
    await until(() => fake.sent.length === 1, "the second try");
    fake.isFull = true;
    send("b");
    await until(() => counts().dropped === 1, "the loss");
  });
});

test("delayed datagrams are bounded in number and in bytes", () => {
  const few = new DelayedDatagrams(2, 1000);
  expect([1, 2, 3].map(() => few.add(1000, 1, () => {}, few))).toEqual([true, true, false]);
  few.release(few);
  expect([few.size, few.add(1, 1, () => {}, few)]).toEqual([0, true]);
  const small = new DelayedDatagrams(100, 10);
  expect([10, 1].map((bytes) => small.add(1000, bytes, () => {}, small))).toEqual([true, false]);
  small.release(small);
  expect(small.add(1, 10, () => {}, small)).toBe(true);
});

test("between real sockets: the chosen datagrams arrive, and the reported calls are the user's", async () => {
  const { socket: server, port } = await openBound("127.0.0.1");
  await using _server = server;
  let counts: ImpairmentCounts = noImpairmentYet;
  const network = new NetworkImpairment((now) => (counts = now));
  network.setImpairment(makeTrouble({ lossPercent: 30, duplicatePercent: 20, seed: 11 }));
  const request = { bind: undefined, peer: { kind: "ip", host: "127.0.0.1", port }, peersMax: 4 } as const;
  await using client = new Witness((onEvent) => bindUdp(request, onEvent, network.wrap(openBunSocket)));
  const { connection } = await client.event("connected");
  for (let index = 0; index < 200; index += 1)
    expect(client.transport.send(connection, bytesOf("x"))).toBe("sent");
  expect(client.calls("sendto").map(({ result }) => result)).toEqual(Array.from({ length: 200 }, () => "ok"));
  await until(() => counts.dropped > 0, "the counts");
  const arriving = 200 - counts.dropped + counts.duplicated;
  await server.until("what is left", () => server.text().length === arriving);
  network.setImpairment(undefined);
  client.transport.send(connection, bytesOf("y"));
  await server.until("the last", () => server.text().endsWith("y"));
  expect(server.text().length).toBe(arriving + 1);
});
