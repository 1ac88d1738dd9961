/** Two duets that seal over UDP: the handshake, what is forged or repeated, moving, and a host that forgot. */

import { expect, test } from "bun:test";
import type { Config } from "../../src/chat/config/config.ts";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import { datagramFrameMaxBytes, firstsAnsweredMax, sealTimeoutMs } from "../../src/protocol/limits.ts";
import { formatKey } from "../../src/protocol/identity/key-text.ts";
import { NoiseHandshake } from "../../src/protocol/noise/handshake.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import {
  encodeFirst,
  encodeThird,
  makePrologue,
  readHandshakeDatagram,
} from "../../src/protocol/sealed/records.ts";
import type { PeopleFiles } from "../../src/session/ports.ts";
import { type Duet, home, homeTarget, World } from "../support/chat-world.ts";
import { fakePeople } from "../support/fake-ports.ts";
import { type IpEndpoint, loopback } from "../support/fake-network.ts";
import { seeded } from "../support/seeded.ts";

const required: Partial<Config> = { encrypt: "require" };
const stages = (duet: Duet): readonly string[] => [...duet.chat.peers.values()].map(({ seal }) => seal.stage);

/** A host and one member over UDP, which both require sealing unless `over` differs. */
function udpPair(overHub: Partial<Config> = required, overBob: Partial<Config> = required) {
  const world = new World();
  const hub = world.hub(overHub, "udp");
  const bob = world.member("bob", "udp", overBob);
  for (const duet of [hub, bob]) duet.dispatch({ type: "switched", to: "udp" });
  world.pass(1000);
  return { world, hub, bob };
}

test("a host that requires sealing refuses a duet that does not seal, in words and at once, and never takes it for raw", () => {
  const world = new World();
  const hub = world.hub({ encrypt: "require" }, "udp");
  const bob = world.member("bob", "udp", { encrypt: "off" });
  world.pass(1000);
  expect(bob.lines("udp").join("\n")).toContain("this duet only accepts encrypted duets");
  hub.say("for members");
  world.pass(10_000);
  expect([...bob.receivedLines(), ...hub.memberNames()]).toEqual([]);
  expect(hub.lines("udp").join("\n")).not.toContain("joined");
});

test("two duets that seal chat over UDP: long texts, receipts, and a goodbye that is acknowledged", () => {
  const { world, hub, bob } = udpPair();
  bob.say("hello");
  hub.say("hi");
  bob.say("长".repeat(3000));
  world.pass(2000);
  expect(hub.receivedLines()).toEqual(["<bob> hello", `<bob> ${"长".repeat(3000)}`]);
  expect(bob.receivedLines()).toEqual(["<hub> hi"]);
  expect([...stages(hub), ...stages(bob)]).toEqual(["sealed", "sealed"]);
  expect(selectScreen(hub.chat).tabs.udp.security).toBe("encrypted");
  expect(bob.outputs.some((output) => output.type === "receipt" && output.stage === "received")).toBe(true);
  bob.quit();
  world.pass(100);
  expect([bob.exitCode, hub.chat.peers.size]).toEqual([0, 0]);
});

test("of a sealed chat two hellos cross without a name, and records of at most 1,200 bytes without a word", () => {
  const { world, hub, bob } = udpPair();
  bob.say("xylophone");
  bob.say("y".repeat(4000));
  hub.say("zeppelin");
  world.pass(1000);
  const { datagrams } = world.network;
  const texts = datagrams.map(({ bytes }) => Buffer.from(bytes).toString("latin1"));
  const hellos = texts.filter((text) => text.startsWith("duet/1 "));
  expect(
    hellos.map((text) => [text.includes('"type":"hello","name":""'), text.includes('"seal":1')]),
  ).toEqual([
    [true, true],
    [true, true],
  ]);
  for (const word of ["xylophone", "zeppelin", "yyyy", "bob", "hub", "welcome"])
    expect(texts.join("\n")).not.toContain(word);
  expect(Math.max(...datagrams.map(({ bytes }) => bytes.length))).toBe(datagramFrameMaxBytes);
});

test("auto: a client on loopback does not offer, and follows a host that requires sealing", () => {
  const plain = udpPair({ encrypt: "auto" }, { encrypt: "auto" });
  expect([...stages(plain.hub), ...stages(plain.bob)]).toEqual(["none", "none"]);
  const { world, hub, bob } = udpPair(required, { encrypt: "auto" });
  bob.say("hello");
  world.pass(100);
  expect([...stages(hub), ...stages(bob), ...hub.receivedLines()]).toEqual([
    "sealed",
    "sealed",
    "<bob> hello",
  ]);
});

test("a client from another machine offers in auto; to a host that does not seal it gives its name in the clear", () => {
  const world = new World();
  const far = { family: "IPv4", address: "192.0.2.1", port: 8080 } as const;
  const hub = world.duet({ name: "hub", encrypt: "off" });
  hub.open({ role: "listen", target: { kind: "ip", host: far.address, port: 8080 } }, "udp");
  const bob = world.duet({ name: "bob", duet: true, encrypt: "auto" });
  bob.open({ role: "connect", target: { kind: "ip", host: far.address, port: 8080 } }, "udp");
  for (const duet of [hub, bob]) duet.dispatch({ type: "switched", to: "udp" });
  world.pass(1000);
  bob.say("hello");
  world.pass(500);
  expect(hub.receivedLines()).toEqual(["<bob> hello"]);
  expect(hub.lines("udp").join("\n")).not.toContain("nobody");
  expect(bob.lines("udp").join("\n")).toContain("this connection is PLAIN");
});

test.each([[["client"]], [["host"]], [["client", "host"]]])(
  "offers of %j that are stripped: PLAIN at a first contact, which is said; nothing at all where a key was met",
  (whose) => {
    const world = new World();
    const far = { kind: "ip", host: "192.0.2.1", port: 8080 } as const;
    const host = world.duet({ name: "hub", encrypt: "auto" });
    host.open({ role: "listen", target: far }, "udp");
    host.dispatch({ type: "switched", to: "udp" });
    const person = fakePeople(50);
    const connect = (people = person): Duet => {
      const client = world.duet({ name: "bob", duet: true, encrypt: "auto" }, people);
      client.open({ role: "connect", target: far }, "udp");
      client.dispatch({ type: "switched", to: "udp" });
      world.pass(1000);
      return client;
    };
    connect().quit();
    world.pass(5000);
    world.network.forward = (from, to, bytes) => {
      const isStripped = whose.includes(from.port === far.port ? "host" : "client");
      const text = Buffer.from(bytes).toString("latin1");
      const changed = isStripped ? Buffer.from(text.replace(',"seal":1', ""), "latin1") : bytes;
      world.network.datagram(from, to, changed);
    };
    const stranger = connect(fakePeople(51));
    stranger.say("hello");
    world.pass(1000);
    if (host.receivedLines().length > 0) {
      expect(selectScreen(stranger.chat).tabs.udp.security).toBe("plain");
      expect(stranger.lines("udp").join("\n")).toContain("this connection is PLAIN");
    } else expect([...stages(stranger), ...stages(host)]).not.toContain("sealed");
    const before = host.receivedLines().length;
    const friend = connect();
    friend.say("a secret");
    world.pass(20_000);
    expect([host.receivedLines().length, friend.receivedLines()]).toEqual([before, []]);
    expect(friend.errors().filter((error) => error.startsWith("EKEY"))).toHaveLength(1);
  },
);

test("who requires sealing refuses in words, as a host and as a client", () => {
  const asHost = udpPair(required, { encrypt: "off" });
  asHost.bob.say("a secret");
  asHost.world.pass(sealTimeoutMs + 1000);
  expect(asHost.hub.receivedLines()).toEqual([]);
  expect(asHost.bob.lines("udp").join("\n")).toContain("only accepts encrypted duets");
  const asClient = udpPair({ encrypt: "off" }, required);
  asClient.bob.say("a secret");
  asClient.world.pass(sealTimeoutMs + 1000);
  expect(asClient.hub.receivedLines()).toEqual([]);
  expect(asClient.bob.lines("udp").join("\n")).toContain("does not encrypt");
});

test("forged greetings and first messages without the cookie cost no secret and no key", () => {
  const world = new World();
  const hub = world.hub(required, "udp");
  const { ours } = hub.chat.self.keys;
  const before = Buffer.from(hub.chat.self.keys.state).toString("hex");
  const chance = seeded(3);
  for (let count = 0; count < 300; count += 1) {
    const from = { family: "IPv4", address: `192.0.2.${count % 200}`, port: 1000 + count } as const;
    const session = (chance() * 2 ** 48).toString(16).slice(0, 12).padStart(24, "0");
    const hello = `duet/1 {"type":"hello","name":"","session":"${session}","key":"0011223344556677","seal":1}`;
    world.network.datagram(from, home, Buffer.from(hello.padEnd(600)));
    world.network.datagram(
      from,
      home,
      encodeFirst(count + 1, "0123456789abcdef", new Uint8Array(32).fill(9)),
    );
  }
  world.pass(100);
  expect(Buffer.from(hub.chat.self.keys.state).toString("hex")).toBe(before);
  expect(hub.chat.self.keys.ours).toBe(ours);
  expect(hub.chat.room.halfOpen.size).toBe(0);
  expect(hub.memberNames()).toEqual([]);
});

test("an endpoint with the cookie is answered for eight different first messages, and for no more", () => {
  const world = new World();
  const hub = world.hub(required, "udp");
  const from = loopback(4000);
  const received: Uint8Array[] = [];
  const node = {
    onEvent: (_transport: string, event: { type: string; bytes?: unknown }) => {
      if (event.type === "received") received.push(new Uint8Array(event.bytes as Uint8Array));
    },
  };
  world.network.bindUdp(node as never, from);
  const hello =
    'duet/1 {"type":"hello","name":"","session":"0123456789abcdef01234567","key":"0011223344556677","seal":1}';
  world.network.datagram(from, home, Buffer.from(hello.slice(0, -1) + `,"pad":"${"-".repeat(900)}"}`));
  world.pass(10);
  const [, cookie = ""] = /"key":"(\w{16})"/.exec(Buffer.from(received[0]!).toString()) ?? [];
  const known = received.length;
  for (let count = 1; count <= firstsAnsweredMax + 3; count += 1)
    world.network.datagram(from, home, encodeFirst(1, cookie, new Uint8Array(32).fill(count)));
  world.pass(10);
  expect(received.length - known).toBe(firstsAnsweredMax);
  world.pass(sealTimeoutMs + 100);
  expect(hub.chat.room.halfOpen.size).toBe(0);
});

test("10,000 datagrams at a session, random, repeated or of others, change nothing", () => {
  const { world, hub, bob } = udpPair();
  const chance = seeded(7);
  const of = { from: loopback(Number(bob.chat.sides.udp.socket.local && 50_001)), hub: home };
  const sealed = world.network.datagrams
    .filter(({ bytes }) => (bytes[0] ?? 0) >= 0x80)
    .map(({ bytes }) => new Uint8Array(bytes));
  const states = () =>
    JSON.stringify([hub, bob].map((duet) => [duet.memberNames(), stages(duet), duet.receivedLines()]));
  const before = states();
  for (let count = 0; count < 10_000; count += 1) {
    const kind = count % 4;
    let bytes = new Uint8Array(Math.floor(chance() * 120)).map(() => chance() * 256);
    if (kind > 0) {
      bytes = new Uint8Array(sealed[Math.floor(chance() * sealed.length)]!);
      if (kind > 1) bytes[Math.floor(chance() * bytes.length)]! ^= 1 << Math.floor(chance() * 8);
      if (kind > 2) bytes = bytes.slice(0, Math.floor(chance() * bytes.length));
    }
    const [source, target] = count % 2 === 0 ? [of.from, of.hub] : [of.hub, of.from];
    world.network.datagram(source, target, bytes);
  }
  expect(states()).toBe(before);
  bob.say("still here");
  hub.say("so am I");
  world.pass(500);
  expect([...hub.receivedLines(), ...bob.receivedLines()]).toEqual(["<bob> still here", "<hub> so am I"]);
});

test.each(["text", 'duet/1 {"type":"message","id":1,"text":"text"}', "\x10\x92 no record any more"])(
  "a client shows nothing that another endpoint than its sealed host's sends: %j",
  (sent) => {
    const { world, bob } = udpPair();
    const there = loopback(50_001);
    world.network.datagram(loopback(60_000), there, Buffer.from(sent));
    world.network.datagram(there, there, Buffer.from(sent));
    world.pass(10_000);
    expect([bob.receivedLines(), bob.lines("udp").join().includes("text")]).toEqual([[], false]);
    expect(bob.chat.sides.udp.counters.forged).toBe(2);
    const plain = udpPair({ encrypt: "off" }, { encrypt: "off" });
    plain.world.network.datagram(loopback(60_000), there, Buffer.from("text"));
    plain.world.pass(100);
    expect(plain.bob.receivedLines()).toEqual(["<127.0.0.1:60000> text"]);
  },
);

test("text that is forged in the name of the host's own endpoint makes it no member of its room", () => {
  for (const encrypt of ["require", "off"] as const) {
    const { world, hub, bob } = udpPair({ encrypt }, { encrypt });
    for (const text of ["hello", 'duet/1 {"type":"hello","name":"eve","session":"s","key":"k"}'])
      world.network.datagram(home, home, Buffer.from(text));
    bob.say("once");
    world.pass(1000);
    expect([hub.receivedLines(), hub.memberNames()]).toEqual([["<bob> once"], ["bob"]]);
  }
});

test("a member whose address changes is sent to at the new one, and its old datagrams move nothing", () => {
  const { world, hub, bob } = udpPair();
  bob.say("before");
  world.pass(500);
  const late = world.network.datagrams.findLast(({ from }) => from === "127.0.0.1:50001")!;
  world.network.moveSocket(bob, loopback(51_000));
  bob.say("after");
  world.pass(500);
  world.network.datagram(loopback(50_001), home, late.bytes);
  hub.say("found");
  world.pass(500);
  expect(hub.receivedLines()).toEqual(["<bob> before", "<bob> after"]);
  expect(bob.receivedLines()).toEqual(["<hub> found"]);
  expect(hub.peer().link.address).toBe("127.0.0.1:51000");
  expect(hub.memberNames()).toEqual(["bob"]);
});

test("a member that moves to an address that is denied is ended", () => {
  const world = new World();
  const hub = world.hub({ ...required }, "udp");
  const bob = world.member("bob", "udp", required);
  world.pass(1000);
  hub.command("/deny 198.51.100.0/24");
  world.network.moveSocket(bob, { family: "IPv4", address: "198.51.100.7", port: 4000 });
  bob.dispatch({ type: "switched", to: "udp" });
  bob.say("from there");
  world.pass(500);
  expect(hub.memberNames()).toEqual([]);
});

/** A pair whose host was killed, and the same host as it was started again. */
function restartedHost() {
  const { world, hub, bob } = udpPair();
  world.remove(hub);
  world.pass(1000);
  const again = world.duet({ ...required, name: "again" }, hub.people);
  again.open({ role: "listen", target: homeTarget }, "udp");
  again.dispatch({ type: "switched", to: "udp" });
  return { world, again, bob };
}

test("a host that was started again is joined again in a new session", () => {
  const { world, again, bob } = restartedHost();
  world.pass(40_000);
  bob.say("there you are");
  world.pass(1000);
  expect(again.receivedLines()).toEqual(["<bob> there you are"]);
  expect([...stages(again), ...stages(bob)]).toEqual(["sealed", "sealed"]);
});

test("a session that replaced one, and that its host does not confirm in time, ends: nothing is shown twice", () => {
  const { world, again, bob } = restartedHost();
  let isCut = false;
  world.network.forward = (from, to, bytes) => {
    isCut ||= bob.peer().seal.stage === "unconfirmed";
    if (!isCut || from.port !== home.port) world.network.datagram(from, to, bytes);
  };
  world.pass(40_000);
  expect(isCut).toBe(true);
  world.network.forward = undefined;
  again.say("one");
  world.pass(20_000);
  expect(bob.receivedLines().filter((line) => line.includes("one")).length).toBeLessThanOrEqual(1);
  expect(bob.lines("udp").join("\n")).toContain("was not complete within 5 s");
});

test("a forged answer to the new offer does not end the session with a host that lives", () => {
  const { world, hub, bob } = udpPair();
  world.network.forward = () => {};
  world.pass(26_000);
  world.network.forward = undefined;
  const { seal, link } = bob.peer();
  expect(seal.keyOfNewOffer).toBeDefined();
  const answer = `duet/1 {"type":"hello","name":"","session":"0123456789abcdef01234567","key":"8899aabbccddeeff","seal":1,"k":"${seal.keyOfNewOffer}"}`;
  world.network.datagram(home, loopback(50_001), Buffer.from(answer));
  world.pass(sealTimeoutMs + 3000);
  bob.say("still here");
  world.pass(2000);
  expect(hub.receivedLines()).toEqual(["<bob> still here"]);
  expect([link.endReason, seal.stage, seal.isRestarting]).toEqual([undefined, "sealed", false]);
});

/** A member over TCP, and then over UDP too, on which it seals as `overUdp` says. */
function pathsOf(overUdp: Config["encrypt"]) {
  const world = new World();
  const hub = world.hub({ encrypt: "auto" });
  hub.open({ role: "listen", target: homeTarget }, "udp");
  const bob = world.member("bob", "tcp", required);
  world.pass(1000);
  Object.assign(bob.chat.config, { encrypt: overUdp });
  bob.open({ role: "connect", target: homeTarget }, "udp");
  world.pass(2000);
  return { hub, bob };
}

test("two sealed paths of a process are one member; one in the clear is another member, who gets nothing of the first", () => {
  const sealed = pathsOf("require");
  expect(stages(sealed.bob)).toEqual(["sealed", "sealed"]);
  expect(sealed.hub.memberNames()).toEqual(["bob"]);
  const mixed = pathsOf("off");
  expect(stages(mixed.bob)).toEqual(["sealed", "none"]);
  expect(mixed.hub.memberNames()).toEqual(["bob", "bob~2"]);
});

test.each(["another host", "the host itself"])(
  "an offer that is forged in the name of %s begins no endless exchange",
  (whose) => {
    const world = new World();
    const hub = world.hub(required, "udp");
    const elsewhere = loopback(8090);
    const other = world.duet({ name: "other", ...required });
    other.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port: elsewhere.port } }, "udp");
    const from = whose === "another host" ? elsewhere : home;
    let delivered = 0;
    // Each datagram takes a millisecond, so that an endless exchange has an end here.
    world.network.forward = (source, target, bytes) => {
      delivered += 1;
      world.after(1, () => void world.network.datagram(source, target, bytes));
    };
    const session = "0123456789abcdef01234567";
    const hello = `duet/1 {"type":"hello","name":"","session":"${session}","key":"0011223344556677","seal":1}`;
    world.network.datagram(from, home, Buffer.from(hello.slice(0, -1) + `,"pad":"${"-".repeat(900)}"}`));
    world.pass(sealTimeoutMs);
    // What has the host's own endpoint is dropped.
    expect(delivered > 0).toBe(whose === "another host");
    expect(delivered).toBeLessThan(10);
    expect([hub.memberNames(), other.memberNames()]).toEqual([[], []]);
  },
);

/** A host with a key of its own that greets first, with the smaller session, so that it begins the handshake. */
function greetAsInitiator(world: World): { readonly received: Uint8Array[] } {
  const received: Uint8Array[] = [];
  const session = "0".repeat(24);
  const send = (to: IpEndpoint, bytes: Uint8Array | string): void =>
    void world.network.datagram(home, to, Buffer.from(bytes));
  const hello = `duet/1 {"type":"hello","name":"","session":"${session}","key":"00112233445566aa","delivery":1,"seal":1}`;
  let handshake: NoiseHandshake | undefined;
  const to = loopback(50_001);
  const node = {
    onEvent: (_transport: string, event: { type: string; bytes?: unknown }): void => {
      if (event.type !== "received") return;
      const bytes = new Uint8Array(event.bytes as Uint8Array);
      received.push(bytes);
      const text = Buffer.from(bytes).toString("latin1");
      if (handshake === undefined && text.includes('"k":"00112233445566aa"')) {
        const [, cookie = ""] = /"key":"(\w{16})"/.exec(text) ?? [];
        handshake = new NoiseHandshake({
          ...{ pattern: "XX", isInitiator: true, prologue: makePrologue(text, hello) },
          ours: makeKeyPair(new Uint8Array(32).fill(66)),
          ephemeral: makeKeyPair(new Uint8Array(32).fill(67)),
        });
        send(to, encodeFirst(77, cookie, handshake.write(new Uint8Array(0))!));
      } else if (text.includes('"type":"hello"')) send(to, hello);
      const datagram = readHandshakeDatagram(bytes);
      if (datagram?.is !== "second" || handshake?.read(datagram.message) === undefined) return;
      const third = handshake.write(new Uint8Array(0))!;
      send(to, encodeThird({ ours: 77, theirs: datagram.theirs }, third));
    },
  };
  world.network.bindUdp(node as never, home);
  return { received };
}

test("a host that greets first, to begin the handshake itself, gets no session around the key of --key", () => {
  const world = new World();
  const host = greetAsInitiator(world);
  const expectedKey = formatKey(makeKeyPair(new Uint8Array(32).fill(7)).publicKey);
  const bob = world.member("bob", "udp", { ...required, expectedKey });
  bob.say("a secret");
  world.pass(20_000);
  expect(stages(bob)).not.toContain("sealed");
  expect(bob.receivedLines()).toEqual([]);
  // Not one record of a session, in which its name would be.
  expect(host.received.filter((bytes) => (bytes[0] ?? 0) >= 0x80)).toEqual([]);
  expect(Buffer.concat(host.received).toString("latin1")).not.toMatch(/secret|bob/);
});

/** Somebody who remembers nobody, as with --anonymous. */
function forgetful(number: number): PeopleFiles {
  return { ...fakePeople(number), readKnown: () => new Map(), learn: () => {} };
}

test("who answers in place of a host that is gone, with another key, gets no line of the conversation", () => {
  const world = new World();
  const hub = world.hub(required, "udp");
  const bob = world.duet({ name: "bob", duet: true, ...required }, forgetful(40));
  bob.open({ role: "connect", target: homeTarget }, "udp");
  for (const duet of [hub, bob]) duet.dispatch({ type: "switched", to: "udp" });
  world.pass(1000);
  expect(hub.memberNames()).toEqual(["bob"]);
  world.remove(hub);
  world.pass(1000);
  const other = world.duet({ ...required, name: "hub" }, fakePeople(41));
  other.open({ role: "listen", target: homeTarget }, "udp");
  other.dispatch({ type: "switched", to: "udp" });
  world.pass(40_000);
  bob.say("secret");
  world.pass(1000);
  expect(other.receivedLines()).toEqual([]);
  expect(bob.errors().filter((error) => error.startsWith("EKEY"))).toHaveLength(1);
});
