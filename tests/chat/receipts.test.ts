/** Receipts of a line: queued, sent, received and read, each reported only once it is known. */

import { expect, test } from "bun:test";
import type { MessageEntry } from "../../src/chat/log/entry.ts";
import { encodeFrame, numberLine, parseFrame } from "../../src/protocol/frames/frame-codec.ts";
import {
  receiptIntervalMs,
  receiptRangesMax,
  receiptRoomMax,
  receiptsAwaitedMax,
  relayedIdsMax,
} from "../../src/protocol/limits.ts";
import type { TransportName } from "../../src/protocol/sockets/socket-event.ts";
import { type Duet, World } from "../support/chat-world.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";

/** A hub and members, all with a screen that shows the given transport. */
function room(transport: TransportName, ...names: readonly string[]) {
  const world = new World();
  const hub = world.hub({}, transport);
  hub.dispatch({ type: "switched", to: transport });
  const members = names.map((name) => {
    const member = world.member(name, transport);
    member.dispatch({ type: "switched", to: transport });
    return member;
  });
  world.pass(2000);
  return { world, hub, members };
}

function entryOf(duet: Duet, text: string): MessageEntry {
  for (const {
    conversation: { scrollback },
  } of Object.values(duet.chat.sides)) {
    for (let index = 0; index < scrollback.length; index += 1) {
      const entry = scrollback.at(index);
      if (entry?.kind === "message" && entry.text === text) return entry;
    }
  }
  throw new Error(`there is no line ${text}`);
}

/** The receipts reported for a line, in order. */
function receiptsOf(duet: Duet, text: string) {
  const message = duet.outputs.find(
    (output) => output.type === "message" && output.direction === "out" && output.text === text,
  );
  return duet.outputs.flatMap((output) =>
    output.type === "receipt" && message?.type === "message" && output.id === message.id ? [output] : [],
  );
}

function stages(duet: Duet, text: string): readonly string[] {
  return receiptsOf(duet, text).map(({ stage }) => stage);
}

test.each(["tcp", "udp"] as const)("over %s a line advances from sent to received to read", (transport) => {
  const { world, hub, members } = room(transport, "bob");
  const bob = members[0]!;
  bob.say("hello");
  expect(entryOf(bob, "hello").receipt).toEqual({ stage: "sent" });
  world.pass(10);
  expect(entryOf(bob, "hello").receipt).toEqual({ stage: "received" });
  hub.dispatch({ type: "focus-changed", away: false });
  world.pass(1000);
  expect(entryOf(bob, "hello").receipt).toEqual({ stage: "read" });
  expect(stages(bob, "hello")).toEqual(["sent", "received", "read"]);
  hub.say("and back");
  world.pass(1000);
  expect(stages(hub, "and back")).toEqual(["sent", "received"]);
  expect(receiptsOf(hub, "and back").map(({ rttMs }) => rttMs)).toEqual([undefined, 0]);
});

test("a line is read once the window has the focus and its tab is shown, and not before", () => {
  const { world, hub, members } = room("tcp", "bob");
  const bob = members[0]!;
  world.connectUdpElsewhere(hub);
  hub.dispatch({ type: "focus-changed", away: true });
  bob.say("one");
  world.pass(1000);
  expect(stages(bob, "one")).toEqual(["sent", "received"]);
  hub.dispatch({ type: "focus-changed", away: false });
  hub.dispatch({ type: "switched", to: "udp" });
  world.pass(1000);
  expect(stages(bob, "one")).toEqual(["sent", "received", "read"]);
  bob.say("two");
  world.pass(1000);
  expect(stages(bob, "two")).toEqual(["sent", "received"]);
  hub.dispatch({ type: "switched", to: "tcp" });
  world.pass(1000);
  expect(stages(bob, "two")).toEqual(["sent", "received", "read"]);
});

test("a line received under an overlay is read once the overlay closes, and not before", () => {
  const { world, hub, members } = room("tcp", "bob");
  const bob = members[0]!;
  hub.dispatch({ type: "focus-changed", away: false });
  hub.dispatch({ type: "overlay-changed", covered: true });
  bob.say("one");
  hub.dispatch({ type: "focus-changed", away: false });
  world.pass(1000);
  expect(stages(bob, "one")).toEqual(["sent", "received"]);
  hub.dispatch({ type: "overlay-changed", covered: false });
  world.pass(1000);
  expect(stages(bob, "one")).toEqual(["sent", "received", "read"]);
});

test("an answer marks earlier lines as read, without any report of the focus", () => {
  const { world, hub, members } = room("udp", "bob");
  const bob = members[0]!;
  bob.say("hello");
  world.pass(1000);
  hub.say("hello yourself");
  world.pass(1000);
  expect(stages(bob, "hello")).toEqual(["sent", "received", "read"]);
});

test("without a screen a line is received and never read; with --send-only it stays sent", () => {
  for (const [over, expected] of [
    [{ headless: true }, ["sent", "received"]],
    [{ headless: true, silent: true }, ["sent"]],
  ] as const) {
    const world = new World();
    const hub = world.hub(over);
    const bob = world.member("bob");
    world.pass(1000);
    hub.dispatch({ type: "focus-changed", away: false });
    bob.say("hello");
    world.pass(1000);
    expect(stages(bob, "hello")).toEqual([...expected]);
  }
});

test("a raw peer's line ends at sent", () => {
  const world = new World();
  const hub = world.hub();
  world.program().connect().send("hi\n");
  hub.say("hello");
  world.pass(5000);
  expect(stages(hub, "hello")).toEqual(["sent"]);
  expect(entryOf(hub, "hello").receipt).toEqual({ stage: "sent" });
});

test("a line to several members shows how many received it, and is received once every duet reported it", () => {
  const { world, hub, members } = room("tcp", "bob", "eve");
  const [bob, eve] = [members[0]!, members[1]!];
  world.program().connect().send("hi\n");
  world.pass(1000);
  hub.say("all of you");
  world.pass(1000);
  expect(entryOf(hub, "all of you").receipt).toEqual({ stage: "received", by: 2, of: 3 });
  expect(stages(hub, "all of you")).toEqual(["sent", "received"]);
  bob.say("from bob");
  world.pass(1000);
  // Through the hub: the host and eve have reported it, and the raw peer cannot.
  expect(entryOf(bob, "from bob").receipt).toEqual({ stage: "received", by: 2, of: 3 });
  eve.say("answer");
  world.pass(1000);
  expect(entryOf(bob, "from bob").receipt).toEqual({ stage: "received", by: 2, of: 3 });
  expect(stages(bob, "from bob")).toEqual(["sent"]);
});

test("receipts of a private line count only from its addressee, through the hub", () => {
  const { world, hub, members } = room("tcp", "bob", "eve", "mia");
  const [bob, eve, mia] = [members[0]!, members[1]!, members[2]!];
  bob.command("/msg eve psst");
  const id = receiptsOf(bob, "psst")[0]?.id ?? 0;
  const relayed = hub.chat.room.relayedIds.at(-1)?.id ?? 0;
  // Mia claims to have read it.
  const forged = encodeFrame({ type: "receipt", stage: "read", first: relayed, last: relayed });
  const connection = mia.peer().link.connection;
  world.run(() => void world.network.sendTcp(connection, Buffer.from(`${forged}\n`)));
  expect(stages(bob, "psst")).toEqual(["sent"]);
  world.pass(1000);
  expect(stages(bob, "psst")).toEqual(["sent", "received"]);
  // The host did not see it, and a hub that claims so is not believed.
  const lie = encodeFrame({ type: "receipt", stage: "read", first: id, last: id, from: 1 });
  const toBob = [...hub.chat.peers.values()].find(({ identity: { name } }) => name === "bob")!.link
    .connection;
  world.run(() => void world.network.sendTcp(toBob, Buffer.from(`${lie}\n`)));
  expect(stages(bob, "psst")).toEqual(["sent", "received"]);
  eve.say("yes?");
  world.pass(1000);
  expect(stages(bob, "psst")).toEqual(["sent", "received", "read"]);
});

test("a receipt of a member that joined after the line was sent changes nothing", () => {
  const { world, hub, members } = room("tcp", "bob");
  const bob = members[0]!;
  bob.say("from bob");
  world.pass(1000);
  expect(stages(bob, "from bob")).toEqual(["sent", "received"]);
  const late = world.member("zoe");
  const relayed = hub.chat.room.relayedIds.at(-1)?.id ?? 0;
  for (const stage of ["received", "read"] as const) {
    const line = encodeFrame({ type: "receipt", stage, first: 0, last: relayed + 10 });
    world.run(() => void world.network.sendTcp(late.peer().link.connection, Buffer.from(`${line}\n`)));
  }
  // The hub may say so as well.
  const { id } = receiptsOf(bob, "from bob")[0] ?? { id: 0 };
  const claim = encodeFrame({ type: "receipt", stage: "read", first: id, last: id, from: 3 });
  const toBob = [...hub.chat.peers.values()].find(({ identity: { name } }) => name === "bob")!.link
    .connection;
  world.run(() => void world.network.sendTcp(toBob, Buffer.from(`${claim}\n`)));
  world.pass(1000);
  expect(stages(bob, "from bob")).toEqual(["sent", "received"]);
});

test("a receipt for an unknown message, or for one not sent to that peer, changes nothing", () => {
  const { world, hub, members } = room("tcp", "bob", "eve");
  hub.command("/msg bob only bob");
  const id = receiptsOf(hub, "only bob")[0]?.id ?? 0;
  const eve = members[1]!;
  for (const [first, last] of [
    [id, id],
    [0, Number.MAX_SAFE_INTEGER],
    [9, 3],
  ] as const) {
    const line = encodeFrame({ type: "receipt", stage: "read", first, last });
    world.run(() => void world.network.sendTcp(eve.peer().link.connection, Buffer.from(`${line}\n`)));
  }
  expect(stages(hub, "only bob")).toEqual(["sent"]);
});

test("a flood causes a few receipts a second, each for a whole range", () => {
  const { world, hub, members } = room("tcp", "bob");
  const bob = members[0]!;
  const before = hub.sent.length;
  for (let count = 0; count < 1000; count += 1) {
    bob.say(`line ${count}`);
    world.pass(1);
  }
  world.pass(receiptIntervalMs);
  const receipts = hub.sent.slice(before).filter(({ type }) => type === "send");
  expect(receipts.length).toBeLessThanOrEqual(1000 / receiptIntervalMs + 2);
  expect(stages(bob, "line 999")).toEqual(["sent", "received"]);
  expect(stages(bob, "line 0")).toEqual(["sent", "received"]);
});

test(`in a room of ${receiptRoomMax} members every line has receipts, in a larger one only private lines`, () => {
  const names = Array.from({ length: receiptRoomMax - 1 }, (_, index) => `m${index}`);
  const { world, hub, members } = room("tcp", ...names);
  hub.say("small");
  members[0]!.say("small too");
  world.pass(1000);
  expect(stages(hub, "small")).toEqual(["sent", "received"]);
  expect(stages(members[0]!, "small too")).toEqual(["sent", "received"]);
  const late = world.member("late");
  world.pass(1000);
  hub.say("large");
  late.say("large too");
  hub.command("/msg late between us");
  late.command("/msg m3 you and me");
  world.pass(1000);
  expect(stages(hub, "large")).toEqual(["sent"]);
  expect(stages(late, "large too")).toEqual(["sent"]);
  expect(stages(hub, "between us")).toEqual(["sent", "received", "read"]);
  expect(stages(late, "you and me")).toEqual(["sent", "received"]);
});

test("the records of receipts keep their bounds", () => {
  const { world, hub, members } = room("tcp", "bob", "eve");
  const bob = members[0]!;
  for (let count = 0; count <= Math.max(receiptsAwaitedMax, relayedIdsMax); count += 1)
    bob.say(`line ${count}`);
  expect(bob.peer().receipts.awaited).toHaveLength(receiptsAwaitedMax);
  expect(hub.chat.room.relayedIds).toHaveLength(relayedIdsMax);
  world.pass(1000);
  // The first one has been forgotten, and no receipt for it is reported.
  expect(stages(bob, "line 0")).toEqual(["sent"]);
  expect(stages(bob, "line 1024")).toEqual(["sent", "received"]);
  const {
    receipts: { pending: owed },
  } = hub.peer();
  expect(owed?.unread.length).toBeLessThanOrEqual(receiptRangesMax);
});

test("no receipt covers a message that never arrived", () => {
  const world = new World();
  const hub = world.hub({ headless: true }, "udp");
  const bob = world.program("udp").connect();
  const hello = {
    type: "hello",
    name: "bob",
    session: "s".repeat(24),
    key: "k".repeat(16),
    delivery: 1,
  } as const;
  bob.send(encodeFrame(hello, undefined, 1200));
  const answer = parseFrame(bob.datagrams[0] ?? "");
  const key = answer.kind === "frame" && answer.frame.type === "hello" ? answer.frame.key : "";
  const say = (number: number, id: number): void => {
    const line = encodeFrame({ type: "message", id, text: `line ${id}` }, key);
    bob.send(numberLine(line, { number, transmission: 1 }));
  };
  say(1, 7);
  say(3, 9);
  say(4, 10);
  bob.send(encodeFrame({ type: "skip", upTo: 2 }, key));
  world.pass(1000);
  expect(hub.receivedLines()).toEqual(["<bob> line 7", "<bob> line 9", "<bob> line 10"]);
  const receipts = bob.datagrams.flatMap((datagram) => {
    const parsed = parseFrame(datagram);
    return parsed.kind === "frame" && parsed.frame.type === "receipt" ? [parsed.frame] : [];
  });
  const ranges = new Set(receipts.map(({ stage, first, last }) => `${stage} ${first}-${last}`));
  expect([...ranges]).toEqual(["received 7-7", "received 9-10"]);
});

test("a private line that the hub could not deliver is reported to its author and can be resent", () => {
  const { world, hub, members } = room("udp", "bob", "eve");
  const [bob, eve] = [members[0]!, members[1]!];
  world.network.forward = (from, to, bytes) => {
    const isIt = Buffer.from(bytes).toString().includes('"text":"psst"');
    if (!isIt || to.port === 8080) world.network.datagram(from, to, bytes);
  };
  bob.command("/msg eve psst");
  world.pass(70_000);
  expect(eve.receivedLines()).toEqual([]);
  expect(entryOf(bob, "psst")).toMatchObject({
    note: sentence("not-delivered", { reason: sentence("did-not-answer") }),
    lostFor: ["eve"],
  });
  expect(bob.notices()).toContain("your line to eve was not delivered: no answer");
  world.network.forward = undefined;
  bob.dispatch({ type: "resend-requested", entryId: entryOf(bob, "psst").id });
  world.pass(1000);
  expect([eve.receivedLines(), hub.receivedLines()]).toEqual([["<bob> psst"], []]);
});
