/** The bad network before a socket, with real sockets and with one that a test plays. */

import { describe, expect, test } from "bun:test";
import {
  noTroubleYet,
  type SeededTrouble,
  type TroubleCounts,
} from "../../src/protocol/sockets/network-impairment.ts";
import {
  type DatagramHandlers,
  type DatagramSocket,
  openBunSocket,
} from "../../src/transport/udp/datagram-socket.ts";
import { DelayedDatagrams } from "../../src/transport/impairment/delayed-datagrams.ts";
import { NetworkImpairment } from "../../src/transport/impairment/network-impairment.ts";
import { bindUdp } from "../../src/transport/udp/udp-socket.ts";
import { bytesOf, Witness } from "../support/events.ts";
import { until } from "../support/wait.ts";
import { openBound } from "./datagram-contract.ts";

function trouble(over: Partial<SeededTrouble>): SeededTrouble {
  return { lossPercent: 0, duplicatePercent: 0, reorderPercent: 0, delayMs: 0, seed: 1, ...over };
}

/** A socket that notes what is sent, and is full or broken when a test wants it so. */
class PlayedSocket implements DatagramSocket {
  readonly port = 4242;
  readonly sent: string[] = [];
  readonly arrived: string[] = [];
  isFull = false;
  throws: Error | undefined;
  closed = false;
  handlers: DatagramHandlers | undefined;

  send(payload: Uint8Array): boolean {
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

async function playedOn(wanted: SeededTrouble | undefined) {
  const played = new PlayedSocket();
  let counts: TroubleCounts = noTroubleYet;
  const network = new NetworkImpairment((now) => (counts = now));
  network.setTrouble(wanted);
  const open = network.wrap(async (_bind, handlers) => {
    played.handlers = handlers;
    return played;
  });
  const socket = await open(
    { hostname: "127.0.0.1", port: 0, ipv6Only: false },
    {
      onData: (bytes) => played.arrived.push(Buffer.from(bytes).toString()),
      onDrain: () => played.arrived.push("drain"),
      onError: () => played.arrived.push("error"),
    },
  );
  const send = (text: string): boolean => socket.send(bytesOf(text), 1, "127.0.0.1");
  const hear = (text: string): void => played.handlers?.onData(bytesOf(text), 1, "127.0.0.1");
  return { played, network, socket, send, hear, counts: () => counts };
}

describe("a played socket", () => {
  test("without trouble passes all as it is, its answers and its errors too", async () => {
    const { played, send, hear } = await playedOn(undefined);
    expect(send("a")).toBe(true);
    played.isFull = true;
    expect(send("b")).toBe(false);
    played.throws = new Error("ECONNREFUSED");
    expect(() => send("c")).toThrow("ECONNREFUSED");
    hear("d");
    played.handlers?.onDrain();
    played.handlers?.onError(new Error("x"));
    expect([played.sent, played.arrived]).toEqual([["a"], ["d", "drain", "error"]]);
  });

  test("loses all at 100 %, both ways, and says that it was sent", async () => {
    const { played, send, hear, counts } = await playedOn(trouble({ lossPercent: 100 }));
    expect(send("a")).toBe(true);
    hear("b");
    expect([played.sent, played.arrived]).toEqual([[], []]);
    await until(() => counts().dropped === 2, "the counts");
    expect(counts()).toEqual({ ...noTroubleYet, dropped: 2 });
  });

  test("doubles all at 100 %, at once and in order", async () => {
    const { played, send, hear, counts } = await playedOn(trouble({ duplicatePercent: 100 }));
    send("a");
    send("b");
    hear("c");
    expect([played.sent, played.arrived]).toEqual([
      ["a", "a", "b", "b"],
      ["c", "c"],
    ]);
    await until(() => counts().duplicated === 3, "the counts");
  });

  test("delays each, in order, and keeps its own copy of what came", async () => {
    const { played, send, hear, counts } = await playedOn(trouble({ delayMs: 20 }));
    const startedAt = performance.now();
    const came = bytesOf("one");
    played.handlers?.onData(came, 1, "127.0.0.1");
    came.fill(0);
    hear("two");
    send("three");
    expect([played.sent, played.arrived]).toEqual([[], []]);
    await until(() => played.arrived.length === 2 && played.sent.length === 1, "all three");
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19);
    expect([played.sent, played.arrived]).toEqual([["three"], ["one", "two"]]);
    await until(() => counts().delayed === 3, "the counts");
  });

  test("lets later ones overtake those it reorders", async () => {
    const wanted = trouble({ reorderPercent: 50, seed: 3 });
    const { played, send } = await playedOn(wanted);
    const said = Array.from({ length: 20 }, (_, index) => String(index));
    for (const text of said) send(text);
    await until(() => played.sent.length === 20, "all twenty");
    expect(played.sent).not.toEqual(said);
    expect(played.sent.toSorted()).toEqual(said.toSorted());
  });

  test("a full socket's datagram comes again with its fate decided: the dice do not roll for it twice", async () => {
    const wanted = trouble({ lossPercent: 50, seed: 5 });
    const survivors = async (fullAt: number): Promise<readonly string[]> => {
      const { played, send } = await playedOn(wanted);
      for (let index = 0; index < 40; index += 1) {
        played.isFull = index === fullAt;
        if (send(String(index))) continue;
        played.isFull = false;
        expect(send(String(index))).toBe(true);
      }
      return played.sent;
    };
    const undisturbed = await survivors(-1);
    expect(undisturbed.length).toBeGreaterThan(5);
    for (let index = 0; index < 40; index += 1) expect(await survivors(index)).toEqual(undisturbed);
  });

  test("closing sends at once what is still held, and nothing arrives any more", async () => {
    const { played, socket, send, hear } = await playedOn(trouble({ delayMs: 30 }));
    send("goodbye");
    hear("too late");
    socket.close();
    expect([played.sent, played.closed]).toEqual([["goodbye"], true]);
    const { played: other, send: sendOther } = await playedOn(trouble({ delayMs: 40 }));
    sendOther("later");
    await until(() => other.sent.length === 1, "a delay longer than the other's");
    expect(played.arrived).toEqual([]);
  });

  test("what a late send throws is a loss, and the error of an earlier one costs nothing", async () => {
    const { played, send, counts } = await playedOn(trouble({ delayMs: 5 }));
    played.throws = new Error("ECONNREFUSED");
    send("a");
    await until(() => played.sent.length === 1, "the second try");
    played.isFull = true;
    send("b");
    await until(() => counts().dropped === 1, "the loss");
  });
});

test("held datagrams are bounded in number and in bytes: one past either is refused", () => {
  const few = new DelayedDatagrams(2, 1000);
  expect([1, 2, 3].map(() => few.add(1000, 1, () => {}, few))).toEqual([true, true, false]);
  few.release(few);
  expect([few.size, few.add(1, 1, () => {}, few)]).toEqual([0, true]);
  const small = new DelayedDatagrams(100, 10);
  expect([10, 1].map((bytes) => small.add(1000, bytes, () => {}, small))).toEqual([true, false]);
  small.release(small);
  expect(small.add(1, 10, () => {}, small)).toBe(true);
});

test("between real sockets: what arrives is what the dice left, and the calls told are the socket's user's", async () => {
  const { socket: server, port } = await openBound("127.0.0.1");
  await using _server = server;
  let counts: TroubleCounts = noTroubleYet;
  const network = new NetworkImpairment((now) => (counts = now));
  network.setTrouble(trouble({ lossPercent: 30, duplicatePercent: 20, seed: 11 }));
  const request = { bind: undefined, peer: { kind: "ip", host: "127.0.0.1", port }, peersMax: 4 } as const;
  await using client = new Witness((onEvent) => bindUdp(request, onEvent, network.wrap(openBunSocket)));
  const { connection } = await client.event("connected");
  for (let index = 0; index < 200; index += 1)
    expect(client.transport.send(connection, bytesOf("x"))).toBe("sent");
  expect(client.calls("sendto").map(({ result }) => result)).toEqual(Array.from({ length: 200 }, () => "ok"));
  await until(() => counts.dropped > 0, "the counts");
  const arriving = 200 - counts.dropped + counts.duplicated;
  await server.until("what is left", () => server.text().length === arriving);
  network.setTrouble(undefined);
  client.transport.send(connection, bytesOf("y"));
  await server.until("the last", () => server.text().endsWith("y"));
  expect(server.text().length).toBe(arriving + 1);
});
