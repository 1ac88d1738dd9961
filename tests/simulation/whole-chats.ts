/**
 * One simulated chat: a host and its members over a bad UDP network, all from one seed, in virtual time. Its events are
 * checked against invariants.ts. No test runner here.
 */

import type { Config } from "../../src/chat/config/config.ts";
import type { ChatEvent } from "../../src/chat/model/event.ts";
import type { Duet } from "../support/chat-world.ts";
import { home, homeTarget, World } from "../support/chat-world.ts";
import { RoughNetwork } from "../support/rough-network.ts";
import { udpPort } from "../support/rough-room.ts";
import { seeded } from "../support/seeded.ts";
import { checkAlways, checkEnd, checkSafety, type Line } from "./invariants.ts";
import { ManInTheMiddle } from "./man-in-the-middle.ts";

/** Figures of one chat, to report when it fails and to compare when it is repeated. */
export interface ChatFigures {
  readonly digest: number;
  readonly datagrams: number;
  readonly lost: number;
  readonly lines: number;
  readonly undelivered: number;
  readonly received: number;
}

/** A chat and its members. `everybody` also has those that have left, in order of joining. */
export interface Cast {
  readonly world: World;
  readonly network: RoughNetwork;
  readonly chance: () => number;
  readonly everybody: Duet[];
  readonly present: Set<Duet>;
  hub: Duet;
  readonly encrypt: Config["encrypt"];
  /** Randomness of what only sealed chats have. */
  readonly sealedChance: () => number;
  readonly middle: ManInTheMiddle | undefined;
  readonly lines: Line[];
  /** True if members are on other machines: strangers to the host, and throttled as such. */
  readonly isFar: boolean;
  /** Randomness of one-way cuts alone, so that chats without one are not changed by it. */
  readonly oneWayChance: () => number;
  /** End of the last one-way cut, in virtual time. */
  oneWayUntilMs: number;
  /** True if a cut was so long, or a crash such, that lines may be given up. */
  harsh: boolean;
}

const actionsMax = 24;
/** Share of chats with a one-way cut, and its length: longer than presence frames are retransmitted. */
const oneWayShare = 0.1;
const oneWayMinMs = 50_000;
const oneWayMaxMs = 150_000;
/** Longer than any timer. */
const quietMs = 130_000;

/**
 * `sealed`: all seal, bits of records are flipped on the path, members move to other endpoints, and keys are renewed.
 * `attacked`: a man in the middle does what he can, and only what he must not achieve is checked.
 */
export type ChatKind = "plain" | "sealed" | "attacked";

/** Runs the chat of a seed. Throws with the invariant that does not hold. `readWallMs`: a wall clock that steps. */
export function simulate(seed: number, readWallMs?: () => number, kind: ChatKind = "plain"): ChatFigures {
  const cast = open(seed, readWallMs, kind);
  const isSealed = kind !== "plain";
  const actions = 4 + Math.floor(cast.chance() * actionsMax);
  const oneWayAt = cast.oneWayChance() < oneWayShare ? Math.floor(cast.oneWayChance() * actions) : undefined;
  for (let count = 0; count < actions; count += 1) {
    if (count === oneWayAt) cutOneWay(cast);
    if (isSealed && cast.sealedChance() < moveShare) move(cast);
    if (isSealed && cast.sealedChance() < wornShare) wearKeys(cast);
    act(cast);
    cast.middle?.act([...cast.present]);
    cast.world.pass(Math.floor(cast.chance() ** 3 * 3000));
    checkAlways(cast);
  }
  cast.world.pass(Math.max(0, cast.oneWayUntilMs - cast.world.nowMs));
  checkAlways(cast);
  restoreNetwork(cast);
  cast.middle?.stop();
  cast.world.pass(cast.harsh || cast.isFar ? quietMs : quietMs / 4);
  checkAlways(cast);
  return {
    ...(cast.middle === undefined ? checkEnd(cast) : checkSafety(cast, cast.middle)),
    digest: cast.network.digest,
    datagrams: cast.network.sent,
    lost: cast.network.lost,
  };
}

function open(seed: number, readWallMs: (() => number) | undefined, kind: ChatKind): Cast {
  const chance = seeded(seed);
  const world = new World();
  if (readWallMs !== undefined) world.readWallMs = readWallMs;
  const network = new RoughNetwork(world, chance, {
    loss: chance() * 0.3,
    duplicated: chance() * 0.5,
    delayMs: Math.floor(chance() * 60),
    jitterMs: Math.floor(chance() ** 2 * 200),
  });
  const sealedChance = seeded(seed ^ 0x5ea1ed);
  if (kind === "sealed") network.change = (bytes) => flipRecord(sealedChance, bytes);
  const encrypt = kind === "plain" ? "auto" : "require";
  const hub = world.hub({ name: "hub", encrypt, ...screenOrNone(chance) }, "udp");
  const cast: Cast = {
    world,
    network,
    chance,
    everybody: [hub],
    present: new Set([hub]),
    hub,
    encrypt,
    sealedChance,
    middle: kind === "attacked" ? new ManInTheMiddle(world, network, seeded(seed ^ 0xa77ac)) : undefined,
    lines: [],
    isFar: chance() < 0.1,
    oneWayChance: seeded(~seed),
    oneWayUntilMs: 0,
    harsh: false,
  };
  hub.dispatch({ type: "switched", to: "udp" });
  for (let count = 1 + Math.floor(chance() * 3); count > 0; count -= 1) join(cast);
  world.pass(15_000);
  return cast;
}

/** A duet without a screen keeps no calls; half of those report them to a script. */
function screenOrNone(
  chance: () => number,
): Pick<Config, "headless" | "keepCalls" | "reportCalls" | "reportSpans"> {
  const dice = chance();
  const headless = dice < 0.5;
  const isReported = dice < 0.25;
  return { headless, keepCalls: !headless, reportCalls: isReported, reportSpans: isReported };
}

function join(cast: Cast): void {
  const name = `m${cast.everybody.length}`;
  const member = cast.world.duet({
    ...{ name, duet: true, encrypt: cast.encrypt },
    ...screenOrNone(cast.chance),
  });
  if (cast.isFar) member.address = `192.0.2.${cast.everybody.length}`;
  member.open({ role: "connect", target: homeTarget }, "udp");
  member.dispatch({ type: "switched", to: "udp" });
  cast.everybody.push(member);
  cast.present.add(member);
}

/** One random action of a person, a machine or the network. */
function act(cast: Cast): void {
  const who = anyOf(cast, [...cast.present]);
  const dice = cast.chance();
  if (dice < 0.6) return sendLines(cast, who, 1 + Math.floor(cast.chance() ** 2 * 20));
  if (dice < 0.7) return sendPrivateLine(cast, who);
  if (dice < 0.78) return changeFocus(cast, who);
  if (dice < 0.86) return cutOff(cast, who);
  if (dice < 0.9) return join(cast);
  if (dice < 0.94) return quit(cast, who);
  if (dice < 0.98) return crash(cast, who);
  cast.network.roughness = { ...cast.network.roughness, loss: cast.chance() * 0.3 };
}

function anyOf<Item>(cast: Cast, items: readonly Item[]): Item {
  return items[Math.floor(cast.chance() * items.length)]!;
}

function sendLines(cast: Cast, who: Duet, count: number): void {
  for (let line = 0; line < count; line += 1) {
    const number = cast.lines.length;
    const isLong = cast.chance() < 0.01;
    const text = `line ${number}${isLong ? " 长".repeat(2000) : ""}`;
    const audience = countAudience(cast, who);
    cast.lines.push({ number, text, by: who, audience, atMs: cast.world.nowMs });
    who.say(text);
  }
}

/** Number of recipients of a line, as far as its author knows. */
function countAudience(cast: Cast, who: Duet): number {
  if (who === cast.hub) return who.chat.room.members.size;
  const hub = [...who.chat.peers.values()][0];
  return hub?.hostRoom.ourNumber === undefined ? 0 : Math.max(1, hub.hostRoom.members.size);
}

function sendPrivateLine(cast: Cast, who: Duet): void {
  const to = anyOf(cast, [...cast.present]);
  const name = to.chat.self.name;
  if (to === who) return;
  const number = cast.lines.length;
  const text = `line ${number}`;
  cast.lines.push({ number, text, by: who, audience: 1, alone: to, atMs: cast.world.nowMs });
  who.command(`/msg ${name} ${text}`);
}

function changeFocus(cast: Cast, who: Duet): void {
  const event: ChatEvent = { type: "focus-changed", away: cast.chance() < 0.5 };
  who.dispatch(event);
}

/** Cuts a member off, both ways, for a while. */
function cutOff(cast: Cast, who: Duet): void {
  const port = udpPort(who);
  if (port === undefined) return;
  const ms = cast.chance() < 0.7 ? cast.chance() * 4000 : cast.chance() * 40_000;
  cast.harsh ||= ms > 8000;
  cast.network.setCut(port, true);
  cast.world.after(ms, () => cast.network.setCut(port, false));
}

/** Shares of a sealed chat's actions before which a member moves or keys are due, and of its records that are flipped. */
const moveShare = 0.1;
const wornShare = 0.1;
const flippedShare = 0.03;

/** Gives a member's socket another port, as a NAT does that forgot it. */
function move(cast: Cast): void {
  const members = [...cast.present].filter((duet) => duet !== cast.hub && udpPort(duet) !== undefined);
  const who = members[Math.floor(cast.sealedChance() * members.length)];
  if (who === undefined) return;
  const port = cast.world.network.takePort();
  cast.world.network.moveSocket(who, { family: "IPv4", address: who.address, port });
}

/** Says of each session that its keys have sealed as much as they should. */
function wearKeys({ present }: Cast): void {
  for (const duet of present)
    for (const { link } of duet.chat.peers.values()) {
      const event = { type: "keys-due", connection: link.connection } as const;
      duet.dispatch({ type: "socket", transport: "udp", event });
    }
}

/** Flips a bit of some records; hellos stay, since one that is text makes its sender raw for good. */
function flipRecord(chance: () => number, bytes: Uint8Array): Uint8Array {
  if ((bytes[0] ?? 0) < 0x80 || chance() >= flippedShare) return bytes;
  const flipped = new Uint8Array(bytes);
  // What shows a host that has forgotten the session that this is no text stays as well.
  flipped[9 + Math.floor(chance() * (bytes.length - 9))]! ^= 1 << Math.floor(chance() * 8);
  return flipped;
}

/** Drops for minutes all that a member sends, or all that is sent to it, and renames a member meanwhile. */
function cutOneWay(cast: Cast): void {
  const present = [...cast.present];
  const port = udpPort(present[Math.floor(cast.oneWayChance() * present.length)]!);
  if (port === undefined) return;
  const way = cast.oneWayChance() < 0.5 ? "to" : "from";
  const ms = oneWayMinMs + Math.floor(cast.oneWayChance() * (oneWayMaxMs - oneWayMinMs));
  cast.harsh = true;
  cast.oneWayUntilMs = cast.world.nowMs + ms;
  cast.network.setCutOneWay(port, way, true);
  cast.world.after(ms, () => cast.network.setCutOneWay(port, way, false));
  const renamed = present[Math.floor(cast.oneWayChance() * present.length)]!;
  if (renamed !== cast.hub) renamed.command(`/nick ${renamed.chat.self.name}-too`);
}

function quit(cast: Cast, who: Duet): void {
  if (who === cast.hub) return;
  cast.present.delete(who);
  who.quit();
}

/** Removes a member without goodbye. A host starts again on its port, and its members join it again. */
function crash(cast: Cast, who: Duet): void {
  cast.harsh = true;
  cast.present.delete(who);
  cast.world.remove(who);
  if (who !== cast.hub) return;
  const { people } = cast.hub;
  cast.hub = cast.world.duet({ name: "hub", encrypt: cast.encrypt, ...screenOrNone(cast.chance) }, people);
  cast.hub.open({ role: "listen", target: homeTarget }, "udp");
  cast.hub.dispatch({ type: "switched", to: "udp" });
  cast.everybody.push(cast.hub);
  cast.present.add(cast.hub);
  // Some reconnect by command; the others notice by themselves.
  for (const member of cast.present)
    if (member !== cast.hub && !member.chat.config.headless && cast.chance() < 0.5)
      member.command("/reconnect");
  cast.world.pass(15_000);
}

/** Ends every cut and all loss. */
function restoreNetwork({ network, present }: Cast): void {
  network.roughness = { loss: 0, duplicated: 0, delayMs: 5, jitterMs: 0 };
  network.setCut(home.port, false);
  for (const duet of present) {
    const port = udpPort(duet);
    if (port !== undefined) network.setCut(port, false);
  }
}
