/**
 * A script that reads nothing but `--json` joins messages to calls; its result is compared with the bytes of each
 * direction (from `-x`, or as the other end wrote and read them).
 */

import type { ReportedSpan } from "../../src/chat/spans/reported-spans.ts";
import { type Duet, Folder, type JsonEvent, startDuet } from "../support/duet.ts";
import { type LoggedPayload, readHexLog } from "../support/hex-log.ts";
import { startClient } from "../support/raw-client.ts";
import type { SeenFrame } from "../support/seen-frame.ts";
import { type CallEvent, MessageCalls } from "../support/message-calls.ts";
import { expect, test } from "bun:test";

/** A line of a stream, or a datagram, and its offset among the bytes of its direction. */
interface Piece {
  readonly way: "in" | "out";
  readonly peer: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The frame, if a duet sent the piece. */
  readonly frame: SeenFrame | undefined;
}

/** All sent and received bytes, in pieces. */
function piecesOf(log: readonly LoggedPayload[], transport: "tcp" | "udp"): readonly Piece[] {
  const streams = Map.groupBy(log, ({ way, peer }) => `${way} ${peer}`);
  return [...streams.values()].flatMap((payloads) => {
    const { way, peer } = payloads[0]!;
    const bytes = payloads.map((payload) => payload.bytes);
    const cut = transport === "udp" ? bytes.flatMap(linesOf) : linesOf(Buffer.concat(bytes));
    let start = 0;
    return cut.map((one) => {
      const text = one.toString();
      const piece = { way, peer, start, end: start + one.length, text, frame: frameOf(text) };
      start += one.length;
      return piece;
    });
  });
}

function linesOf(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}

function frameOf(text: string): SeenFrame | undefined {
  return text.startsWith("duet/1 {") ? (JSON.parse(text.slice("duet/1 ".length)) as SeenFrame) : undefined;
}

/** The message's own pieces, the receipts for it, and the acknowledgements of its datagrams. */
function findCarriers(pieces: readonly Piece[], mark: string) {
  const texts = pieces.filter(({ text, frame }) => text.includes(mark) && frame?.type !== "hello");
  const framesOf = (type: string, names: (word: SeenFrame, text: SeenFrame) => boolean) =>
    pieces.filter(
      (word) =>
        word.frame?.type === type &&
        texts.some(
          ({ way, peer, frame }) =>
            frame !== undefined && way !== word.way && peer === word.peer && names(word.frame!, frame),
        ),
    );
  return {
    text: texts,
    receipt: framesOf("receipt", ({ first, last }, { id }) => first <= id && id <= last),
    ack: framesOf(
      "ack",
      ({ upTo, also = [] }, { n }) => n <= upTo || also.some(([first, last]) => first <= n && n <= last),
    ),
  };
}

function wayOf(call: CallEvent): "in" | "out" {
  return call.call.startsWith("recv") ? "in" : "out";
}

function carried(call: CallEvent, pieces: readonly Piece[]): boolean {
  return pieces.some(
    ({ way, peer, start, end }) =>
      way === wayOf(call) && peer === call.peer && call.offset < end && call.offset + call.bytes > start,
  );
}

function named({ index, call, peer, offset, bytes }: CallEvent): string {
  return `${index} ${call} ${peer} ${offset}+${bytes}`;
}

/** Every call with bytes in the duet's events. */
function callsOf({ events }: Duet): readonly CallEvent[] {
  return events
    .map((event, index) => ({ ...(event as unknown as CallEvent), type: event.type, index }))
    .filter(({ type, bytes, offset }) => type === "call" && bytes > 0 && offset !== undefined);
}

/** For each message of a duet, the calls that the script finds and those that carried it. */
async function joined(duet: Duet, hexPath: string, transport: "tcp" | "udp") {
  const pieces = piecesOf(await readHexLog(hexPath), transport);
  const messageCalls = new MessageCalls(duet.events);
  const calls = callsOf(duet);
  return duet.eventsOf("message").map((message) => {
    const mark = /#\d+#/.exec(String(message["text"]))![0];
    const carriers = findCarriers(pieces, mark);
    const found = (what: ReportedSpan["what"]) =>
      messageCalls.callsOf(Number(message["id"]), what).map(named);
    const expected = (what: ReportedSpan["what"]) =>
      calls.filter((call) => carried(call, carriers[what])).map(named);
    const numbers = carriers.text.flatMap(({ way, frame }) => (way === "out" && frame ? [frame.n] : []));
    const retransmissions = numbers.length - new Set(numbers).size;
    return {
      mark: `${mark} ${message["direction"]}`,
      message,
      found,
      expected,
      retransmissions,
    };
  });
}

async function leave(...duets: readonly Duet[]): Promise<void> {
  for (const duet of duets) {
    duet.signal("SIGTERM");
    await duet.waitForExit();
  }
}

test("over TCP a line's events name the recvs, the sends that relayed it, and its receipts", async () => {
  using folder = new Folder();
  const hex = (name: string): string => folder.join(`${name}.hex`);
  const options = (name: string): readonly string[] => ["--json", "--name", name, "-x", hex(name)];
  await using hub = startDuet(["-l", "0", ...options("hub")], { folder });
  const port = await hub.port();
  using client = await startClient(port);
  client.write("#0#\n");
  await hub.waitForEvent({ type: "message", text: "#0#" });
  await using bob = startDuet(["--duet", "127.0.0.1", String(port), ...options("bob")], { folder });
  await bob.waitForEvent({ type: "peer", event: "identified" });
  const peer = `127.0.0.1:${client.port}`;
  const recvs = () => callsOf(hub).filter((each) => each.call === "recv" && each.peer === peer);
  const receivedBytes = () => recvs().reduce((sum, { bytes }) => sum + bytes, 0);
  let sentBytes = "#0#\n".length;
  // Each piece is received before the next one is sent, so that the kernel cannot join them in one recv.
  for (const piece of ["in three recvs ", "comes ", "#1#\n", "#2#\n#3# in one\n#4#\n"]) {
    client.write(piece);
    sentBytes += piece.length;
    await hub.waitFor(() => receivedBytes() === sentBytes, `a recv of ${piece}`);
  }
  await bob.waitForEvent({ type: "message", text: "#4#" });
  bob.write("#5# from bob\n");
  await client.waitForText("#5# from bob\n");
  hub.write(`#6# ${"long ".repeat(2500)}\n#7#\n`);
  await client.waitForText("#7#\n");
  for (const text of ["#7#", "#4#"]) {
    const { id } = await hub.waitForEvent({ type: "message", text });
    const hasWord = (): boolean => new MessageCalls(hub.events).callsOf(Number(id), "receipt").length > 0;
    await hub.waitFor(hasWord, `a receipt of ${text}`);
  }
  await leave(bob, hub);
  const all = { hub: await joined(hub, hex("hub"), "tcp"), bob: await joined(bob, hex("bob"), "tcp") };
  expect(all.hub).toHaveLength(8);
  expect(all.bob).toHaveLength(7);
  for (const { mark, found, expected } of [...all.hub, ...all.bob]) {
    expect([mark, ...found("text")]).toEqual([mark, ...expected("text")]);
    expect([mark, ...found("receipt")]).toEqual([mark, ...expected("receipt")]);
    expect(found("text").length).toBeGreaterThan(0);
  }
  const one = all.hub.find(({ mark }) => mark === "#1# in")!;
  // At least three recvs: the kernel never joins two pieces here, but may cut one.
  expect(
    one
      .found("text")
      .map((call) => call.split(" ")[1])
      .join(" "),
  ).toMatch(/^recv recv (recv )+send$/);
  const three = ["#2# in", "#3# in", "#4# in"].map((mark) => all.hub.find((each) => each.mark === mark)!);
  const firstRecvs = new Set(three.map(({ found }) => found("text")[0]));
  const start = written.indexOf("#2#");
  expect(firstRecvs.size).toBeLessThanOrEqual(
    recvs().filter((call) => call.offset + call.bytes > start).length,
  );
  // The bytes as the other end wrote and read them.
  for (const { message } of [one, ...three])
    for (const { start, end } of message["carried"] as readonly ReportedSpan[])
      expect(Buffer.from(written).subarray(start, end).toString().trimEnd()).toBe(String(message["text"]));
});

const written = "#0#\nin three recvs comes #1#\n#2#\n#3# in one\n#4#\n";

const linesSaid = 30;

test("over UDP with impairment a line's events name every transmission, receipt and acknowledgement", async () => {
  using folder = new Folder();
  const hex = (name: string): string => folder.join(`${name}.hex`);
  const options = (name: string): readonly string[] => ["--json", "--name", name, "-x", hex(name)];
  await using hub = startDuet(["-u", "-l", "0", ...options("hub")], { folder });
  const port = await hub.port();
  const raw = await Bun.udpSocket({ hostname: "127.0.0.1", socket: { data() {} } });
  const to = ["-u", "--duet", "127.0.0.1", String(port)];
  const trouble = ["--trouble", "loss=30% dup=20% delay=5ms seed=5"];
  raw.send("#0#", port, "127.0.0.1");
  await hub.waitForEvent({ type: "message", text: "#0#" });
  await using bob = startDuet([...to, ...options("bob"), ...trouble], { folder });
  for (const [duet, name] of [
    [bob, "hub"],
    [hub, "bob"],
  ] as const)
    await duet.waitForEvent({ type: "peer", event: "identified", name });
  for (let line = 1; line <= linesSaid; line += 1) {
    const text = line % 5 === 0 ? `#${line}# ${`#${line}#`.repeat(700)}` : `#${line}#`;
    (line % 2 === 0 ? hub : bob).write(`${text}\n`);
  }
  const isSettled = (duet: Duet): boolean => {
    const messageCalls = new MessageCalls(duet.events);
    const ours = duet.eventsOf("message").filter(({ direction }) => direction === "out");
    return (
      ours.length === linesSaid / 2 &&
      (["receipt", "ack"] as const).every((what) =>
        ours.every(({ id }) => messageCalls.callsOf(Number(id), what).length > 0),
      )
    );
  };
  for (const duet of [bob, hub]) await duet.waitFor(() => isSettled(duet), "all word");
  await leave(bob, hub);
  raw.close();
  const all = [...(await joined(hub, hex("hub"), "udp")), ...(await joined(bob, hex("bob"), "udp"))];
  expect(all).toHaveLength(2 * linesSaid + 1);
  for (const { mark, found, expected } of all) {
    expect([mark, ...found("text")]).toEqual([mark, ...expected("text")]);
    for (const what of ["receipt", "ack"] as const)
      expect([mark, what, ...found(what).filter((call) => !expected(what).includes(call))]).toEqual([
        mark,
        what,
      ]);
  }
  expect(all.some(({ retransmissions }) => retransmissions > 0)).toBe(true);
  const isAgain = ({ frame, way }: Piece, index: number, some: readonly Piece[]): boolean =>
    way === "in" && some.slice(0, index).some((one) => one.frame?.n === frame?.n && one.way === way);
  const hubs = piecesOf(await readHexLog(hex("hub")), "udp").filter(({ frame }) => frame?.type === "message");
  expect(hubs.some(isAgain)).toBe(true);
});

test("a partial send and the send of the rest belong to the cut line, and to no other", async () => {
  await using duet = startDuet(["-l", "0", "--json"]);
  using client = await startClient(await duet.port());
  client.write("here\n");
  await duet.waitForEvent({ type: "message", direction: "in" });
  client.pause();
  const line = (number: number): string => `#${number}# ${"x".repeat(15_000)}\n`;
  let lines = 0;
  let size = 0;
  let seen = 0;
  await duet.waitFor(() => {
    const isPartial = duet.output.includes('"partial"', seen);
    seen = Math.max(0, duet.output.length - 20);
    if (isPartial) return true;
    for (const until = lines + 20; lines < until; lines += 1) {
      duet.write(line(lines));
      size += line(lines).length;
    }
    return false;
  }, "a partial send");
  client.resume();
  await client.waitFor(() => client.receivedBytes === size, "all of it");
  const isLast = (): boolean =>
    [...duet.output.slice(-10_000).matchAll(/"bytes":(\d+),"ofBytes":\d+,"offset":(\d+),/g)].some(
      ([, bytes, offset]) => Number(bytes) + Number(offset) === size,
    );
  await duet.waitFor(isLast, "the last send");
  const text = client.text;
  const messageCalls = new MessageCalls(duet.events);
  const sends = callsOf(duet).filter(({ call }) => call === "send");
  const partial = sends.find(({ index }) => duet.events[index]!["result"] === "partial")!;
  let partialMessages = 0;
  for (const message of duet.eventsOf("message").filter(({ direction }) => direction === "out")) {
    const start = text.indexOf(`${/#\d+#/.exec(String(message["text"]))![0]} `);
    const end = start + Number(message["bytes"]);
    const expected = sends.filter(({ offset, bytes }) => offset < end && offset + bytes > start);
    const found = messageCalls.callsOf(Number(message["id"]));
    expect(found.map(named)).toEqual(expected.map(named));
    if (found.some(({ index }) => index === partial.index) && found.length > 1) partialMessages += 1;
  }
  expect(partialMessages).toBe(1);
});

test("-o FILE.ndjson keeps all events, whatever is printed", async () => {
  using folder = new Folder();
  const path = folder.join("talk.ndjson");
  await using duet = startDuet(["-l", "0", "--plain", "-o", path], { folder });
  using client = await startClient(await duet.port());
  client.write("#1#\n");
  await duet.waitForLine(/#1#/);
  duet.write("#2#\n");
  await client.waitForText("#2#\n");
  await leave(duet);
  const events = (await Bun.file(path).text())
    .trimEnd()
    .split("\n")
    .map((one) => JSON.parse(one) as JsonEvent);
  const messageCalls = new MessageCalls(events);
  const found = events
    .filter(({ type }) => type === "message")
    .map(({ id }) =>
      messageCalls.callsOf(Number(id)).map(({ call, offset, bytes }) => [call, offset, bytes]),
    );
  expect(found).toEqual([[["recv", 0, 4]], [["send", 0, 4]]]);
});
