import { expect, test } from "bun:test";
import { commandTable } from "../../src/chat/commands/command-table.ts";
import { alignRows } from "../../src/words/parts/table.ts";
import { parseCidr } from "../../src/protocol/address/cidr.ts";
import { home, World } from "../support/chat-world.ts";
import { loopback } from "../support/fake-network.ts";

test("every command of the table is implemented: with nothing open it runs or reports what is allowed", () => {
  for (const { name } of commandTable) {
    const duet = new World().duet();
    duet.command(`/${name}`);
    expect(duet.errors().filter((text) => text.includes("not built"))).toEqual([]);
  }
});

test("an invalid command returns the line to the composer and reports what is allowed", () => {
  const wrong: readonly (readonly [string, string])[] = [
    ["/nonsense", "there is no command /nonsense"],
    ["/\u001b[31m", "there is no command /␛[31m"],
    ["/tcp now", "/tcp takes no argument"],
    ["/quit please", "/quit takes no argument"],
    ["/listen 127.0.0.1 http", '"http" is not a port: a port is a number from 0 to 65535'],
    ["/connect 127.0.0.1 0", '"0" is not a port: a port is a number from 1 to 65535'],
    ["/connect 127.0.0.1 65536", '"65536" is not a port: a port is a number from 1 to 65535'],
    ["/connect 1 2 3", '"3" is one argument too many'],
    ["/connect 300.0.0.1 80", '"300.0.0.1" is not an IPv4 address'],
    ["/close", "nothing is open here"],
    ["/close bob", "nobody is called bob: nobody is here"],
    ["/shutdown", "nobody is here"],
    ["/reconnect", "nothing was open here before"],
    ["/nick", "/nick needs a name"],
    ["/msg", "/msg needs a name and text"],
    ["/msg bob", "/msg needs a name and text"],
    ["/msg bob hi", "nobody is called bob: nobody is here"],
    ["/me", "/me needs text"],
    ["/me waves", "there is no one to send to over TCP"],
    ["/save", "/save needs a file"],
    ["/save!", "/save needs a file"],
    ["/mouse maybe", "/mouse takes on or off, not maybe"],
    ["/clear!", "there is no command /clear!"],
    ["/raw maybe", "/raw takes on or off, not maybe"],
    ["/upgrade", "nobody is here"],
  ];
  for (const [line, message] of wrong) {
    const duet = new World().duet();
    duet.command(line);
    expect(duet.returnedLines).toEqual([line]);
    expect(duet.errors().join("\n")).toContain(`EUSAGE ${message}`);
  }
});

test("/search, /save and /mouse request the screen with their arguments unchanged", () => {
  const duet = new World().duet();
  for (const line of [
    "/search Two words",
    "/search",
    "/save ~/a file.txt",
    "/save! b",
    "/mouse",
    "/mouse off",
  ])
    duet.command(line);
  expect(duet.screenRequests).toEqual([
    { type: "search", term: "Two words" },
    { type: "search", term: "" },
    { type: "save", path: "~/a file.txt", overwrite: false },
    { type: "save", path: "b", overwrite: true },
    { type: "mouse", on: undefined },
    { type: "mouse", on: false },
  ]);
  expect(duet.errors()).toEqual([]);
});

test("an unknown command suggests commands with the same beginning", () => {
  const duet = new World().duet();
  duet.command("/recon");
  const error = duet.outputs.find((output) => output.type === "error");
  expect(error?.type === "error" ? error.hint : "").toContain("/reconnect");
});

test("/connect, /close and /reconnect report their states and reasons", () => {
  const world = new World();
  const hub = world.hub();
  const duet = world.duet({ name: "mia", duet: true });
  duet.command("/connect 8080");
  duet.command("/close");
  duet.command("/reconnect");
  expect(duet.states()).toEqual([
    "CLOSED → CONNECTING",
    "CONNECTING → ESTABLISHED",
    "ESTABLISHED → CLOSED",
    "CLOSED → CONNECTING",
    "CONNECTING → ESTABLISHED",
  ]);
  expect(hub.notices().filter((text) => text.includes("mia"))).toEqual([
    expect.stringContaining("mia (127.0.0.1:"),
    "mia left (closed the connection)",
    expect.stringContaining("mia (127.0.0.1:"),
  ]);
});

test("/connect closes an open side first, and a line typed meanwhile is sent", () => {
  const world = new World();
  const hub = world.hub();
  const duet = world.duet({ name: "mia", duet: true });
  duet.command("/listen 9000");
  duet.command("/connect 8080");
  duet.say("hello");
  expect(duet.chat.sides.tcp.socket.role).toBe("connect");
  expect(hub.receivedLines()).toEqual(["<mia> hello"]);
});

test("/reconnect retries after a refusal", () => {
  const world = new World();
  const duet = world.duet({ duet: true });
  duet.command("/connect 8080");
  expect(duet.chat.sides.tcp.socket.state).toBe("REFUSED");
  world.hub();
  duet.command("/reconnect");
  expect(duet.chat.sides.tcp.socket.state).toBe("ESTABLISHED");
});

test("/shutdown half-closes, and later received lines are shown", () => {
  const world = new World();
  const server = world.program().listen();
  const duet = world.duet({ raw: true });
  duet.command("/connect 8080");
  duet.command("/shutdown");
  expect(duet.chat.sides.tcp.socket.state).toBe("HALF-CLOSED (ours)");
  server.send("after\n");
  expect(duet.receivedLines()).toEqual(["<127.0.0.1:8080> after"]);
  duet.command("/shutdown");
  expect(duet.errors().at(-1)).toContain("has our FIN already");
  duet.say("no more");
  expect(duet.returnedLines).toEqual(["/shutdown", "no more"]);
  server.fin();
  expect(duet.chat.sides.tcp.socket.state).toBe("CLOSED");
});

test("/close NAME ends every path of one member and leaves the others", () => {
  const world = new World();
  const hub = world.hub();
  hub.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
  const ann = world.member("ann");
  ann.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
  world.member("bob");
  world.pass(100);
  hub.command("/close ANN");
  expect(hub.memberNames()).toEqual(["bob"]);
  expect([ann.chat.sides.tcp.socket.state, ann.chat.sides.udp.socket.state]).toEqual(["CLOSED", "CLOSED"]);
});

test("/msg matches names with blanks in any case, and never guesses between two", () => {
  const world = new World();
  const hub = world.hub();
  const [short, long] = [world.member("Ann"), world.member("Ann Lee")];
  hub.command("/msg ANN lonely");
  expect([short.receivedLines(), long.receivedLines()]).toEqual([["<hub> lonely"], []]);
  hub.command("/msg ann lee hi  there");
  expect(hub.errors().at(-1)).toBe(
    'EUSAGE that may be for "ann lee" or "ann": put the name in quotes, as in "ann" …',
  );
  expect(hub.returnedLines).toEqual(["/msg ann lee hi  there"]);
  hub.command('/msg "ann lee" hi  there');
  hub.command('/msg "Ann" lee is here');
  hub.command("/nick ann lee other");
  expect(hub.errors().at(-1)).toContain("put the name in quotes");
  expect(long.receivedLines()).toEqual(["<hub> hi  there"]);
  expect(short.receivedLines()).toEqual(["<hub> lonely", "<hub> lee is here"]);
  hub.command('/to "ann lee"');
  hub.say("just you");
  expect(long.receivedLines().at(-1)).toBe("<hub> just you");
  hub.command('/msg "ann lee"');
  expect(hub.errors().at(-1)).toContain("needs a name and text");
});

test("/me sends an action to duets and to raw peers", () => {
  const world = new World();
  const hub = world.hub();
  const ann = world.member("ann");
  const raw = world.program().connect().send("hi\n");
  ann.command("/me waves");
  hub.command("/me nods");
  expect(raw.received).toBe("* ann waves\n* hub nods\n");
  expect(hub.outputs.filter((output) => output.type === "message" && output.action)).toHaveLength(2);
});

test("/who is one block with aligned columns, wide characters included", () => {
  const world = new World();
  const hub = world.hub({ name: "主持人" });
  world.member("ann");
  world.program().connect().send("hi\n");
  const before = hub.notices().length;
  hub.command("/who");
  const block = hub.notices().slice(before);
  expect(block).toEqual([
    "主持人           127.0.0.1:8080   you   TCP ◎ LISTEN",
    "ann              127.0.0.1:50001  duet  TCP ● ESTABLISHED",
    "127.0.0.1:50002                   raw   TCP ● ESTABLISHED",
  ]);
  expect(alignRows([["a", "b"], ["ccc"]])).toEqual(["a    b", "ccc"]);
});

test("/raw on sends duets goodbye and keeps raw peers, and /raw off announces again", () => {
  const world = new World();
  const hub = world.hub();
  const ann = world.member("ann");
  const raw = world.program().connect().send("hi\n");
  hub.command("/raw on");
  expect(hub.memberNames()).toEqual([`127.0.0.1:${raw.local.port}`]);
  expect(ann.chat.sides.tcp.socket.state).toBe("CLOSED");
  expect(world.announced.size).toBe(0);
  hub.say("bare");
  expect(raw.received).toBe("bare\n");
  hub.command("/raw off");
  expect(world.announced.size).toBe(1);
});

test("/raw on at a client reconnects without frames", () => {
  const world = new World();
  const hub = world.hub();
  const ann = world.member("ann");
  ann.command("/raw on");
  ann.say("bare text");
  expect(hub.receivedLines()).toEqual([expect.stringMatching(/^<127\.0\.0\.1:\d+> bare text$/)]);
  expect(hub.memberNames()).toHaveLength(1);
});

test("switching to UDP opens it at the same endpoint, but only the first time", () => {
  const world = new World();
  const hub = world.hub();
  const ann = world.member("ann");
  hub.command("/udp");
  expect(hub.chat.sides.udp.socket.state).toBe("BOUND");
  ann.dispatch({ type: "switched", to: "udp" });
  world.pass(1000);
  expect(ann.chat.sides.udp.socket.state).toBe("OPEN");
  expect(hub.memberNames()).toEqual(["ann"]);
  ann.command("/close");
  ann.command("/tcp");
  ann.command("/udp");
  expect(ann.chat.sides.udp.socket.state).toBe("CLOSED");
});

test("lines of the inactive side are unread until its tab is selected", () => {
  const world = new World();
  const hub = world.hub();
  world.connectUdpElsewhere(hub);
  hub.command("/udp");
  const raw = world.program().connect();
  raw.send("one\ntwo\nthr");
  expect(hub.chat.sides.tcp.conversation.unread).toBe(3);
  hub.command("/tcp");
  expect(hub.chat.sides.tcp.conversation.unread).toBe(0);
});

test("a denied peer receives one line and never joins", () => {
  const world = new World();
  const hub = world.hub({ allow: [parseCidr("10.0.0.0/8")!] });
  const program = world.program().connect(loopback(4000));
  world.pass(1000);
  expect(program.received).toBe("duet: this address is not allowed here\n");
  expect(hub.memberNames()).toEqual([]);
  expect(hub.notices().join("\n")).toContain("127.0.0.1:4000 was turned away");
});

test("a connection that the transport turned away is reported with its address", () => {
  const duet = new World().duet();
  duet.onEvent("tcp", { type: "turned-away", peer: home, refusal: { is: "full", peersMax: 2 }, count: 1 });
  expect(duet.notices()).toEqual([
    "127.0.0.1:8080 was turned away: Sorry, this room is full (2 peers). Please try again later.",
  ]);
});

test("other names of commands are known, and a path is text", () => {
  const world = new World();
  const hub = world.hub();
  const raw = world.program().connect().send("here\n");
  const before = raw.received;
  for (const line of ["/usr/bin/env", "/etc/hosts is a file"]) hub.session.submit(line);
  expect(raw.received).toBe(`${before}/usr/bin/env\n/etc/hosts is a file\n`);
  hub.session.submit("/list");
  expect(hub.notices().join("\n")).toContain(`127.0.0.1:${raw.local.port}`);
  hub.session.submit("/Q");
  expect(hub.exitCode).toBe(0);
  const other = world.duet();
  other.session.submit("/exit now");
  expect(other.errors().at(-1)).toContain("/quit takes no argument");
  other.session.submit("/join 127.0.0.1 0");
  expect(other.errors().at(-1)).toContain('"0" is not a port');
});

test("a command that begins with an input method's slash is given back with a hint, and sent to nobody", () => {
  const world = new World();
  const hub = world.hub();
  const raw = world.program().connect().send("hi\n");
  const ann = world.member("ann");
  const before = raw.received;
  const lines = [
    "／msg ann secret",
    "、msg ann secret",
    "・msg ann secret",
    "／ｍｓｇ ann secret",
    "／MSG　ann　secret",
    "／msg ann one\ntwo",
    "、q",
    "／save! notes.txt",
    "∕to ann",
  ];
  for (const line of lines) hub.submit(line);
  expect(hub.returnedLines).toEqual(lines);
  expect([raw.received, ann.receivedLines()]).toEqual([before, []]);
  expect(hub.errors().slice(0, 2)).toEqual([
    "EUSAGE nothing was sent: the line begins with ／, a command with /",
    "EUSAGE nothing was sent: the line begins with 、, a command with /",
  ]);
  const error = hub.outputs.find((output) => output.type === "error");
  expect(error?.type === "error" ? error.hint : "").toBe("write /msg, or a blank first to send it as text");
});

test("text that begins with an input method's slash is text if no command follows", () => {
  const world = new World();
  const hub = world.hub();
  const ann = world.member("ann");
  const lines = ["／", "、", "／usr／bin", "、你好", "／／msg ann hi", " ／msg ann hi", "／msgs"];
  for (const line of lines) hub.submit(line);
  expect(ann.receivedLines()).toEqual(lines.map((line) => `<hub> ${line}`));
});

test("an unknown command is one row of the conversation", () => {
  const duet = new World().duet();
  for (const [line, row] of [
    ["/frobnicate", "there is no command /frobnicate: F1 lists all, // sends a slash"],
    ["/clsoe", "there is no command /clsoe: did you mean /close or /clear? F1 lists all"],
  ] as const) {
    duet.session.submit(line);
    const { scrollback } = duet.chat.sides.tcp.conversation;
    const entry = scrollback.at(scrollback.length - 1);
    expect(entry?.kind === "notice" && [entry.text, entry.hint]).toEqual([row, undefined]);
  }
});

test("Enter on an empty line is a newline for raw stream peers, and nothing for duets or for nobody", () => {
  const world = new World();
  const hub = world.hub();
  hub.session.submit("");
  expect(hub.errors()).toEqual([]);
  const ann = world.member("ann");
  hub.session.submit("");
  const raw = world.program().connect().send("here\n");
  const before = raw.received;
  hub.session.submit("");
  expect(raw.received).toBe(`${before}\n`);
  expect(ann.receivedLines().filter((line) => line === "<hub> ")).toEqual([]);
});
