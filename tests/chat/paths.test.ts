/**
 * Take-over: a session, a member number or a hello that was collected elsewhere makes nobody a path of a member; a
 * process stays one member over both transports and after a reconnect.
 */

import { describe, expect, test } from "bun:test";
import { type BorrowedBytes, copyBytes } from "../../src/protocol/borrowed-bytes.ts";
import { encodeFrame, parseFrame } from "../../src/protocol/frames/frame-codec.ts";
import type { Frame } from "../../src/protocol/frames/frame.ts";
import { computePathProof } from "../../src/protocol/frames/path-proof.ts";
import { datagramFrameMaxBytes, knownPathsMax, memberPathsMax } from "../../src/protocol/limits.ts";
import type { Target } from "../../src/protocol/address/target.ts";
import type { ConnectionId, SocketEvent, TransportName } from "../../src/protocol/sockets/socket-event.ts";
import { decodeUtf8 } from "../../src/protocol/text/utf8.ts";
import { type Duet, home, homeTarget, type Program, World } from "../support/chat-world.ts";
import { type IpEndpoint, loopback } from "../support/fake-network.ts";

const elsewhere: Target = { kind: "ip", host: "127.0.0.1", port: 8081 };
const transports = ["tcp", "udp"] as const;

function toTarget({ address, port }: IpEndpoint): Target {
  return { kind: "ip", host: address, port };
}

function getOther(transport: TransportName): TransportName {
  return transport === "tcp" ? "udp" : "tcp";
}

/** A program in the middle: what a victim sends to `at` is sent on to a host, and back, byte for byte. */
class Relay {
  /** All that the victim and the host sent. */
  seen = "";
  readonly #world: World;
  readonly #transport: TransportName;
  #victim: ConnectionId | undefined;
  #host: ConnectionId | undefined;

  constructor(world: World, transport: TransportName, at: IpEndpoint, to: IpEndpoint) {
    this.#world = world;
    this.#transport = transport;
    const { network } = world;
    const front = { onEvent: (_: TransportName, event: SocketEvent) => this.#onFront(event) };
    const back = { onEvent: (_: TransportName, event: SocketEvent) => this.#onBack(event) };
    world.run(() => {
      if (transport === "tcp") {
        network.listenTcp(front, at);
        network.connectTcp(back, to);
      } else {
        network.bindUdp(front, at);
        network.bindUdp(back, loopback(network.takePort()));
        this.#host = network.associate(back, to);
      }
    });
  }

  #onFront(event: SocketEvent): void {
    if (event.type === "connected") this.#victim = event.connection;
    if (event.type === "received") this.#pass(this.#host, event.bytes);
  }

  #onBack(event: SocketEvent): void {
    if (event.type === "connected") this.#host = event.connection;
    if (event.type === "received") this.#pass(this.#victim, event.bytes);
  }

  #pass(to: ConnectionId | undefined, bytes: BorrowedBytes): void {
    const copy = copyBytes(bytes);
    this.seen += `${decodeUtf8(copy)}\n`;
    const { network } = this.#world;
    this.#world.run(() => {
      if (to === undefined) return;
      if (this.#transport === "tcp") network.sendTcp(to, copy);
      else network.sendUdp(to, copy);
    });
  }
}

function send(program: Program, transport: TransportName, frame: Frame, key?: string): void {
  const padTo = transport === "udp" && frame.type === "hello" ? datagramFrameMaxBytes : 0;
  program.send(encodeFrame(frame, key, padTo) + (transport === "tcp" ? "\n" : ""));
}

function readFrames(text: string): readonly Frame[] {
  return text.split("\n").flatMap((line) => {
    const parsed = parseFrame(line);
    return parsed.kind === "frame" ? [parsed.frame] : [];
  });
}

function findHello(received: string): Extract<Frame, { type: "hello" }> | undefined {
  return readFrames(received).find((frame) => frame.type === "hello");
}

/** Listens at an endpoint, collects what the victim sends there, and leaves. */
function collectFrom(victim: Duet, world: World, transport: TransportName, at: IpEndpoint): readonly Frame[] {
  const thief = world.program(transport);
  world.run(() => {
    if (transport === "tcp") world.network.listenTcp(thief, at);
    else world.network.bindUdp(thief, at);
  });
  victim.open({ role: "connect", target: toTarget(at) }, transport);
  victim.dispatch({ type: "switched", to: transport });
  world.pass(100);
  victim.command("/close");
  world.pass(5000);
  world.network.vanish(thief);
  return readFrames(thief.datagrams.join("\n"));
}

/** All sessions that a program with these frames can send to the host at 127.0.0.1:8080. */
function attack(world: World, transport: TransportName, stolen: readonly Frame[]): readonly Program[] {
  return stolen.flatMap((hello) => {
    if (hello.type !== "hello") return [];
    return [undefined, 1, 2, 3].flatMap((member) =>
      [hello.key, "0".repeat(16)].map((key) => {
        const thief = world.program(transport).connect();
        const claim = { ...hello, key, ...(member === undefined ? {} : { member }) };
        send(thief, transport, claim);
        const answer = findHello(thief.datagrams.join("\n"));
        const newKey = answer?.key ?? "";
        const at = "127.0.0.1:8080";
        const proof = computePathProof(hello.key, { newKey, transport, at });
        send(thief, transport, { type: "ping", number: 1, at, proof }, newKey);
        return thief;
      }),
    );
  });
}

describe.each([...transports])("over %s", (transport) => {
  test("who collected hellos at its own listener is not the victim at another host", () => {
    const world = new World();
    const mia = world.duet({ name: "mia", duet: true });
    const hub = world.hub({}, transport);
    hub.dispatch({ type: "switched", to: transport });
    const places: IpEndpoint[] = [loopback(9000), { ...home, address: "127.0.0.2" }];
    const stolen = places.flatMap((at) => collectFrom(mia, world, transport, at));
    expect(stolen.filter(({ type }) => type === "hello").length).toBeGreaterThanOrEqual(2);
    mia.open({ role: "connect", target: homeTarget }, transport);
    world.pass(1000);
    expect(hub.memberNames()).toEqual(["mia"]);
    const thieves = attack(world, transport, stolen);
    world.pass(1000);
    expect(hub.memberNames().length).toBe(1 + thieves.length);
    expect([...hub.chat.room.members.values()].map(({ paths }) => paths.size)).not.toContain(2);
    hub.command("/msg mia the password");
    world.pass(1000);
    expect(mia.receivedLines()).toEqual(["<hub> the password"]);
    expect(thieves.filter(({ received }) => received.includes("password"))).toEqual([]);
  });

  test("a program that the victim takes for the host's other transport cannot pass its proof on", () => {
    const world = new World();
    const other = getOther(transport);
    const hub = world.hub({}, transport);
    hub.open({ role: "listen", target: elsewhere }, other);
    const mia = world.member("mia", transport);
    world.pass(1000);
    const relay = new Relay(world, other, home, loopback(8081));
    mia.open({ role: "connect", target: homeTarget }, other);
    world.pass(2000);
    expect(relay.seen).toContain('"proof":');
    expect(hub.memberNames()).toEqual(["mia", "mia~2"]);
    hub.dispatch({ type: "switched", to: other });
    hub.command("/msg mia the password");
    world.pass(1000);
    expect(mia.receivedLines(transport)).toEqual(["<hub> the password"]);
    expect(relay.seen).not.toContain("password");
  });

  test("a second path over the other transport, and one after a lost connection, belong to the same member", () => {
    const world = new World();
    const other = getOther(transport);
    const hub = world.hub({}, transport);
    hub.open({ role: "listen", target: homeTarget }, other);
    const mia = world.member("mia", transport);
    const eve = world.member("eve", transport);
    world.pass(1000);
    mia.open({ role: "connect", target: homeTarget }, other);
    world.pass(1000);
    expect(hub.memberNames()).toEqual(["mia", "eve"]);
    const again = world.duet({ name: "mia", duet: true });
    for (const [name, path] of mia.chat.self.knownPaths) again.chat.self.knownPaths.set(name, path);
    again.open({ role: "connect", target: homeTarget }, transport);
    world.pass(1000);
    expect(hub.memberNames()).toEqual(["mia", "eve"]);
    expect(again.peer().hostRoom.ourNumber).toBe(mia.peer().hostRoom.ourNumber);
    expect(eve.notices().filter((text) => text.includes("mia joined"))).toEqual([]);
  });

  test("an older duet sends one session over both transports: it chats, as two members", () => {
    const world = new World();
    const hub = world.hub({}, transport);
    hub.open({ role: "listen", target: homeTarget }, getOther(transport));
    const session = "5".repeat(24);
    for (const over of transports) {
      const old = world.program(over).connect();
      send(old, over, { type: "hello", name: "old", session, key: "k".repeat(16) });
      const key = findHello(old.datagrams.join("\n"))?.key;
      send(old, over, { type: "ping", number: 1 }, key);
      send(old, over, { type: "message", id: 1, text: `over ${over}` }, key);
    }
    world.pass(1000);
    expect(hub.memberNames()).toEqual(["old", "old~2"]);
    expect(hub.receivedLines()).toEqual(["<old> over tcp", "<old~2> over udp"]);
  });
});

test("a duet that greets a silent banner late is a second path all the same", () => {
  const world = new World();
  const hub = world.hub({}, "udp");
  hub.open({ role: "listen", target: homeTarget }, "tcp");
  const mia = world.member("mia", "udp");
  world.pass(1000);
  const path = [...mia.chat.self.knownPaths.values()][0]!;
  const late = world.program().connect();
  world.pass(1000);
  expect(hub.memberNames()).toEqual(["mia", `127.0.0.1:${late.local.port}`]);
  send(late, "tcp", { type: "hello", name: "mia", session: "s", key: "k", member: path.number });
  expect(hub.memberNames()).toEqual(["mia"]);
  const newKey = findHello(late.received)?.key ?? "";
  const at = "127.0.0.1:8080";
  const proof = computePathProof(path.key, { newKey, transport: "tcp", at });
  send(late, "tcp", { type: "ping", number: 1, at, proof });
  expect(hub.memberNames()).toEqual(["mia"]);
  expect(readFrames(late.received).find(({ type }) => type === "welcome")).toMatchObject({
    you: path.number,
  });
});

test("a claim without a proof joins as a member of its own with its first frame", () => {
  const world = new World();
  const hub = world.hub();
  world.member("mia");
  world.pass(1000);
  const eve = world.program().connect();
  send(eve, "tcp", { type: "hello", name: "mia", session: "s", key: "k", member: 2 });
  hub.say("not for who claims to be mia");
  expect(eve.received).not.toContain("not for");
  send(eve, "tcp", { type: "message", id: 1, text: "hi" });
  expect(hub.memberNames()).toEqual(["mia", "mia~2"]);
  expect(hub.receivedLines()).toEqual(["<mia~2> hi"]);
});

test("a member has at most memberPathsMax paths; one more is a member of its own", () => {
  const world = new World();
  const hub = world.hub();
  const mia = world.member("mia");
  world.pass(1000);
  const path = [...mia.chat.self.knownPaths.values()][0]!;
  const at = "127.0.0.1:8080";
  const join = (): void => {
    const more = world.program().connect();
    send(more, "tcp", { type: "hello", name: "mia", session: "s", key: "k", member: path.number });
    const newKey = findHello(more.received)?.key ?? "";
    const proof = computePathProof(path.key, { newKey, transport: "tcp", at });
    send(more, "tcp", { type: "ping", number: 1, at, proof });
  };
  for (let paths = 1; paths < memberPathsMax; paths += 1) join();
  expect(hub.memberNames()).toEqual(["mia"]);
  expect([...hub.chat.room.members.values()][0]?.paths.size).toBe(memberPathsMax);
  join();
  expect(hub.memberNames()).toEqual(["mia", "mia~2"]);
});

test("a duet remembers its latest knownPathsMax paths", () => {
  const world = new World();
  const mia = world.duet({ name: "mia", duet: true });
  for (let port = 9001; port <= 9001 + knownPathsMax; port += 1) {
    const hub = world.duet({ name: "hub" });
    hub.open({ role: "listen", target: toTarget(loopback(port)) });
    mia.open({ role: "connect", target: toTarget(loopback(port)) });
    world.pass(1000);
  }
  const ports = [...mia.chat.self.knownPaths.values()].map(
    ({ endpoint }) => "port" in endpoint && endpoint.port,
  );
  expect(ports).toEqual(Array.from({ length: knownPathsMax }, (_, index) => 9002 + index));
});

test("no two endpoints receive the same session, in either role", () => {
  const world = new World();
  const hub = world.hub();
  const collected: string[] = [];
  const mia = world.duet({ name: "mia", duet: true });
  const places = [loopback(9000), loopback(9001), { ...home, address: "127.0.0.2" }];
  for (const transport of transports)
    for (const at of places)
      for (const frame of collectFrom(mia, world, transport, at))
        if (frame.type === "hello") collected.push(frame.session);
  mia.open({ role: "listen", target: elsewhere });
  const client = world.program();
  world.run(() => void world.network.connectTcp(client, loopback(8081), { ...home, address: "127.0.0.3" }));
  send(client, "tcp", { type: "hello", name: "eve", session: "s", key: "k" });
  collected.push(findHello(client.received)?.session ?? "");
  expect(new Set(collected).size).toBe(2 * places.length + 1);
  expect(hub.memberNames()).toEqual([]);
});
