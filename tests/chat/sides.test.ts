import { expect, test } from "bun:test";
import { createChat } from "../../src/chat/model/new-chat.ts";
import { update } from "../../src/chat/update.ts";
import { type Duet, homeTarget, type Program, testConfig, World } from "../support/chat-world.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { datagramMaxBytes, outQueueHighBytes } from "../../src/protocol/limits.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";
import { english } from "../support/words.ts";

function raw(world: World, over = {}): { readonly server: Program; readonly duet: Duet } {
  const server = world.program().listen();
  const duet = world.duet({ raw: true, ...over });
  duet.open({ role: "connect", target: homeTarget });
  return { server, duet };
}

test("headless: FIN from both sides ends with code 0; a reset and a refusal end with 1", () => {
  const fin = raw(new World(), { headless: true });
  fin.duet.endInput();
  expect(fin.duet.exitCode).toBeUndefined();
  fin.server.fin();
  expect(fin.duet.exitCode).toBe(0);
  const reset = raw(new World(), { headless: true });
  reset.server.close("reset");
  expect(reset.duet.exitCode).toBe(1);
  expect(reset.duet.errors().at(-1)).toContain("ECONNRESET");
  const refused = new World().duet({ headless: true });
  refused.open({ role: "connect", target: homeTarget });
  expect(refused.exitCode).toBe(1);
  expect(refused.errors().at(-1)).toContain("ECONNREFUSED");
});

test("headless: lines that cannot be sent are returned, and the cause is reported once", () => {
  const refused = new World().duet({ headless: true });
  refused.open({ role: "connect", target: homeTarget });
  refused.say("one");
  refused.say("two");
  expect(refused.returnedLines).toEqual(["one", "two"]);
  expect(refused.errors()).toEqual([expect.stringContaining("ECONNREFUSED")]);
  expect(refused.exitCode).toBe(1);
});

test("headless: piped lines are sent before the FIN, and answers are received until the peer's FIN", () => {
  const { server, duet } = raw(new World(), { headless: true });
  duet.say("hi");
  duet.endInput();
  server.send("answer\n").fin();
  expect(server.received).toBe("hi\n");
  expect(server.eventTypes).toContain("peer-shut-down");
  expect(duet.receivedLines()).toEqual(["<127.0.0.1:8080> answer"]);
  expect(duet.exitCode).toBe(0);
});

test("headless: a peer that breaks the protocol is a failure, but its goodbye is not", () => {
  for (const [text, code] of [
    ["duet/1 {oops\n".repeat(11), 1],
    ['duet/1 {"type":"goodbye","reason":"left"}\n', 0],
  ] as const) {
    const world = new World();
    const server = world.program().listen();
    const duet = world.member("ann", "tcp", { headless: true });
    server.send(`${encodeFrame({ type: "hello", name: "hub", session: "s", key: "k" })}\n`);
    server.send(text);
    expect(duet.exitCode).toBe(code);
  }
});

test("-i closes an idle connection, and traffic either way restarts its timer", () => {
  const world = new World();
  const { server, duet } = raw(world, { headless: true, idleTimeoutMs: 3000 });
  world.pass(2000);
  server.send("x");
  world.pass(2000);
  duet.say("y");
  world.pass(2999);
  expect(duet.exitCode).toBeUndefined();
  world.pass(1);
  expect(duet.exitCode).toBe(0);
});

test("-N waits its time after the end of input for a peer that does not close", () => {
  const world = new World();
  const { duet } = raw(world, { headless: true, lingerAfterInputMs: 2000 });
  duet.say("hi");
  duet.endInput();
  world.pass(1999);
  expect(duet.exitCode).toBeUndefined();
  world.pass(1);
  expect(duet.exitCode).toBe(0);
});

test("the time of -N counts from the last bytes, either way", () => {
  const world = new World();
  const { server, duet } = raw(world, { headless: true, lingerAfterInputMs: 2000 });
  duet.endInput();
  for (let second = 0; second < 20; second += 1) {
    server.send(second % 2 === 0 ? "piece\n" : "x");
    world.pass(1999);
    expect([second, duet.exitCode]).toEqual([second, undefined]);
  }
  server.fin();
  expect(duet.exitCode).toBe(0);
});

test("-N ends a transfer that paused for its time with 1 and a sentence, but waits for our own output", () => {
  const world = new World();
  const { server, duet } = raw(world, { headless: true, lingerAfterInputMs: 2000 });
  duet.endInput();
  server.send("the first half\n");
  duet.dispatch({ type: "output-paused", paused: true });
  world.pass(60_000);
  expect(duet.exitCode).toBeUndefined();
  duet.dispatch({ type: "output-paused", paused: false });
  world.pass(4000);
  expect(duet.exitCode).toBe(1);
  expect(duet.errors()).toEqual([
    "ETIMEDOUT 127.0.0.1:8080 sent nothing for 2 s and has not closed the connection: the rest, if there is any, is cut off.",
  ]);
});

test("without a screen only the line that is too large is left out, and the exit code says so", () => {
  const world = new World();
  const server = world.program("udp").listen();
  const duet = world.duet({ headless: true, lingerAfterInputMs: 0 });
  duet.open({ role: "connect", target: homeTarget }, "udp");
  duet.dispatch({ type: "switched", to: "udp" });
  const lines = Array.from({ length: 2900 }, (_, index) => `line ${index}`);
  duet.sayAll(["first", "x".repeat(datagramMaxBytes + 1), ...lines]);
  duet.endInput();
  world.pass(1000);
  expect(server.datagrams).toEqual(["first", ...lines]);
  expect(duet.returnedLines).toEqual(["x".repeat(datagramMaxBytes + 1)]);
  expect(duet.errors()).toHaveLength(1);
  expect(duet.exitCode).toBe(1);
});

test("input that still waits when a program leaves makes its exit code 1", () => {
  const piece = "x".repeat(outQueueHighBytes);
  for (const give of [(duet: Duet) => duet.say(piece), (duet: Duet) => duet.pipe(piece)]) {
    for (const count of [1, 3]) {
      const world = new World();
      const { server, duet } = raw(world, { headless: true });
      server.setReading(false);
      for (let time = 0; time < count; time += 1) give(duet);
      duet.quit();
      server.setReading(true);
      world.pass(10_000);
      expect([count, duet.exitCode]).toEqual([count, count === 1 ? 0 : 1]);
    }
  }
});

test("a port in use is reported with its holder, and ends the program with 1", () => {
  const world = new World();
  world.program().listen();
  const duet = world.duet();
  duet.open({ role: "listen", target: homeTarget });
  expect(duet.errors()).toEqual(["EADDRINUSE 127.0.0.1:8080 is in use: python3 (pid 4711) has the port."]);
  expect(duet.exitCode).toBe(1);
});

test("a later /listen or /reconnect that fails closes the side, but not the program", () => {
  const world = new World();
  world.program().listen();
  const duet = world.duet();
  duet.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port: 9000 } });
  for (const command of ["/listen 127.0.0.1 8080", "/reconnect"]) {
    duet.command(command);
    expect(duet.errors().at(-1)).toContain("127.0.0.1:8080 is in use");
    expect(duet.exitCode).toBeUndefined();
  }
  duet.command("/listen 9000");
  expect(duet.chat.sides.tcp.socket.state).toBe("LISTEN");
});

test("a listener and its connection report each state with its reason", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect().send("hi\n");
  program.fin();
  hub.command("/shutdown");
  hub.command("/close");
  expect(
    hub.outputs.flatMap((one) => (one.type === "state" ? [[one.from, one.to, one.reason]] : [])),
  ).toEqual([
    ["CLOSED", "LISTEN", "127.0.0.1:8080 is ours, waiting for someone to connect"],
    ["CLOSED", "ESTABLISHED", `127.0.0.1:${program.local.port} connected`],
    [
      "ESTABLISHED",
      "HALF-CLOSED (theirs)",
      "the peer sends no more (FIN), and may still read what you write",
    ],
    ["HALF-CLOSED (theirs)", "CLOSED", "both sides have closed (FIN)"],
    ["LISTEN", "CLOSED", "closed here"],
  ]);
  expect(hub.outputs.flatMap((one) => (one.type === "peer" ? [one.event] : []))).toEqual([
    "connected",
    "identified",
    "disconnected",
  ]);
});

test("a screen whose hub dies says what happened and how to try again, and takes the line back", () => {
  for (const [die, text] of [
    [(hub: Duet) => hub.quit(), "hub left"],
    [(hub: Duet) => hub.command("/close mia"), "hub left (closed the connection)"],
  ] as const) {
    const world = new World();
    const hub = world.hub();
    const member = world.member("mia");
    die(hub);
    expect(member.chat.sides.tcp.socket.state).toBe("CLOSED");
    expect(member.lines().at(-1)).toBe(text);
    expect(member.notices().at(-1)).toContain("/reconnect tries 127.0.0.1:8080 again");
    member.say("anyone?");
    expect(member.returnedLines).toEqual(["anyone?"]);
    expect(member.exitCode).toBeUndefined();
  }
});

test("a reset is reported with its cause and /reconnect", () => {
  const world = new World();
  const { server, duet } = raw(world);
  server.close("reset");
  expect(duet.chat.sides.tcp.socket.state).toBe("RESET");
  const error = duet.outputs.findLast((output) => output.type === "error");
  expect(error?.type === "error" && error.hint).toContain("/reconnect");
});

test("unfinished text grows on the screen, ends at its newline, and is output once", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  const address = `127.0.0.1:${program.local.port}`;
  program.send("he");
  expect(hub.lines().at(-1)).toBe(`<${address}> he`);
  program.send("llo");
  expect(hub.lines().at(-1)).toBe(`<${address}> hello`);
  expect(hub.receivedLines()).toEqual([]);
  program.send(" you\nand");
  expect(hub.receivedLines()).toEqual([`<${address}> hello you`]);
  expect(hub.lines().slice(-2)).toEqual([`<${address}> hello you`, `<${address}> and`]);
});

test("a second of silence ends text without a newline, and its late newline is no empty line", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect().send("one");
  world.pass(900);
  program.send(" more");
  world.pass(999);
  expect(hub.receivedLines()).toEqual([]);
  world.pass(1);
  program.send("\n").send("\n").send("two\n");
  const address = `127.0.0.1:${program.local.port}`;
  expect(hub.receivedLines()).toEqual([`<${address}> one more`, `<${address}> `, `<${address}> two`]);
});

// Found by `bun run fuzz`.
test("no silence is awaited after a line that could have become a hello", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect().send("hi\n");
  const name = `<127.0.0.1:${program.local.port}>`;
  program.send("duet/1 mo").send("re\n");
  world.pass(1000);
  program.send("\n");
  expect(hub.receivedLines().slice(1)).toEqual([`${name} duet/1 more`, `${name} `]);
  program.send("duet/1 mo").send("re\n\r");
  world.pass(1000);
  expect(hub.receivedLines().slice(3)).toEqual([`${name} duet/1 more`]);
});

test("a peer that is not read from is not silent, since the rest of its line may wait unread", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect().send("on");
  const line = `<127.0.0.1:${program.local.port}> one`;
  hub.dispatch({ type: "output-paused", paused: true });
  world.pass(5500);
  hub.dispatch({ type: "output-paused", paused: false });
  world.pass(999);
  program.send("e\n");
  expect(hub.receivedLines()).toEqual([line]);
  program.send("on");
  hub.command(`/buffer 4096`);
  world.pass(5500);
  hub.command("/buffer off");
  world.pass(999);
  program.send("e\n");
  expect(hub.receivedLines()).toEqual([line, line]);
  // Once it is read from, it counts as silent.
  program.send("on");
  world.pass(1000);
  program.send("e\n");
  expect(hub.receivedLines().slice(2)).toEqual([line.replace("one", "on"), line.replace("one", "e")]);
});

test("text without a newline is output at FIN and at a reset", () => {
  for (const end of ["fin", "reset"] as const) {
    const world = new World();
    const hub = world.hub();
    const program = world.program().connect().send("bye");
    if (end === "fin") program.fin();
    else program.close("reset");
    expect(hub.receivedLines()).toEqual([`<127.0.0.1:${program.local.port}> bye`]);
  }
});

test("a character cut by segments is whole, and so is a line", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  for (const byte of Buffer.from("你好, wörld 🎉\r\n")) program.send(new Uint8Array([byte]));
  expect(hub.receivedLines()).toEqual([`<127.0.0.1:${program.local.port}> 你好, wörld 🎉`]);
});

test("a line without end is cut at 16 KiB with a note, and takes no more memory", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  const block = new Uint8Array(64 * 1024).fill(0x78);
  for (let count = 0; count < 200; count += 1) program.send(block);
  expect(hub.chat.sides.tcp.conversation.scrollback.units).toBeLessThan(20 * 1024);
  program.send("\nnext\n");
  const entry = hub.chat.sides.tcp.conversation.scrollback.at(
    hub.chat.sides.tcp.conversation.scrollback.length - 2,
  );
  expect(entry?.kind === "message" && entry.note && english.word(entry.note)).toBe(
    `cut at 16 KiB: ${200 * 64 * 1024 - 16 * 1024} more bytes without a newline were skipped`,
  );
  expect(hub.receivedLines().at(-1)).toBe(`<127.0.0.1:${program.local.port}> next`);
});

test("an idle duet is pinged every 5 s, and disconnected after three unanswered pings", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  program.send(`${encodeFrame({ type: "hello", name: "eve", session: "s", key: "k" })}\n`);
  const pings = () => program.received.split('"type":"ping"').length - 1;
  world.pass(4999);
  expect(pings()).toBe(0);
  world.pass(1);
  expect(pings()).toBe(1);
  world.pass(10_000);
  expect(pings()).toBe(3);
  world.pass(4999);
  expect(hub.memberNames()).toEqual(["eve"]);
  world.pass(1);
  expect(hub.memberNames()).toEqual([]);
  expect(hub.notices().at(-1)).toBe("eve is gone: answered none of 3 pings");
});

test("a duet that is not read from is not disconnected, since its answers wait unread", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  program.send(`${encodeFrame({ type: "hello", name: "eve", session: "s", key: "k" })}\n`);
  hub.dispatch({ type: "output-paused", paused: true });
  world.pass(60_000);
  expect([hub.memberNames(), program.received.includes('"type":"ping"')]).toEqual([["eve"], false]);
  hub.dispatch({ type: "output-paused", paused: false });
  world.pass(20_000);
  expect(hub.notices().at(-1)).toBe("eve is gone: answered none of 3 pings");
});

test("a pong measures the round trip, and any frame proves that a duet is alive", () => {
  const world = new World();
  const hub = world.hub();
  const member = world.member("mia");
  const eve = world.program().connect();
  eve.send(`${encodeFrame({ type: "hello", name: "eve", session: "s", key: "k" })}\n`);
  for (let second = 0; second < 60; second += 1) {
    world.pass(1000);
    if (second % 10 === 0) eve.send('duet/1 {"type":"news"}\n');
  }
  expect(hub.memberNames()).toEqual(["mia", "eve"]);
  expect(member.peer().liveness.roundTrip.smoothedMs).toBe(0);
});

test("a client disconnects from a hub that falls silent", () => {
  const world = new World();
  const server = world.program().listen();
  const duet = world.member("mia", "tcp", { headless: true });
  server.send(`${encodeFrame({ type: "hello", name: "hub", session: "s", key: "k" })}\n`);
  world.pass(21_000);
  expect(duet.exitCode).toBe(1);
});

test("/quit sends goodbye on every connection and exits once, when all are closed", () => {
  const world = new World();
  const hub = world.hub();
  hub.open({ role: "listen", target: homeTarget }, "udp");
  const [ann, bob] = [world.member("ann"), world.member("bob", "udp")];
  world.pass(100);
  hub.command("/quit");
  expect(hub.exitCode).toBe(0);
  expect(hub.sent.filter(({ type }) => type === "exit")).toHaveLength(1);
  expect(ann.lines().join("\n")).toContain("hub left");
  expect(bob.lines("udp").join("\n")).toContain("hub left");
  expect(hub.chat.timers.earliestMs === undefined || hub.chat.peers.size === 0).toBe(true);
});

test("our own greeting sent back is an echo, and its sender is no peer", () => {
  const world = new World();
  const server = world.program().listen();
  const duet = world.member("ann");
  server.send(server.received);
  expect(duet.notices().join("\n")).toContain("our own greeting was received from 127.0.0.1:8080");
  expect(duet.chat.sides.tcp.socket.state).toBe("CLOSED");
});

test("a side closed before its connect began is closed, and can be opened again", () => {
  const chat = createChat(testConfig(), "s".repeat(24), "secret", new Uint8Array(32));
  update(chat, { type: "started", transport: "tcp", request: { role: "connect", target: homeTarget } }, 1);
  update(chat, { type: "commanded", line: "/close" }, 2);
  update(chat, { type: "announcements-read", transport: "tcp", found: [], problems: [] }, 3);
  expect(chat.sides.tcp.socket.isOpen).toBe(false);
  const effects = update(chat, { type: "commanded", line: "/reconnect" }, 4);
  expect(effects.map(({ type }) => type)).toContain("read-announcements");
  update(chat, { type: "quit-requested", code: 0, reason: sentence("quit") }, 5);
  const last = update(chat, { type: "announcements-read", transport: "tcp", found: [], problems: [] }, 6);
  expect(last).toContainEqual({ type: "exit", code: 0 });
});
