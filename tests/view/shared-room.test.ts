/** A room on several machines on the screen: its size in the tab, its hubs in the panel and in /who, and its engine's absence. */

import { expect, test } from "bun:test";
import type { HubModel, ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { selectNames, selectScreen } from "../../src/chat/screen/select-screen.ts";
import { formatRoomEntry } from "../../src/protocol/hubs/room-entry.ts";
import { namedMembersMax, whoRowsMax } from "../../src/protocol/limits.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { describeName } from "../../src/view/bars/describe-name.ts";
import { buildPeerLines } from "../../src/view/bars/peer-lines.ts";
import { fitSegments } from "../../src/view/bars/segments.ts";
import { buildTopBar } from "../../src/view/bars/top-bar.ts";
import { formatWindowTitle } from "../../src/view/bars/window-title.ts";
import { formatTime, peer, screenModel } from "../components/screen-fixture.ts";
import { type Duet, World } from "../support/chat-world.ts";
import type { FakeHub } from "../support/fake-engine.ts";
import { loopback } from "../support/fake-network.ts";
import { chinese } from "../support/words.ts";

const sinceMs = Date.UTC(2026, 0, 1, 14, 2);

function makeModel(
  hereOnlySinceMs?: number,
  rest: Partial<Parameters<typeof screenModel>[0]> = {},
): ScreenModel {
  const room = { name: "lobby", hubs: 3, members: 2417, hereOnlySinceMs };
  const local = "192.168.178.20:8080";
  return screenModel({ tcp: { role: "listen", state: "LISTEN", local, peers: 2, room }, ...rest });
}

function drawBar(model: ScreenModel, columns: number): string {
  const pieces = fitSegments(buildTopBar(model, formatTime), columns);
  return pieces.map(({ text, space }) => " ".repeat(space) + text).join("");
}

test("the tab has the room's name, hubs and members, and on narrow screens the members", () => {
  const model = makeModel();
  expect(drawBar(model, 120)).toContain("192.168.178.20:8080 · room lobby · 3 hubs · 2,417 here");
  expect(drawBar(model, 80)).toContain("3 hubs · 2,417 here");
  expect(drawBar(model, 60)).toContain("· 2,417 here");
  for (let columns = 60; columns <= 200; columns += 1) {
    for (const words of [model.words, chinese]) {
      const bar = drawBar({ ...model, words }, columns);
      expect(measureColumns(bar)).toBeLessThanOrEqual(columns);
      expect(bar).toContain("2,417");
    }
  }
  expect(formatWindowTitle(model)).toContain("2,416 peers");
});

test("the bar says since when the room goes on here only, at every width", () => {
  const model = makeModel(sinceMs);
  expect(drawBar(model, 100)).toContain("here only since 14:02");
  for (let columns = 60; columns <= 200; columns += 1) {
    expect(drawBar(model, columns)).toContain("here only");
    expect(drawBar({ ...model, words: chinese }, columns)).toContain("只在本机");
    expect(measureColumns(drawBar(model, columns))).toBeLessThanOrEqual(columns);
  }
});

function makeHub(label: string, count: number): HubModel {
  const members = Array.from({ length: Math.min(count, 50) }, (_, index) => ({
    ...{ name: `${label}${index}`, colourKey: `${label}${index}`, security: undefined, addressed: false },
  }));
  return { label, count, members };
}

function drawPanel(model: ScreenModel, rows: number, columns = 30): readonly string[] {
  return buildPeerLines(model, columns, rows).map((line) =>
    line.map(({ text, space }) => " ".repeat(space) + text).join(""),
  );
}

test("the panel has the members here first, and then each hub with its members, in so many rows", () => {
  const peers = [peer("bob"), peer("carl")];
  const model = makeModel(undefined, { peers, hubs: [makeHub("bea", 3), makeHub("cid", 2411)] });
  expect(drawPanel(model, 14)).toEqual([
    ...["2 peers at this hub", "● bob", "  PLAIN  ↓0 B ↑0 B", "● carl", "  PLAIN  ↓0 B ↑0 B"],
    ...["bea's hub: 3 members", "  bea0", "  bea1", "  bea2"],
    ...["cid's hub: 2,411 members", "  cid0", "  cid1", "  cid2", "  and 2408 more: /who"],
  ]);
  for (let rows = 1; rows <= 40; rows += 1) {
    const lines = drawPanel(model, rows);
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(measureColumns(line)).toBeLessThanOrEqual(30);
  }
  expect(drawPanel(makeModel(undefined, { hubs: [] }), 5)).toEqual([
    ...["nobody else at this hub", "  and 2416 more: /who"],
  ]);
});

const sharedRoom = { name: "lobby", place: "redis://127.0.0.1:6379/lobby" };

function startHub(world: World, name: string, port: number): Duet {
  const hub = world.duet({ name, sharedRoom });
  hub.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port } });
  return hub;
}

/** Writes what another hub of so many members would. */
function addMembers(world: World, { hub, items }: FakeHub, from: number, to: number): void {
  const texts = Array.from({ length: to - from + 1 }, (_, index) => {
    const number = from + index;
    return formatRoomEntry(hub, number, { type: "joined", member: number, name: `m${number}` });
  });
  world.engine.entries.push(...items.write(texts.map((text) => ({ kind: "entry", text }))));
}

test("members of other hubs are offered by name, with their hub, and listed by hub", () => {
  const world = new World();
  const [ann] = [startHub(world, "ann", 8080), startHub(world, "bea", 8081)];
  const dan = world.duet({ name: "dan", duet: true });
  dan.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8081 } });
  const model = selectScreen(ann.chat);
  expect(model.tabs.tcp.room).toEqual({ name: "lobby", hubs: 2, members: 3, hereOnlySinceMs: undefined });
  expect(model.hubs).toMatchObject([{ label: "bea", count: 2, members: [{ name: "bea" }, { name: "dan" }] }]);
  expect(selectNames(ann.chat)).toEqual(["bea", "dan"]);
  expect(describeName(model, "dan")).toBe("at bea's hub");
  const before = ann.lines().length;
  ann.command("/who");
  const listed = ann.lines().slice(before);
  expect(listed).toHaveLength(4);
  expect(listed.slice(1).map((line) => line.replaceAll(/ +/g, " ").trim())).toEqual([
    ...["bea's hub: 2 members", "bea bea/1 duet", "dan bea/3 duet"],
  ]);
  world.engine.stop();
  expect(selectScreen(ann.chat).tabs.tcp.room?.hereOnlySinceMs).toBe(world.nowMs);
});

test("the banner for a raw guest counts the members of all hubs", () => {
  const world = new World();
  startHub(world, "ann", 8080);
  startHub(world, "bea", 8081);
  const guest = world.program().connect(undefined, loopback(8080));
  world.pass(1_000);
  expect(guest.received).toContain("duet/1 ann's room, 3 here.");
});

test("a large room is told in numbers: no row for each member, and /who counts those beyond its bound", () => {
  const world = new World();
  const ann = startHub(world, "ann", 8080);
  const other = world.engine.connect(() => {});
  addMembers(world, other, 1, namedMembersMax + 500);
  ann.say("go");
  const lines = ann.lines();
  expect(lines.filter((line) => line.includes("more than 1,000 members"))).toHaveLength(1);
  expect(lines.length).toBeLessThan(40);
  addMembers(world, other, namedMembersMax + 501, namedMembersMax + 1000);
  ann.say("on");
  expect(ann.lines().length).toBe(lines.length + 1);
  expect(selectScreen(ann.chat).tabs.tcp.room?.members).toBe(namedMembersMax + 1001);
  const before = ann.lines().length;
  ann.command("/who");
  const listed = ann.lines().slice(before);
  expect(listed).toHaveLength(whoRowsMax + 1);
  expect(listed.at(-1)).toBe(`and ${namedMembersMax + 1001 - (whoRowsMax - 1)} more`);
});
