/** Who has a place in a full room, over UDP and over TCP: by address, the unproven and the silent yielding first. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type Endpoint, makeIpEndpoint } from "../../src/protocol/address/endpoint.ts";
import {
  connectionsPerAddressMax,
  connectionsPerSubnetMax,
  greetingsMin,
  newcomerGraceMs,
  placesForNewShare,
  silentAfterMs,
} from "../../src/protocol/limits.ts";
import { AddressCounts } from "../../src/transport/addresses/address-counts.ts";
import { AddressQueues } from "../../src/transport/addresses/address-queues.ts";
import { type PlacedStream, StreamPlaces } from "../../src/transport/tcp/stream-places.ts";
import { DatagramPlaces } from "../../src/transport/udp/datagram-places.ts";
import { type UdpPeer, type UdpPlace, UdpPeers } from "../../src/transport/udp/udp-peers.ts";

/** The peers of one socket, whose clock a test moves. */
class Room {
  readonly peers = new UdpPeers();
  readonly places: DatagramPlaces;
  readonly ended = new Set<UdpPeer>();
  nowMs = 1000;
  #port = 1;

  constructor(max: number) {
    this.places = new DatagramPlaces(max);
  }

  choose(address: string): UdpPeer {
    return this.#add(address, "chosen");
  }

  /** A first datagram from a new port; undefined if it is refused. */
  arrive(address: string, place: "greeting" | "raw"): UdpPeer | undefined {
    const endpoint = makeIpEndpoint(address, this.#port);
    const found = this.places.find(endpoint, place === "greeting", this.nowMs);
    if (found.is === "refused") return undefined;
    if (found.is === "yielded") this.#end(found.by);
    return this.#add(address, place);
  }

  /** False if the peer found no place, and was ended. */
  keep(peer: UdpPeer, place: "raw" | "member" | "exempt"): boolean {
    const found = this.places.keep(peer, place, this.nowMs);
    if (found.is === "yielded") this.#end(found.by);
    if (found.is === "refused") this.#end(peer);
    return found.is !== "refused";
  }

  /** Adds a duet that has proven its address. */
  join(address: string): UdpPeer | undefined {
    const peer = this.arrive(address, "greeting");
    return peer !== undefined && this.keep(peer, "member") ? peer : undefined;
  }

  send(peer: UdpPeer): void {
    peer.receivedAtMs = this.nowMs;
  }

  #add(address: string, place: UdpPlace): UdpPeer {
    const peer = this.peers.add(address, this.#port, place, this.nowMs);
    this.#port += 1;
    peer.receivedAtMs = this.nowMs;
    this.places.add(peer);
    return peer;
  }

  #end(peer: UdpPeer): void {
    this.peers.remove(peer);
    this.places.remove(peer);
    this.ended.add(peer);
  }
}

const addressOf = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

describe("over UDP", () => {
  test("the longest silent peer yields first, a chosen one never", () => {
    const room = new Room(3);
    room.choose("10.0.0.1");
    const older = room.arrive("10.0.0.2", "raw")!;
    room.nowMs += 100;
    const old = room.arrive("10.0.0.3", "raw")!;
    expect(room.arrive("10.0.0.4", "raw")).toBeUndefined();
    room.nowMs += silentAfterMs - 1;
    expect(room.arrive("10.0.0.4", "raw")).toBeDefined();
    expect([...room.ended]).toEqual([older]);
    room.nowMs += silentAfterMs;
    expect(room.arrive("10.0.0.5", "raw")).toBeDefined();
    expect([...room.ended]).toEqual([older, old]);
  });

  for (const [from, addresses] of [
    ["one address", () => "10.1.2.3"],
    ["one subnet", (index: number) => `2001:db8::${index.toString(16)}`],
    ["this machine", () => "127.0.0.1"],
    ["a new forged address each", addressOf],
  ] as const)
    test(`hellos from ${from} keep no newcomer out of the room`, () => {
      const room = new Room(64);
      const member = room.join("192.0.2.1")!;
      for (let index = 0; index < 137 * 60; index += 1) {
        room.nowMs += 1000 / 137;
        room.send(member);
        room.arrive(addresses(index), "greeting");
      }
      const newcomer = room.arrive("192.0.2.2", "greeting");
      expect(newcomer).toBeDefined();
      for (let index = 0; index < 20; index += 1) {
        room.nowMs += 1000 / 137;
        room.arrive(addresses(index), "greeting");
      }
      expect(room.keep(newcomer!, "member")).toBe(true);
      expect([room.ended.has(newcomer!), room.ended.has(member)]).toEqual([false, false]);
    });

  test("raw peers that may be forged yield their places to duets that are not, one by one", () => {
    const room = new Room(64);
    for (let index = 0; index < 100; index += 1) room.arrive(addressOf(index), "raw");
    const members = Array.from({ length: 64 }, (_, index) => room.join(`192.0.2.${index + 1}`));
    expect(members.every((member) => member !== undefined)).toBe(true);
    expect(room.join("198.51.100.1")).toBeUndefined();
    expect(members.some((member) => room.ended.has(member!))).toBe(false);
  });

  test("an unproven peer takes no member's place, whichever way it comes", () => {
    const room = new Room(2);
    const members = [room.join("192.0.2.1")!, room.join("192.0.2.2")!];
    for (let index = 0; index < 1000; index += 1) {
      room.nowMs += 10;
      for (const member of members) room.send(member);
      const peer = room.arrive(addressOf(index), index % 2 === 0 ? "raw" : "greeting");
      if (peer !== undefined) expect(room.keep(peer, "raw")).toBe(false);
    }
    expect(members.some((member) => room.ended.has(member))).toBe(false);
  });

  test("a duet that would find no place is refused before it is answered", () => {
    const room = new Room(2);
    room.arrive("127.0.0.1", "raw");
    room.arrive("127.0.0.1", "raw");
    expect(room.arrive("192.0.2.1", "greeting")).toBeUndefined();
    room.nowMs += silentAfterMs;
    expect(room.join("192.0.2.1")).toBeDefined();
  });

  test(`an address has ${connectionsPerAddressMax} raw peers: one more takes the place of its longest unheard`, () => {
    const room = new Room(1024);
    const own = Array.from({ length: connectionsPerAddressMax }, () => room.arrive("10.1.2.3", "raw")!);
    expect(room.arrive("10.1.2.3", "raw")).toBeUndefined();
    room.nowMs += newcomerGraceMs;
    room.send(own[0]!);
    expect(room.arrive("10.1.2.3", "raw")).toBeDefined();
    expect([...room.ended]).toEqual([own[1]!]);
    expect(room.arrive("10.1.2.4", "raw")).toBeDefined();
  });

  test("peers that the person trusts are not counted for their address", () => {
    const room = new Room(1024);
    for (let index = 0; index < 5 * connectionsPerAddressMax; index += 1) {
      const peer = room.arrive("10.1.2.3", index % 2 === 0 ? "raw" : "greeting")!;
      expect(room.keep(peer, "exempt")).toBe(true);
    }
    expect(room.ended.size).toBe(0);
  });

  test("the programs of this machine fill the room, and those beyond one address's share yield to others", () => {
    const room = new Room(64);
    for (let index = 0; index < 200; index += 1) room.arrive("127.0.0.1", "raw");
    room.nowMs += newcomerGraceMs;
    for (let index = 0; index < 64 - connectionsPerAddressMax; index += 1)
      expect(room.arrive(addressOf(index), "raw")).toBeDefined();
    expect(room.arrive("192.0.2.1", "raw")).toBeUndefined();
  });

  test("the last places are for addresses that have none", () => {
    const max = 1024;
    const room = new Room(max);
    const kept = max * placesForNewShare;
    for (let index = 0; index < 2 * max; index += 1)
      room.arrive(addressOf(index % ((max - kept) / 2)), "raw");
    for (let index = 0; index < kept; index += 1)
      expect(room.arrive(`192.0.2.${index}`, "raw")).toBeDefined();
    expect(room.arrive("198.51.100.1", "raw")).toBeUndefined();
  });

  test(`greetings wait without a place, ${greetingsMin} at least, and the longest waiting ends first`, () => {
    const room = new Room(1);
    const waiting = Array.from({ length: greetingsMin }, (_, index) =>
      room.arrive(addressOf(index), "greeting"),
    );
    expect(room.arrive("192.0.2.1", "greeting")).toBeUndefined();
    room.nowMs += newcomerGraceMs;
    expect(room.arrive("192.0.2.1", "greeting")).toBeDefined();
    expect([...room.ended]).toEqual([waiting[0]!]);
  });
});

class Stream implements PlacedStream {
  readonly peer: Endpoint;
  readonly openedAtMs: number;
  hasReceived = false;

  constructor(peer: Endpoint, openedAtMs: number) {
    this.peer = peer;
    this.openedAtMs = openedAtMs;
  }

  takeReceived(): boolean {
    const { hasReceived } = this;
    this.hasReceived = false;
    return hasReceived;
  }
}

/** A listener's connections, whose clock a test moves. */
class Listener {
  readonly places: StreamPlaces<Stream>;
  readonly ended = new Set<Stream>();
  nowMs = 1000;

  constructor(max: number) {
    this.places = new StreamPlaces(max);
  }

  /** A new connection; undefined if it is refused. */
  accept(address: string): Stream | undefined {
    const peer = makeIpEndpoint(address, 1);
    const found = this.places.find(peer, this.nowMs);
    if (found.is === "refused") return undefined;
    if (found.is === "yielded") {
      this.places.remove(found.by);
      this.ended.add(found.by);
    }
    const stream = new Stream(peer, this.nowMs);
    this.places.add(stream);
    return stream;
  }

  send(stream: Stream): void {
    stream.hasReceived = true;
    this.places.noteSpoken(stream);
  }
}

describe("over TCP", () => {
  test("silent connections yield, those of the address with the most first, and who has sent stays", () => {
    const listener = new Listener(64);
    const speaker = listener.accept("192.0.2.1")!;
    listener.send(speaker);
    for (let index = 0; index < 63; index += 1) listener.accept(`10.0.0.${index % 8}`);
    listener.nowMs += newcomerGraceMs;
    for (let index = 0; index < 40; index += 1) expect(listener.accept(`198.51.100.${index}`)).toBeDefined();
    expect(listener.ended.has(speaker)).toBe(false);
    expect(
      [...listener.ended].every(({ peer }) => peer.family !== "unix" && peer.address.startsWith("10.")),
    ).toBe(true);
  });

  test("a newcomer displaces nobody of a small room but one of several silent ones of another address", () => {
    const listener = new Listener(2);
    const [one] = [listener.accept("192.0.2.1")!, listener.accept("192.0.2.2")!];
    listener.nowMs += 10 * silentAfterMs;
    expect(listener.accept("192.0.2.3")).toBeUndefined();
    listener.places.remove(one);
    expect(listener.accept("192.0.2.2")).toBeDefined();
    listener.nowMs += newcomerGraceMs;
    expect(listener.accept("192.0.2.2")).toBeUndefined();
    expect(listener.accept("192.0.2.3")).toBeDefined();
  });

  test("a connection whose peer has sent FIN yields in a full room, the longest half-closed one first", () => {
    for (const max of [2, 32]) {
      const listener = new Listener(max);
      const streams = Array.from({ length: max }, (_, index) => listener.accept(`10.0.${index}.1`)!);
      for (const stream of streams) listener.send(stream);
      expect(listener.accept("192.0.2.1")).toBeUndefined();
      const [first, second] = streams;
      listener.places.noteHalfClosed(second!);
      listener.places.noteHalfClosed(first!);
      for (const [index, gone] of [second!, first!].entries()) {
        listener.send(listener.accept(`192.0.2.${index + 1}`)!);
        expect([...listener.ended]).toEqual([second!, first!].slice(0, index + 1));
        expect(listener.ended.has(gone)).toBe(true);
      }
      expect(listener.accept("192.0.2.9")).toBeUndefined();
    }
  });

  test("probes that connect and close do not use an address up", () => {
    const listener = new Listener(1024);
    for (let probe = 0; probe < 3 * connectionsPerAddressMax; probe += 1) {
      const stream = listener.accept("192.0.2.1");
      expect([probe, stream !== undefined]).toEqual([probe, true]);
      listener.places.noteHalfClosed(stream!);
    }
    expect(listener.ended.size).toBe(2 * connectionsPerAddressMax);
  });

  test("connections that sent once and then nothing yield after minutes, and active ones never", () => {
    const listener = new Listener(32);
    const streams = Array.from({ length: 32 }, (_, index) => listener.accept(`10.0.0.${index}`)!);
    for (const stream of streams) listener.send(stream);
    for (let minute = 0; minute < 20; minute += 1) {
      listener.nowMs += 60_000;
      for (const stream of streams.slice(0, 16)) listener.send(stream);
      listener.accept("192.0.2.1");
      listener.accept("192.0.2.1");
    }
    expect(streams.slice(0, 16).some((stream) => listener.ended.has(stream))).toBe(false);
    expect(streams.slice(16).some((stream) => listener.ended.has(stream))).toBe(true);
  });

  test("the last places are for addresses that have none", () => {
    const listener = new Listener(1024);
    for (let index = 0; index < 1024; index += 1) {
      const stream = listener.accept(`10.0.${index % 64}.1`);
      if (stream !== undefined) listener.send(stream);
    }
    const kept = 1024 * placesForNewShare;
    for (let index = 0; index < kept; index += 1) {
      const stream = listener.accept(`192.0.2.${index}`);
      expect(stream).toBeDefined();
      listener.send(stream!);
    }
    expect(listener.accept("198.51.100.1")).toBeUndefined();
  });

  test("a trusted connection yields to nobody, and is not counted for its address", () => {
    const listener = new Listener(32);
    for (let index = 0; index < 32; index += 1) listener.places.exempt(listener.accept("192.0.2.1")!);
    listener.nowMs += 10 * silentAfterMs;
    expect(listener.accept("192.0.2.2")).toBeUndefined();
  });
});

test("connections are counted by address and by subnet, and those of this machine are not", () => {
  const counts = new AddressCounts();
  const add = (address: string): number | undefined => {
    const endpoint = makeIpEndpoint(address, 1);
    const reached = counts.findReached(endpoint);
    if (reached === undefined) counts.add(endpoint);
    return reached;
  };
  for (let index = 0; index < connectionsPerAddressMax; index += 1) {
    expect(add("192.0.2.1")).toBeUndefined();
    expect(add("127.0.0.1")).toBeUndefined();
    expect(add("2001:db8::1")).toBeUndefined();
  }
  expect(add("192.0.2.1")).toBe(connectionsPerAddressMax);
  expect(add("::ffff:192.0.2.1")).toBe(connectionsPerAddressMax);
  expect(add("2001:db8::1")).toBe(connectionsPerAddressMax);
  expect(add("127.0.0.1")).toBeUndefined();
  for (let index = connectionsPerAddressMax; index < connectionsPerSubnetMax; index += 1)
    expect(add(`2001:db8::a:${index}`)).toBeUndefined();
  expect(add("2001:db8::b")).toBe(connectionsPerSubnetMax);
  expect(add("2001:db8:0:1::b")).toBeUndefined();
  counts.remove(makeIpEndpoint("2001:db8::1", 1));
  expect(add("2001:db8::b")).toBeUndefined();
});

test("queues by address know their sizes, their oldest and the address with the most", () => {
  const operation = fc.record({ key: fc.constantFrom("a", "b", "c"), item: fc.nat(9), adds: fc.boolean() });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const queues = new AddressQueues<number>();
      const model: { key: string; item: number }[] = [];
      for (const { key, item, adds } of operations) {
        const at = model.findIndex((one) => one.key === key && one.item === item);
        if (at >= 0) model.splice(at, 1);
        if (adds) model.push({ key, item });
        if (adds) queues.add(key, item);
        else expect(queues.remove(key, item)).toBe(at >= 0);
        const countOf = (wanted: string): number => model.filter((one) => one.key === wanted).length;
        expect(queues.size).toBe(model.length);
        expect(["a", "b", "c"].map((one) => queues.countFrom(one))).toEqual(["a", "b", "c"].map(countOf));
        expect(queues.oldestOf(key)).toBe(model.find((one) => one.key === key)?.item);
        const most = Math.max(...["a", "b", "c"].map(countOf));
        expect(queues.fullestKey === undefined ? 0 : countOf(queues.fullestKey)).toBe(most);
      }
    }),
  );
});
