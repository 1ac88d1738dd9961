/** Reported spans: a reader of the events finds the same calls for each message as the screen highlights. */

import type { ReportedSpan, SpanInCall } from "../../src/chat/spans/reported-spans.ts";
import { findMovedSpanKind } from "../../src/chat/trace/call-links.ts";
import { formatJson } from "../../src/cli/output/json-output.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import type { Frame } from "../../src/protocol/frames/frame.ts";
import { tracedPeersMax, reportedSpansMax } from "../../src/protocol/limits.ts";
import type { TransportName } from "../../src/protocol/sockets/socket-event.ts";
import { type Duet, type Program, World } from "../support/chat-world.ts";
import { RoughNetwork } from "../support/rough-network.ts";
import { seeded } from "../support/seeded.ts";
import { type CallEvent, MessageCalls } from "../support/message-calls.ts";
import { expect, test } from "bun:test";

/** With a screen too, so that the calls it highlights can be compared. */
const reporting = { reportCalls: true, reportSpans: true };

type Event = Readonly<Record<string, unknown>> & {
  readonly type: string;
  readonly id?: number;
  readonly text?: string;
  readonly carried?: readonly ReportedSpan[];
  readonly carries?: readonly SpanInCall[];
  readonly earlier?: readonly SpanInCall[];
};

/** The events as they are printed. */
function eventsOf(duet: Duet, type?: string): readonly Event[] {
  const all = duet.outputs.flatMap((output) => formatJson(output) ?? []);
  const events = all.map((line) => JSON.parse(line) as Event);
  return type === undefined ? events : events.filter((event) => event.type === type);
}

function idOf(duet: Duet, text: string): number {
  return eventsOf(duet, "message").find((event) => event.text === text)?.id ?? Number.NaN;
}

function named(duet: Duet, { call, peer }: CallEvent): string {
  const known = [...duet.chat.peers.values()].find(({ link: { address } }) => address === peer);
  return `${call} ${known?.membership.member?.name ?? known?.identity.name}`;
}

/** The calls that a reader of the events finds for a message. */
function callsOf(duet: Duet, text: string, what?: SpanInCall["what"]): readonly string[] {
  return new MessageCalls(eventsOf(duet)).callsOf(idOf(duet, text), what).map((call) => named(duet, call));
}

function tracedWorld(): World {
  const world = new World();
  world.network.reportsAllCalls = true;
  return world;
}

test("a hub reports a line in the recvs that received it, the sends that relayed it, and its receipts", () => {
  const world = tracedWorld();
  const hub = world.hub(reporting);
  const nc = world.program().connect();
  nc.send("here\n");
  const [bob, cat] = [world.member("bob", "tcp", reporting), world.member("cat", "tcp", reporting)];
  world.pass(1000);
  const raw = hub.memberNames()[0];
  nc.send("one\ntwo\nun");
  nc.send("finished\n");
  bob.say("three");
  world.pass(1000);
  const toBoth = ["send bob", "send cat"];
  expect(callsOf(hub, "one", "text")).toEqual([`recv ${raw}`, ...toBoth]);
  expect(callsOf(hub, "two", "text")).toEqual(callsOf(hub, "one", "text"));
  expect(callsOf(hub, "unfinished", "text")).toEqual([`recv ${raw}`, `recv ${raw}`, ...toBoth]);
  expect(callsOf(hub, "three", "text")).toEqual(["recv bob", "send cat", `send ${raw}`]);
  expect(callsOf(hub, "three", "receipt")).toEqual(["send bob", "recv cat", "send bob"]);
  expect(callsOf(bob, "three")).toEqual(["send hub", "recv hub", "recv hub"]);
  expect(callsOf(cat, "three")).toEqual(["recv hub", "send hub"]);
  hub.say("four");
  world.pass(1000);
  expect(callsOf(hub, "four", "text")).toEqual([...toBoth, `send ${raw}`]);
  expect(callsOf(hub, "four", "receipt")).toEqual(["recv bob", "recv cat"]);
  // An answer implies `read`, and sends that receipt.
  expect(callsOf(hub, "three", "receipt")).toEqual(["send bob", "recv cat", "send bob", "send bob"]);
});

test("a receipt event reports the spans of each peer's receipt", () => {
  const world = tracedWorld();
  const hub = world.hub(reporting);
  const [bob, cat] = [world.member("bob", "tcp", reporting), world.member("cat", "tcp", reporting)];
  world.pass(1000);
  hub.say("hello");
  world.pass(1000);
  const received = eventsOf(hub, "receipt").find(({ stage }) => stage === "received");
  expect(received?.carried?.map(({ what, call, connection }) => [what, call, connection])).toEqual(
    [bob, cat].map((_member, index) => ["receipt", "recv", hub.peer(index).link.connection]),
  );
  const carried = new MessageCalls(eventsOf(hub)).callsOf(idOf(hub, "hello"), "receipt");
  expect(received?.carried?.map(({ start }) => start)).toEqual(carried.map(({ offset }) => offset));
  for (const stage of ["sent", "queued"])
    for (const event of eventsOf(hub, "receipt"))
      if (event["stage"] === stage) expect(event).not.toHaveProperty("carried");
});

/** A hub whose frames the test writes, and a client that is connected to it. */
function hubByHand(): { readonly world: World; readonly ann: Duet; readonly hub: Program } {
  const world = tracedWorld();
  const hub = world.program().listen();
  const ann = world.member("ann", "tcp", reporting);
  hub.send(
    [
      frame({ type: "hello", name: "hub", session: "s", key: "k" }),
      frame({ type: "welcome", you: 2, key: "k", members: [] }),
    ].join(""),
  );
  return { world, ann, hub };
}

function frame(one: Frame): string {
  return `${encodeFrame(one)}\n`;
}

test("a receipt received in two recvs belongs to both, and is reported with the second", () => {
  const { ann, hub } = hubByHand();
  ann.say("hello");
  const id = idOf(ann, "hello");
  const receipt = frame({ type: "receipt", stage: "received", first: id, last: id });
  hub.send(receipt.slice(0, 10));
  hub.send(receipt.slice(10));
  expect(callsOf(ann, "hello", "receipt")).toEqual(["recv hub", "recv hub"]);
  const [first, second] = eventsOf(ann, "call").slice(-2);
  expect(first).not.toHaveProperty("carries");
  const start = Number(first?.["offset"]);
  expect(second?.carries).toEqual([{ id, what: "receipt", start, end: start + receipt.length }]);
});

test("a recv is reported before the events it causes, with the receipt that it carried", () => {
  const { ann, hub } = hubByHand();
  ann.say("hello");
  const id = idOf(ann, "hello");
  const before = eventsOf(ann).length;
  hub.send(
    frame({ type: "receipt", stage: "received", first: id, last: id }) +
      frame({ type: "message", id: 1, from: 1, text: "answer" }),
  );
  const received = eventsOf(ann).slice(before);
  expect(received.map(({ type }) => type)).toEqual(["call", "receipt", "message"]);
  expect(received[0]?.carries?.map(({ what }) => what)).toEqual(["receipt"]);
});

test("a receipt delivered later than its recv is reported by the connection's next call, as `earlier`", () => {
  const { ann, hub } = hubByHand();
  ann.say("hello");
  const id = idOf(ann, "hello");
  const {
    link: { connection },
    inbound: { bytesIn },
  } = ann.peer();
  const receipt = Buffer.from(frame({ type: "receipt", stage: "received", first: id, last: id }));
  // One recv delivered in two chunks, as a stream reader does.
  ann.onEvent("tcp", { type: "called", call: "recv", result: "ok", connection, bytes: 10 + receipt.length });
  const pong = frame({ type: "pong", number: 1 });
  ann.onEvent("tcp", { type: "received", connection, bytes: Buffer.from(pong) });
  ann.onEvent("tcp", { type: "received", connection, bytes: receipt });
  const start = bytesIn + pong.length;
  const piece = { id, what: "receipt", start, end: start + receipt.length } as const;
  hub.fin();
  ann.onEvent("tcp", { type: "called", call: "recv", result: "FIN", connection, bytes: 0 });
  const [recv, fin] = eventsOf(ann, "call").slice(-2);
  expect(recv).not.toHaveProperty("carries");
  expect(fin).toMatchObject({ result: "FIN", earlier: [piece] });
  expect(fin).not.toHaveProperty("carries");
});

test("a recv without delivered bytes is reported before the next call or event", () => {
  const { ann } = hubByHand();
  const {
    link: { connection },
  } = ann.peer();
  const count = () => eventsOf(ann, "call").length;
  const before = count();
  for (let recv = 0; recv < 2; recv += 1)
    ann.onEvent("tcp", { type: "called", call: "recv", result: "ok", connection, bytes: 1 });
  expect(count()).toBe(before + 1);
  ann.dispatch({ type: "time-reached" });
  expect(count()).toBe(before + 2);
});

test("a partial send and the send of the rest both carried the message", () => {
  const world = tracedWorld();
  const hub = world.hub(reporting);
  const reader = world.program().connect();
  reader.send("here\n");
  reader.setReading(false);
  hub.say("one");
  hub.say("two");
  const {
    link: { connection },
  } = hub.peer();
  const send = { type: "called", call: "send", connection, ofBytes: 8 } as const;
  for (const [result, bytes] of [
    ["partial", 6],
    ["would-block", 0],
    ["ok", 2],
  ] as const)
    hub.onEvent("tcp", { ...send, result, bytes });
  const sends = eventsOf(hub, "call").filter(({ call }) => call === "send");
  const [one, two] = ["one", "two"].map((text) => idOf(hub, text));
  expect(sends.map(({ result, carries }) => [result, carries])).toEqual([
    [
      "partial",
      [
        { id: one, what: "text", start: 0, end: 4 },
        { id: two, what: "text", start: 4, end: 8 },
      ],
    ],
    ["would-block", undefined],
    ["ok", [{ id: two, what: "text", start: 4, end: 8 }]],
  ]);
});

test("lines after a datagram that could not be sent are reported in their own calls", () => {
  const world = tracedWorld();
  const hub = world.hub(reporting, "udp");
  const bob = world.member("bob", "udp", reporting);
  for (const duet of [hub, bob]) duet.dispatch({ type: "switched", to: "udp" });
  world.pass(1000);
  const { network } = world;
  const sendUdp = network.sendUdp.bind(network);
  network.sendUdp = (connection, { length: bytes }) => {
    network.sendUdp = sendUdp;
    const error = { code: "ENETUNREACH", call: "sendto", target: "127.0.0.1:8080" } as const;
    const failed = { type: "called", call: "sendto", result: error.code, connection, bytes: 0 } as const;
    bob.onEvent("udp", { ...failed, ofBytes: bytes });
    bob.onEvent("udp", { type: "send-failed", connection, error: { ...error, transport: "udp" }, bytes });
    return "closed";
  };
  const long = "x".repeat(3000);
  bob.say(long);
  bob.say("after it");
  world.pass(5000);
  expect(hub.receivedLines().map((line) => line.slice("<bob> ".length))).toEqual([long, "after it"]);
  const sizes = (what: string) =>
    new MessageCalls(eventsOf(bob)).callsOf(idOf(bob, what), "text").map(({ bytes }) => bytes);
  const payloads = network.datagrams.map(({ bytes }) => Buffer.from(bytes).toString());
  for (const [text, mark] of [
    [long, "xxxx"],
    ["after it", "after it"],
  ] as const)
    expect(sizes(text)).toEqual(payloads.filter((one) => one.includes(mark)).map(({ length }) => length));
  const failed = eventsOf(bob, "call").find(({ result }) => result === "ENETUNREACH");
  expect(failed).not.toHaveProperty("carries");
});

test("in a raw room a line reports the calls that relayed its bytes before it was complete", () => {
  const world = tracedWorld();
  const hub = world.hub({ ...reporting, raw: true });
  const programs = [world.program().connect(), world.program().connect(), world.program().connect()];
  for (const [index, program] of programs.entries()) program.send(`${index}\n`);
  const before = eventsOf(hub).length;
  for (const piece of ["on", "e\ntw", "o\n"]) programs[0]!.send(piece);
  const [one = "", other = "", third = ""] = [...hub.chat.peers.values()].map(
    ({ link: { address } }) => address,
  );
  const messageCalls = new MessageCalls(eventsOf(hub));
  const found = (text: string) =>
    messageCalls
      .callsOf(idOf(hub, text), "text")
      .filter(({ index }) => index >= before)
      .map(({ call, peer, bytes }) => `${call} ${bytes} ${peer}`);
  const passedOn = (bytes: number) => [
    `recv ${bytes} ${one}`,
    `send ${bytes} ${other}`,
    `send ${bytes} ${third}`,
  ];
  expect(found("one")).toEqual([...passedOn(2), ...passedOn(4)]);
  expect(found("two")).toEqual([...passedOn(4), ...passedOn(2)]);
});

test("piped bytes are a message in the calls that sent them", () => {
  const world = tracedWorld();
  const hub = world.hub({ ...reporting, raw: true, headless: true });
  const program = world.program().connect();
  program.send("here\n");
  hub.pipe("as it is");
  expect(callsOf(hub, "as it is")).toEqual([`send ${hub.memberNames()[0]}`]);
});

test(`a line to more than ${tracedPeersMax} peers marks the untraced calls with carriesMore`, () => {
  const world = tracedWorld();
  const hub = world.hub(reporting);
  const connect = (): void => void world.program().connect().send("here\n");
  for (let count = 0; count < tracedPeersMax; count += 1) connect();
  const sendsOf = (text: string): readonly Event[] => {
    const before = eventsOf(hub).length;
    hub.say(text);
    return eventsOf(hub)
      .slice(before)
      .filter(({ call }) => call === "send");
  };
  const untraced = (sends: readonly Event[]) => sends.filter(({ carriesMore }) => carriesMore === true);
  expect(untraced(sendsOf("to all"))).toEqual([]);
  connect();
  const sends = sendsOf("to one more");
  expect(sends).toHaveLength(tracedPeersMax + 1);
  expect(sends.filter(({ carries }) => carries !== undefined)).toHaveLength(tracedPeersMax);
  expect(untraced(sends)).toEqual([sends.at(-1)!]);
});

test(`a call reports at most ${reportedSpansMax} spans, and carriesMore for one more`, () => {
  const world = tracedWorld();
  const hub = world.hub(reporting);
  const [sender, reader] = [world.program().connect(), world.program().connect()];
  reader.send("here\n");
  sender.send("here\n");
  for (const [lines, more] of [
    [reportedSpansMax, undefined],
    [reportedSpansMax + 1, true],
  ] as const) {
    sender.send("x\n".repeat(lines));
    const send = eventsOf(hub, "call").at(-1);
    expect(send?.["call"]).toBe("send");
    expect([send?.carries?.length, send?.["carriesMore"]]).toEqual([reportedSpansMax, more]);
  }
});

test(`a receipt reports at most ${reportedSpansMax} spans, and carriedMore for one more`, () => {
  for (const [members, more] of [
    [reportedSpansMax, undefined],
    [reportedSpansMax + 1, true],
  ] as const) {
    const world = tracedWorld();
    const hub = world.hub(reporting);
    for (let count = 0; count < members; count += 1) world.member(`m${count}`);
    world.pass(1000);
    hub.say("hello");
    const id = idOf(hub, "hello");
    const bytes = Buffer.from(frame({ type: "receipt", stage: "received", first: id, last: id }));
    for (const {
      link: { connection },
    } of hub.chat.peers.values())
      hub.onEvent("tcp", { type: "received", connection, bytes });
    const receipt = eventsOf(hub, "receipt").find(({ stage }) => stage === "received");
    expect([receipt?.carried?.length, receipt?.["carriedMore"]]).toEqual([reportedSpansMax, more]);
  }
});

/**
 * For each message of a duet, compares the calls found in its events with the highlighted ones; returns how many
 * were found.
 */
function compareWithScreen(duet: Duet, transport: TransportName): number {
  const {
    conversation: { scrollback },
    calls: wire,
  } = duet.chat.sides[transport];
  const events = eventsOf(duet);
  const calls = events.flatMap((event, index) => (event.type === "call" ? [index] : []));
  const messageCalls = new MessageCalls(events);
  const rows = Array.from({ length: wire!.length }, (_, row) => wire!.at(row)!);
  const ids = new Map(
    events.flatMap(({ type, id, text }) => (type === "message" ? [[text, id ?? Number.NaN]] : [])),
  );
  expect(calls).toHaveLength(wire!.count);
  let compared = 0;
  for (let index = 0; index < scrollback.length; index += 1) {
    const entry = scrollback.at(index)!;
    if (entry.kind !== "message") continue;
    const moved = rows.filter((row) => findMovedSpanKind(row, entry) !== undefined);
    const lit = moved.map(({ number }) => calls[number - 1]!);
    const found = messageCalls.callsOf(ids.get(entry.text) ?? Number.NaN).map((call) => call.index);
    expect([duet.chat.self.name, entry.text.slice(0, 5), ...found]).toEqual([
      duet.chat.self.name,
      entry.text.slice(0, 5),
      ...lit,
    ]);
    compared += found.length;
  }
  return compared;
}

test.each([1, 2, 3, 4])(
  "over UDP with loss, duplicates and reordering, events report the highlighted calls (seed %d)",
  (seed) => {
    const world = tracedWorld();
    const network = new RoughNetwork(world, seeded(seed), {
      loss: 0,
      duplicated: 0,
      delayMs: 10,
      jitterMs: 0,
    });
    const duets = [
      world.hub(reporting, "udp"),
      world.member("bob", "udp", reporting),
      world.member("cat", "udp", reporting),
    ];
    for (const duet of duets) duet.dispatch({ type: "switched", to: "udp" });
    world.pass(1000);
    network.roughness = { loss: 0.3, duplicated: 0.3, delayMs: 10, jitterMs: 40 };
    for (let count = 0; count < 60; count += 1) {
      duets[count % 3]!.say(count % 10 === 3 ? `${count} ${"x".repeat(4800)}` : `${count}`);
      if (count % 7 === 0) world.pass(50);
    }
    world.pass(30_000);
    for (const duet of duets) expect(compareWithScreen(duet, "udp")).toBeGreaterThan(200);
    // A frame that waited for a gap to close is reported by a later call, and found all the same.
    const isLate = (event: Event): boolean => event.earlier !== undefined;
    expect(duets.some((duet) => eventsOf(duet, "call").some(isLate))).toBe(true);
  },
);

test("over TCP, in a room of duets and raw peers, events report the highlighted calls", () => {
  const world = tracedWorld();
  const hub = world.hub(reporting);
  const programs = [world.program().connect(), world.program().connect()];
  const duets = [hub, world.member("bob", "tcp", reporting), world.member("cat", "tcp", reporting)];
  world.pass(1000);
  const chance = seeded(7);
  for (let count = 0; count < 80; count += 1) {
    const index = Math.floor(chance() * 5);
    if (index < 3) duets[index]!.say(`${count} 你好`);
    else for (const piece of [`${count}`, " in", " pieces\n"]) programs[index - 3]!.send(piece);
    if (count % 9 === 0) world.pass(200);
  }
  world.pass(2000);
  for (const duet of duets) expect(compareWithScreen(duet, "tcp")).toBeGreaterThan(200);
});

test("without a request for spans no event reports any", () => {
  const world = tracedWorld();
  const hub = world.hub({ reportCalls: true });
  world.member("bob");
  world.pass(1000);
  hub.say("hello");
  world.pass(1000);
  for (const name of ["carried", "carries", "earlier", "carriesMore", "carriedMore"])
    for (const event of eventsOf(hub)) expect(event).not.toHaveProperty(name);
});
