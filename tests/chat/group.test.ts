/** A multicast group in the chat: one peer stands for the group, and members are known by their endpoints. */

import { expect, test } from "bun:test";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { strangerLinesBurst, strangerLinesPerSecond } from "../../src/protocol/limits.ts";
import { type Duet, World } from "../support/chat-world.ts";
import type { IpEndpoint } from "../support/fake-network.ts";

const target = { kind: "ip", host: "239.1.2.3", port: 9999 } as const;
const bob: IpEndpoint = { family: "IPv4", address: "192.0.2.9", port: 40_001 };
const eve: IpEndpoint = { family: "IPv4", address: "192.0.2.9", port: 40_002 };

function joinGroup(over = {}) {
  const world = new World();
  const duet = world.duet(over);
  duet.open({ role: "connect", target }, "udp");
  const { local } = duet.chat.sides.udp.socket;
  const receive = (from: IpEndpoint, text: string): void =>
    world.run(() => void world.network.datagram(from, local as IpEndpoint, Buffer.from(text)));
  return { world, duet, receive };
}

const sentTo = (world: World): readonly string[] =>
  world.network.datagrams
    .filter(({ to }) => to === "239.1.2.3:9999")
    .map(({ bytes }) => Buffer.from(bytes).toString());

test("a line is sent to the group once, as plain text with our name, and multicast's limits are explained", () => {
  const { world, duet } = joinGroup({ duet: true });
  duet.say("hello all");
  duet.command("/me waves");
  expect(sentTo(world)).toEqual(["<ann> hello all\n", "* ann waves\n"]);
  duet.say("one\n\n\ttwo");
  duet.command("/me waves\nand leaves");
  expect(sentTo(world).slice(2)).toEqual([
    "<ann> one\n",
    "<ann> \ttwo\n",
    "* ann waves\n",
    "* ann and leaves\n",
  ]);
  const bytes = duet.outputs.flatMap((output) => (output.type === "message" ? [output.bytes] : []));
  expect(bytes).toEqual([16, 12, 21, 29]);
  expect(duet.notices().join("\n")).toContain("promises no delivery and checks no name");
  expect(duet.outputs.find(({ type }) => type === "message")).toMatchObject({ text: "hello all", bytes: 16 });
});

test("members of a group are shown by the names they claim, with their addresses, and nothing is relayed", () => {
  const { world, duet, receive } = joinGroup();
  receive(bob, "<bob> hi\n");
  receive(eve, "<bob> it is me who is bob\n");
  receive(eve, "no name at all\r\n");
  expect(duet.receivedLines("udp")).toEqual([
    "<bob> hi",
    "<bob> it is me who is bob",
    "<bob> no name at all",
  ]);
  const addresses = duet.outputs.flatMap((output) => (output.type === "message" ? [output.peer] : []));
  expect(addresses).toEqual(["192.0.2.9:40001", "192.0.2.9:40002", "192.0.2.9:40002"]);
  expect(sentTo(world)).toEqual([]);
  const { tabs, peers } = selectScreen(duet.chat);
  expect(tabs.udp).toMatchObject({ role: "group", peers: 2 });
  expect(peers.map(({ address }) => address)).toEqual([
    "239.1.2.3:9999",
    "192.0.2.9:40001",
    "192.0.2.9:40002",
  ]);
});

test("a name of another address, ours, a reserved word and an address are shown with ~2; one address may share a name", () => {
  const { world, duet, receive } = joinGroup();
  const far: IpEndpoint = { family: "IPv4", address: "192.0.2.66", port: 40_001 };
  const shown = (from: IpEndpoint, claimed: string): string | undefined => {
    receive(from, `<${claimed}> hi`);
    world.pass(1000);
    return duet.receivedLines("udp").at(-1);
  };
  expect(shown(bob, "bob")).toBe("<bob> hi");
  expect(["bob", "BОB", "ann", "you", "duet", "192.0.2.9"].map((name) => shown(far, name))).toEqual([
    "<bob~2> hi",
    "<BОB~2> hi",
    "<ann~2> hi",
    "<you~2> hi",
    "<duet~2> hi",
    "<192.0.2.9~2> hi",
  ]);
  // Of names that were claimed, only the last one is kept.
  expect(duet.chat.room.groupNames.shown.size).toBe(2);
  expect([shown(eve, "bob"), shown(bob, "robert"), shown(far, "bob")]).toEqual([
    "<bob> hi",
    "<robert> hi",
    "<bob~2> hi",
  ]);
  duet.command("/msg bob for one");
  expect(world.network.datagrams.at(-1)?.to).toBe("192.0.2.9:40002");
  duet.command("/close");
  world.pass(5000);
  const { shown: names, claims } = duet.chat.room.groupNames;
  expect([names.size, claims.size]).toEqual([0, 0]);
});

test("a frame in a group is text: no member is greeted, answered or taken for a duet", () => {
  const { world, duet, receive } = joinGroup();
  const hello = encodeFrame({ type: "hello", name: "bob", session: "1".repeat(24), key: "2".repeat(16) });
  receive(bob, hello);
  receive(bob, "duet/2 {}");
  expect(duet.receivedLines("udp")).toEqual([`<192.0.2.9:40001> ${hello}`, "<192.0.2.9:40001> duet/2 {}"]);
  world.pass(10_000);
  expect(world.network.datagrams.filter(({ from }) => !from.startsWith("192.0.2.9"))).toEqual([]);
  expect(duet.notices().join("\n")).not.toContain("not have our key");
});

test("/msg to a member of a group is sent to it alone, and marked as private", () => {
  const { world, duet, receive } = joinGroup();
  receive(bob, "<bob> hi\n");
  duet.command("/msg bob psst");
  const last = world.network.datagrams.at(-1);
  expect([last?.to, Buffer.from(last?.bytes ?? []).toString()]).toEqual([
    "192.0.2.9:40001",
    "<ann → you> psst\n",
  ]);
});

test("--raw sends exactly the typed text and shows exactly the received text", () => {
  const { world, duet, receive } = joinGroup({ raw: true });
  duet.say("as it is");
  expect(sentTo(world)).toEqual(["as it is"]);
  receive(bob, "<bob> hi");
  expect(duet.receivedLines("udp")).toEqual(["<192.0.2.9:40001> <bob> hi"]);
});

test("switching to TCP opens the default endpoint, not a group", () => {
  const { duet } = joinGroup();
  duet.command("/tcp");
  expect(duet.chat.sides.tcp.socket.request).toMatchObject({ target: { host: "127.0.0.1", port: 8080 } });
  expect(duet.chat.sides.tcp.socket.role).toBe("listen");
});

test("/connect joins a group only on the UDP side, and /listen refuses a group", () => {
  const wrong = (duet: Duet, line: string): readonly string[] => {
    duet.command(line);
    return duet.errors();
  };
  expect(wrong(new World().duet(), "/connect 239.1.2.3 9")).toEqual([
    "EUSAGE a group uses datagrams: /udp first",
  ]);
  const { duet } = joinGroup();
  expect(wrong(duet, "/listen 239.1.2.3 9")).toEqual(["EUSAGE nobody listens on a group: /connect joins it"]);
});

test("strangers in a group share the allowance of their address, and are not answered", () => {
  const { world, duet, receive } = joinGroup();
  for (let line = 0; line < strangerLinesBurst; line += 1) {
    receive({ ...bob, port: 50_000 + line }, `<bob> ${line}\n`);
    receive({ ...bob, port: 50_000 + line }, "X");
  }
  expect(duet.receivedLines("udp")).toHaveLength(strangerLinesBurst);
  world.pass((strangerLinesBurst * 1000) / strangerLinesPerSecond);
  expect(duet.receivedLines("udp")).toHaveLength(2 * strangerLinesBurst);
  expect(world.network.datagrams.filter(({ to }) => to.startsWith("192.0.2.9:"))).toEqual([]);
});
