/** Messages of several lines: one message with one receipt for duets, lines as they were written for raw peers. */

import { describe, expect, test } from "bun:test";
import { InputQueue } from "../../src/chat/input-queue.ts";
import {
  acceptSilenceMs,
  datagramMaxBytes,
  messageMaxBytes,
  splitLineMaxUnits,
} from "../../src/protocol/limits.ts";
import { type Duet, type Program, World } from "../support/chat-world.ts";

const poem = "roses\tare red\n\n  violets are blue\n<eve> me too";

function sent(duet: Duet): readonly string[] {
  return duet.outputs.flatMap((output) =>
    output.type === "message" && output.direction === "out" ? [output.text] : [],
  );
}

function listReceipts(duet: Duet): readonly string[] {
  return duet.outputs.flatMap((output) => (output.type === "receipt" ? [output.stage] : []));
}

describe.each(["tcp", "udp"] as const)("over %s", (transport) => {
  test("duets get one message, and send one receipt", () => {
    const world = new World();
    const hub = world.hub({}, transport);
    const ann = world.member("ann", transport);
    const bob = world.member("bob", transport);
    world.pass(1000);
    if (transport === "udp")
      for (const duet of [hub, ann, bob]) duet.dispatch({ type: "switched", to: "udp" });
    ann.say(poem);
    world.pass(1000);
    for (const duet of [hub, bob]) expect(duet.receivedLines()).toEqual([`<ann> ${poem}`]);
    expect(sent(ann)).toEqual([poem]);
    expect(listReceipts(ann).filter((stage) => stage === "received")).toHaveLength(1);
    expect(ann.lines(transport).filter((line) => line.startsWith("<"))).toEqual([`<ann> ${poem}`]);
  });

  test("a raw member gets each line with its author from the relay, and the host's own as they are", () => {
    const world = new World();
    const hub = world.hub({}, transport);
    const raw = world.program(transport).connect().send("hi\n");
    const ann = world.member("ann", transport);
    world.pass(1000);
    if (transport === "udp") for (const duet of [hub, ann]) duet.dispatch({ type: "switched", to: "udp" });
    const before = raw.datagrams.length;
    ann.say(poem);
    hub.say("one\n\ntwo");
    world.pass(1000);
    const relayed = ["<ann> roses\tare red", "<ann> ", "<ann>   violets are blue", "<ann> <eve> me too"];
    if (transport === "udp") expect(raw.datagrams.slice(before)).toEqual([...relayed, "one", "two"]);
    else
      expect(raw.datagrams.slice(before).join("")).toBe(
        [...relayed, "one", "", "two"].map((line) => `${line}\n`).join(""),
      );
  });
});

function connectRaw(
  transport: "tcp" | "udp" = "tcp",
  over = {},
): { world: World; server: Program; duet: Duet } {
  const world = new World();
  const server = world.program(transport).listen();
  const duet = world.duet({ raw: true, ...over });
  duet.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, transport);
  if (transport === "udp") duet.dispatch({ type: "switched", to: "udp" });
  world.pass(acceptSilenceMs);
  return { world, server, duet };
}

test("a raw TCP peer gets the bytes that were written, with CR LF for -C", () => {
  const { server, duet } = connectRaw();
  duet.say(poem);
  expect(server.received).toBe(`${poem}\n`);
  expect(duet.outputs.find(({ type }) => type === "message")).toMatchObject({
    text: poem,
    bytes: poem.length + 1,
  });
  const crlf = connectRaw("tcp", { crlf: true });
  crlf.duet.say(poem);
  const converted = `${poem}\n`.replaceAll("\n", "\r\n");
  expect(crlf.server.received).toBe(converted);
  expect(crlf.duet.outputs.find(({ type }) => type === "message")).toMatchObject({ bytes: converted.length });
});

test("a raw UDP peer gets a datagram for each line that is not empty, and each may be as long as one", () => {
  const { server, duet } = connectRaw("udp");
  duet.say(poem);
  expect(server.datagrams).toEqual(poem.split("\n").filter((line) => line !== ""));
  const longest = "x".repeat(datagramMaxBytes / 2);
  duet.say(`${longest}\n${longest}y`);
  expect(server.datagrams.slice(3)).toEqual([longest, `${longest}y`]);
  duet.say(`short\n${"x".repeat(datagramMaxBytes + 1)}`);
  expect(duet.errors()).toHaveLength(1);
  expect(server.datagrams).toHaveLength(5);
});

test("an action names its author in each line for raw peers, and a private message is one", () => {
  const world = new World();
  const hub = world.hub();
  const raw = world.program().connect().send("hi\n");
  const ann = world.member("ann");
  const before = raw.received.length;
  hub.submit("/me waves\nand leaves");
  expect(raw.received.slice(before)).toBe("* hub waves\n* hub and leaves\n");
  expect(ann.receivedLines().slice(-1)).toEqual(["<hub> waves\nand leaves"]);
  hub.submit("/msg ann one\n two");
  expect(ann.receivedLines().slice(-1)).toEqual(["<hub> one\n two"]);
});

test("newlines alone go to raw streams, and are no message for a duet", () => {
  const { server, duet } = connectRaw();
  duet.say("\n");
  expect(server.received).toBe("\n\n");
  const world = new World();
  const hub = world.hub();
  const ann = world.member("ann");
  hub.say("\n\n");
  expect([ann.receivedLines(), hub.errors()]).toEqual([[], []]);
});

test("a text that waited and was returned is one message again", () => {
  const world = new World();
  const ann = world.duet({ name: "ann" });
  ann.say(poem);
  expect(ann.returnedLines.join("\n")).toBe(poem);
});

describe("control characters, as a paste may hide them", () => {
  const hidden = "a\x1b[31mb\x07\u0085\x7f\u202Ec\u2066\t\n\u200Ed";
  const shown = "a␛[31mb␇<U+0085>␡<U+202E>c<U+2066>\t\n\u200Ed";

  test("reach duets and raw peers as the composer shows them, in text and in commands", () => {
    const world = new World();
    const hub = world.hub();
    const raw = world.program().connect().send("hi\n");
    const ann = world.member("ann");
    const before = raw.received.length;
    hub.say(hidden);
    hub.submit(`/me ${hidden}`);
    hub.submit(`/msg ann ${hidden}`);
    hub.submit(`/partial ${hidden}`);
    const action = `* hub ${shown.replace("\n", "\n* hub ")}\n`;
    expect(raw.received.slice(before, before + shown.length + 1 + action.length)).toBe(`${shown}\n${action}`);
    expect(raw.received.replaceAll(/[\t\n]/g, "")).not.toMatch(/\p{Cc}/u);
    expect(ann.receivedLines().slice(0, 3)).toEqual([`<hub> ${shown}`, `<hub> ${shown}`, `<hub> ${shown}`]);
  });

  test("reach a raw connection as they are with --raw and /raw, and by /send-hex", () => {
    const asked = connectRaw();
    asked.duet.say(hidden);
    expect(asked.server.received).toBe(`${hidden}\n`);
    const { world, server, duet } = connectRaw("tcp", { raw: false });
    world.pass(3000);
    duet.say(hidden);
    duet.submit("/send-hex 1b5b6d0a");
    duet.submit("/raw on");
    duet.say("\x1b[m");
    expect(server.received).toBe(`${shown}\n\x1b[m\n\x1b[m\n`);
  });

  test("stay in the path of a command", () => {
    const { duet } = connectRaw("tcp", { raw: false });
    duet.submit("/save /tmp/a\x07b");
    expect(duet.screenRequests).toContainEqual({ type: "save", path: "/tmp/a\x07b", overwrite: false });
  });
});

describe("a text that is too long for one message", () => {
  const take = (text: string, inPieces: boolean): readonly string[] => {
    const queue = new InputQueue();
    queue.addMessage(text, { transport: "tcp", target: undefined, addressee: undefined });
    const found: string[] = [];
    for (let next = queue.next(inPieces); next?.type === "typed"; next = queue.next(inPieces))
      found.push(next.text + (next.continues ? "…" : ""));
    expect([queue.isEmpty, queue.lines]).toEqual([true, 0]);
    return found;
  };

  test("is cut between lines, at messageMaxBytes and not before", () => {
    const line = "x".repeat(1023);
    const whole = Array.from({ length: messageMaxBytes / 1024 }, () => line).join("\n");
    expect(Buffer.byteLength(whole)).toBe(messageMaxBytes - 1);
    expect(take(`${whole}y`, true)).toEqual([`${whole}y`]);
    expect(take(`${whole}yz`, true)).toEqual([whole.slice(0, -1024), `${line}yz`]);
    const chinese = Array.from({ length: 3 * 64 }, () => "你".repeat(341)).join("\n");
    expect(take(chinese, false).map((text) => Buffer.byteLength(text))).toEqual([65_535, 65_535, 65_535]);
    expect(take(chinese, false).join("\n")).toBe(chinese);
  });

  test("has a long line of its own, which a stream gets in pieces", () => {
    const long = "x".repeat(messageMaxBytes + 1);
    expect(take(`a\n${long}\nb`, false)).toEqual(["a", long, "b"]);
    const pieces = take(`a\n${long}\nb`, true);
    expect(pieces[1]).toBe(`${"x".repeat(splitLineMaxUnits)}…`);
    const written = pieces.map((piece) => (piece.endsWith("…") ? piece.slice(0, -1) : `${piece}\n`));
    expect(written.join("")).toBe(`a\n${long}\nb\n`);
  });

  test("keeps empty lines where it is cut", () => {
    const blank = "\n".repeat(messageMaxBytes * 2);
    expect(take(blank, true).join("\n")).toBe(blank);
  });
});
