/** The local network in the chat, under a virtual clock and without sockets. */

import { alignRows, wordCells } from "../../src/words/parts/table.ts";
import { describe, expect, test } from "bun:test";
import { type LanAnnouncement, parseLanAnnouncement } from "../../src/protocol/lan/lan-announcement.ts";
import type { LanInterface } from "../../src/protocol/lan/lan-event.ts";
import { makeIpEndpoint } from "../../src/protocol/address/endpoint.ts";
import {
  lanAddressesMax,
  lanAnnounceMaxMs,
  lanAnnounceMinMs,
  lanAnswerIntervalMs,
  lanDuetsMax,
  lanDuetsPerAddressMax,
  lanEchoMs,
  lanSilentMs,
} from "../../src/protocol/limits.ts";
import { makeAdvice, makeInterfaceTable } from "../../src/chat/features/lan-diagnosis.ts";
import { LanRoster } from "../../src/chat/records/lan-roster.ts";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import { type Duet, World } from "../support/chat-world.ts";
import { announcement, eth, eth6, receiveAnnouncement, lo } from "../support/lan-fixture.ts";
import { english } from "../support/words.ts";

const everywhere = { kind: "ip", host: "0.0.0.0", port: 8080 } as const;

/** The announcements sent to the group since the last call, each with its interface. */
function takeSent(duet: Duet): readonly (readonly [string, LanAnnouncement])[] {
  const sent = duet.sent
    .splice(0)
    .flatMap((effect) =>
      effect.type === "lan" && effect.work.type === "send"
        ? [[effect.work.id, parseLanAnnouncement(effect.work.payload)!] as const]
        : [],
    );
  return sent;
}

/** A duet that listens on every interface and has announced itself. */
function startOnLan(interfaces: readonly LanInterface[] = [eth], over = {}) {
  const world = new World();
  const duet = world.duet({ lan: true, ...over });
  duet.open({ role: "listen", target: everywhere });
  duet.dispatch({ type: "lan", event: { type: "interfaces", interfaces } });
  return { world, duet };
}

describe("announcing", () => {
  test("without --lan nothing is opened and nothing sent", () => {
    const world = new World();
    const duet = world.duet();
    duet.open({ role: "listen", target: everywhere });
    world.pass(60_000);
    expect(duet.sent.filter(({ type }) => type === "lan")).toEqual([]);
  });

  test("a listener announces itself and queries at once, then at irregular intervals of five to ten seconds", () => {
    const { world, duet } = startOnLan();
    expect(takeSent(duet)).toMatchObject([
      [
        "eth0 IPv4",
        { type: "here", name: "ann", services: [{ transport: "tcp", port: 8080 }], isQuery: true },
      ],
    ]);
    const gaps: number[] = [];
    for (let round = 0, lastMs = world.nowMs; round < 20; round += 1) {
      while (takeSent(duet).length === 0) world.pass(10);
      gaps.push(world.nowMs - lastMs);
      lastMs = world.nowMs;
    }
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(lanAnnounceMinMs);
      expect(gap).toBeLessThanOrEqual(lanAnnounceMaxMs + 10);
    }
    expect(new Set(gaps).size).toBeGreaterThan(5);
  });

  test("queries are answered at most once a second, with one datagram for each interface", () => {
    const { world, duet } = startOnLan([eth, lo]);
    world.pass(lanAnswerIntervalMs);
    takeSent(duet);
    for (let ask = 0; ask < 3000; ask += 1) {
      receiveAnnouncement(duet, "192.0.2.9", announcement(1, { isQuery: true }));
      world.pass(1);
    }
    const sent = takeSent(duet);
    expect(sent.filter(([id]) => id === "eth0 IPv4").length).toBeGreaterThanOrEqual(2);
    expect(sent.filter(([id]) => id === "eth0 IPv4").length).toBeLessThanOrEqual(4);
    expect(sent.every(([, { isQuery }]) => !isQuery)).toBe(true);
  });

  test("an announcement on an interface names only services reachable through it", () => {
    const announcedInterfaces = (host: string, family?: 6) => {
      const world = new World();
      const duet = world.duet({ lan: true });
      duet.open({ role: "listen", target: { kind: "ip", host, port: 8080, ...(family && { family }) } });
      duet.dispatch({ type: "lan", event: { type: "interfaces", interfaces: [eth, eth6, lo] } });
      return takeSent(duet).flatMap(([id, { services }]) => (services.length > 0 ? [id] : []));
    };
    expect(announcedInterfaces("0.0.0.0")).toEqual(["eth0 IPv4", "lo IPv4"]);
    expect(announcedInterfaces("::")).toEqual(["eth0 IPv4", "eth0 IPv6", "lo IPv4"]);
    expect(announcedInterfaces("::", 6)).toEqual(["eth0 IPv6"]);
    expect(announcedInterfaces("192.0.2.7")).toEqual(["eth0 IPv4"]);
    expect(announcedInterfaces("127.0.0.1")).toEqual(["lo IPv4"]);
  });

  test("a --raw listener announces neither its name nor its services", () => {
    const { duet } = startOnLan([eth], { raw: true });
    expect(takeSent(duet)).toMatchObject([["eth0 IPv4", { services: [] }]]);
    expect(takeSent(duet).map(([, { name }]) => name)).not.toContain("ann");
  });

  test("an interface that was not joined gets no announcement; one joined later gets it at once", () => {
    const { duet } = startOnLan([{ ...eth, joined: "ENODEV" }]);
    expect(takeSent(duet)).toEqual([]);
    duet.dispatch({ type: "lan", event: { type: "interfaces", interfaces: [eth] } });
    expect(takeSent(duet)).toMatchObject([["eth0 IPv4", { isQuery: true }]]);
  });

  test("leaving and /lan off send a goodbye on every interface and close the sockets", () => {
    for (const leave of [(duet: Duet) => duet.quit(), (duet: Duet) => duet.command("/lan off")]) {
      const { world, duet } = startOnLan([eth, lo]);
      takeSent(duet);
      leave(duet);
      expect(duet.sent).toContainEqual({ type: "lan", work: { type: "close" } });
      expect(takeSent(duet)).toMatchObject([
        ["eth0 IPv4", { type: "gone", services: [] }],
        ["lo IPv4", { type: "gone", services: [] }],
      ]);
      world.pass(60_000);
      expect(takeSent(duet)).toEqual([]);
    }
  });
});

describe("the list", () => {
  const rowsOf = (duet: Duet) => selectScreen(duet.chat).lan?.rows ?? [];

  test("the list shows name, transport and address, and reports a new duet once", () => {
    const { duet } = startOnLan();
    const services = [
      { transport: "tcp", port: 8080 },
      { transport: "udp", port: 9090 },
    ] as const;
    receiveAnnouncement(duet, "192.0.2.9", announcement(1, { services }));
    receiveAnnouncement(duet, "192.0.2.9", announcement(1, { services }));
    expect(rowsOf(duet)).toMatchObject([
      { name: "bob1", transport: "tcp", address: "192.0.2.9:8080", joined: false },
      { name: "bob1", transport: "udp", address: "192.0.2.9:9090", joined: false },
    ]);
    const notices = duet.notices().filter((text) => text.startsWith("bob1 is on the local network"));
    expect(notices).toEqual([
      "bob1 is on the local network: TCP 192.0.2.9:8080, UDP 192.0.2.9:9090; /lan lists all, and Enter there joins",
    ]);
  });

  test("the list prefers an address that other machines can use", () => {
    const { duet } = startOnLan();
    for (const from of ["fe80::9%eth0", "127.0.0.1", "2001:db8::9", "192.0.2.9"])
      receiveAnnouncement(duet, from, announcement(1));
    expect(rowsOf(duet).map(({ address }) => address)).toEqual(["192.0.2.9:8080"]);
    receiveAnnouncement(duet, "192.0.2.9", announcement(1, { type: "gone" }));
    expect(rowsOf(duet).map(({ address }) => address)).toEqual(["127.0.0.1:8080"]);
  });

  test("a crashed duet is dropped after three missed announcements, and not before", () => {
    const { world, duet } = startOnLan();
    receiveAnnouncement(duet, "192.0.2.9", announcement(1));
    world.pass(lanSilentMs - 1);
    expect(rowsOf(duet)).toHaveLength(1);
    world.pass(lanAnnounceMaxMs + 1);
    expect(rowsOf(duet)).toEqual([]);
    expect(duet.notices()).toContain("bob1 is no longer on the local network: nothing received for too long");
  });

  test("a duet is dropped on its goodbye or when it stops listening, if its own address reports it", () => {
    const { duet } = startOnLan();
    receiveAnnouncement(duet, "192.0.2.9", announcement(1));
    receiveAnnouncement(duet, "192.0.2.66", announcement(1, { type: "gone" }));
    expect(rowsOf(duet)).toHaveLength(1);
    receiveAnnouncement(duet, "192.0.2.9", announcement(1, { type: "gone" }));
    expect(rowsOf(duet)).toEqual([]);
    expect(duet.notices()).toContain("bob1 left the local network");
    receiveAnnouncement(duet, "192.0.2.9", announcement(1));
    receiveAnnouncement(duet, "192.0.2.9", announcement(1, { services: [] }));
    expect(duet.notices()).toContain("bob1 is no longer on the local network: stopped listening");
  });

  test("a copied session from another address neither renames nor replaces a duet", () => {
    const { duet } = startOnLan();
    receiveAnnouncement(duet, "192.0.2.9", announcement(1));
    receiveAnnouncement(duet, "192.0.2.66", announcement(1, { name: "mallory" }));
    expect(rowsOf(duet)).toMatchObject([{ name: "bob1", address: "192.0.2.9:8080" }]);
    receiveAnnouncement(duet, "192.0.2.9", announcement(1, { name: "robert" }));
    expect(rowsOf(duet)).toMatchObject([{ name: "robert", address: "192.0.2.9:8080" }]);
  });

  test("our own announcements and invalid ones are ignored", () => {
    const { duet } = startOnLan();
    const [[, ours]] = takeSent(duet) as [[string, LanAnnouncement]];
    receiveAnnouncement(duet, "192.0.2.7", ours);
    const bytes = Buffer.from("duet/1 {");
    duet.dispatch({ type: "lan", event: { type: "received", from: makeIpEndpoint("192.0.2.9", 1), bytes } });
    expect(rowsOf(duet)).toEqual([]);
  });

  test("the list is bounded in all and for each address, and expired entries make room", () => {
    const roster = new LanRoster();
    let number = 0;
    const add = (from: string): boolean => {
      number += 1;
      return roster.receive(announcement(number), from, 0) !== undefined;
    };
    for (let taken = 0; taken < lanDuetsPerAddressMax; taken += 1) expect(add("192.0.2.1")).toBe(true);
    expect(add("192.0.2.1")).toBe(false);
    for (let taken = roster.size; taken < lanDuetsMax; taken += 1)
      expect(add(`198.51.100.${taken}`)).toBe(true);
    expect(add("203.0.113.1")).toBe(false);
    expect(roster.size).toBe(lanDuetsMax);
    expect(roster.expire(lanSilentMs)).toHaveLength(lanDuetsMax);
    expect(add("203.0.113.1")).toBe(true);
  });

  test(`at most ${lanAddressesMax} addresses are kept for one duet`, () => {
    const roster = new LanRoster();
    for (let from = 0; from <= lanAddressesMax; from += 1)
      roster.receive(announcement(1), `192.0.2.${from}`, 0);
    expect(roster.all()[0]?.endpoints.size).toBe(lanAddressesMax);
  });
});

describe("joining", () => {
  test("Enter connects with the row's transport and greets first, as to an announced duet", () => {
    const world = new World();
    const hub = world.hub();
    const duet = world.duet({ lan: true });
    duet.open({ role: "listen", target: { ...everywhere, port: 9000 } }, "udp");
    duet.dispatch({ type: "lan", event: { type: "interfaces", interfaces: [lo] } });
    world.areAnnouncementsVisible = false;
    receiveAnnouncement(duet, "127.0.0.1", announcement(1));
    const [row] = selectScreen(duet.chat).lan?.rows ?? [];
    duet.dispatch({ type: "lan-chosen", key: row?.key ?? "", sure: false });
    expect(duet.chat.focus.active).toBe("tcp");
    expect(duet.peer()).toMatchObject({
      handshake: { isPresumedDuet: true },
      identity: { kind: "duet", name: "hub" },
    });
    expect(hub.memberNames()).toEqual(["ann"]);
    expect(selectScreen(duet.chat).lan?.rows).toMatchObject([{ joined: true }]);
  });

  test("a duet that left the list is not joined", () => {
    const { duet } = startOnLan();
    duet.dispatch({ type: "lan-chosen", key: "0 tcp", sure: false });
    expect(duet.notices().at(-1)).toBe("that duet is no longer there");
    expect(duet.chat.sides.tcp.socket.role).toBe("listen");
  });

  test("leaving a room with other members asks first, and only a yes closes it", () => {
    const world = new World();
    const hub = world.hub({ lan: true });
    world.member("bob");
    hub.dispatch({ type: "lan", event: { type: "interfaces", interfaces: [lo] } });
    receiveAnnouncement(hub, "192.0.2.9", announcement(1));
    const key = selectScreen(hub.chat).lan?.rows[0]?.key ?? "";
    hub.dispatch({ type: "lan-chosen", key, sure: false });
    expect(hub.screenRequests).toEqual([{ type: "leave-room", key, members: 1 }]);
    expect(hub.memberNames()).toEqual(["bob"]);
    hub.dispatch({ type: "lan-chosen", key, sure: true });
    expect(hub.chat.sides.tcp.socket.role).toBe("connect");
    expect(hub.memberNames()).toEqual([]);
  });

  test("/connect to an announced endpoint greets first as well", () => {
    const world = new World();
    world.hub();
    const duet = world.duet({ lan: true });
    duet.open({ role: "listen", target: { ...everywhere, port: 9000 } });
    duet.dispatch({ type: "lan", event: { type: "interfaces", interfaces: [lo] } });
    world.areAnnouncementsVisible = false;
    receiveAnnouncement(duet, "127.0.0.1", announcement(1));
    duet.command("/connect 127.0.0.1 8080");
    expect(duet.peer()).toMatchObject({
      handshake: { isPresumedDuet: true },
      identity: { kind: "duet" },
    });
  });
});

describe("the doctor", () => {
  const lines = (duet: Duet): readonly string[] =>
    duet.chat.network.lan === undefined
      ? []
      : [
          ...alignRows(wordCells(makeInterfaceTable(duet.chat.nowMs, duet.chat.network.lan), english.word)),
          ...makeAdvice(duet.chat, duet.chat.network.lan).map(english.word),
        ];

  test("the doctor reports each interface and the duets received on it, and a command to pass on", () => {
    const { world, duet } = startOnLan([
      eth,
      eth6,
      lo,
      { ...eth, id: "wg0 IPv4", name: "wg0", joined: "ENODEV" },
    ]);
    const sent = new Map(takeSent(duet));
    receiveAnnouncement(duet, "192.0.2.7", sent.get("eth0 IPv4")!);
    receiveAnnouncement(duet, "192.0.2.9", announcement(1));
    receiveAnnouncement(duet, "fe80::9%eth0", announcement(2));
    duet.dispatch({
      type: "lan",
      event: {
        type: "sent",
        id: "lo IPv4",
        to: makeIpEndpoint("239.255.100.117", 1),
        bytes: 9,
        result: "ENETUNREACH",
      },
    });
    world.pass(lanEchoMs);
    duet.dispatch({ type: "focus-changed", away: false });
    expect(lines(duet)).toEqual([
      "eth0  IPv4  192.0.2.7  joined               sees itself                sees bob1",
      "eth0  IPv6  fe80::7    joined               does not see itself        sees bob2",
      "lo    IPv4  127.0.0.1  joined               cannot send (ENETUNREACH)  sees nobody else",
      "wg0   IPv4  192.0.2.7  not joined (ENODEV)",
      "where multicast is blocked (guest WLANs, VPNs, other networks), hand this over:",
      "  bun run start --duet 192.0.2.7 8080",
    ]);
  });

  test("the doctor waits for the echo before it calls an interface deaf, also between announcements", () => {
    const { world, duet } = startOnLan([eth]);
    expect(lines(duet)[0]).toContain("joined  listens");
    receiveAnnouncement(duet, "192.0.2.7", takeSent(duet)[0]![1]);
    expect(lines(duet)[0]).toContain("sees itself");
    while (takeSent(duet).length === 0) world.pass(10);
    expect(lines(duet)[0]).toContain("sees itself");
    world.pass(lanEchoMs);
    duet.dispatch({ type: "focus-changed", away: false });
    expect(lines(duet)[0]).toContain("does not see itself");
  });

  test("the doctor is reported as lines without a list, and once by -v without a screen", () => {
    const { world, duet } = startOnLan([eth], { headless: true, reportCalls: true });
    world.pass(2 * lanEchoMs);
    const notices = () => duet.notices().filter((text) => text.startsWith("eth0  IPv4"));
    expect(notices()).toHaveLength(1);
    world.pass(60_000);
    expect(notices()).toHaveLength(1);
    receiveAnnouncement(duet, "192.0.2.9", announcement(1));
    duet.dispatch({ type: "lan-requested" });
    world.pass(lanEchoMs);
    expect(duet.notices()).toContain("bob1  TCP  /connect 192.0.2.9 8080");
    expect(notices()).toHaveLength(2);
  });

  test("the doctor advises where nothing listens and where there is no network", () => {
    const duet = new World().duet({ lan: true });
    duet.command("/lan");
    duet.dispatch({ type: "lan", event: { type: "interfaces", interfaces: [lo] } });
    expect(duet.notices()).toContain("there is no network to look for duets on; /lan lists each interface");
    expect(lines(duet).at(-1)).toContain("nobody can join here");
    expect(duet.screenRequests).toEqual([{ type: "lan" }]);
  });
});

test("/lan queries at once within the rate limit, and accepts only on or off", () => {
  const { world, duet } = startOnLan([eth]);
  takeSent(duet);
  duet.command("/lan");
  expect(takeSent(duet)).toEqual([]);
  world.pass(lanAnswerIntervalMs);
  duet.command("/lan on");
  expect(takeSent(duet)).toMatchObject([["eth0 IPv4", { isQuery: true }]]);
  duet.command("/lan maybe");
  expect(duet.returnedLines).toEqual(["/lan maybe"]);
});

test("calls of discovery are reported only where calls were asked for", () => {
  for (const reportCalls of [false, true]) {
    const { duet } = startOnLan([eth], { reportCalls });
    const group = makeIpEndpoint("239.255.100.117", 23_838);
    duet.dispatch({ type: "lan", event: { type: "bound", local: group, result: "ok" } });
    duet.dispatch({
      type: "lan",
      event: { type: "sent", id: "eth0 IPv4", to: group, bytes: 9, result: "EAGAIN" },
    });
    receiveAnnouncement(duet, "192.0.2.9", announcement(1));
    const calls = duet.outputs.filter(({ type }) => type === "call");
    const expected = [
      { call: "bind", result: "ok", local: "239.255.100.117:23838" },
      { call: "sendto", result: "EAGAIN", bytes: 0, ofBytes: 9, peer: "239.255.100.117:23838" },
      { call: "recvfrom", result: "ok", peer: "192.0.2.9:40000" },
    ];
    expect(calls).toMatchObject(reportCalls ? expected : []);
    expect(duet.chat.sides.udp.counters.bytesIn).toBe(0);
  }
});
