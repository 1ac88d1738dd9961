/** A room on several machines: one order, each message once, members of other hubs, and an engine that fails. */

import { expect, test } from "bun:test";
import { fingerprintHub, formatRoomEntry } from "../../src/protocol/hubs/room-entry.ts";
import { removedHubsMax } from "../../src/protocol/limits.ts";
import { type Duet, type Program, World } from "../support/chat-world.ts";
import { loopback } from "../support/fake-network.ts";

const sharedRoom = { name: "lobby", place: "redis://127.0.0.1:6379/lobby" };

function startHub(world: World, name: string, port: number): Duet {
  const hub = world.duet({ name, sharedRoom });
  hub.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port } });
  return hub;
}

function connectRaw(world: World, port: number): Program {
  const guest = world.program().connect(undefined, loopback(port));
  guest.send("here\n");
  return guest;
}

/** Two hubs, ann's at 8080 and bea's at 8081, with a raw guest at each. */
function makeRoom() {
  const world = new World();
  const [ann, bea] = [startHub(world, "ann", 8080), startHub(world, "bea", 8081)];
  const [near, far] = [connectRaw(world, 8080), connectRaw(world, 8081)];
  for (const guest of [near, far]) guest.received = "";
  return { world, ann, bea, near, far };
}

/** The messages of the conversation. */
const messagesOf = (duet: Duet): readonly string[] => duet.lines().filter((line) => line.startsWith("<"));

test("what is written at one hub is shown and relayed at every hub, in one order", () => {
  const { ann, bea, near, far } = makeRoom();
  ann.say("from ann");
  near.send("from near\n");
  far.send("from far\n");
  bea.say("from bea");
  expect(
    messagesOf(ann)
      .slice(-4)
      .map((line) => line.replace(/^<.*> /, "")),
  ).toEqual([...["from ann", "from near", "from far", "from bea"]]);
  expect(messagesOf(bea)).toEqual(messagesOf(ann));
  expect(near.received).toContain("<bea> from bea\n");
  expect(near.received).toMatch(/<127\.0\.0\.1:\d+> from far\n/);
  expect(near.received).not.toContain("from near");
  expect(far.received).toMatch(/from ann\n<127\.0\.0\.1:\d+> from near\n/);
});

test("a duet guest sees members of another hub by name, and their messages under it", () => {
  const { world, bea } = makeRoom();
  const guest = world.member("eve");
  expect(guest.peerNames()).toContain("bea");
  bea.say("hello");
  expect(guest.receivedLines()).toContain("<bea> hello");
  guest.say("hello bea");
  expect(messagesOf(bea).at(-1)).toBe("<eve> hello bea");
  bea.command("/nick bee");
  bea.say("renamed");
  expect(guest.receivedLines()).toContain("<bee> renamed");
  guest.quit();
  expect(bea.lines().some((line) => /eve left/.test(line))).toBe(true);
});

test("a hub that starts later knows who is there, and reads what is written from then on", () => {
  const { world, ann } = makeRoom();
  ann.say("before");
  const cid = startHub(world, "cid", 8082);
  expect(cid.lines()).toContain("room lobby is shared: 3 hubs, 4 members on the others");
  ann.say("after");
  expect(messagesOf(cid)).toEqual(["<ann> after"]);
});

test("without its engine a room goes on here only, and its lines cross later, once and in order", () => {
  const { world, ann, bea, near, far } = makeRoom();
  world.engine.stop();
  expect(ann.errors()).toEqual([
    "EROOM redis://127.0.0.1:6379/lobby cannot be reached (ECONNREFUSED): the room goes on here only",
  ]);
  ann.say("one");
  near.send("two\n");
  far.send("three\n");
  expect(near.received).toContain("one\n");
  expect(far.received).not.toContain("one");
  expect(notesOf(ann)).toEqual(["here-only", "here-only"]);
  world.engine.start();
  expect(notesOf(ann)).toEqual([]);
  expect(notesOf(bea)).toEqual([]);
  const seenByFar = far.received;
  expect(seenByFar.match(/one\n/g)).toHaveLength(1);
  expect(seenByFar.indexOf("one")).toBeLessThan(seenByFar.indexOf("two"));
  expect(near.received.match(/three\n/g)).toHaveLength(1);
  expect(new Set(messagesOf(ann))).toEqual(new Set(messagesOf(bea)));
});

/** The notes beside the messages of the conversation. */
function notesOf(duet: Duet): readonly string[] {
  const { scrollback } = duet.chat.sides.tcp.conversation;
  return Array.from({ length: scrollback.length }, (_, index) => scrollback.kept(index)).flatMap((entry) =>
    entry?.kind === "message" && entry.note !== undefined ? [entry.note.id] : [],
  );
}

test("a write whose outcome is unknown is repeated, and shown once", () => {
  const { world, ann, bea } = makeRoom();
  const before = world.engine.entries.length;
  world.run(() => {
    ann.say("once");
    // The engine has it, and is killed before anybody has read it.
    world.run(() => world.engine.stop());
  });
  world.engine.start();
  const written = world.engine.entries.slice(before).filter((text) => text.includes('"once"'));
  expect(written.length).toBeGreaterThanOrEqual(1);
  expect(messagesOf(bea).filter((line) => line === "<ann> once")).toHaveLength(1);
  expect(messagesOf(ann).filter((line) => line === "<ann> once")).toHaveLength(1);
});

test("an entry that is written twice is shown once", () => {
  const { world, ann, bea } = makeRoom();
  ann.say("twice");
  const text = world.engine.entries.findLast((entry) => entry.includes('"twice"')) ?? "";
  world.engine.entries.push(text);
  ann.say("and on");
  expect(messagesOf(bea).filter((line) => line === "<ann> twice")).toHaveLength(1);
  expect(messagesOf(ann).filter((line) => line === "<ann> twice")).toHaveLength(1);
});

test("a full engine takes nothing, and is asked again", () => {
  const { world, ann, bea } = makeRoom();
  world.engine.refuse({ is: "full" });
  ann.say("waits");
  bea.say("waits too");
  expect(ann.errors()).toEqual([
    "EROOM redis://127.0.0.1:6379/lobby is full, and takes nothing: the room goes on here only",
  ]);
  expect(messagesOf(bea)).not.toContain("<ann> waits");
  world.pass(10_000);
  expect(ann.errors()).toHaveLength(1);
  world.engine.refuse(undefined);
  world.pass(4_000);
  expect(messagesOf(bea)).toContain("<ann> waits");
  expect(messagesOf(ann)).toContain("<bea> waits too");
  expect(ann.lines()).toContain("the room's engine takes lines again: those that are marked cross now");
  expect(notesOf(ann)).toEqual([]);
});

test("an emptied engine begins the room anew, with everybody in it", () => {
  const { world, ann, bea } = makeRoom();
  world.engine.stop();
  ann.say("in between");
  world.engine.empty();
  expect(ann.lines().filter((line) => line.startsWith("room lobby begins anew"))).toHaveLength(1);
  expect(messagesOf(bea)).toContain("<ann> in between");
  bea.say("on");
  expect(messagesOf(ann).at(-1)).toBe("<bea> on");
});

test("a hub that is gone takes its members with it, in one row, and is back with them", () => {
  const { world, ann, bea } = makeRoom();
  const hub = bea.chat.room.shared?.hub ?? "";
  const guest = world.member("eve");
  world.engine.cutOff(hub, true, true);
  expect(ann.lines()).toContain("bea's hub, with 2 members, is gone: nothing was received from it for 15 s");
  expect(guest.peerNames()).not.toContain("bea");
  bea.say("alone");
  world.engine.cutOff(hub, false);
  world.engine.expireLeases();
  expect(messagesOf(ann)).toContain("<bea> alone");
  expect(guest.peerNames()).toContain("bea");
});

test("a hub that ends says so, and its last line crosses", () => {
  const { ann, bea } = makeRoom();
  bea.say("bye");
  bea.quit();
  expect(bea.exitCode).toBe(0);
  expect(messagesOf(ann)).toContain("<bea> bye");
  expect(ann.lines()).toContain("bea's hub, with 2 members, left the room");
});

test("an engine that does not answer delays an exit by a second at most", () => {
  const { world, bea } = makeRoom();
  world.engine.stop({ is: "silent" });
  bea.quit();
  world.pass(1_000);
  expect(bea.exitCode).toBe(0);
});

test("two members with one name, taken at once on two hubs, have two names in the end", () => {
  const { world, ann, bea } = makeRoom();
  world.engine.stop();
  world.member("eve");
  const other = world.duet({ name: "eve", duet: true });
  other.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8081 } });
  world.engine.start();
  const namesAt = (duet: Duet): readonly string[] => [
    ...duet.memberNames(),
    ...[...(duet.chat.room.shared?.hubs.values() ?? [])].flatMap(({ names }) => [...names.values()]),
  ];
  const eves = (duet: Duet) =>
    namesAt(duet)
      .filter((name) => name.startsWith("eve"))
      .toSorted();
  expect(eves(ann)).toEqual(["eve", "eve~2"]);
  expect(eves(bea)).toEqual(["eve", "eve~2"]);
});

test("what no hub of the room has written is left out, and counted at most once a minute", () => {
  const { world, ann } = makeRoom();
  const countRows = () =>
    ann.lines().filter((line) => line.includes("no hub of this room has signed")).length;
  world.engine.entries.push("not JSON", '{"v":9,"hub":"x"}');
  ann.say("on");
  expect(ann.lines().join("\n")).toContain(
    "the room's stream has 2 items that no hub of this room has signed: left out. Somebody else writes to the engine",
  );
  world.engine.entries.push("again");
  ann.say("and on");
  expect(countRows()).toBe(1);
  world.pass(60_000);
  world.engine.expireLeases();
  world.run(() => {});
  expect(countRows()).toBe(2);
  expect(messagesOf(ann).at(-1)).toBe("<ann> and on");
});

/** What somebody who can write to the engine makes of the entries there. */
const forgeries: readonly (readonly [
  string,
  (entry: string, room: ReturnType<typeof makeRoom>) => readonly string[],
])[] = [
  ["an entry in the name of another hub", (entry, room) => sign(room, textOf(entry), "lobby")],
  ["an entry of a hub, with another text", (entry) => [entry.replace("spoken", "forged")]],
  ["an entry under another number", (entry) => [entry.replace(/"n":\d+/, '"n":77')]],
  ["an entry of another room", (entry, room) => sign(room, textOf(entry), "hall", room.bea)],
  ["an entry that was read already", (entry) => [entry, entry]],
  ["an entry without a proof", (entry) => [textOf(entry)]],
];

const textOf = (entry: string): string => entry.slice(0, entry.lastIndexOf("\n"));

/** Signs with a new key, or as that hub in that room. */
function sign(
  { world }: ReturnType<typeof makeRoom>,
  text: string,
  room: string,
  as?: Duet,
): readonly string[] {
  const other = world.engine.connect(() => {}, undefined, room);
  const hub = as === undefined ? undefined : world.engine.findItems(as.chat.room.shared?.hub ?? "", room);
  return (hub ?? other.items).write([
    { kind: "entry", text: text.replace("spoken", "forged").replace(/"n":\d+/, '"n":77') },
  ]);
}

test.each(forgeries)("%s is shown nowhere", (_, forge) => {
  const room = makeRoom();
  const { world, ann, bea, near } = room;
  bea.say("spoken");
  const entry = world.engine.entries.findLast((text) => text.includes('"spoken"')) ?? "";
  world.engine.entries.push(...forge(entry, room));
  ann.say("on");
  for (const hub of [ann, bea]) expect(messagesOf(hub).slice(-2)).toEqual(["<bea> spoken", "<ann> on"]);
  expect(near.received).not.toContain("forged");
});

test("an entry of before is not shown to a hub that joined behind it", () => {
  const { world, ann, bea } = makeRoom();
  bea.say("long ago");
  const entry = world.engine.entries.findLast((text) => text.includes('"long ago"')) ?? "";
  const cid = startHub(world, "cid", 8082);
  world.engine.entries.push(entry);
  ann.say("now");
  expect(messagesOf(cid)).toEqual(["<ann> now"]);
});

test("entries of a later version, and of a type that is not known, are left out and counted; later fields are read over", () => {
  const { world, ann, bea } = makeRoom();
  const hub = bea.chat.room.shared?.hub ?? "";
  const items = world.engine.findItems(hub, "lobby");
  const begin = `{"v":1,"hub":"${hub}"`;
  const texts = [
    `{"v":2,"hub":"${hub}","n":70,"type":"message"}`,
    `${begin},"n":71,"type":"poll","of":["a"]}`,
    `${begin},"n":72,"type":"message","member":1,"name":"bea","text":"read","mood":"good"}`,
  ];
  world.engine.entries.push(...(items?.write(texts.map((text) => ({ kind: "entry", text }))) ?? []));
  ann.say("on");
  expect(messagesOf(ann).slice(-2)).toEqual(["<bea> read", "<ann> on"]);
  expect(ann.lines().join("\n")).toContain("2 items that this duet cannot read and left out");
});

/** A hub with that password. */
function startSealed(world: World, name: string, port: number, password?: string): Duet {
  const hub = world.duet({ name, sharedRoom, password });
  hub.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port } });
  return hub;
}

const leftOut = "bea's hub, with 1 member, was removed: what it writes from now on is left out";

test("a hub that is removed from a room with a password is gone from every hub, also later and anew, and is told", () => {
  const world = new World();
  const [ann, bea, cid] = (["ann", "bea", "cid"] as const).map((name, at) =>
    startSealed(world, name, 8080 + at, "swordfish"),
  ) as [Duet, Duet, Duet];
  const hub = bea.chat.room.shared?.hub ?? "";
  bea.say("before");
  ann.command("/hub remove bea");
  expect(ann.lines()).toContain(leftOut);
  for (const line of ["ann's hub has removed bea's hub from the room", leftOut])
    expect(cid.lines()).toContain(line);
  expect(bea.errors()).toEqual([
    "EROOM ann's hub has removed this hub from room lobby: the room goes on here only",
  ]);
  bea.say("alone");
  // A program that goes on in spite of it.
  const items = world.engine.findItems(hub, "lobby");
  items?.setKey(new Bun.CryptoHasher("sha256").update("swordfish").digest());
  const text = formatRoomEntry(hub, 50, {
    type: "message",
    member: 1,
    name: "bea",
    text: "still",
    action: false,
  });
  world.engine.entries.push(...(items?.write([{ kind: "entry", text }]) ?? []));
  ann.say("on");
  const dan = startSealed(world, "dan", 8083, "swordfish");
  world.engine.empty();
  const eve = startSealed(world, "eve", 8084, "swordfish");
  world.engine.entries.push(...(items?.write([{ kind: "entry", text }]) ?? []));
  ann.say("anew");
  for (const other of [ann, cid])
    expect(messagesOf(other)).toEqual(["<bea> before", "<ann> on", "<ann> anew"]);
  for (const other of [dan, eve]) expect(messagesOf(other)).toEqual(["<ann> anew"]);
  expect(ann.lines()).toContain("1 item of hubs that were removed: left out");
  expect(messagesOf(bea)).toEqual(["<bea> before"]);
  expect(bea.lines()).toContain("nobody is here yet: the line was not sent");
});

test("without a password a hub is removed for the guests of one hub alone, and all are told", () => {
  const { world, ann, bea, near } = makeRoom();
  const cid = startHub(world, "cid", 8082);
  ann.command("/hub remove BEA");
  bea.say("to whom?");
  expect(messagesOf(ann)).not.toContain("<bea> to whom?");
  expect(near.received).not.toContain("to whom?");
  expect(messagesOf(cid)).toEqual(["<bea> to whom?"]);
  expect(ann.lines().some((line) => line.startsWith("it is left out at this hub only"))).toBe(true);
  expect(
    cid.lines().some((line) => line.startsWith("ann's hub passes over bea's hub for its own guests")),
  ).toBe(true);
  expect(
    bea.lines().some((line) => line.startsWith("ann's hub passes over what is written at this hub")),
  ).toBe(true);
});

test("/hub lists the hubs with their keys, and names what it cannot remove", () => {
  const { world, ann, bea } = makeRoom();
  const print = (duet: Duet) => fingerprintHub(duet.chat.room.shared?.hub ?? "");
  const before = ann.lines().length;
  ann.command("/hub");
  expect(
    ann
      .lines()
      .slice(before)
      .map((line) => line.replaceAll(/ {2,}/g, " | ")),
  ).toEqual([
    `ann | ${print(ann)} | 2 members | 2025-11-24 16:00Z | this hub`,
    `bea | ${print(bea)} | 2 members | 2025-11-24 16:00Z`,
  ]);
  const problemOf = (command: string): string => {
    ann.command(command);
    return ann.errors().at(-1) ?? "";
  };
  expect(problemOf("/hub remove nobody")).toContain("no hub is called nobody");
  expect(problemOf("/hub remove ann")).toContain("that is this hub");
  expect(problemOf("/hub drop bea")).toContain("/hub remove NAME removes one");
  startHub(world, "bea", 8082);
  expect(problemOf("/hub remove bea")).toContain("2 hubs are called bea; write the key instead");
  ann.command(`/hub remove ${print(bea).slice(0, 9)}`);
  expect(ann.chat.room.shared?.removed).toEqual(new Set([bea.chat.room.shared?.hub ?? ""]));
  const alone = world.duet({ name: "dan" });
  alone.command("/hub");
  expect(alone.errors().at(-1)).toContain("this room is on this machine alone");
});

test("at most 256 hubs are removed, and one more is refused", () => {
  const { ann, bea } = makeRoom();
  const { removed } = ann.chat.room.shared!;
  for (let number = 0; number < removedHubsMax; number += 1) removed.add(`hub ${number}`);
  ann.command("/hub remove bea");
  expect(ann.errors().at(-1)).toContain("256 hubs were removed already");
  bea.say("still here");
  expect(messagesOf(ann)).toContain("<bea> still here");
  removed.delete("hub 0");
  ann.command("/hub remove bea");
  expect(removed.size).toBe(removedHubsMax);
  bea.say("gone");
  expect(messagesOf(ann)).not.toContain("<bea> gone");
});

test("in a room with a password the engine has none of the words, and another password joins nothing", () => {
  const world = new World();
  const [ann, bea] = [
    startSealed(world, "ann", 8080, "swordfish"),
    startSealed(world, "bea", 8081, "swordfish"),
  ];
  const [cid, dee] = [startSealed(world, "cid", 8082, "swordfisk"), startSealed(world, "dee", 8083)];
  ann.say("hidden words");
  cid.say("wrong");
  dee.say("open");
  expect(messagesOf(bea)).toEqual(["<ann> hidden words"]);
  for (const hub of [cid, dee]) expect(messagesOf(hub)).toHaveLength(1);
  expect(cid.errors()[0]).toContain("has the room under another password: the room goes on here only");
  expect(dee.errors()[0]).toContain("has the room under a password, which this hub lacks");
  const kept = world.engine.entries.join("\n");
  expect(world.engine.entries.every((entry) => entry.startsWith("s1."))).toBe(true);
  for (const word of ["hidden", "ann", "message", "swordfish"]) expect(kept).not.toContain(word);
  for (const hub of [ann, bea]) expect(hub.lines().join("\n")).not.toContain("can read this room");
});

test("a room without a password says once who reads it, and each hub's key when it joins", () => {
  const { world, ann, bea } = makeRoom();
  const readable =
    "whoever runs redis://127.0.0.1:6379/lobby can read this room: start every hub with one --password to seal it";
  world.engine.stop();
  world.engine.start();
  for (const hub of [ann, bea]) expect(hub.lines().filter((line) => line === readable)).toHaveLength(1);
  const fingerprint = fingerprintHub(bea.chat.room.shared?.hub ?? "");
  expect(ann.lines()).toContain(`bea's hub shares the room; its key is ${fingerprint}`);
});

test("a hub that is back after its lease writes again what it does not know to be written: it is shown once", () => {
  const { world, ann, bea } = makeRoom();
  bea.say("once");
  const text = world.engine.entries.findLast((entry) => entry.includes('"once"')) ?? "";
  const hub = bea.chat.room.shared?.hub ?? "";
  world.engine.cutOff(hub, true, true);
  expect(ann.chat.room.shared?.hubs.has(hub)).toBe(false);
  world.engine.entries.push(text);
  world.engine.cutOff(hub, false);
  bea.say("on");
  expect(messagesOf(ann).filter((line) => line === "<bea> once")).toHaveLength(1);
  expect(messagesOf(ann).at(-1)).toBe("<bea> on");
});

test("a hub that was removed, or whose engine has ended, is a listener like any other: input waits for a member", () => {
  const world = new World();
  const hub = world.duet({ name: "ann", sharedRoom, headless: true, isInputTyped: false });
  hub.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port: 8080 } });
  hub.dispatch({ type: "engine", event: { type: "closed" } });
  hub.pipeLines("waits\n");
  expect(hub.returnedLines).toEqual([]);
  const guest = connectRaw(world, 8080);
  expect(guest.received).toContain("waits\n");
});
