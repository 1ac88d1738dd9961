import { describe, expect, test } from "bun:test";
import type { Effect } from "../../src/chat/model/effect.ts";
import { createChat } from "../../src/chat/model/new-chat.ts";
import type { Chat } from "../../src/chat/model/chat.ts";
import { update } from "../../src/chat/update.ts";
import { makeIpEndpoint } from "../../src/protocol/address/endpoint.ts";
import type { ConnectionId, SocketEvent, TransportName } from "../../src/protocol/sockets/socket-event.ts";
import { homeTarget, testConfig, World } from "../support/chat-world.ts";

for (const transport of ["tcp", "udp"] as const) {
  test(`the first duet listens, and later ones find its announcement and join (${transport})`, () => {
    const world = new World();
    const [one, two, three] = [
      world.duet({ name: "one" }),
      world.duet({ name: "two" }),
      world.duet({ name: "three" }),
    ];
    one.pair(transport);
    two.pair(transport);
    world.pass(1000);
    three.pair(transport);
    world.pass(1000);
    expect(one.memberNames()).toEqual(["two", "three"]);
    expect(two.chat.sides[transport].socket.state).toBe(transport === "tcp" ? "ESTABLISHED" : "OPEN");
    expect(two.lines(transport).join("\n")).toContain("you are two in one's room at 127.0.0.1:8080");
    expect(two.lines(transport).join("\n")).toContain("three");
    one.say("hello all");
    three.say("and from me");
    expect(two.receivedLines()).toEqual(["<one> hello all", "<three> and from me"]);
    expect(one.receivedLines()).toEqual(["<three> and from me"]);
    expect(three.receivedLines()).toEqual(["<one> hello all"]);
  });
}

test("a duet whose announcement is not visible is recognized by its banner", () => {
  const world = new World();
  world.areAnnouncementsVisible = false;
  const hub = world.hub();
  const other = world.duet({ name: "other" });
  other.pair();
  world.pass(1000);
  expect(hub.memberNames()).toEqual(["other"]);
  expect(other.chat.sides.tcp.socket.state).toBe("ESTABLISHED");
});

test("a program that is no duet receives no byte, and pairing fails with code 1 within 2 s", () => {
  const world = new World();
  const program = world.program().listen();
  const duet = world.duet();
  duet.pair();
  duet.say("for nobody but a duet");
  duet.command("/me waves");
  const startedMs = world.nowMs;
  while (duet.exitCode === undefined && world.nowMs - startedMs <= 2000) world.pass(50);
  expect(duet.exitCode).toBe(1);
  expect(program.received).toBe("");
  expect(duet.errors().at(-1)).toBe(
    "EADDRINUSE 127.0.0.1:8080 (TCP) is taken by python3 (pid 4711), which is not a duet that can be joined",
  );
});

test("a program that sends first and is no duet receives no byte either", () => {
  const world = new World();
  const program = world.program().listen();
  const duet = world.duet();
  duet.pair();
  program.send("220 mail.example ESMTP\r\n");
  world.pass(2000);
  expect(program.received).toBe("");
  expect(duet.exitCode).toBe(1);
  expect(duet.receivedLines()).toEqual([]);
});

test("a program that holds the UDP port receives no datagram", () => {
  const world = new World();
  const program = world.program("udp").listen();
  const duet = world.duet();
  duet.pair("udp");
  world.pass(2000);
  expect(program.datagrams).toEqual([]);
  expect(duet.exitCode).toBe(1);
  const error = duet.outputs.findLast((output) => output.type === "error");
  expect(error?.hint).toContain("another user's duet: /connect 127.0.0.1 8080, then /upgrade");
});

test("lines typed while pairing wait for the duet, in order", () => {
  const world = new World();
  const blocker = world.program().listen();
  const two = world.duet({ name: "two", headless: true });
  two.pair();
  two.say("early");
  world.pass(550);
  world.run(() => world.network.stopListening(blocker));
  two.say("later");
  world.pass(1000);
  expect(two.chat.sides.tcp.socket.state).toBe("LISTEN");
  const three = world.member("three");
  world.pass(300);
  expect(three.receivedLines()).toEqual(["<two> early", "<two> later"]);
  expect(two.returnedLines).toEqual([]);
});

describe.each(["listen", "pair"] as const)("a port that the kernel keeps (%s)", (role) => {
  const inTimeWait = { holder: "the kernel", kept: { state: "TIME-WAIT", ms: 42_000 } } as const;

  function begin(headless = true) {
    const world = new World();
    world.portHolder = inTimeWait;
    const blocker = world.program().listen();
    const duet = world.duet({ name: "two", headless });
    duet.open({ role, target: homeTarget });
    return { world, blocker, duet };
  }

  test("is waited for: the reason and another way are reported once, and lines wait", () => {
    const { world, blocker, duet } = begin();
    duet.say("early");
    world.pass(41_000);
    const notices = duet.outputs.flatMap((output) =>
      output.type === "notice" ? [[output.text, output.hint]] : [],
    );
    expect(notices).toEqual([
      [
        "127.0.0.1:8080 was used by a connection that has ended: the kernel keeps it (TIME-WAIT), for about 42 s more",
        "wait: duet listens there as soon as it can; or take another port now: bun run start -l 127.0.0.1 8081",
      ],
    ]);
    world.run(() => world.network.stopListening(blocker));
    world.pass(2000);
    expect(duet.chat.sides.tcp.socket.state).toBe("LISTEN");
    const three = world.member("three");
    world.pass(300);
    expect(three.receivedLines()).toEqual(["<two> early"]);
    expect([duet.errors(), duet.exitCode]).toEqual([[], undefined]);
  });

  test("that is in use beyond its time fails with what has it then", () => {
    const { world, blocker, duet } = begin();
    world.pass(50_000);
    expect(duet.exitCode).toBeUndefined();
    world.portHolder = { holder: "python3 (pid 4711)" };
    world.pass(3000);
    expect(duet.exitCode).toBe(1);
    expect(duet.errors()).toEqual([expect.stringContaining("python3 (pid 4711)")]);
    expect(blocker.received).toBe("");
  });

  test("is not waited for after /close, and on a screen the other way is a command", () => {
    const { world, duet } = begin(false);
    world.pass(1000);
    const hints = duet.outputs.flatMap((output) => (output.type === "notice" ? [output.hint] : []));
    expect(hints.join()).toContain("or take another port now: /listen 127.0.0.1 8081");
    duet.command("/close");
    const effects = duet.sent.length;
    world.pass(60_000);
    expect(duet.sent.slice(effects).filter(({ type }) => type === "listen")).toEqual([]);
    expect(duet.chat.sides.tcp.socket.pairing).toBeUndefined();
  });
});

test("the loser of the race for the port joins the winner", () => {
  const world = new World();
  const [one, two] = [world.duet({ name: "one" }), world.duet({ name: "two" })];
  world.run(() => {
    two.pair();
    one.pair();
  });
  world.pass(500);
  expect([one.chat.sides.tcp.socket.state, two.chat.sides.tcp.socket.state].toSorted()).toEqual([
    "ESTABLISHED",
    "LISTEN",
  ]);
});

test("pairing ended by /close or /quit between two attempts does not resume", () => {
  for (const leave of ["/close", "/quit"]) {
    const world = new World();
    world.program().listen();
    const duet = world.duet();
    duet.pair();
    world.pass(600);
    duet.command(leave);
    const effects = duet.sent.length;
    world.pass(5000);
    expect(duet.sent.slice(effects).filter(({ type }) => type === "listen" || type === "connect")).toEqual(
      [],
    );
    expect(duet.chat.sides.tcp.socket.pairing).toBeUndefined();
  }
});

for (const [first, second] of [
  ["tcp", "udp"],
  ["udp", "tcp"],
] as const) {
  test(`a duet found by its banner over ${first} is joined over ${second} at the same endpoint`, () => {
    const world = new World();
    world.areAnnouncementsVisible = false;
    const hub = world.hub();
    hub.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
    const other = world.member("other", first);
    other.chat.sides[second].socket.role = undefined;
    other.dispatch({ type: "switched", to: second });
    world.pass(1000);
    other.say("by the second way");
    expect(hub.receivedLines(second)).toEqual(["<other> by the second way"]);
    expect(hub.memberNames()).toEqual(["other"]);
    expect(other.errors()).toEqual([]);
  });
}

/** A chat whose events the test writes: for addresses that World does not have. */
function byHand(): {
  chat: Chat;
  heard: (transport: TransportName, event: SocketEvent) => readonly Effect[];
} {
  const chat = createChat(testConfig(), "s".repeat(24), "secret", new Uint8Array(32));
  return { chat, heard: (transport, event) => update(chat, { type: "socket", transport, event }, 0) };
}

test("an announcement at ::1 does not make the program at 127.0.0.1 a presumed duet", () => {
  const { chat, heard } = byHand();
  const target = { kind: "ip", host: "localhost", port: 8080 } as const;
  update(chat, { type: "started", transport: "tcp", request: { role: "connect", target } }, 0);
  const found = [{ endpoint: makeIpEndpoint("::1", 8080), name: "ann" }];
  update(chat, { type: "announcements-read", transport: "tcp", found, problems: [] }, 0);
  const ends = {
    local: makeIpEndpoint("127.0.0.1", 50_000),
    isInbound: false,
    connection: 1 as ConnectionId,
  };
  const met = (address: string): readonly string[] =>
    heard("tcp", { type: "connected", ...ends, peer: makeIpEndpoint(address, 8080) }).map(({ type }) => type);
  expect(met("127.0.0.1")).not.toContain("send");
  expect(met("::1")).toContain("send");
});

test("the other transport connects to a remote raw peer without a greeting", () => {
  const { chat, heard } = byHand();
  const target = { kind: "ip", host: "192.0.2.7", port: 8080 } as const;
  const peer = makeIpEndpoint("192.0.2.7", 8080);
  const local = makeIpEndpoint("192.0.2.1", 50_000);
  update(chat, { type: "started", transport: "tcp", request: { role: "connect", target } }, 0);
  update(chat, { type: "announcements-read", transport: "tcp", found: [], problems: [] }, 0);
  heard("tcp", { type: "connected", connection: 1 as ConnectionId, isInbound: false, local, peer });
  heard("tcp", { type: "received", connection: 1 as ConnectionId, bytes: Buffer.from("220 mail\n") });
  update(chat, { type: "switched", to: "udp" }, 0);
  const error = { code: "EADDRNOTAVAIL", call: "bind", target: "192.0.2.7:8080", transport: "udp" } as const;
  heard("udp", { type: "failed", error });
  heard("udp", { type: "stopped" });
  const effects = update(chat, { type: "announcements-read", transport: "udp", found: [], problems: [] }, 0);
  expect(effects).toContainEqual(expect.objectContaining({ type: "connect", transport: "udp", target }));
  const met = heard("udp", {
    type: "connected",
    connection: 2 as ConnectionId,
    isInbound: false,
    local,
    peer,
  });
  expect(met.map(({ type }) => type)).not.toContain("send");
  expect(chat.sides.udp.socket.pairing).toBeUndefined();
});

const squatted = [{ folder: "/tmp/duet-\u001b[1m7", problem: "not ours" }];

test("a duet that cannot announce itself says once why others will not find it over UDP, and what to do", () => {
  const world = new World();
  world.folderProblems = squatted;
  const hub = world.duet({ name: "hub" });
  hub.pair("udp");
  const reported = () => hub.notices().filter((text) => text.includes("cannot find this one"));
  expect(reported()).toEqual([
    "your other duets on this machine cannot find this one over UDP: /tmp/duet-␛[1m7 belongs to another user; join with bun run start -u --duet 127.0.0.1 8080, or set XDG_RUNTIME_DIR for all of them to a folder that only you can write to",
  ]);
  // Over TCP a duet is found by its banner.
  const other = world.duet({ name: "tcp" });
  other.pair("tcp");
  const third = world.duet({ name: "third" });
  third.pair("tcp");
  world.pass(1000);
  expect(other.memberNames()).toEqual(["third"]);
  expect([...other.notices(), ...third.notices()].join()).not.toContain("another user");
  // The command that was named works.
  const bob = world.member("bob", "udp");
  world.pass(1000);
  expect([hub.memberNames(), bob.errors()]).toEqual([["bob"], []]);
});

test("a duet that cannot read announcements does not claim that the program at its port is none", () => {
  const world = new World();
  world.folderProblems = squatted;
  world.duet({ name: "hub" }).pair("udp");
  const duet = world.duet();
  duet.pair("udp");
  world.pass(2500);
  expect(duet.exitCode).toBe(1);
  expect(duet.errors().at(-1)).toBe(
    "EADDRINUSE 127.0.0.1:8080 (UDP) is taken by python3 (pid 4711), and duet cannot know whether that is a duet of yours: /tmp/duet-␛[1m7 belongs to another user",
  );
});

describe("two duets that pair, one over TCP and one over UDP", () => {
  function waitBoth(headless = false) {
    const world = new World();
    const tcp = world.duet({ name: "ann", headless });
    const udp = world.duet({ name: "bob", headless });
    tcp.pair("tcp");
    world.pass(60_000);
    udp.pair("udp");
    world.pass(60_000);
    return { world, tcp, udp };
  }

  const hints = (duet: ReturnType<World["duet"]>): readonly unknown[] =>
    duet.outputs.flatMap((output) =>
      output.type === "notice" && output.text.includes("waits on this machine") ? [output.hint] : [],
    );

  test("each reports the other once, and the command that joins it", () => {
    const { tcp, udp } = waitBoth();
    const waits = "waits on this machine too, over";
    expect(tcp.notices().at(-1)).toBe(`bob ${waits} UDP, at 127.0.0.1:8080; /udp joins it there`);
    expect(udp.notices().at(-1)).toBe(`ann ${waits} TCP, at 127.0.0.1:8080; /tcp joins it there`);
    expect([hints(tcp), hints(udp)]).toEqual([["/udp joins it there"], ["/tcp joins it there"]]);
  });

  test.each(["tcp", "udp"] as const)("the hint works over %s, and then both are silent", (transport) => {
    const { world, tcp, udp } = waitBoth();
    const [joining, waiting] = transport === "udp" ? [tcp, udp] : [udp, tcp];
    joining.command(`/${transport}`);
    world.pass(60_000);
    joining.say("hello");
    world.pass(1000);
    expect(waiting.receivedLines(transport)).toEqual([`<${joining.chat.self.name}> hello`]);
    expect([hints(tcp).length, hints(udp).length]).toEqual([1, 1]);
  });

  test("the name is the present one, and another name is no news", () => {
    const world = new World();
    const tcp = world.duet({ name: "ann" });
    const udp = world.duet({ name: "bob" });
    udp.pair("udp");
    world.pass(1000);
    udp.command("/nick zoe");
    tcp.pair("tcp");
    world.pass(10_000);
    expect(tcp.notices().at(-1)).toStartWith("zoe waits on this machine too");
    udp.command("/nick bob");
    world.pass(10_000);
    expect([hints(tcp).length, hints(udp).length]).toEqual([1, 1]);
  });

  test("without a screen the hint is the command line", () => {
    const { tcp, udp } = waitBoth(true);
    expect([hints(tcp), hints(udp)]).toEqual([
      ["this joins it: bun run start --udp"],
      ["this joins it: bun run start"],
    ]);
  });

  test("one that left and returned is reported again", () => {
    const { world, tcp, udp } = waitBoth();
    udp.command("/close");
    world.pass(10_000);
    udp.pair("udp");
    world.pass(10_000);
    expect(hints(tcp).length).toBe(2);
  });

  test("a duet at another port, or one with a peer, reports nobody", () => {
    const world = new World();
    const tcp = world.duet({ name: "ann" });
    tcp.pair("tcp");
    world.member("eve");
    world.pass(1000);
    const udp = world.duet({ name: "bob" });
    udp.open({ role: "listen", target: homeTarget }, "udp");
    const third = world.duet({ name: "cat" });
    third.open({ role: "pair", target: { kind: "ip", host: "127.0.0.1", port: 9000 } });
    world.pass(60_000);
    expect([hints(tcp), hints(udp), hints(third)]).toEqual([[], [], []]);
  });
});
