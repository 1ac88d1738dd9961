/** One room, one conversation: both tabs of a host show the same entries, people and count of unread messages. */

import { expect, test } from "bun:test";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import { type Duet, homeTarget, World } from "../support/chat-world.ts";
import type { TransportName } from "../../src/protocol/sockets/socket-event.ts";

const elsewhere = { kind: "ip", host: "127.0.0.1", port: 9000 } as const;

/** A host on both transports, with bob on TCP and carol on UDP. */
function room() {
  const world = new World();
  const hub = world.hub();
  const bob = world.member("bob");
  hub.dispatch({ type: "switched", to: "udp" });
  const carol = world.member("carol", "udp");
  world.pass(500);
  return { world, hub, bob, carol };
}

function isShared({ chat: { sides } }: Duet): boolean {
  return sides.tcp.conversation === sides.udp.conversation;
}

function screen(duet: Duet, active: TransportName) {
  duet.dispatch({ type: "switched", to: active });
  return selectScreen(duet.chat);
}

/** Each message of a tab with its path. */
function paths(duet: Duet, transport: TransportName): readonly string[] {
  const { scrollback } = duet.chat.sides[transport].conversation;
  const entries = Array.from({ length: scrollback.length }, (_, index) => scrollback.at(index));
  return entries.flatMap((entry) => (entry?.kind === "message" ? [`${entry.over} ${entry.text}`] : []));
}

test("both tabs of a host show the same conversation, each message with its path", () => {
  const { world, hub, bob, carol } = room();
  bob.say("over TCP");
  carol.say("over UDP");
  hub.say("over both");
  hub.command("/msg bob to bob");
  hub.command("/tcp");
  hub.command("/msg carol to carol");
  world.pass(500);
  const said = ["tcp over TCP", "udp over UDP", "both over both", "tcp to bob", "udp to carol"];
  expect(paths(hub, "tcp")).toEqual(said);
  expect(hub.lines("udp")).toEqual(hub.lines("tcp"));
  expect(isShared(hub)).toBe(true);
});

test("each message is reported once, and its transport is its path", () => {
  const { world, hub, bob, carol } = room();
  carol.say("from carol");
  bob.say("from bob");
  hub.command("/tcp");
  hub.say("to both, from the TCP tab");
  hub.command("/udp");
  hub.say("to both, from the UDP tab");
  hub.command("/msg bob private");
  bob.quit();
  hub.command("/tcp");
  hub.say("to carol alone, from the TCP tab");
  world.pass(500);
  const messages = hub.outputs.flatMap((output) =>
    output.type === "message" ? [`${output.transport} ${output.text}`] : [],
  );
  expect(messages).toEqual([
    "udp from carol",
    "tcp from bob",
    "tcp to both, from the TCP tab",
    "udp to both, from the UDP tab",
    "tcp private",
    "udp to carol alone, from the TCP tab",
  ]);
  const transports = new Map<number, Set<string>>();
  for (const output of hub.outputs)
    if (output.type === "message" || output.type === "receipt")
      transports.set(output.id, (transports.get(output.id) ?? new Set()).add(output.transport));
  expect([...transports.values()].filter(({ size }) => size > 1)).toEqual([]);
});

test("both tabs show the same people, and a member of the other transport is no reason to say that nobody is here", () => {
  const { hub } = room();
  for (const active of ["tcp", "udp"] as const) {
    const model = screen(hub, active);
    expect(model.peers.map(({ name, transport }) => `${name} ${transport}`)).toEqual([
      "bob tcp",
      "carol udp",
    ]);
    expect([model.tabs.tcp.peers, model.tabs.udp.peers]).toEqual([2, 2]);
  }
});

test("a member with a path on each transport is one row: the path of the tab", () => {
  const { world, hub, bob } = room();
  bob.open({ role: "connect", target: homeTarget }, "udp");
  world.pass(500);
  const rows = (active: TransportName) =>
    screen(hub, active).peers.map(({ name, transport }) => `${name} ${transport}`);
  expect(rows("tcp").toSorted()).toEqual(["bob tcp", "carol udp"]);
  expect(rows("udp").toSorted()).toEqual(["bob udp", "carol udp"]);
});

test("one unread count, one mark of unread entries, and no change by switching tabs", () => {
  const { hub, bob, carol } = room();
  bob.say("seen in the UDP tab");
  const { tabs } = screen(hub, "udp");
  expect([tabs.tcp.unread, tabs.udp.unread]).toEqual([0, 0]);
  hub.dispatch({ type: "overlay-changed", covered: true });
  bob.say("one");
  carol.say("two");
  const covered = selectScreen(hub.chat).tabs;
  expect([covered.tcp.unread, covered.udp.unread]).toEqual([0, 2]);
  hub.dispatch({ type: "overlay-changed", covered: false });
  const before = hub.chat.sides.udp.conversation.scrollback.unreadAfter;
  expect(before).toBeDefined();
  expect(screen(hub, "tcp").tabs.tcp.unread).toBe(0);
  expect(hub.chat.sides.tcp.conversation.scrollback.unreadAfter).toBe(before);
});

test("a message that is seen in the other tab of the room is read", () => {
  const { world, hub, bob } = room();
  hub.dispatch({ type: "focus-changed", away: false });
  bob.say("read in the UDP tab");
  world.pass(1000);
  const { scrollback } = bob.chat.sides.tcp.conversation;
  const entry = scrollback.at(scrollback.length - 1);
  expect(entry?.kind === "message" ? entry.receipt : undefined).toEqual({ stage: "read", by: 1, of: 2 });
});

test("/to, /clear, /resend and search act on the room's conversation from either tab", () => {
  const { world, hub, bob, carol } = room();
  hub.command("/udp");
  hub.command("/to bob");
  hub.command("/tcp");
  hub.say("for bob alone");
  world.pass(100);
  expect(bob.receivedLines().at(-1)).toBe("<hub> for bob alone");
  expect(carol.receivedLines()).toEqual([]);
  hub.command("/clear");
  expect([hub.lines("tcp"), hub.lines("udp")]).toEqual([[], []]);
});

test("a room elsewhere is a conversation of its own, while the other transport hosts", () => {
  const { world, hub, bob } = room();
  const other = world.duet({ name: "dora" });
  other.open({ role: "listen", target: elsewhere }, "udp");
  hub.command("/udp");
  hub.command("/connect 127.0.0.1 9000");
  world.pass(2000);
  expect(isShared(hub)).toBe(false);
  other.say("in dora's room");
  bob.say("in the hub's room");
  world.pass(500);
  expect(paths(hub, "udp").map((line) => line.split(" ").slice(1).join(" "))).toEqual(["in dora's room"]);
  expect(hub.lines("tcp").join("\n")).toContain("in the hub's room");
  expect(hub.lines("tcp").join("\n")).not.toContain("in dora's room");
  const { tabs, peers } = screen(hub, "udp");
  expect(peers.map(({ name }) => name)).toEqual(["dora"]);
  expect(tabs.tcp.unread).toBe(1);
  hub.command("/who");
  expect(hub.lines("udp").join("\n")).not.toContain("bob");
});

test("both transports connected elsewhere are two conversations", () => {
  const world = new World();
  const hub = world.hub();
  hub.open({ role: "listen", target: homeTarget }, "udp");
  const ann = world.member("ann");
  ann.open({ role: "connect", target: homeTarget }, "udp");
  world.pass(500);
  expect(isShared(ann)).toBe(false);
});

test("a transport that hosts again brings its conversation back into the room's, in the order of time", () => {
  const { world, hub, bob } = room();
  const other = world.duet({ name: "dora" });
  other.open({ role: "listen", target: elsewhere }, "udp");
  hub.command("/udp");
  bob.say("one");
  hub.command("/connect 127.0.0.1 9000");
  world.pass(2000);
  other.say("two, elsewhere");
  bob.say("three");
  world.pass(500);
  hub.command("/listen");
  world.pass(2000);
  hub.say("four");
  expect(isShared(hub)).toBe(true);
  const texts = paths(hub, "tcp").map((line) => line.split(" ").slice(1).join(" "));
  expect(texts).toEqual(["one", "two, elsewhere", "three", "four"]);
  expect(selectScreen(hub.chat).tabs.tcp.unread).toBe(0);
});

test("a lost line is marked in the room's conversation, whichever tab it was typed in", () => {
  const { world, hub, carol } = room();
  hub.command("/tcp");
  world.remove(carol);
  hub.say("lost for carol");
  world.pass(120_000);
  const { scrollback } = hub.chat.sides.udp.conversation;
  const entries = Array.from({ length: scrollback.length }, (_, index) => scrollback.at(index));
  const lost = entries.find((entry) => entry?.kind === "message" && entry.text === "lost for carol");
  expect(lost?.kind === "message" ? lost.lostFor : undefined).toEqual(["carol"]);
});
