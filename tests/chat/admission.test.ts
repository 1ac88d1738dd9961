/** Admission by address with --allow, --deny, /allow and /deny: each range at its edges and one past them. */

import { expect, test } from "bun:test";
import { formatCidr, parseCidr } from "../../src/protocol/address/cidr.ts";
import { rangesMax } from "../../src/protocol/limits.ts";
import { type Duet, type Program, World } from "../support/chat-world.ts";
import type { IpEndpoint } from "../support/fake-network.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";

const notAllowed = "duet: this address is not allowed here\n";

function at(address: string, port = 4000): IpEndpoint {
  return { family: address.includes(":") ? "IPv6" : "IPv4", address, port };
}

/** Connects from the address and sends a line. */
function connectFrom(world: World, address: string, port?: number): Program {
  return world.program().connect(at(address, port)).send("hello\n");
}

function isMember(hub: Duet, address: string, port = 4000): boolean {
  return [...hub.chat.room.members.values()].some(
    ({ via }) => JSON.stringify(via.link.endpoint) === JSON.stringify(at(address, port)),
  );
}

const edges: readonly (readonly [range: string, inside: readonly string[], outside: readonly string[]])[] = [
  ["10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0", "fd00::1"]],
  ["192.0.2.64/26", ["192.0.2.64", "192.0.2.127"], ["192.0.2.63", "192.0.2.128"]],
  ["192.0.2.7", ["192.0.2.7"], ["192.0.2.6", "192.0.2.8"]],
  ["fe80::/10", ["fe80::", "febf:ffff::1"], ["fe7f:ffff::1", "fec0::", "10.0.0.1"]],
  ["2001:db8::8/125", ["2001:db8::8", "2001:db8::f"], ["2001:db8::7", "2001:db8::10"]],
  ["0.0.0.0/0", ["127.0.0.1", "255.255.255.254"], ["::1"]],
];

test.each(edges)(
  "%s: --allow and --deny match the whole range and no address beside it",
  (range, inside, outside) => {
    const cidr = parseCidr(range)!;
    for (const address of [...inside, ...outside]) {
      const isInside = inside.includes(address);
      for (const rule of ["allow", "deny"] as const) {
        const world = new World();
        const hub = world.hub({ [rule]: [cidr] });
        const program = connectFrom(world, address);
        const isAllowed = (rule === "allow") === isInside;
        expect([rule, address, isMember(hub, address)]).toEqual([rule, address, isAllowed]);
        expect(program.received.includes(notAllowed)).toBe(!isAllowed);
        expect(hub.chat.sides.tcp.counters.turnedAway).toBe(isAllowed ? 0 : 1);
      }
    }
  },
);

test("--deny overrides --allow", () => {
  const world = new World();
  const hub = world.hub({ allow: [parseCidr("10.0.0.0/8")!], deny: [parseCidr("10.1.0.0/16")!] });
  connectFrom(world, "10.0.0.1");
  connectFrom(world, "10.1.0.1");
  expect([isMember(hub, "10.0.0.1"), isMember(hub, "10.1.0.1")]).toEqual([true, false]);
});

test("/allow applies to new connections; connected members stay", () => {
  const world = new World();
  const hub = world.hub();
  connectFrom(world, "127.0.0.1");
  connectFrom(world, "fd00::1");
  hub.command("/allow 10.0.0.0/8");
  hub.command("/allow fd00::2");
  expect(hub.notices().at(-1)).toBe("only 10.0.0.0/8, fd00::2 may join; members already here stay");
  connectFrom(world, "127.0.0.1", 4001);
  connectFrom(world, "10.9.8.7");
  connectFrom(world, "fd00::2");
  connectFrom(world, "fd00::3");
  const there = ["127.0.0.1", "fd00::1", "10.9.8.7", "fd00::2"].map((address) => isMember(hub, address));
  expect(there).toEqual([true, true, true, true]);
  expect([isMember(hub, "127.0.0.1", 4001), isMember(hub, "fd00::3")]).toEqual([false, false]);
});

test("/deny disconnects members of the range with a reason, and rejects their reconnection", () => {
  const world = new World();
  const hub = world.hub();
  const raw = connectFrom(world, "10.0.0.1");
  const other = connectFrom(world, "10.1.0.1");
  const duet = world.program().connect(at("10.0.0.2"));
  duet.send(`${encodeFrame({ type: "hello", name: "eve", session: "s", key: "k" })}\n`);
  hub.command("/deny 10.0.0.0/16");
  expect(hub.memberNames()).toEqual(["10.1.0.1:4000"]);
  expect(raw.received).toEndWith("duet: this address is not allowed here any more\n");
  expect(duet.received).toContain('"type":"goodbye","reason":"this address is not allowed here any more"');
  expect(duet.received).not.toContain("\nduet: ");
  expect(other.received).not.toContain("not allowed");
  const again = connectFrom(world, "10.0.0.1", 4001);
  expect(again.received).toBe(notAllowed);
  expect(hub.chat.sides.tcp.counters.turnedAway).toBe(3);
});

test("a denied UDP sender receives no reply and is counted", () => {
  const world = new World();
  const hub = world.hub({ deny: [parseCidr("10.0.0.0/8")!] }, "udp");
  const denied = world.program("udp").connect(at("10.0.0.1")).send("hello");
  expect([denied.received, hub.receivedLines(), hub.chat.peers.size]).toEqual(["", [], 0]);
  expect(hub.chat.sides.udp.counters.turnedAway).toBe(1);
});

test("/allow and /deny without a range list the rules; an invalid range is reported and changes nothing", () => {
  const hub = new World().hub();
  hub.command("/allow");
  expect(hub.notices().at(-1)).toBe("everybody may join");
  hub.command("/deny 2001:db8::/32");
  hub.command("/deny");
  expect(hub.notices().at(-1)).toBe("everybody may join, but not 2001:db8::/32");
  for (const text of ["10.0.0.0/33", "fe80::/129", "10.0.0", "10.0.0.1-9", "*.test", "a b", "\u001b[31m"]) {
    const before = hub.errors().length;
    hub.command(`/allow ${text}`);
    expect(hub.errors().slice(before).join()).toContain("is neither a host nor a range of addresses");
    expect(hub.errors().join()).not.toContain("\u001b");
  }
  expect(hub.chat.room.rules.allow).toEqual([]);
});

test("/allow and /deny of a name apply to all its addresses, or to the ranges around them", () => {
  const world = new World();
  const hub = world.hub();
  world.hostAddresses.set("two.test", ["10.0.0.1", "2001:db8::1"]);
  world.hostAddresses.set("bad.test", ["10.0.0.7"]);
  for (const address of ["10.0.0.1", "10.0.0.7", "10.0.0.9"]) connectFrom(world, address);
  hub.command("/deny bad.test");
  expect(hub.notices()).toContain("everybody may join, but not 10.0.0.7");
  expect(hub.memberNames()).toEqual(["10.0.0.1:4000", "10.0.0.9:4000"]);
  hub.command("/allow two.test");
  expect(hub.notices().at(-1)).toBe(
    "only 10.0.0.1, 2001:db8::1 may join, but not 10.0.0.7; members already here stay",
  );
  hub.command("/allow two.test/24");
  expect(hub.chat.room.rules.allow.map(formatCidr)).toContain("10.0.0.0/24");
  connectFrom(world, "2001:db8::1");
  connectFrom(world, "11.0.0.1");
  expect([isMember(hub, "2001:db8::1"), isMember(hub, "11.0.0.1")]).toEqual([true, false]);
});

test("a name without an address is reported, and changes no rule", () => {
  const hub = new World().hub();
  for (const rule of ["allow", "deny"] as const) {
    hub.command(`/${rule} nobody.test`);
    expect(hub.errors().at(-1)).toBe("EUSAGE no address was found for nobody.test (ENOTFOUND)");
    expect(hub.chat.room.rules[rule]).toEqual([]);
  }
  const world = new World();
  world.hostAddresses.set("four.test", ["10.0.0.1"]);
  const other = world.hub();
  other.command("/allow four.test/64");
  expect(other.errors().at(-1)).toContain("four.test/64 is neither a host nor a range of addresses");
});

test("a name whose addresses do not all fit adds none of them", () => {
  const world = new World();
  const hub = world.hub();
  for (let number = 1; number < rangesMax; number += 1)
    hub.command(`/deny 10.1.${number >> 8}.${number & 255}`);
  world.hostAddresses.set("one.test", ["10.2.0.1"]);
  world.hostAddresses.set("two.test", ["10.0.0.1", "10.0.0.2"]);
  hub.command("/deny two.test");
  expect(hub.errors().at(-1)).toContain(`there are ${rangesMax - 1} ranges already`);
  hub.command("/deny one.test");
  expect(hub.chat.room.rules.deny.length).toBe(rangesMax);
});

test(`at most ${rangesMax} ranges are kept for /allow and for /deny`, () => {
  const hub = new World().hub();
  for (let number = 0; number <= rangesMax; number += 1) {
    hub.command(`/allow 10.0.${number >> 8}.${number & 255}`);
    hub.command(`/deny 10.1.${number >> 8}.${number & 255}`);
  }
  expect([hub.chat.room.rules.allow.length, hub.chat.room.rules.deny.length]).toEqual([rangesMax, rangesMax]);
  expect(hub.errors().filter((text) => text.includes(`there are ${rangesMax} ranges already`))).toHaveLength(
    2,
  );
});
