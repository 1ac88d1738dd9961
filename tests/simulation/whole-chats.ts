/**
 * One simulated afternoon: a hub and its members over a bad UDP network, all from one seed, in virtual time. It says
 * what went on and is held against the promises by promises.ts; it knows no test runner.
 */

import type { Config } from "../../src/chat/config/config.ts";
import type { ChatEvent } from "../../src/chat/model/event.ts";
import type { Duet } from "../support/chat-world.ts";
import { home, homeTarget, World } from "../support/chat-world.ts";
import { RoughNetwork } from "../support/rough-network.ts";
import { udpPort } from "../support/rough-room.ts";
import { seeded } from "../support/seeded.ts";
import { checkAlways, checkEnd, type Line } from "./promises.ts";

/** What happened in one run, to be told when it fails and compared when it is run again. */
export interface Afternoon {
  readonly digest: number;
  readonly datagrams: number;
  readonly lost: number;
  readonly lines: number;
  readonly undelivered: number;
  readonly received: number;
}

/** Everybody who was ever there, in the order of coming. */
export interface Cast {
  readonly world: World;
  readonly network: RoughNetwork;
  readonly chance: () => number;
  readonly everybody: Duet[];
  readonly present: Set<Duet>;
  hub: Duet;
  readonly lines: Line[];
  /** Members are on other machines, strangers to the hub, and speak at the pace of strangers. */
  readonly isFar: boolean;
  /** Whether, when and how long one way is lost: of its own, so that other afternoons stay what they were. */
  readonly fate: () => number;
  /** Until then a way may be lost. */
  oneWayUntilMs: number;
  /** Somebody was cut off for so long, or crashed, that lines may be given up. */
  harsh: boolean;
}

const actionsMax = 24;
/** Of all afternoons, those in which one way is lost; and for how long, which is longer than news is tried. */
const oneWayShare = 0.1;
const oneWayMinMs = 50_000;
const oneWayMaxMs = 150_000;
/** Longer than anything is waited for. */
const quietMs = 130_000;

/** Runs the afternoon of a seed. Throws with the broken promise. */
export function simulate(seed: number): Afternoon {
  const cast = open(seed);
  const actions = 4 + Math.floor(cast.chance() * actionsMax);
  const oneWayAt = cast.fate() < oneWayShare ? Math.floor(cast.fate() * actions) : undefined;
  for (let count = 0; count < actions; count += 1) {
    if (count === oneWayAt) isCutOneWay(cast);
    act(cast);
    cast.world.pass(Math.floor(cast.chance() ** 3 * 3000));
    checkAlways(cast);
  }
  cast.world.pass(Math.max(0, cast.oneWayUntilMs - cast.world.nowMs));
  checkAlways(cast);
  calm(cast);
  cast.world.pass(cast.harsh || cast.isFar ? quietMs : quietMs / 4);
  checkAlways(cast);
  return {
    ...checkEnd(cast),
    digest: cast.network.digest,
    datagrams: cast.network.sent,
    lost: cast.network.lost,
  };
}

function open(seed: number): Cast {
  const chance = seeded(seed);
  const world = new World();
  const network = new RoughNetwork(world, chance, {
    loss: chance() * 0.3,
    duplicated: chance() * 0.5,
    delayMs: Math.floor(chance() * 60),
    jitterMs: Math.floor(chance() ** 2 * 200),
  });
  const hub = world.hub({ name: "hub", ...screenOrNone(chance) }, "udp");
  const cast: Cast = {
    world,
    network,
    chance,
    everybody: [hub],
    present: new Set([hub]),
    hub,
    lines: [],
    isFar: chance() < 0.1,
    fate: seeded(~seed),
    oneWayUntilMs: 0,
    harsh: false,
  };
  hub.dispatch({ type: "switched", to: "udp" });
  for (let count = 1 + Math.floor(chance() * 3); count > 0; count -= 1) comes(cast);
  world.pass(15_000);
  return cast;
}

/** Who has no screen keeps no calls either, and tells them to a script or to nobody. */
function screenOrNone(
  chance: () => number,
): Pick<Config, "headless" | "keepCalls" | "reportCalls" | "reportSpans"> {
  const dice = chance();
  const headless = dice < 0.5;
  const isTold = dice < 0.25;
  return { headless, keepCalls: !headless, reportCalls: isTold, reportSpans: isTold };
}

function comes(cast: Cast): void {
  const name = `m${cast.everybody.length}`;
  const member = cast.world.duet({ name, duet: true, ...screenOrNone(cast.chance) });
  if (cast.isFar) member.address = `192.0.2.${cast.everybody.length}`;
  member.open({ role: "connect", target: homeTarget }, "udp");
  member.dispatch({ type: "switched", to: "udp" });
  cast.everybody.push(member);
  cast.present.add(member);
}

/** One thing that people, machines or networks do. */
function act(cast: Cast): void {
  const who = anyOf(cast, [...cast.present]);
  const dice = cast.chance();
  if (dice < 0.6) return says(cast, who, 1 + Math.floor(cast.chance() ** 2 * 20));
  if (dice < 0.7) return whispers(cast, who);
  if (dice < 0.78) return looks(cast, who);
  if (dice < 0.86) return isCut(cast, who);
  if (dice < 0.9) return comes(cast);
  if (dice < 0.94) return quits(cast, who);
  if (dice < 0.98) return crashes(cast, who);
  cast.network.roughness = { ...cast.network.roughness, loss: cast.chance() * 0.3 };
}

function anyOf<Item>(cast: Cast, items: readonly Item[]): Item {
  return items[Math.floor(cast.chance() * items.length)]!;
}

function says(cast: Cast, who: Duet, count: number): void {
  for (let line = 0; line < count; line += 1) {
    const number = cast.lines.length;
    const isLong = cast.chance() < 0.01;
    const text = `line ${number}${isLong ? " 长".repeat(2000) : ""}`;
    const hears = listeners(cast, who);
    cast.lines.push({ number, text, by: who, hears, atMs: cast.world.nowMs });
    who.say(text);
  }
}

/** Whom a line of theirs is for, as far as they know themselves. */
function listeners(cast: Cast, who: Duet): number {
  if (who === cast.hub) return who.chat.room.members.size;
  const hub = [...who.chat.peers.values()][0];
  return hub?.hubRoom.ourNumber === undefined ? 0 : Math.max(1, hub.hubRoom.members.size);
}

function whispers(cast: Cast, who: Duet): void {
  const to = anyOf(cast, [...cast.present]);
  const name = to.chat.self.name;
  if (to === who) return;
  const number = cast.lines.length;
  const text = `line ${number}`;
  cast.lines.push({ number, text, by: who, hears: 1, alone: to, atMs: cast.world.nowMs });
  who.command(`/msg ${name} ${text}`);
}

function looks(cast: Cast, who: Duet): void {
  const event: ChatEvent = { type: "focus-changed", away: cast.chance() < 0.5 };
  who.dispatch(event);
}

/** Nothing passes to or from one of them for a while. */
function isCut(cast: Cast, who: Duet): void {
  const port = udpPort(who);
  if (port === undefined) return;
  const ms = cast.chance() < 0.7 ? cast.chance() * 4000 : cast.chance() * 40_000;
  cast.harsh ||= ms > 8000;
  cast.network.setCut(port, true);
  cast.world.after(ms, () => cast.network.setCut(port, false));
}

/** For minutes, what goes to one of them is lost, or what it sends: so one side hears the other, and not the other way. */
function isCutOneWay(cast: Cast): void {
  const present = [...cast.present];
  const port = udpPort(present[Math.floor(cast.fate() * present.length)]!);
  if (port === undefined) return;
  const way = cast.fate() < 0.5 ? "to" : "from";
  const ms = oneWayMinMs + Math.floor(cast.fate() * (oneWayMaxMs - oneWayMinMs));
  cast.harsh = true;
  cast.oneWayUntilMs = cast.world.nowMs + ms;
  cast.network.setCutOneWay(port, way, true);
  cast.world.after(ms, () => cast.network.setCutOneWay(port, way, false));
  const renamed = present[Math.floor(cast.fate() * present.length)]!;
  if (renamed !== cast.hub) renamed.command(`/nick ${renamed.chat.self.name}-too`);
}

function quits(cast: Cast, who: Duet): void {
  if (who === cast.hub) return;
  cast.present.delete(who);
  who.quit();
}

/** Gone without a word; a hub comes back to its port, and its members join it again. */
function crashes(cast: Cast, who: Duet): void {
  cast.harsh = true;
  cast.present.delete(who);
  cast.world.remove(who);
  if (who !== cast.hub) return;
  cast.hub = cast.world.duet({ name: "hub", ...screenOrNone(cast.chance) });
  cast.hub.open({ role: "listen", target: homeTarget }, "udp");
  cast.hub.dispatch({ type: "switched", to: "udp" });
  cast.everybody.push(cast.hub);
  cast.present.add(cast.hub);
  // Some are told to; the others find out by themselves.
  for (const member of cast.present)
    if (member !== cast.hub && !member.chat.config.headless && cast.chance() < 0.5)
      member.command("/reconnect");
  cast.world.pass(15_000);
}

/** The network is well again. */
function calm({ network, present }: Cast): void {
  network.roughness = { loss: 0, duplicated: 0, delayMs: 5, jitterMs: 0 };
  network.setCut(home.port, false);
  for (const duet of present) {
    const port = udpPort(duet);
    if (port !== undefined) network.setCut(port, false);
  }
}
