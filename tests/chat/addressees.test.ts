/** Commands that name a person: one person has the name, or the line returns with the choices. */

import { expect, test } from "bun:test";
import { commandTable } from "../../src/chat/commands/command-table.ts";
import { namesListedMax } from "../../src/protocol/limits.ts";
import { homeTarget, World } from "../support/chat-world.ts";
import type { IpEndpoint } from "../support/fake-network.ts";

test("an unquoted name is one word: the text is never taken for a part of a name, also when its addressee has left", () => {
  const world = new World();
  const hub = world.hub();
  const bob = world.member("bob");
  const eve = world.member("bob the");
  hub.command("/msg bob: the password");
  hub.command('/msg "bob" the password');
  expect(bob.receivedLines()).toEqual(["<hub> the password", "<hub> the password"]);
  hub.command("/msg bob the password");
  expect(hub.errors().at(-1)).toContain('that may be for "bob the" or "bob": put the name in quotes');
  bob.quit();
  hub.command("/msg bob the password");
  expect(hub.errors().at(-1)).toContain(
    'that may be for "bob the": put the name in quotes, as in "bob the" …',
  );
  hub.command("/msg bob: the password");
  expect(hub.errors().at(-1)).toContain("nobody is called bob:");
  expect(eve.receivedLines()).toEqual([]);
  expect(hub.returnedLines).toEqual([
    "/msg bob the password",
    "/msg bob the password",
    "/msg bob: the password",
  ]);
  hub.command('/msg "bob the" hi');
  expect(eve.receivedLines()).toEqual(["<hub> hi"]);
});

test("no name imitates the quotes and the colon that end a name", () => {
  const world = new World();
  const hub = world.hub();
  const bob = world.member("bob");
  const colon = world.member("bob:");
  const quoted = world.member('bob" the');
  expect(hub.memberNames()).toEqual(["bob", "bob:", "bob' the"]);
  hub.command("/msg bob: psst");
  expect(hub.errors().at(-1)).toContain('that may be for "bob:" or "bob"');
  bob.quit();
  hub.command("/msg bob: psst");
  expect(hub.errors().at(-1)).toContain('put the name in quotes, as in "bob:" …');
  hub.command('/msg "bob" the secret');
  expect(hub.errors().at(-1)).toContain("nobody is called bob: there is");
  hub.command('/msg "bob:" to you');
  expect([colon.receivedLines(), quoted.receivedLines()]).toEqual([["<hub> to you"], []]);
});

test("a name is the same in composed and in decomposed letters", () => {
  const world = new World();
  const hub = world.hub();
  const jose = world.member("Jos\u00e9");
  hub.command("/msg jose\u0301 hi");
  hub.command("/msg jose no");
  expect(jose.receivedLines()).toEqual(["<hub> hi"]);
});

test("/nick in quotes is a name as a whole, whoever is here", () => {
  const world = new World();
  const hub = world.hub();
  const raw = world.program().connect().send("hi\n");
  hub.command(`/nick 127.0.0.1:${raw.local.port} old tom`);
  expect(hub.memberNames()).toEqual(["old tom"]);
  hub.command("/nick old tom jones");
  expect(hub.errors().at(-1)).toContain(
    'that may be for "old tom": put the name in quotes, as in "old tom" …',
  );
  hub.command('/nick "old tom" jim');
  hub.command('/nick "jim beam"');
  expect([hub.memberNames(), hub.chat.self.name]).toEqual([["jim"], "jim beam"]);
});

test("a name that two people have is asked about by address, in every command that names a person", () => {
  const addresses: readonly IpEndpoint[] = [40_001, 40_002].map((port) => ({
    family: "IPv4",
    address: "192.0.2.9",
    port,
  }));
  const world = new World();
  const duet = world.duet();
  duet.open({ role: "connect", target: { kind: "ip", host: "239.1.2.3", port: 9999 } }, "udp");
  const { local } = duet.chat.sides.udp.socket;
  for (const from of addresses)
    world.run(() => void world.network.datagram(from, local as IpEndpoint, Buffer.from("<bob> hi\n")));
  const sent = world.network.datagrams.length;
  const naming = commandTable.filter(({ argument }) => ["peer", "name", "peer-then-text"].includes(argument));
  expect(naming.map(({ name }) => name)).toEqual([
    "close",
    "shutdown",
    "rst",
    "nick",
    "msg",
    "to",
    "accept",
    "upgrade",
  ]);
  const streams = new Set(["shutdown", "rst"]);
  for (const { name, argument } of naming) {
    const line = `/${name} bob${argument === "peer" ? "" : " the text"}`;
    duet.command(line);
    const problem = duet.errors().at(-1);
    if (streams.has(name)) expect([line, problem]).toEqual([line, expect.stringContaining("UDP has no")]);
    else
      expect([line, problem]).toEqual([
        line,
        expect.stringContaining('"192.0.2.9:40001" or "192.0.2.9:40002": put the name in quotes'),
      ]);
    expect(duet.returnedLines.at(-1)).toBe(line);
  }
  expect(duet.chat.sides.udp.conversation.addressee).toBeUndefined();
  expect(world.network.datagrams).toHaveLength(sent);
  duet.command('/msg "192.0.2.9:40002" psst');
  expect(world.network.datagrams.at(-1)?.to).toBe("192.0.2.9:40002");
});

test("a name that a host gave two of its members is asked about by address", () => {
  const world = new World();
  const hub = world.hub();
  const ann = world.member("ann");
  const bob = world.member("bob");
  const { members } = ann.peer().hostRoom;
  members.set(98, {
    kind: "remote",
    number: 98,
    name: "bob",
    address: "192.0.2.66:1",
    introduced: undefined,
  });
  const { address } = [...members.values()].find(({ name, number }) => name === "bob" && number !== 98)!;
  for (const line of ["/msg bob psst", "/to bob"]) {
    ann.command(line);
    expect(ann.errors().at(-1)).toContain(`that may be for "${address}" or "192.0.2.66:1"`);
  }
  ann.command(`/msg ${address}: psst`);
  expect([bob.receivedLines(), hub.receivedLines()]).toEqual([["<ann> psst"], []]);
});

test("an undelivered private line is not resent to another member that took the name", () => {
  const world = new World();
  const hub = world.hub();
  hub.open({ role: "listen", target: homeTarget }, "udp");
  const bob = world.member("bob", "udp");
  world.pass(1000);
  hub.dispatch({ type: "switched", to: "udp" });
  world.network.forward = () => undefined;
  hub.command("/msg bob the password");
  world.remove(bob);
  world.pass(120_000);
  expect(hub.memberNames()).toEqual([]);
  hub.command("/resend");
  expect(hub.notices().at(-1)).toContain("nobody is called bob");
  world.network.forward = undefined;
  const eve = world.member("bob", "udp");
  world.pass(1000);
  hub.command("/resend");
  world.pass(1000);
  expect(hub.notices().at(-1)).toContain("bob is a new connection now, maybe another person");
  expect(eve.receivedLines()).toEqual([]);
  expect(hub.returnedLines.at(-1)).toBe('/msg "bob" the password');
  hub.command(hub.returnedLines.at(-1)!);
  world.pass(1000);
  expect(eve.receivedLines()).toEqual(["<hub> the password"]);
});

test("a private line is not sent to who has the addressee's number after the host restarted", () => {
  const world = new World();
  const hub = world.hub({}, "udp");
  const bob = world.member("bob", "udp");
  world.pass(1000);
  const eve = world.member("eve", "udp");
  world.pass(1000);
  bob.command("/to eve");
  bob.say("for eve");
  world.pass(1000);
  expect(eve.receivedLines()).toEqual(["<bob> for eve"]);
  world.remove(hub);
  world.remove(eve);
  world.hub({ name: "hub" }, "udp");
  const mallory = world.member("mallory", "udp");
  world.pass(1000);
  const first = world.member("first", "udp");
  world.pass(120_000);
  expect([...bob.peer().hostRoom.members.values()].map(({ name }) => name)).toContain("mallory");
  bob.say("the password");
  world.pass(1000);
  expect([...mallory.receivedLines(), ...first.receivedLines()]).toEqual([]);
  expect(bob.errors().at(-1)).toContain("eve is no longer here: the line was not sent");
});

/** A duet on two sides: a member of a UDP room, and connected to a program that has not said what it is. */
function startWaiting() {
  const world = new World();
  const room = world.duet({ name: "room" });
  const target = { kind: "ip", host: "127.0.0.1", port: 9000 } as const;
  for (const transport of ["tcp", "udp"] as const) room.open({ role: "listen", target }, transport);
  const duet = world.duet();
  duet.open({ role: "connect", target }, "udp");
  world.pass(1000);
  const program = world.program().listen();
  duet.open({ role: "connect", target: homeTarget }, "tcp");
  duet.command("/tcp");
  return { world, duet, room, program };
}

test.each([
  ["another side", "/udp", "for all"],
  ["another target", "/connect 127.0.0.1 9000", "for all"],
  ["one member", "/to 127.0.0.1:8080", "for all"],
])(
  "a line that waits is not sent to %s that was chosen meanwhile, but returns to the composer",
  (_, line, text) => {
    const { world, duet, room, program } = startWaiting();
    duet.say(text);
    duet.say("and this");
    expect(duet.chat.input.waitingLines).toBe(2);
    duet.command(line);
    world.pass(5000);
    expect([room.receivedLines("tcp"), room.receivedLines("udp"), program.received]).toEqual([[], [], ""]);
    expect(duet.returnedLines).toEqual(["for all\nand this"]);
    expect(duet.errors().at(-1)).toBe(
      "EUSAGE it waited, and was typed for others than it would reach now: the line was not sent",
    );
  },
);

test("a private line that waits is not sent to all after /to", () => {
  const { world, duet, program } = startWaiting();
  duet.command("/to 127.0.0.1:8080");
  duet.say("for one");
  duet.command("/to");
  world.pass(5000);
  expect([program.received, duet.returnedLines]).toEqual(["", ["for one"]]);
});

test("a line that waits is sent if the same side, target and addressee are chosen again", () => {
  const { world, duet, program } = startWaiting();
  duet.say("for the program");
  duet.command("/to 127.0.0.1:8080");
  duet.command("/to");
  world.pass(5000);
  expect([program.received, duet.returnedLines]).toEqual(["for the program\n", []]);
});

test("who is here is listed whole when nobody has the name: a host's members and a member's, up to a bound", () => {
  const world = new World();
  const hub = world.hub();
  const members = Array.from({ length: 14 }, (_, number) => world.member(`member${number}`));
  hub.command("/msg bob hi");
  const all = members.map((_, number) => `member${number}`);
  expect(hub.errors().at(-1)).toEndWith(`nobody is called bob: there is ${all.join(", ")}`);
  members[0]!.command("/msg bob hi");
  const others = ["hub", ...all.slice(1)];
  expect(members[0]!.errors().at(-1)).toEndWith(`nobody is called bob: there is ${others.join(", ")}`);
  for (let number = all.length; number <= namesListedMax; number += 1) world.member(`member${number}`);
  hub.command("/msg bob hi");
  expect(hub.errors().at(-1)).toEndWith(`member${namesListedMax - 1} and 1 more`);
});
