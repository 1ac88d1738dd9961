/** The allowance of strangers belongs to an address: whatever connections it makes, no more lines are shown. */

import { describe, expect, test } from "bun:test";
import { makeAddressKey } from "../../src/protocol/address/address-key.ts";
import { makeIpEndpoint } from "../../src/protocol/address/endpoint.ts";
import { parseCidr } from "../../src/protocol/address/cidr.ts";
import {
  addressBudgetsMax,
  addressWaitingMaxBytes,
  strangerConnectionShare,
  strangerLinesBurst,
  strangerLinesPerSecond,
  strangersWaitingMaxBytes,
  strangerWaitingMaxBytes,
} from "../../src/protocol/limits.ts";
import {
  addConnection,
  createAddressBudgets,
  removeConnection,
  tryTakeLine,
} from "../../src/chat/records/address-budgets.ts";
import { type Duet, type Program, World } from "../support/chat-world.ts";
import type { IpEndpoint } from "../support/fake-network.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";

const attackMs = 5500;
const stepMs = 10;
/** The lines that one address may have shown in the time of an attack. */
const promised = Math.floor(strangerLinesBurst + (attackMs * strangerLinesPerSecond) / 1000);

function at(address: string, port: number): IpEndpoint {
  return { family: address.includes(":") ? "IPv6" : "IPv4", address, port };
}

/** A room that listens over both transports. */
function openHub(allow: readonly string[] = []): { readonly world: World; readonly hub: Duet } {
  const world = new World();
  const hub = world.hub({ allow: allow.map((range) => parseCidr(range)!) });
  hub.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
  return { world, hub };
}

const paste = Array.from({ length: 200 }, (_, index) => `line ${index}\n`).join("");

/** What an attacker does in each step, with a port of its own. */
const attacks: Readonly<
  Record<string, (world: World, from: (port: number) => IpEndpoint, port: number) => void>
> = {
  "sending and resetting": (world, from, port) =>
    void world.program().connect(from(port)).send(paste).close("reset"),
  "sending, half-closing and closing": (world, from, port) =>
    void world.program().connect(from(port)).send(paste).fin().close(),
  "unfinished lines": (world, from, port) =>
    void world.program().connect(from(port)).send("x").close("reset"),
  "unfinished lines that stay": (world, from, port) => void world.program().connect(from(port)).send("x"),
  "a burst for each connection": (world, from, port) =>
    void world.program().connect(from(port)).send(paste.slice(0, 70)),
  "a new UDP port for each line": (world, from, port) =>
    void world.program("udp").connect(from(port)).send("line"),
  "duets that greet, send and reset": (world, from, port) => {
    const hello = encodeFrame({ type: "hello", name: `d${port}`, session: `s${port}`, key: "k" });
    const messages = Array.from({ length: 20 }, (_, id) =>
      encodeFrame({ type: "message", id, text: "line" }),
    );
    world
      .program()
      .connect(from(port))
      .send(`${[hello, ...messages].join("\n")}\n`)
      .close("reset");
  },
  "both transports in turns": (world, from, port) => {
    world.program().connect(from(port)).send(paste).close("reset");
    world.program("udp").connect(from(port)).send("line");
  },
};

/** The messages on both tabs, unfinished ones too. */
function countShown(hub: Duet): number {
  return hub.allLines().filter((line) => line.startsWith("<")).length;
}

function attack(hub: Duet, world: World, name: string, from: (port: number) => IpEndpoint): number {
  for (let passed = 0; passed <= attackMs; passed += stepMs) {
    attacks[name]!(world, from, 10_000 + passed);
    if (passed < attackMs) world.pass(stepMs);
  }
  return countShown(hub);
}

const machines: Readonly<Record<string, (port: number) => IpEndpoint>> = {
  "an IPv4 address": (port) => at("10.1.2.3", port),
  "an IPv6 /64": (port) => at(`fd00:1:2:3:${port.toString(16)}::7`, port),
  "an IPv4 address, mapped and not": (port) => at(port % 20 === 0 ? "10.1.2.3" : "::ffff:10.1.2.3", port),
};

describe.each(Object.keys(machines))("%s", (machine) => {
  test.each(Object.keys(attacks))(
    `shows ${promised} lines in ${attackMs / 1000} s at most, by %s`,
    (name) => {
      const { world, hub } = openHub();
      const shown = attack(hub, world, name, machines[machine]!);
      expect(shown).toBeGreaterThanOrEqual(strangerLinesBurst);
      expect(shown).toBeLessThanOrEqual(promised);
      // What waited was dropped with its sender: nothing follows in a burst later.
      const before = countShown(hub);
      world.pass(1000);
      expect(countShown(hub) - before).toBeLessThanOrEqual(strangerLinesPerSecond + 1);
    },
  );
});

test("ranges of --allow and this machine have no allowance to exhaust", () => {
  for (const [allow, machine] of [
    [["10.0.0.0/8"], (port: number) => at("10.1.2.3", port)],
    [[], (port: number) => at("127.0.0.1", port)],
  ] as const) {
    const { world, hub } = openHub(allow);
    for (let port = 1; port <= 20; port += 1)
      world.program().connect(machine(port)).send("line\n".repeat(10)).close("reset");
    expect(countShown(hub)).toBe(200);
  }
});

test("one row counts what a stranger left waiting", () => {
  const { world, hub } = openHub();
  world.program().connect(at("10.1.2.3", 4000)).send(paste).close("reset");
  const lines = 200 - strangerLinesBurst;
  expect(hub.notices().filter((text) => text.includes("waited"))).toEqual([
    `${lines} lines of 10.1.2.3:4000 still waited for a turn when it left: dropped`,
  ]);
  expect(hub.chat.sides.tcp.counters.droppedOfStrangers).toBe(lines);
  world.pass(60_000);
  expect(countShown(hub)).toBe(strangerLinesBurst);
});

test("a stranger that has sent FIN stays until its lines have had their turn", () => {
  const { world, hub } = openHub();
  world.program().connect(at("10.1.2.3", 4000)).send(paste).fin();
  world.pass((200 / strangerLinesPerSecond) * 1000);
  expect(countShown(hub)).toBe(200);
});

test("a room without input of its own ends such a stranger after its last line", () => {
  const world = new World();
  const hub = world.hub({ headless: true });
  hub.endInput();
  const program = world.program().connect(at("10.1.2.3", 4000)).send(paste).fin();
  world.pass((200 / strangerLinesPerSecond) * 1000);
  expect(hub.receivedLines()).toHaveLength(200);
  expect(program.eventTypes).toContain("disconnected");
});

test("people behind one address take turns: a flood leaves each of the others a line of its own share", () => {
  const { world, hub } = openHub();
  const flooders = [1, 2, 3].map((port) => world.program().connect(at("10.1.2.3", port)).send(paste));
  const quiet = world.program().connect(at("10.1.2.3", 9));
  world.pass(2000);
  for (let line = 0; line < 3; line += 1) {
    quiet.send(`quiet ${line}\n`);
    world.pass(((flooders.length + 1) * 1000) / strangerLinesPerSecond);
    expect(hub.lines().filter((text) => text.includes("quiet"))).toHaveLength(line + 1);
  }
});

test("a connection that shares its address may use its share alone", () => {
  const { world, hub } = openHub();
  world.program().connect(at("10.1.2.3", 1));
  const other = world.program().connect(at("10.1.2.3", 2)).send(paste);
  const share = strangerConnectionShare;
  expect(countShown(hub)).toBe(strangerLinesBurst * share);
  world.pass(2000);
  expect(countShown(hub)).toBe(strangerLinesBurst * share + 2 * strangerLinesPerSecond * share);
  other.close("reset");
});

test("another address is not slowed by a flood", () => {
  const { world, hub } = openHub();
  attack(hub, world, "both transports in turns", machines["an IPv4 address"]!);
  const before = countShown(hub);
  world.program().connect(at("10.1.2.4", 1)).send("line\n".repeat(strangerLinesBurst));
  expect(countShown(hub) - before).toBe(strangerLinesBurst);
});

test("one key names an address: mapped, in any notation, and a whole /64", () => {
  const key = (address: string) => makeAddressKey(makeIpEndpoint(address, 1));
  expect(key("10.1.2.3")).toBe("10.1.2.3");
  expect(key("::ffff:10.1.2.3")).toBe("10.1.2.3");
  expect(makeAddressKey({ family: "IPv6", address: "::ffff:a01:203", port: 1 })).toBe("10.1.2.3");
  expect(key("2001:db8:0:1::1")).toBe("2001:db8:0:1::/64");
  expect(key("2001:0db8:0:1:ffff:ffff:ffff:ffff")).toBe("2001:db8:0:1::/64");
  expect(key("2001:db8:0:2::1")).toBe("2001:db8:0:2::/64");
  expect(key("fe80::1%eth0")).toBe(key("fe80::2"));
  expect(makeAddressKey({ family: "unix", path: "/x" })).toBeUndefined();
});

/** Takes a line in the name of an address that connects for it alone. */
function takeAlone(budgets: ReturnType<typeof createAddressBudgets>, key: string, nowMs: number): boolean {
  addConnection(budgets, key);
  const isTaken = tryTakeLine(budgets.present.get(key)!, { fullAtMs: 0 }, nowMs);
  removeConnection(budgets, key, nowMs);
  return isTaken;
}

test(`${addressBudgetsMax} addresses that left are remembered, until their budget is full; full ones go first`, () => {
  const budgets = createAddressBudgets();
  const fullMs = 1000 / strangerLinesPerSecond;
  for (let number = 0; number < addressBudgetsMax; number += 1) takeAlone(budgets, `a${number}`, 0);
  expect(budgets.departed.size).toBe(addressBudgetsMax);
  takeAlone(budgets, "one more", 0);
  expect([budgets.departed.size, budgets.departed.has("a0"), budgets.departed.has("a1")]).toEqual([
    addressBudgetsMax,
    false,
    true,
  ]);
  // An emptied one is remembered while full ones are forgotten.
  for (let line = 0; line < strangerLinesBurst; line += 1) takeAlone(budgets, "emptied", 1);
  expect(takeAlone(budgets, "emptied", 1)).toBe(false);
  for (let number = 0; number < addressBudgetsMax; number += 1) takeAlone(budgets, `b${number}`, fullMs + 1);
  expect(budgets.departed.has("emptied")).toBe(true);
  expect(budgets.departed.size).toBeLessThanOrEqual(addressBudgetsMax);
  takeAlone(budgets, "last", strangerLinesBurst * fullMs + 1000);
  expect(budgets.present.size).toBe(0);
});

test(`${addressWaitingMaxBytes} bytes wait for the UDP ports of an address, and one line more is dropped`, () => {
  const { world, hub } = openHub();
  const line = "x".repeat(1024);
  const sendFrom = (address: string, port: number, lines: number): Program => {
    const program = world.program("udp").connect(at(address, port));
    for (let sent = 0; sent < lines; sent += 1) program.send(line);
    return program;
  };
  sendFrom("10.1.2.3", 1, 0);
  sendFrom("10.1.2.3", 2, strangerLinesBurst);
  const { counters } = hub.chat.sides.udp;
  const perPort = strangerWaitingMaxBytes / line.length;
  const address = () => hub.chat.room.addresses.present.get("10.1.2.3")!;
  for (let port = 10; address().waitingBytes + line.length <= addressWaitingMaxBytes; port += 1)
    sendFrom(
      "10.1.2.3",
      port,
      Math.min(perPort, (addressWaitingMaxBytes - address().waitingBytes) / line.length),
    );
  expect([address().waitingBytes, counters.droppedOfStrangers]).toEqual([addressWaitingMaxBytes, 0]);
  sendFrom("10.1.2.3", 99, 1);
  expect([address().waitingBytes, counters.droppedOfStrangers]).toEqual([addressWaitingMaxBytes, 1]);
  sendFrom("10.1.2.4", 1, strangerLinesBurst + 1);
  expect(counters.droppedOfStrangers).toBe(1);
});

test("what waits of all strangers has one bound", () => {
  const { world, hub } = openHub();
  for (let machine = 0; machine < 400; machine += 1)
    world
      .program()
      .connect(at(`10.1.${machine >> 8}.${machine & 255}`, 1))
      .send(`${"x".repeat(1000)}\n`.repeat(200));
  const { addresses } = hub.chat.room;
  expect(addresses.waitingBytes).toBeGreaterThan(strangersWaitingMaxBytes / 2);
  expect(addresses.waitingBytes).toBeLessThanOrEqual(strangersWaitingMaxBytes + 1024 * 1024);
  expect(hub.chat.sides.tcp.counters.droppedOfStrangers).toBeGreaterThan(0);
  hub.quit();
  expect([addresses.waitingBytes, addresses.present.size]).toEqual([0, 0]);
});
