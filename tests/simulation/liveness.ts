/**
 * Liveness: in a room with a flooder and with members that acknowledge slowly, never, falsely or late, an honest line
 * is shown by the host and by every honest member within a bound. One room from one seed, in virtual time.
 */

import { type Duet, home, homeTarget, type Program, World } from "../support/chat-world.ts";
import type { IpEndpoint } from "../support/fake-network.ts";
import { udpPort } from "../support/rough-room.ts";
import { seeded } from "../support/seeded.ts";

/**
 * The latest that an honest line is shown: the room waits for nobody, so a few round trips of the network, with its
 * delayed acknowledgements, and a retransmission are enough.
 */
export const honestLineMaxMs = 500;

export const faults = ["slow", "silent", "lying", "late"] as const;
type Fault = (typeof faults)[number];

export interface LivenessFigures {
  readonly lines: number;
  /** The latest line, in milliseconds after it was typed. */
  readonly worstMs: number;
  readonly faults: readonly Fault[];
}

interface Scene {
  readonly world: World;
  readonly chance: () => number;
  readonly hub: Duet;
  readonly honest: readonly Duet[];
  readonly bad: ReadonlyMap<number, Path>;
}

/** How the datagrams of one faulty member travel. `freeAtMs`: when a slow path takes the next one. */
interface Path {
  readonly fault: Fault;
  freeAtMs: number;
}

/** A slow path takes one datagram in this time, and drops what would wait longer than a minute. */
const slowFrameMs = 200;
const slowQueueMs = 60_000;
const lateMinMs = 500;
const lateMaxMs = 4000;
/** How long people and the flooder type. */
const activeMinMs = 1500;
const activeMaxMs = 4000;
const stepMs = 50;
/** The flooder's lines: as many bytes in each step as a member on this machine might paste. */
const floodStepBytes = 16 * 1024;

/** Runs the room of a seed. Throws if an honest line is later than its bound. */
export function simulateLiveness(seed: number): LivenessFigures {
  const scene = openScene(seed);
  const { world, chance, hub, honest } = scene;
  const flood = startFlood(scene);
  const typed = new Map<string, number>();
  const endMs = world.nowMs + activeMinMs + Math.floor(chance() * (activeMaxMs - activeMinMs));
  while (world.nowMs < endMs) {
    flood();
    if (chance() < 0.2) {
      const author = [hub, ...honest][Math.floor(chance() * (honest.length + 1))]!;
      const text = `honest ${typed.size}`;
      typed.set(text, world.nowMs);
      author.say(text);
    }
    world.pass(stepMs);
  }
  world.pass(2 * honestLineMaxMs);
  return {
    lines: typed.size,
    worstMs: findWorst(scene, typed, seed),
    faults: [...scene.bad.values()].map(({ fault }) => fault),
  };
}

function openScene(seed: number): Scene {
  const chance = seeded(seed);
  const world = new World();
  const hub = world.hub({ name: "hub" }, "udp");
  hub.open({ role: "listen", target: homeTarget }, "tcp");
  hub.dispatch({ type: "switched", to: "udp" });
  const honest = ["ann", "ben"].map((name) => world.member(name, "udp"));
  honest.push(world.member("cem", "tcp"));
  const paths = new Map<number, Path>();
  for (let count = 1 + Math.floor(chance() * 3); count > 0; count -= 1) {
    const member = world.member(`bad${count}`, "udp");
    const fault = faults[Math.floor(chance() * faults.length)]!;
    member.dispatch({ type: "switched", to: "udp" });
    paths.set(udpPort(member)!, { fault, freeAtMs: 0 });
  }
  for (const duet of honest.slice(0, 2)) duet.dispatch({ type: "switched", to: "udp" });
  world.pass(1000);
  const delayMs = 1 + Math.floor(chance() * 20);
  const scene = { world, chance, hub, honest, bad: paths };
  world.network.forward = (from, to, bytes) => forward(scene, delayMs, { from, to, bytes });
  return scene;
}

interface Datagram {
  readonly from: IpEndpoint;
  readonly to: IpEndpoint;
  readonly bytes: Uint8Array;
}

/** Delivers a datagram of an honest member after `delayMs`, and one of a faulty member by its fault. */
function forward({ world, chance, bad }: Scene, delayMs: number, { from, to, bytes }: Datagram): void {
  const arriveAfter = (ms: number, payload: Uint8Array): void =>
    world.after(ms, () => void world.network.datagram(from, to, payload));
  const path = bad.get(from.port) ?? bad.get(to.port);
  const isToHub = to.port === home.port;
  switch (path?.fault) {
    case undefined:
      return arriveAfter(delayMs, bytes);
    case "slow": {
      if (isToHub) return arriveAfter(delayMs, bytes);
      const atMs = Math.max(world.nowMs, path.freeAtMs);
      if (atMs > world.nowMs + slowQueueMs) return;
      path.freeAtMs = atMs + slowFrameMs;
      return arriveAfter(atMs - world.nowMs + delayMs, bytes);
    }
    case "silent":
      return isToHub ? undefined : arriveAfter(delayMs, bytes);
    case "lying":
      return arriveAfter(delayMs, isToHub ? falsify(bytes, chance()) : bytes);
    case "late":
      return arriveAfter(lateMinMs + Math.floor(chance() * (lateMaxMs - lateMinMs)), bytes);
  }
}

/** An acknowledgement that reports no room, or only every third one, or frames that were never sent. */
function falsify(bytes: Uint8Array, dice: number): Uint8Array {
  const text = Buffer.from(bytes).toString();
  if (!text.includes('"type":"ack"')) return bytes;
  if (dice < 0.1) return Buffer.from(text.replace(/"upTo":\d+/, '"upTo":999999'));
  return text.includes('"busy"')
    ? bytes
    : Buffer.from(text.replace('"type":"ack"', '"type":"ack","busy":true'));
}

/** A member that sends without end: a raw program over TCP, or a duet over UDP. Returns the work of one step. */
function startFlood({ world, chance }: Scene): () => void {
  const line = `${"flood ".repeat(160)}\n`;
  const text = line.repeat(Math.floor(floodStepBytes / line.length));
  if (chance() < 0.5) {
    const program: Program = world.program().connect().send("hi\n");
    return () => void program.send(text);
  }
  const duet = world.member("flooder", "udp");
  duet.dispatch({ type: "switched", to: "udp" });
  world.pass(1000);
  return () => {
    if (duet.chat.input.waitingLines < 100) duet.say(text.trimEnd());
  };
}

/** How late the latest honest line was shown by the host and by every honest member. */
function findWorst({ world, hub, honest }: Scene, typed: ReadonlyMap<string, number>, seed: number): number {
  let worstMs = 0;
  for (const duet of [hub, ...honest]) {
    const shown = new Map<string, number>();
    for (const output of duet.outputs)
      if (output.type === "message" && !shown.has(output.text)) shown.set(output.text, output.atMs);
    for (const [text, atMs] of typed) {
      const lateMs = (shown.get(text) ?? world.nowMs) - atMs;
      worstMs = Math.max(worstMs, lateMs);
      if (lateMs > honestLineMaxMs)
        throw new Error(
          `seed ${seed}: ${duet.chat.self.name} showed "${text}" after ${lateMs} ms, or not at all`,
        );
    }
  }
  return worstMs;
}
