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
  lanEchoMs,
  lanPlacesMax,
  lanPlacesPerAddressMax,
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
    const addresses = ["fe80::9", "192.0.2.10", "2001:db8::9", "192.0.2.9"];
    for (const from of ["fe80::9%eth0", "2001:db8::9", "192.0.2.9"])
      receiveAnnouncement(duet, from, announcement(1, { also: addresses }));
    expect(rowsOf(duet).map(({ address }) => address)).toEqual(["192.0.2.9:8080"]);
    receiveAnnouncement(duet, "192.0.2.9", announcement(1, { type: "gone" }));
    expect(rowsOf(duet).map(({ address }) => address)).toEqual(["[2001:db8::9]:8080"]);
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

  test("a duet renames itself in its row", () => {
    const { duet } = startOnLan();
    receiveAnnouncement(duet, "192.0.2.9", announcement(1));
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
    for (let taken = 0; taken < lanPlacesPerAddressMax; taken += 1) expect(add("192.0.2.1")).toBe(true);
    expect(add("192.0.2.1")).toBe(false);
    for (let taken = roster.size; taken < lanPlacesMax; taken += 1) expect(add(addressOf(taken))).toBe(true);
    expect([add("203.0.113.1"), roster.size]).toEqual([true, lanPlacesMax]);
    expect(roster.expire(lanSilentMs)).toHaveLength(lanPlacesMax);
    expect([add("203.0.113.1"), roster.size]).toEqual([true, 1]);
  });
});

const addressOf = (number: number): string => `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;

/** What another machine can do that copies a session, or announces many. */
describe("forged announcements", () => {
  const alice = announcement(1, { name: "alice", also: ["fe80::9"] });
  const rowsOf = (duet: Duet) =>
    (selectScreen(duet.chat).lan?.rows ?? []).map(({ name, address, doubt }) => [name, address, doubt?.id]);
  const forged = announcement(1, { name: "alice", also: ["192.0.2.9", "fe80::9"] });
  const [id, name] = ["lan-id-elsewhere", "lan-name-elsewhere"];

  test("a copied session never replaces, hides or renames an entry: both stand, marked", () => {
    // Before and after the real one, from an address that ranks better, worse and equally.
    for (const from of ["192.0.2.66", "fe80::66%eth0", "10.0.0.1"])
      for (const real of ["192.0.2.9", "fe80::9%eth0"])
        for (const isFirst of [true, false]) {
          const { duet } = startOnLan();
          const order = [
            () => receiveAnnouncement(duet, real, announcement(1, { name: "alice", also: ["192.0.2.1"] })),
            () => receiveAnnouncement(duet, from, announcement(1, { name: "mallory", also: alice.also })),
          ];
          for (const receive of isFirst ? order.toReversed() : order) receive();
          const shown = (address: string) =>
            address.includes(":") ? `[${address}]:8080` : `${address}:8080`;
          expect(rowsOf(duet)).toEqual([
            ["alice", shown(real), id],
            ["mallory", shown(from), id],
          ]);
        }
  });

  test("many copies of a session leave the real one its entry, and reports name the doubt", () => {
    const { duet } = startOnLan();
    for (let number = 0; number < 2 * lanAddressesMax; number += 1)
      receiveAnnouncement(duet, addressOf(number), forged);
    receiveAnnouncement(duet, "192.0.2.9", alice);
    expect(rowsOf(duet)).toHaveLength(2 * lanAddressesMax + 1);
    expect(rowsOf(duet)).toContainEqual(["alice", "192.0.2.9:8080", id]);
    expect(duet.notices()).toContain(
      "alice is on the local network: TCP 10.0.0.1:8080 (another address claims to be this duet); /lan lists all, and Enter there joins",
    );
    receiveAnnouncement(duet, "192.0.2.9", { ...alice, type: "gone" });
    expect(rowsOf(duet)).toHaveLength(2 * lanAddressesMax);
  });

  test("addresses that name each other are one duet; one that only claims another is not", () => {
    const { duet } = startOnLan([eth, eth6, lo]);
    receiveAnnouncement(duet, "192.0.2.9", alice);
    expect(rowsOf(duet)).toEqual([["alice", "192.0.2.9:8080", undefined]]);
    receiveAnnouncement(duet, "fe80::9%eth0", { ...alice, also: ["192.0.2.9"] });
    expect(rowsOf(duet)).toEqual([["alice", "192.0.2.9:8080", undefined]]);
    expect(duet.notices().filter((text) => text.includes("alice is on"))).toHaveLength(1);
    receiveAnnouncement(duet, "127.0.0.1", forged);
    expect(rowsOf(duet)).toEqual([
      ["alice", "127.0.0.1:8080", id],
      ["alice", "192.0.2.9:8080", id],
    ]);
  });

  test("a duet of this machine is one, by its loopback interface too", () => {
    const { duet } = startOnLan([eth, eth6, lo]);
    receiveAnnouncement(duet, "192.0.2.7", announcement(1, { also: ["fe80::7"] }));
    receiveAnnouncement(duet, "127.0.0.1", announcement(1, { also: ["192.0.2.7", "fe80::7"] }));
    receiveAnnouncement(duet, "fe80::7%eth0", announcement(1, { also: ["192.0.2.7"] }));
    expect(rowsOf(duet)).toEqual([["bob1", "192.0.2.7:8080", undefined]]);
  });

  test("a name that looks like one at another address is marked at both", () => {
    const { duet } = startOnLan();
    receiveAnnouncement(duet, "192.0.2.9", alice);
    receiveAnnouncement(duet, "192.0.2.66", announcement(2, { name: "аlice" }));
    receiveAnnouncement(duet, "192.0.2.66", announcement(3));
    expect(rowsOf(duet)).toEqual([
      ["alice", "192.0.2.9:8080", name],
      ["bob3", "192.0.2.66:8080", undefined],
      ["аlice", "192.0.2.66:8080", name],
    ]);
    receiveAnnouncement(duet, "192.0.2.66", announcement(2, { name: "eve" }));
    expect(rowsOf(duet).map(([, , doubt]) => doubt)).toEqual([undefined, undefined, undefined]);
    // Two duets of one person at one machine have one name by right.
    receiveAnnouncement(duet, "192.0.2.9", announcement(4, { name: "alice" }));
    expect(rowsOf(duet).map(([, , doubt]) => doubt)).toEqual([undefined, undefined, undefined, undefined]);
  });

  /** How often alice's row was seen, of the seconds since she began, while 539 new sessions a second are announced. */
  function flood(addresses: (number: number) => string, aliceFromMs: number) {
    const roster = new LanRoster();
    const perSecond = 539;
    let [seen, seconds, nextMs] = [0, 0, aliceFromMs];
    for (let number = 0; number < 60 * perSecond; number += 1) {
      const nowMs = (number * 1000) / perSecond;
      for (; nextMs <= nowMs; nextMs += 8000) roster.receive(alice, "192.0.2.9", nextMs);
      roster.receive(announcement(number + 2), addresses(number), nowMs);
      if (number % perSecond > 0) continue;
      roster.expire(nowMs);
      if (nowMs < aliceFromMs) continue;
      seconds += 1;
      if (roster.all().some((duet) => duet.name === "alice")) seen += 1;
    }
    return { seen, seconds, size: roster.size };
  }

  test("a flood from one machine, or from all addresses of its network, hides nobody", () => {
    const floods = [
      flood(() => "192.0.2.66", 30_000),
      flood((number) => `192.0.2.${10 + (number % 240)}`, 30_000),
      flood((number) => `10.0.${number % 2}.${(number >> 1) % 255}`, 30_000),
    ];
    for (const { seen, seconds, size } of floods) {
      expect([seen, seconds]).toEqual([30, 30]);
      expect(size).toBeLessThanOrEqual(lanPlacesMax);
    }
  });

  test("a flood with a new address each time hides nobody who was there before", () => {
    expect(flood(addressOf, -10_000)).toMatchObject({ seen: 60, seconds: 60 });
  });

  test("if more addresses announce themselves than there are places, the places go round", () => {
    const roster = new LanRoster();
    const announce = (number: number, nowMs: number) =>
      roster.receive(announcement(number), addressOf(number), nowMs)?.is;
    for (let number = 0; number < lanPlacesMax; number += 1) announce(number, 0);
    for (let number = 0; number < lanPlacesMax; number += 1) announce(number, lanAnswerIntervalMs);
    // All were announced twice, and keep their places for lanSilentMs.
    expect(announce(9999, lanSilentMs - 1)).toBeUndefined();
    expect(announce(9999, lanSilentMs)).toBe("new");
    expect([roster.size, roster.all().some((duet) => duet.name === "bob0")]).toEqual([lanPlacesMax, false]);
  });
});

test("an announcement names our other addresses of its network, and none of another", () => {
  const wlan = { ...eth, id: "wlan0 IPv4", name: "wlan0", cidrs: ["192.0.2.8/24"] } as const;
  const vpn = { ...eth, id: "vpn0 IPv4", name: "vpn0", cidrs: ["10.8.0.3/24"] } as const;
  const duet = new World().duet({ lan: true });
  duet.open({ role: "listen", target: { kind: "ip", host: "::", port: 9000 } });
  const interfaces = [eth, eth6, wlan, vpn, lo];
  duet.dispatch({ type: "lan", event: { type: "interfaces", interfaces } });
  const also = new Map(takeSent(duet).map(([through, sent]) => [through, sent.also]));
  expect(also.get("eth0 IPv4")).toEqual(["fe80::7", "192.0.2.8"]);
  expect(also.get("eth0 IPv6")).toEqual(["192.0.2.7", "192.0.2.8"]);
  expect(also.get("vpn0 IPv4")).toEqual([]);
  expect(also.get("lo IPv4")).toEqual(["192.0.2.7", "fe80::7", "192.0.2.8", "10.8.0.3"]);
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
      expect.stringMatching(/^ {2}bun run start --duet 192\.0\.2\.7 8080 --key [a-z2-7]{52}$/),
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
