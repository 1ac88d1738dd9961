/** Two duets that seal over a stream: what crosses, what is shown, and what somebody between them can do. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { halfOpenPerAddressMax, sealTimeoutMs } from "../../src/protocol/limits.ts";
import { encodeStreamRecord } from "../../src/protocol/sealed/records.ts";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import type { Config } from "../../src/chat/config/config.ts";
import { type Duet, home, type Program, World } from "../support/chat-world.ts";
import { Stranger, tapBytes } from "../support/sealed-stranger.ts";
import { seeded } from "../support/seeded.ts";

const required: Partial<Config> = { encrypt: "require" };
const stages = (duet: Duet): readonly string[] => [...duet.chat.peers.values()].map(({ seal }) => seal.stage);
const lastReason = (duet: Duet): string => duet.lines().findLast((line) => line.includes("CLOSED")) ?? "";

/** A host and one member that require sealing. */
function sealedPair(over: Partial<Config> = {}) {
  const world = new World();
  const hub = world.hub({ ...required, ...over });
  const bob = world.member("bob", "tcp", { ...required, ...over });
  world.pass(500);
  return { world, hub, bob };
}

test("two duets that seal chat: messages, receipts, names, private lines and a goodbye", () => {
  const { world, hub, bob } = sealedPair();
  const cat = world.member("cat", "tcp", required);
  world.pass(500);
  bob.say("hello");
  hub.say("hi");
  cat.command("/msg bob psst");
  bob.command("/nick rob");
  world.pass(500);
  expect(hub.receivedLines()).toEqual(["<bob> hello"]);
  expect(bob.receivedLines()).toEqual(["<hub> hi", "<cat> psst"]);
  expect(cat.receivedLines()).toEqual(["<bob> hello", "<hub> hi"]);
  expect(hub.memberNames()).toEqual(["rob", "cat"]);
  expect([...stages(hub), ...stages(bob), ...stages(cat)]).toEqual(Array(4).fill("sealed"));
  const receipts = bob.outputs.filter((output) => output.type === "receipt").map(({ stage }) => stage);
  expect(receipts).toContain("received");
  cat.quit();
  world.pass(500);
  expect(hub.memberNames()).toEqual(["rob"]);
  expect(hub.lines().at(-1)).toBe("cat left");
});

test("no word of a sealed chat crosses, and every record of it opens to frames", () => {
  const world = new World();
  world.network.reportsAllCalls = true;
  const hub = world.hub({ ...required, reportCalls: true, reportPayloads: true, reportSpans: true });
  const bob = world.member("bob", "tcp", {
    ...required,
    reportCalls: true,
    reportPayloads: true,
    reportSpans: true,
  });
  world.pass(500);
  bob.say("xylophone");
  hub.say("zeppelin");
  world.pass(500);
  const calls = [hub, bob].flatMap((duet) => duet.outputs.filter((output) => output.type === "call"));
  const moved = calls.filter(({ call }) => call === "send" || call === "recv");
  const crossed = moved.map(({ payload }) => Buffer.from(payload ?? "", "hex").toString("latin1")).join("");
  for (const word of ["xylophone", "zeppelin", "bob", "message", "welcome"])
    expect(crossed).not.toContain(word);
  const opened = moved
    .map(({ openedPayload }) => Buffer.from(openedPayload ?? "", "hex").toString())
    .join("");
  for (const word of ["xylophone", "zeppelin", "welcome"]) expect(opened).toContain(word);
  const sealed = moved.filter((call) => call.opened !== undefined);
  expect(sealed.length).toBeGreaterThan(6);
  for (const { bytes, opened: plain } of sealed) expect(bytes).toBeGreaterThan(plain!);
});

test("programs are told: `security` of peers and messages", () => {
  const { world, hub, bob } = sealedPair({ reportMessages: true });
  const program = world.program().connect().send("from nc\n");
  world.pass(500);
  bob.say("from bob");
  hub.say("to both");
  world.pass(500);
  const messages = hub.outputs.filter((output) => output.type === "message");
  expect(messages.map(({ text, security }) => [text, security])).toEqual([
    ["from nc", "plain"],
    ["from bob", "encrypted"],
    ["to both", "plain"],
  ]);
  const peers = hub.outputs.filter((output) => output.type === "peer" && output.event === "identified");
  expect(peers.map((output) => output.type === "peer" && [output.kind, output.security])).toEqual([
    ["duet", "encrypted"],
    ["raw", "plain"],
  ]);
  expect(program.received).toBe("<bob> from bob\nto both\n");
  const screen = selectScreen(hub.chat);
  expect(screen.peers.map(({ security }) => security)).toEqual(["encrypted", "plain"]);
  expect([screen.tabs.tcp.security, selectScreen(bob.chat).tabs.tcp.security]).toEqual([
    "mixed",
    "encrypted",
  ]);
});

test("auto: loopback stays in the clear, byte for byte, and the screen says PLAIN", () => {
  const world = new World();
  const hub = world.hub({ encrypt: "auto" });
  const bob = world.member("bob", "tcp", { encrypt: "auto" });
  world.pass(500);
  expect([...stages(hub), ...stages(bob)]).toEqual(["none", "none"]);
  expect(selectScreen(bob.chat).tabs.tcp.security).toBe("plain");
});

test("auto on loopback follows a host that requires sealing, which a forwarded port may lead to", () => {
  const world = new World();
  const hub = world.hub(required);
  const bob = world.member("bob", "tcp", { encrypt: "auto" });
  world.pass(500);
  bob.say("hello");
  world.pass(100);
  expect([...stages(hub), ...stages(bob), ...hub.receivedLines()]).toEqual([
    "sealed",
    "sealed",
    "<bob> hello",
  ]);
});

test("a host that does not seal takes the name of a client that offered from its first frame", () => {
  const world = new World();
  const hub = world.hub({ encrypt: "off" });
  world.member("cat", "tcp", { encrypt: "off" });
  const program = world.program().connect();
  const session = "0123456789abcdef01234567";
  program.send(
    `duet/1 {"type":"hello","name":"","session":"${session}","key":"0011223344556677","seal":1}\n`,
  );
  world.pass(100);
  expect(hub.memberNames()).toEqual(["cat"]);
  program.send('duet/1 {"type":"renamed","name":"bob"}\n');
  world.pass(100);
  expect(hub.memberNames()).toEqual(["cat", "bob"]);
  expect(hub.lines().join()).not.toContain("nobody");
});

test("a client that requires sealing sends a host without it nothing but a goodbye", () => {
  const world = new World();
  const hub = world.hub({ encrypt: "off" });
  const bob = world.member("bob", "tcp", required);
  bob.say("a secret");
  world.pass(sealTimeoutMs + 500);
  expect(hub.receivedLines()).toEqual([]);
  expect(hub.chat.peers.size).toBe(0);
  expect(hub.lines().join("\n")).toContain("--encrypt require");
  expect(bob.lines().join("\n")).toContain("127.0.0.1:8080 does not encrypt");
});

test("a client that requires sealing sends a raw server nothing that was typed", () => {
  const world = new World();
  const server = world.program().listen();
  const bob = world.member("bob", "tcp", required);
  bob.say("a secret");
  server.send("220 welcome\n");
  world.pass(5000);
  expect(server.received).not.toContain("secret");
  expect(bob.lines().join("\n")).toContain("127.0.0.1:8080 is no duet that encrypts");
});

for (const [what, frames] of [
  ["says nothing more", []],
  ["goes on in the clear", ['duet/1 {"type":"message","id":1,"text":"in the clear"}\n']],
] as const)
  test(`a host that requires sealing refuses an older client that ${what}, in words`, () => {
    const world = new World();
    const hub = world.hub(required);
    const program = world.program().connect();
    program.send('duet/1 {"type":"hello","name":"old","session":"s","key":"k"}\n');
    world.pass(100);
    for (const frame of frames) program.send(frame);
    world.pass(sealTimeoutMs);
    expect(hub.receivedLines()).toEqual([]);
    expect(program.received).toContain('"type":"goodbye","reason":"this duet only accepts encrypted duets');
    expect(hub.chat.peers.size).toBe(0);
  });

test("the third message and the first record may arrive in one piece, or byte by byte", () => {
  for (const cut of [1000, 1, 7]) {
    const world = new World();
    const hub = world.hub(required);
    const stranger = new Stranger(world);
    const received = tapBytes(stranger.program);
    stranger.program.send(stranger.first());
    world.pass(10);
    const third = stranger.third(received.at(-1)!)!;
    const known = received.length;
    const hello = 'duet/1 {"type":"hello","name":"eve","session":"s","key":"k"}\n';
    const all = Buffer.concat([third, stranger.session!.seal(Buffer.from(hello))]);
    for (let at = 0; at < all.length; at += cut) stranger.program.send(all.subarray(at, at + cut));
    world.pass(100);
    expect(hub.memberNames()).toEqual(["eve"]);
    expect(stages(hub)).toEqual(["sealed"]);
    const { plain } = stranger.session!.open(Buffer.concat(received.slice(known)));
    expect(Buffer.from(plain).toString()).toContain('"type":"welcome"');
  }
});

test("what is no handshake, at any stage, ends the connection and is never shown", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 2, maxLength: 300 }),
    fc
      .tuple(fc.constantFrom(0x90, 0x91, 0x92, 0x94, 0x96, 0x98), fc.uint8Array({ maxLength: 200 }))
      .map(([type, body]) => encodeStreamRecord(type, body)),
  );
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 2), bytes, (stage, wrong) => {
      const world = new World();
      const hub = world.hub(required);
      const stranger = new Stranger(world);
      const received = tapBytes(stranger.program);
      if (stage > 0) stranger.program.send(stranger.first());
      world.pass(10);
      if (stage > 1) stranger.program.send(stranger.third(received.at(-1)!)!);
      stranger.program.send(wrong);
      world.pass(sealTimeoutMs + 100);
      expect(hub.chat.peers.size).toBe(0);
      expect([...hub.receivedLines(), ...hub.memberNames()]).toEqual([]);
      expect(hub.chat.room.halfOpen.size).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test("a handshake that stands still ends after its time", () => {
  const world = new World();
  const hub = world.hub(required);
  const stranger = new Stranger(world);
  stranger.program.send(stranger.first());
  world.pass(sealTimeoutMs - 50);
  expect(hub.chat.peers.size).toBe(1);
  world.pass(100);
  expect(hub.chat.peers.size).toBe(0);
});

test("an address has at most 64 handshakes that have not ended", () => {
  const world = new World();
  const hub = world.hub(required);
  const crowd = Array.from({ length: halfOpenPerAddressMax }, () => new Stranger(world));
  world.pass(10);
  expect([crowd.length, hub.chat.peers.size, hub.chat.room.halfOpen.size]).toEqual([64, 64, 64]);
  const refused = new Stranger(world);
  world.pass(10);
  expect(hub.chat.room.halfOpen.size).toBe(64);
  expect(refused.program.eventTypes).toContain("peer-shut-down");
  world.pass(sealTimeoutMs + 100);
  expect(hub.chat.room.halfOpen.size).toBe(0);
  const later = world.member("bob", "tcp", required);
  world.pass(100);
  expect(stages(later)).toEqual(["sealed"]);
});

/** Somebody on the path between a host and a client, who may change what crosses. */
class Between {
  readonly hub: Duet;
  readonly bob: Duet;
  readonly world = new World();
  readonly #toHub: Program;
  readonly #toBob: Program;

  /** `change` returns what goes on instead of each chunk. */
  constructor(change: (bytes: Uint8Array, way: "to hub" | "to bob", index: number) => readonly Uint8Array[]) {
    const { world } = this;
    this.hub = world.hub(required);
    const port = { ...home, port: 9000 };
    this.#toBob = world.program().listen(port);
    this.#toHub = world.program();
    let counts = { "to hub": 0, "to bob": 0 };
    const carry = (from: Program, to: Program, way: "to hub" | "to bob"): void => {
      const { onEvent } = from;
      from.onEvent = (transport, event) => {
        onEvent.call(from, transport, event);
        if (event.type === "peer-shut-down") to.fin();
        if (event.type === "disconnected") to.close();
        if (event.type !== "received") return;
        for (const bytes of change(new Uint8Array(event.bytes), way, counts[way]++)) to.send(bytes);
      };
    };
    carry(this.#toBob, this.#toHub, "to hub");
    carry(this.#toHub, this.#toBob, "to bob");
    this.#toHub.connect();
    this.bob = world.duet({ name: "bob", duet: true, ...required });
    this.bob.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 9000 } });
  }

  /** What each of the two was shown as the other's; what a program in between says of its own is its own. */
  chat(): readonly string[] {
    this.world.pass(500);
    for (const word of ["one", "two", "three"]) {
      this.bob.say(`bob ${word}`);
      this.hub.say(`hub ${word}`);
      this.world.pass(50);
    }
    this.world.pass(10_000);
    const lines = [...this.hub.receivedLines(), ...this.bob.receivedLines()];
    return lines.filter((line) => /^<(bob|hub|nobody)/.test(line));
  }
}

const said = ["one", "two", "three"].flatMap((word) => [`<bob> bob ${word}`, `<hub> hub ${word}`]);

test("somebody between who changes nothing changes nothing", () => {
  expect(new Between((bytes) => [bytes]).chat().toSorted()).toEqual(said.toSorted());
});

test("a bit flipped anywhere, a chunk left out, repeated, cut or swapped: never a word that was not said", () => {
  const chance = seeded(19);
  for (let round = 0; round < 120; round += 1) {
    const at = Math.floor(chance() * 9);
    const fault = round % 5;
    const flippedWay = chance() < 0.5 ? "to hub" : "to bob";
    let held: Uint8Array | undefined;
    const between = new Between((bytes, way, index) => {
      if (way !== flippedWay) return [bytes];
      if (held !== undefined) {
        const both = [bytes, held];
        held = undefined;
        return both;
      }
      if (index !== at) return [bytes];
      if (fault === 0) bytes[Math.floor(chance() * bytes.length)]! ^= 1 << Math.floor(chance() * 8);
      if (fault === 1) return [];
      if (fault === 2) return [bytes, bytes];
      if (fault === 3) return [bytes.subarray(0, Math.floor(chance() * bytes.length))];
      if (fault === 4) {
        held = bytes;
        return [];
      }
      return [bytes];
    });
    for (const line of between.chat()) expect(said).toContain(line);
    for (const duet of [between.hub, between.bob])
      for (const { identity, seal } of duet.chat.peers.values())
        if (identity.kind === "duet") expect(seal.stage).toBe("sealed");
  }
});

test("offers that are stripped on the way: nothing typed crosses where sealing is required", () => {
  const strip = (bytes: Uint8Array): readonly Uint8Array[] => [
    Buffer.from(Buffer.from(bytes).toString("latin1").replace(',"seal":1', ""), "latin1"),
  ];
  for (const ways of [["to hub"], ["to bob"], ["to hub", "to bob"]]) {
    const between = new Between((bytes, way) => (ways.includes(way) ? strip(bytes) : [bytes]));
    expect(between.chat()).toEqual([]);
  }
});

test("a stream that is cut is no goodbye: it is reported as cut", () => {
  const { world, hub, bob } = sealedPair();
  bob.say("last words");
  const connection = bob.peer().link.connection;
  world.network.closeTcp(connection, "flush");
  world.pass(100);
  expect(hub.receivedLines()).toEqual(["<bob> last words"]);
  expect(hub.lines().join("\n")).toContain("cut");
});

test("after FIN with its end mark the other side still writes", () => {
  const { world, hub, bob } = sealedPair();
  bob.command("/shutdown hub");
  world.pass(100);
  hub.say("still here");
  world.pass(100);
  expect(bob.receivedLines()).toEqual(["<hub> still here"]);
  expect(lastReason(hub)).toContain("HALF-CLOSED (theirs)");
});

test("the host's own screen says that its person can read what it relays, once it relays", () => {
  const world = new World();
  const hub = world.hub({ encrypt: "require" });
  const says = (): number =>
    hub.lines().filter((line) => line.includes("your duet relays the room and you can read")).length;
  world.member("bob", "tcp", { encrypt: "require" });
  expect(says()).toBe(0);
  world.member("eve", "tcp", { encrypt: "require" });
  world.member("dan", "tcp", { encrypt: "require" });
  expect(says()).toBe(1);
});
