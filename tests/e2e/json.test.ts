/** The NDJSON contract of `--json`: its events and the fields of each. */

import { expect, test } from "bun:test";
import { type Duet, Folder, type JsonEvent, startDuet } from "../support/duet.ts";
import { wirePayloadMaxBytes } from "../../src/protocol/limits.ts";
import { startClient } from "../support/raw-client.ts";

/** RFC 3339, in UTC, as Date prints it. */
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  state: ["from", "to", "local", "peer", "reason"],
  peer: ["event", "peer", "name", "kind", "security"],
  message: [
    "id",
    "direction",
    "peer",
    "name",
    "text",
    "bytes",
    "action",
    "security",
    "carried",
    "carriedMore",
  ],
  receipt: ["id", "stage", "rttMs", "carried", "carriedMore"],
  call: [
    "call",
    "bytes",
    "result",
    "ofBytes",
    "offset",
    "local",
    "peer",
    "connection",
    "carries",
    "carriesMore",
    "earlier",
    "payload",
    "opened",
    "openedPayload",
  ],
  error: ["code", "message", "hint"],
  stats: [
    "peers",
    "bytesIn",
    "bytesOut",
    "queues",
    "links",
    "connections",
    "turnedAway",
    "slowed",
    "droppedOfStrangers",
    "overrun",
    "trouble",
  ],
};
const optionalFields = new Set([
  "ofBytes",
  "offset",
  "action",
  "connections",
  "trouble",
  "connection",
  ...["carried", "carriedMore", "carries", "carriesMore", "earlier", "payload", "opened", "openedPayload"],
]);

function expectContract(duet: Duet): void {
  expect(duet.output).toEndWith("\n");
  for (const event of duet.events) {
    expect(String(event["at"])).toMatch(rfc3339);
    expect(["tcp", "udp"]).toContain(String(event["transport"]));
    const fields = fieldsOf[event.type];
    expect(fields).toBeDefined();
    const allowed = new Set(["type", "at", "transport", ...fields!]);
    expect(Object.keys(event).filter((key) => !allowed.has(key))).toEqual([]);
    const needed = fields!.filter((name) => !optionalFields.has(name) && !isCallPlace(event, name));
    expect(needed.filter((name) => !(name in event))).toEqual([]);
  }
}

function isCallPlace(event: JsonEvent, name: string): boolean {
  return event.type === "call" && (name === "local" || name === "peer");
}

test("a TCP listener reports every state, peer, message, receipt and call", async () => {
  await using duet = startDuet(["-l", "0", "--json"]);
  const port = await duet.port();
  using client = await startClient(port);
  client.write("你好");
  await duet.waitForEvent({ type: "message", direction: "in" });
  duet.write("hello\n");
  await duet.waitForEvent({ type: "receipt", stage: "sent" });
  client.end();
  await duet.waitForEvent({ type: "state", to: "HALF-CLOSED (theirs)" });
  duet.end();
  await duet.waitForEvent({ type: "peer", event: "disconnected" });
  duet.signal("SIGTERM");
  expect((await duet.waitForExit()).code).toBe(143);
  expectContract(duet);
  const peer = `127.0.0.1:${client.port}`;
  expect(duet.eventsOf("state").map(({ from, to, peer }) => [from, to, peer])).toEqual([
    ["CLOSED", "LISTEN", null],
    ["CLOSED", "ESTABLISHED", peer],
    ["ESTABLISHED", "HALF-CLOSED (theirs)", peer],
    ["HALF-CLOSED (theirs)", "CLOSED", peer],
    ["LISTEN", "CLOSED", null],
  ]);
  expect(duet.eventsOf("state")[0]).toMatchObject({ local: `127.0.0.1:${port}` });
  expect(duet.eventsOf("peer").map(({ event, name, kind }) => [event, name, kind])).toEqual([
    ["connected", peer, "raw"],
    ["identified", peer, "raw"],
    ["disconnected", peer, "raw"],
  ]);
  const withPeer = duet.eventsOf("call").filter((event) => event["peer"] === peer);
  expect(withPeer.map(({ call }) => call)).toEqual(["accept", "recv", "send", "recv", "shutdown", "close"]);
  const [received, sent] = duet.eventsOf("message");
  expect(received).toMatchObject({ direction: "in", peer, name: peer, text: "你好", bytes: 6 });
  expect(sent).toMatchObject({ direction: "out", peer, name: "ada", text: "hello", bytes: 6 });
  expect(duet.eventsOf("receipt")).toMatchObject([{ id: sent!["id"], stage: "sent", rttMs: null }]);
  expect(callsOf(duet)).toEqual([
    "bind ok",
    "listen ok",
    "accept ok",
    "recv ok 6",
    "send ok 6",
    "recv FIN 0",
    "shutdown FIN",
    "close ok",
    "close ok",
  ]);
});

test("a TCP client reports connect, and a UDP socket bind, sendto and recvfrom", async () => {
  using folder = new Folder();
  await using host = startDuet(["-u", "-l", "0", "--json"], { folder });
  const socket = await Bun.udpSocket({ hostname: "127.0.0.1", socket: { data() {} } });
  socket.send("hi", await host.port(), "127.0.0.1");
  await host.waitForEvent({ type: "message", text: "hi", bytes: 2 });
  host.write("yes\n");
  await host.waitForEvent({ type: "receipt", stage: "sent" });
  socket.close();
  expect(callsOf(host)).toEqual(["bind ok", "recvfrom ok 2", "sendto ok 3"]);
  expect(host.eventsOf("state").map(({ to }) => to)).toEqual(["BOUND", "OPEN", "OPEN"]);
  expect(String(host.eventsOf("call")[1]!["peer"])).toMatch(/^127\.0\.0\.1:\d+$/);
  expectContract(host);

  await using refused = startDuet(["127.0.0.1", "1", "--json"]);
  expect((await refused.waitForExit()).code).toBe(1);
  expectContract(refused);
  expect(callsOf(refused)).toEqual(["connect ECONNREFUSED"]);
  expect(refused.eventsOf("state").map(({ to }) => to)).toEqual(["CONNECTING", "REFUSED"]);
  expect(refused.eventsOf("error")).toMatchObject([{ code: "ECONNREFUSED" }]);
});

function callsOf(duet: Duet): readonly string[] {
  return duet
    .eventsOf("call")
    .map(({ call, result, bytes }) => [call, result, bytes].filter((word) => word !== null).join(" "));
}

const ways = [
  ["TCP", [], false],
  ["UDP", ["-u"], false],
  ["a UNIX path", [], true],
] as const;

test.each(ways)("over %s two duets identify each other as duets, by name", async (_name, flags, overUnix) => {
  using folder = new Folder();
  const unix = ["-U", folder.join("chat")];
  const listenAt = overUnix ? unix : ["0"];
  await using host = startDuet(["-l", ...flags, ...listenAt, "--json", "--name", "ada"], { folder });
  await host.waitForEvent({ type: "state", from: "CLOSED" });
  const target = overUnix ? unix : ["127.0.0.1", String(await host.port())];
  await using guest = startDuet([...flags, ...target, "--json", "--name", "bob"], { folder });
  await host.waitForEvent({ type: "peer", event: "identified", name: "bob", kind: "duet" });
  await guest.waitForEvent({ type: "peer", event: "identified", name: "ada", kind: "duet" });
  guest.write("你好\n");
  await host.waitForEvent({ type: "message", direction: "in", name: "bob", text: "你好" });
  host.write("hello\n");
  await guest.waitForEvent({ type: "message", direction: "in", name: "ada", text: "hello" });
  await guest.waitForEvent({ type: "message", direction: "out", name: "bob", text: "你好", bytes: 6 });
  const received = await guest.waitForEvent({ type: "receipt", stage: "received" });
  expect(received["id"]).toBe(guest.eventsOf("message").find(({ direction }) => direction === "out")!["id"]);
  expect(received["rttMs"]).toBeWithin(0, 4000);
  guest.signal("SIGTERM");
  expect((await guest.waitForExit()).code).toBe(143);
  await host.waitForEvent({ type: "peer", event: "disconnected", name: "bob", kind: "duet" });
  expectContract(host);
  expectContract(guest);
});

test("hostile text is reported whole, with every control character escaped", async () => {
  await using duet = startDuet(["-l", "0", "--json"]);
  using client = await startClient(await duet.port());
  client.write(
    Buffer.concat([Buffer.from('\x1b[31m"\\\u202e\u0085\u200b\r\u2028x'), Buffer.from([0xff, 0x80, 0x0a])]),
  );
  const text = '\x1b[31m"\\\u202e\u0085\u200b\r\u2028x\ufffd\ufffd';
  await duet.waitForEvent({ type: "message", text, bytes: Buffer.byteLength(text) - 6 + 2 + 1 });
  expect(duet.output).not.toMatch(/[^\n\P{C}]|[\u2028\u2029]/u);
  expect(duet.output).toContain(String.raw`\u001b[31m\"\\\u202e\u0085\u200b\r\u2028x`);
});

test("a message for a slow reader is queued, then sent", async () => {
  await using duet = startDuet(["-l", "0", "--json"]);
  using client = await startClient(await duet.port());
  client.write("here\n");
  await duet.waitForEvent({ type: "message", direction: "in" });
  client.pause();
  const line = `${"x".repeat(15_000)}\n`;
  await duet.waitFor(() => {
    if (duet.output.includes('"queued"')) return true;
    duet.write(line.repeat(20));
    return false;
  }, "a queued message");
  const queued = duet.eventsOf("receipt").find(({ stage }) => stage === "queued")!;
  client.resume();
  await duet.waitForEvent({ type: "receipt", id: queued["id"], stage: "sent" });
});

test("stats after traffic report the counters", async () => {
  await using duet = startDuet(["-l", "0", "--json"]);
  using client = await startClient(await duet.port());
  client.write("12345\n");
  const stats = await duet.waitForEvent({ type: "stats" });
  expect(stats).toMatchObject({ transport: "tcp", peers: 1, bytesIn: 6, bytesOut: 0 });
  const peer = `127.0.0.1:${client.port}`;
  expect(stats["queues"]).toEqual([{ peer, bytes: 0 }]);
  expect(stats["links"]).toEqual([{ peer, rttMs: null, rttVarMs: null }]);
  expectContract(duet);
});

test("with -v the stats include the kernel's figures of each connection", async () => {
  await using duet = startDuet(["-l", "0", "--json", "-v"]);
  using client = await startClient(await duet.port());
  client.write("hello\n");
  await duet.waitForEvent({ type: "message", direction: "in" });
  duet.write("answer\n");
  const stats = await duet.waitForEvent({ type: "stats", transport: "tcp" });
  const known = { peer: `127.0.0.1:${client.port}`, state: "ESTABLISHED", source: "socket", unreadBytes: 0 };
  expect(stats["connections"]).toEqual([expect.objectContaining(known)]);
  const { id } = await duet.waitForEvent({ type: "message", direction: "out" });
  await duet.waitForEvent({ type: "receipt", id, stage: "acked" });
  expectContract(duet);
});

test(`with -v calls include the first ${wirePayloadMaxBytes} bytes that they moved, and without it none`, async () => {
  const atBound = `${"x".repeat(wirePayloadMaxBytes - 1)}\n`;
  for (const verbose of [true, false]) {
    await using duet = startDuet(["-l", "0", "--json", ...(verbose ? ["-v"] : [])]);
    using client = await startClient(await duet.port());
    for (const text of ["你好\n", atBound, `y${atBound}`]) {
      client.write(text);
      await duet.waitForEvent({ type: "message", text: text.trim() });
    }
    duet.write("answer\n");
    await client.waitForText("answer\n");
    await duet.waitForEvent({ type: "call", call: "send" });
    const calls = duet.eventsOf("call").filter(({ bytes }) => Number(bytes) > 0);
    const moved = ["你好\n", atBound, `y${atBound}`.slice(0, -1), "answer\n"];
    const payloads = moved.map((text) => (verbose ? Buffer.from(text).toString("hex") : undefined));
    expect(calls.map(({ payload }) => payload)).toEqual(payloads);
    expectContract(duet);
  }
});

test("calls report the offset of their bytes in the peer's stream", async () => {
  await using duet = startDuet(["-l", "0", "--json"]);
  using client = await startClient(await duet.port());
  for (const text of ["one\n", "three\n"]) {
    client.write(text);
    await duet.waitForEvent({ type: "message", text: text.trim() });
  }
  duet.write("answer\n");
  await client.waitForText("answer\n");
  await duet.waitForEvent({ type: "call", call: "send" });
  const calls = duet.eventsOf("call").filter(({ call }) => call === "recv" || call === "send");
  expect(calls.map(({ call, offset, bytes }) => [call, offset, bytes])).toEqual([
    ["recv", 0, 4],
    ["recv", 4, 6],
    ["send", 0, 7],
  ]);
});
