/** Private lines that are sealed end to end, through a host that forwards what it cannot open. */

import { describe, expect, test } from "bun:test";
import type { Config } from "../../src/chat/config/config.ts";
import type { MessageEntry } from "../../src/chat/log/entry.ts";
import type { ScrollbackModel } from "../../src/chat/log/scrollback.ts";
import { formatJson } from "../../src/cli/output/json-output.ts";
import { parseRecorded } from "../../src/replay/recorded-event.ts";
import { Replay } from "../../src/replay/recording.ts";
import { getSessionKey } from "../../src/chat/records/key-source.ts";
import { sealText } from "../../src/chat/messages/sealed-lines.ts";
import { takeMessageId } from "../../src/chat/model/chat.ts";
import { sendFrameTo } from "../../src/chat/outbound/sending.ts";
import { findMemberKey, findReceiver } from "../../src/chat/room/member-keys.ts";
import type { Frame, MessageFrame, ReceiptFrame } from "../../src/protocol/frames/frame.ts";
import { formatFingerprint, formatKey } from "../../src/protocol/identity/key-text.ts";
import { privateTextMaxBytes } from "../../src/protocol/limits.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import { sealPrivateLine } from "../../src/protocol/sealed/private-line.ts";
import type { TransportName } from "../../src/protocol/sockets/socket-event.ts";
import type { PeopleFiles } from "../../src/session/ports.ts";
import { type Duet, homeTarget, World } from "../support/chat-world.ts";
import { fakePeople } from "../support/fake-ports.ts";
import { english } from "../support/words.ts";

const pairOf = (number: number) => makeKeyPair(new Uint8Array(32).fill(number + 100));
/** The key of fakePeople(number). */
const keyOf = (number: number): string => formatKey(pairOf(number).publicKey);
const fingerprintOf = (number: number): string => formatFingerprint(keyOf(number));

/** A hub with number 1, which reports all that it sends and receives. */
function makeRoom(transport: TransportName = "tcp") {
  const world = new World();
  world.network.reportsAllCalls = true;
  const traced = { reportCalls: true, reportPayloads: true, reportSpans: true };
  const hub = world.duet({ name: "hub", ...traced }, fakePeople(1));
  hub.open({ role: "listen", target: homeTarget }, transport);
  const join = (name: string, person: number | PeopleFiles, over: Partial<Config> = {}): Duet => {
    const people = typeof person === "number" ? fakePeople(person) : person;
    const member = world.duet({ name, duet: true, encrypt: "require", ...traced, ...over }, people);
    member.open({ role: "connect", target: homeTarget }, transport);
    world.pass(2000);
    return member;
  };
  return { world, hub, join };
}

/** The messages on a screen, each with its remarks. */
function rowsOf(duet: Duet, transport: TransportName = "tcp"): readonly string[] {
  return listRows(duet.chat.sides[transport].conversation.scrollback);
}

function listRows(scrollback: ScrollbackModel): readonly string[] {
  const entries = Array.from({ length: scrollback.length }, (_, index) => scrollback.at(index));
  return entries
    .filter((entry): entry is MessageEntry => entry?.kind === "message")
    .map(({ name, text, keyRemarks = [] }) =>
      [`<${name}> ${text}`, ...keyRemarks.map(english.word)].join(" | "),
    );
}

function outputsOf(duet: Duet): readonly unknown[] {
  return duet.outputs.flatMap((output) =>
    output.type === "message" ? [[output.text, output.security, output.key, output.marks]] : [],
  );
}

function stagesOf(duet: Duet): readonly string[] {
  return duet.outputs.flatMap((output) => (output.type === "receipt" ? [output.stage] : []));
}

/** The frames in a duet's sealed records, as they were sent or received. */
function framesOf(duet: Duet, calls: readonly string[]): readonly Frame[] {
  const opened = duet.outputs.flatMap((output) =>
    output.type === "call" && calls.includes(output.call)
      ? [Buffer.from(output.openedPayload ?? "", "hex").toString()]
      : [],
  );
  return opened
    .join("\n")
    .split("\n")
    .filter((line) => line.startsWith("duet/1 {") && line.endsWith("}"))
    .map((line) => JSON.parse(line.slice("duet/1 ".length)) as Frame);
}

/** The message frames that a host relays. */
function relayedTo(hub: Duet): readonly MessageFrame[] {
  return framesOf(hub, ["send", "sendto"]).filter((frame) => frame.type === "message");
}

function receiptsAt(hub: Duet): readonly ReceiptFrame[] {
  return framesOf(hub, ["recv", "recvfrom"]).filter((frame) => frame.type === "receipt");
}

/** A frame that a host sends as it likes. */
function sendAsHub(hub: Duet, to: string, frame: Frame): void {
  const member = [...hub.chat.room.members.values()].find(({ name }) => name === to);
  if (member !== undefined) sendFrameTo(hub.chat, member.via, frame);
  hub.dispatch({ type: "switched", to: "tcp" });
}

const introduced = (number: number): string =>
  `only the host says whose key this is: ${fingerprintOf(number)}`;

describe.each(["tcp", "udp"] as const)("over %s", (transport) => {
  test("a private line between two members is opened by its receiver alone", () => {
    const { world, hub, join } = makeRoom(transport);
    const [ann, bob] = [join("ann", 2), join("bob", 3)];
    ann.command("/msg bob xylophone 你好");
    ann.command("/to bob");
    ann.say("zeppelin\nquagmire");
    world.pass(2000);
    expect(rowsOf(bob, transport)).toEqual([
      `<ann> xylophone 你好 | ${introduced(2)}`,
      `<ann> zeppelin\nquagmire | ${introduced(2)}`,
    ]);
    expect(rowsOf(ann, transport)).toEqual([
      `<ann> xylophone 你好 | ${introduced(3)}`,
      `<ann> zeppelin\nquagmire | ${introduced(3)}`,
    ]);
    expect(outputsOf(bob)[0]).toEqual(["xylophone 你好", "end-to-end", keyOf(2), ["introduced"]]);
    expect(outputsOf(ann)[0]).toEqual(["xylophone 你好", "end-to-end", keyOf(3), ["introduced"]]);
    expect(stagesOf(ann)).toContain("received");
    const relayed = relayedTo(hub);
    expect(relayed.map(({ text, sealed }) => [text, sealed === undefined])).toEqual([
      ["", false],
      ["", false],
    ]);
    const hubs = JSON.stringify([hub.outputs, hub.lines(transport)]);
    for (const word of ["xylophone", "zeppelin", "quagmire"]) {
      expect(hubs).not.toContain(word);
      expect(hubs).not.toContain(Buffer.from(word).toString("hex"));
    }
  });

  test("the host's person is a receiver, and a sender, like any other", () => {
    const { world, hub, join } = makeRoom(transport);
    const ann = join("ann", 2);
    ann.command("/msg hub up");
    hub.command("/msg ann down");
    world.pass(2000);
    expect(rowsOf(hub, transport)).toEqual(["<ann> up", "<hub> down"]);
    expect(rowsOf(ann, transport)).toEqual(["<ann> up", "<hub> down"]);
    expect(outputsOf(hub)).toEqual([
      ["up", "end-to-end", keyOf(2), undefined],
      ["down", "end-to-end", keyOf(2), undefined],
    ]);
    expect(relayedTo(hub)).toMatchObject([{ text: "", from: 1, to: 2 }]);
    expect(stagesOf(ann)).toContain("received");
    expect(stagesOf(hub)).toContain("received");
  });

  test("a text at the bound is one line, one byte more is two: nothing is lost", () => {
    const { world, join } = makeRoom(transport);
    const [ann, bob] = [join("ann", 2), join("bob", 3)];
    const whole = "x".repeat(privateTextMaxBytes);
    const longer = `${"y".repeat(privateTextMaxBytes)}z`;
    ann.command(`/msg bob ${whole}`);
    world.pass(20_000);
    ann.command(`/msg bob ${longer}`);
    world.pass(20_000);
    const texts = bob.outputs.flatMap((output) => (output.type === "message" ? [output.text] : []));
    expect(texts.map(({ length }) => length)).toEqual([privateTextMaxBytes, privateTextMaxBytes, 1]);
    expect([texts[0], texts.slice(1).join("")]).toEqual([whole, longer]);
    expect(outputsOf(bob).every((one) => (one as string[])[1] === "end-to-end")).toBe(true);
  });

  test("a line that was lost with its host goes out again, sealed anew, and is shown once", () => {
    const { world, hub, join } = makeRoom(transport);
    const ann = join("ann", 2);
    world.remove(hub);
    ann.command("/msg hub lost");
    world.pass(300_000);
    const next = world.duet(
      { name: "hub", reportCalls: true, reportPayloads: true, reportSpans: true },
      fakePeople(1),
    );
    next.open({ role: "listen", target: homeTarget }, transport);
    ann.command("/reconnect");
    world.pass(60_000);
    expect(next.receivedLines()).toEqual(["<ann> lost"]);
    expect(outputsOf(next)).toEqual([["lost", "end-to-end", keyOf(2), undefined]]);
    const [frame] = framesOf(next, ["recv", "recvfrom"]).filter(({ type }) => type === "message");
    // The receipt is lost with the connection, so ann sends the line once more, with another id and seal.
    const key = findMemberKey(ann.chat.self, { kind: "peer", peer: ann.peer() });
    const sealingKey = { ...key!, epoch: key?.epoch ?? "" };
    const [copy] =
      sealText(ann.chat, getSessionKey(ann.chat.self.keys, ann.peer().seal.ours), sealingKey, "lost") ?? [];
    const id = takeMessageId(ann.chat.ids);
    const again = (frame as MessageFrame).again ?? 0;
    sendFrameTo(ann.chat, ann.peer(), {
      type: "message",
      id,
      to: 1,
      text: "",
      sealed: copy?.sealed ?? "",
      again,
    });
    ann.dispatch({ type: "switched", to: transport });
    world.pass(2000);
    expect(next.receivedLines()).toEqual(["<ann> lost"]);
    expect(receiptsAt(ann).some(({ first, last }) => first <= id && id <= last)).toBe(true);
  });

  test("a member in the clear receives its private lines as ever, and the row says that the host reads them", () => {
    const { world, hub, join } = makeRoom(transport);
    const [ann, carl] = [join("ann", 2), join("carl", 4, { encrypt: "off" })];
    ann.command("/msg carl psst");
    carl.command("/msg ann hey");
    world.pass(2000);
    const reads = "not encrypted end to end: the host can read it";
    expect(rowsOf(ann, transport)).toEqual([`<ann> psst | ${reads}`, `<carl> hey | ${reads}`]);
    expect(rowsOf(carl, transport)).toEqual(["<ann> psst", "<carl> hey"]);
    expect(outputsOf(ann)[0]).toEqual(["psst", "encrypted", undefined, ["host-reads"]]);
    expect(outputsOf(carl)[0]).toEqual(["psst", "plain", undefined, undefined]);
    expect(relayedTo(hub).length).toBeGreaterThan(0);
  });
});

test("a raw peer receives a private line byte for byte as before", () => {
  const { world, join } = makeRoom();
  const ann = join("ann", 2);
  const program = world.program().connect().send("hi\n");
  world.pass(3000);
  const name = ann.peerNames().find((one) => one.startsWith("127.0.0.1:") && one !== "127.0.0.1:8080") ?? "";
  program.received = "";
  ann.command(`/msg ${name} psst`);
  world.pass(1000);
  expect(program.received).toBe("<ann → you> psst\n");
  expect(rowsOf(ann).at(-1)).toBe("<ann> psst | not encrypted end to end: the host can read it");
});

test("a key that is known by its owner's contact, or VERIFIED, needs no remark", () => {
  const { world, join } = makeRoom();
  const [ann, bob] = [join("ann", 2), join("bob", 3)];
  ann.people.learn({ is: "met", key: keyOf(3), name: "bob", endpoint: undefined, atMs: 1 }, () => {});
  bob.people.learn({ is: "met", key: keyOf(2), name: "ann", endpoint: undefined, atMs: 1 }, () => {});
  bob.people.learn({ is: "verified", key: keyOf(2), name: "ann", atMs: 2 }, () => {});
  ann.command("/msg bob psst");
  world.pass(1000);
  expect([...rowsOf(ann), ...rowsOf(bob)]).toEqual(["<ann> psst", "<ann> psst"]);
  expect(outputsOf(bob)).toEqual([["psst", "end-to-end", keyOf(2), undefined]]);
});

test("a key that both compare through the host needs no remark any more", () => {
  const { world, join } = makeRoom();
  const [ann, bob] = [join("ann", 2), join("bob", 3)];
  ann.command("/verify bob");
  world.pass(2000);
  ann.command("/verify bob same");
  bob.command("/verify ann same");
  world.pass(2000);
  ann.command("/msg bob psst");
  world.pass(1000);
  expect([...rowsOf(ann), ...rowsOf(bob)]).toEqual(["<ann> psst", "<ann> psst"]);
});

test("a host cannot pass a key with which it was met for a member's: the row names its owner", () => {
  const { world, hub, join } = makeRoom();
  const [ann] = [join("ann", 2), join("bob", 3)];
  const epoch = hub.chat.room.members.get(3)?.via.seal.theirEpoch ?? "";
  sendAsHub(hub, "ann", { type: "joined", number: 3, name: "bob", identity: keyOf(1), epoch });
  ann.command("/msg bob psst");
  world.pass(1000);
  expect(rowsOf(ann)).toEqual([`<ann> psst | you know this key as hub's: ${fingerprintOf(1)}`]);
});

test("a member of a sealed room is told what the host can read, and /why private what a line keeps from whom", () => {
  const { join } = makeRoom();
  const [ann, carl] = [join("ann", 2), join("carl", 4, { encrypt: "off" })];
  const isTold = (duet: Duet): boolean => duet.notices().join().includes("can read what is for all");
  expect([isTold(ann), isTold(carl)]).toEqual([true, false]);
  ann.command("/why private");
  expect(ann.notices().join()).toContain("no forward secrecy at the receiver");
});

test("a replay shows the remarks of received lines", () => {
  const { world, join } = makeRoom();
  const [ann, bob, carl] = [join("ann", 2), join("bob", 3), join("carl", 4, { encrypt: "off" })];
  bob.people.learn({ is: "met", key: keyOf(9), name: "ann", endpoint: undefined, atMs: 1 }, () => {});
  ann.command("/msg bob psst");
  carl.command("/msg bob hey");
  world.pass(1000);
  const lines = bob.outputs.flatMap((output) => formatJson(output) ?? []);
  const replay = new Replay(
    lines.flatMap((line) => parseRecorded(line) ?? []),
    english,
  );
  replay.goTo(replay.events.length);
  expect(rowsOf(bob)).toHaveLength(2);
  expect(listRows(replay.model().scrollback.tcp)).toEqual(rowsOf(bob));
});

describe("a host that lies", () => {
  /** Ann and bob, of whom ann has written one private line; `frame` is what the host relayed of it. */
  function relayOne() {
    const room = makeRoom();
    const [ann, bob] = [room.join("ann", 2), room.join("bob", 3)];
    ann.command("/msg bob psst");
    room.world.pass(2000);
    const [frame] = relayedTo(room.hub);
    if (frame === undefined) throw new Error("nothing was relayed");
    return { ...room, ann, bob, frame };
  }

  test("and repeats a line is found out: it is not shown, and gets no receipt", () => {
    const { world, hub, bob, frame } = relayOne();
    const before = receiptsAt(hub).length;
    sendAsHub(hub, "bob", { ...frame, id: frame.id + 1000 });
    world.pass(2000);
    expect(bob.receivedLines()).toEqual(["<ann> psst"]);
    expect(bob.errors().filter((error) => error.includes("sent a line again"))).toHaveLength(1);
    expect(receiptsAt(hub)).toHaveLength(before);
    // Later lines get theirs, which do not cover the repeated one.
    hub.command("/msg bob next");
    world.pass(2000);
    expect(bob.receivedLines()).toEqual(["<ann> psst", "<hub> next"]);
  });

  test("and repeats a line once its receiver has joined again is found out, too", () => {
    const { world, hub, bob, frame } = relayOne();
    bob.command("/reconnect");
    world.pass(5000);
    const number = [...hub.chat.room.members.values()].find(({ name }) => name === "bob")?.number ?? 0;
    expect(number).toBeGreaterThan(3);
    sendAsHub(hub, "bob", { ...frame, id: frame.id + 1000, to: number });
    world.pass(1000);
    expect(bob.receivedLines()).toEqual(["<ann> psst"]);
    expect(bob.errors().filter((error) => error.includes("sent a line again"))).toHaveLength(1);
  });

  test("and relays one member's line as another's shows it as of an unknown key", () => {
    const { world, hub, join } = makeRoom();
    const [ann, bob] = [join("ann", 2), join("bob", 3)];
    join("carl", 4);
    // The host keeps the line, and says that it is carl's.
    const known = findMemberKey(ann.chat.self, findReceiver(ann.peer(), 3)!);
    const [line] =
      sealText(
        ann.chat,
        getSessionKey(ann.chat.self.keys, ann.peer().seal.ours),
        { ...known!, epoch: known?.epoch ?? "" },
        "psst",
      ) ?? [];
    sendAsHub(hub, "bob", { type: "message", id: 999, from: 4, to: 3, text: "", sealed: line?.sealed ?? "" });
    world.pass(1000);
    expect(rowsOf(bob)).toEqual([
      `<key ${keyOf(2).slice(0, 8)}> psst | sealed with another key than the author's: ${fingerprintOf(2)}`,
    ]);
  });

  test("and changes a line, or keeps it for another process of the receiver, delivers nothing", () => {
    const { world, hub, join, bob, frame } = relayOne();
    const changed = `${frame.sealed?.startsWith("A") === true ? "B" : "A"}${frame.sealed?.slice(1)}`;
    sendAsHub(hub, "bob", { ...frame, id: frame.id + 1000, sealed: changed });
    sendAsHub(hub, "bob", { ...frame, id: frame.id + 1001, sealed: "not base64, not sealed" });
    sendAsHub(hub, "bob", { ...frame, id: frame.id + 1002, sealed: "" });
    world.pass(1000);
    expect(bob.receivedLines()).toEqual(["<ann> psst"]);
    expect(bob.errors().filter((error) => error.startsWith("EPROTO"))).toHaveLength(3);
    bob.quit();
    world.pass(3000);
    const later = join("bob", 3);
    const number = [...hub.chat.room.members.values()].find(({ name }) => name === "bob")?.number ?? 0;
    sendAsHub(hub, "bob", { ...frame, id: frame.id + 2000, to: number });
    world.pass(1000);
    expect(later.receivedLines()).toEqual([]);
    expect(later.errors().filter((error) => error.startsWith("EPROTO"))).toHaveLength(1);
  });

  test("and introduces a key of its own gets a line that says so, and its own lines pass for nobody's", () => {
    const { world, hub, join } = makeRoom();
    const [ann, bob] = [join("ann", 2), join("bob", 3)];
    const known = ann.peer().hostRoom.members.get(3)?.introduced;
    const eve = { number: 3, name: "bob", identity: keyOf(9), epoch: known?.epoch ?? "" };
    sendAsHub(hub, "ann", { type: "joined", ...eve });
    ann.command("/msg bob psst");
    world.pass(1000);
    expect(rowsOf(ann)).toEqual([`<ann> psst | ${introduced(9)}`]);
    expect(bob.receivedLines()).toEqual([]);
    // The host opens it with the key that it introduced, and seals it anew: bob sees that it is not ann's key.
    const bobs = bob.chat.self;
    const epoch = hub.chat.room.members.get(3)?.via.seal.theirEpoch ?? "";
    const keys = { ours: pairOf(9), ephemeral: pairOf(10), theirs: pairOf(3).publicKey };
    const forged = { atMs: 1, id: "00".repeat(16), action: false, text: "psst" };
    const sealed = sealPrivateLine(keys, epoch, forged) ?? "";
    expect(bobs.privateLines.received.size).toBe(0);
    sendAsHub(hub, "bob", { type: "message", id: 999, from: 2, to: 3, text: "", sealed });
    world.pass(1000);
    expect(rowsOf(bob)).toEqual([
      `<key ${keyOf(9).slice(0, 8)}> psst | sealed with another key than the author's: ${fingerprintOf(9)}`,
    ]);
    expect(outputsOf(bob)).toEqual([["psst", "end-to-end", keyOf(9), ["unknown-key"]]]);
  });

  test("and introduces a key of low order: the line returns with a word", () => {
    const { hub, join } = makeRoom();
    const [ann] = [join("ann", 2), join("bob", 3)];
    const low = { identity: formatKey(new Uint8Array(32)), epoch: "0".repeat(32) };
    sendAsHub(hub, "ann", { type: "joined", number: 7, name: "eve", ...low });
    ann.command("/to eve");
    ann.say("secret");
    expect(ann.returnedLines).toEqual(["secret"]);
    expect(ann.errors().at(-1)).toContain("nothing can be encrypted to");
  });

  test("gets no receipt for a line that was dropped, also between two that were shown", () => {
    const { world, hub, bob } = relayOne();
    const ids: number[] = [];
    for (const text of ["one", undefined, "two"]) {
      if (text !== undefined) hub.command(`/msg bob ${text}`);
      const id = takeMessageId(hub.chat.ids);
      ids.push(id);
      if (text === undefined)
        sendAsHub(hub, "bob", { type: "message", id, from: 2, to: 3, text: "", sealed: "AAAA" });
    }
    world.pass(2000);
    expect(bob.receivedLines()).toEqual(["<ann> psst", "<hub> one", "<hub> two"]);
    const covered = receiptsAt(hub).filter(({ first, last }) => first <= ids[1]! && ids[1]! <= last);
    expect(covered).toEqual([]);
    expect(receiptsAt(hub).some(({ first }) => first > ids[1]!)).toBe(true);
  });

  test("and takes the sealing off writes lines that say that it can read them", () => {
    const { world, hub, bob } = relayOne();
    sendAsHub(hub, "bob", { type: "message", id: 999, from: 2, to: 3, text: "forged" });
    world.pass(1000);
    expect(rowsOf(bob).at(-1)).toBe("<ann> forged | not encrypted end to end: the host can read it");
  });
});

test("a sealed line for a member whose connection is PLAIN is returned to its sender", () => {
  const { world, hub, join } = makeRoom();
  const [ann, carl] = [join("ann", 2), join("carl", 4, { encrypt: "off" })];
  const host = ann.peer();
  sendFrameTo(ann.chat, host, { type: "message", id: 500, to: 3, text: "", sealed: "AAAA" });
  ann.dispatch({ type: "switched", to: "tcp" });
  world.pass(1000);
  expect(ann.notices().join()).toContain("this member's connection is PLAIN");
  expect([carl.receivedLines(), hub.receivedLines()]).toEqual([[], []]);
});

describe("a member with the name of somebody known, and another key,", () => {
  test("is marked at the host with each line that it writes", () => {
    const { world, hub, join } = makeRoom();
    hub.people.learn({ is: "met", key: keyOf(8), name: "bob", endpoint: undefined, atMs: 1 }, () => {});
    const bob = join("bob", 3);
    bob.say("one");
    bob.say("two");
    bob.command("/msg hub three");
    world.pass(2000);
    const mark = "another key than the bob you know";
    expect(rowsOf(hub)).toEqual([`<bob> one | ${mark}`, `<bob> two | ${mark}`, `<bob> three | ${mark}`]);
    expect(outputsOf(hub)[0]).toEqual(["one", "encrypted", undefined, ["another-key"]]);
    bob.quit();
    world.pass(5000);
    const again = join("bob", 3);
    again.say("four");
    world.pass(2000);
    expect(rowsOf(hub).at(-1)).toBe(`<bob> four | ${mark}`);
  });

  test("is marked by those to whom a hub introduces it, when it writes and is written to", () => {
    const { world, join } = makeRoom();
    const [ann, bob] = [join("ann", 2), join("bob", 3)];
    ann.people.learn({ is: "met", key: keyOf(8), name: "bob", endpoint: undefined, atMs: 1 }, () => {});
    bob.say("one");
    ann.command("/msg bob two");
    bob.command("/nick rob");
    world.pass(2000);
    bob.say("three");
    world.pass(2000);
    const mark = "another key than the bob you know";
    expect(rowsOf(ann)).toEqual([
      `<bob> one | ${mark}`,
      `<ann> two | ${introduced(3)} | ${mark}`,
      "<rob> three",
    ]);
  });

  test("is reported with both keys, whoever of the two joins first", () => {
    const { join } = makeRoom();
    const [first, bob] = [join("ann", 2), join("bob", 3)];
    const last = join("carl", 4);
    const reports = (duet: Duet): number =>
      duet
        .notices()
        .filter((notice) => notice.includes(`another key than the bob you know: ${fingerprintOf(3)}`)).length;
    expect([reports(first), reports(last)]).toEqual([0, 0]);
    bob.quit();
    for (const { people } of [first, last])
      people.learn({ is: "met", key: keyOf(8), name: "bob", endpoint: undefined, atMs: 1 }, () => {});
    join("bob", 3);
    expect([reports(first), reports(last)]).toEqual([1, 1]);
    const newcomers = fakePeople(5);
    newcomers.learn({ is: "met", key: keyOf(8), name: "bob", endpoint: undefined, atMs: 1 }, () => {});
    expect(reports(join("dora", newcomers))).toBe(1);
  });

  test("is not marked if it is that person", () => {
    const { world, hub, join } = makeRoom();
    hub.people.learn({ is: "met", key: keyOf(3), name: "bob", endpoint: undefined, atMs: 1 }, () => {});
    join("bob", 3).say("one");
    world.pass(2000);
    expect(rowsOf(hub)).toEqual(["<bob> one"]);
  });
});
