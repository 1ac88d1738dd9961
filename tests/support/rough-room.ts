/** A hub and members that joined it over UDP, through a network that a test can impair later. */

import { type Duet, World } from "./chat-world.ts";
import { RoughNetwork } from "./rough-network.ts";
import { seeded } from "./seeded.ts";

export interface RoughRoomOptions {
  /** The seed of the network's faults. */
  readonly seed?: number;
  readonly reportsAllCalls?: boolean;
}

export interface RoughRoom<Members extends readonly Duet[]> {
  readonly world: World;
  readonly network: RoughNetwork;
  readonly hub: Duet;
  readonly members: Members;
}

/** As many members as names, in their order; every side shown is UDP. */
export function roughRoom<Names extends readonly string[]>(
  names: readonly [...Names],
  { seed = 1, reportsAllCalls = false }: RoughRoomOptions = {},
): RoughRoom<{ readonly [Index in keyof Names]: Duet }> {
  const world = new World();
  world.network.reportsAllCalls = reportsAllCalls;
  const network = new RoughNetwork(world, seeded(seed), { loss: 0, duplicated: 0, delayMs: 10, jitterMs: 0 });
  const hub = world.hub({}, "udp");
  const members = names.map((name) => world.member(name, "udp"));
  for (const duet of [hub, ...members]) duet.dispatch({ type: "switched", to: "udp" });
  world.pass(1000);
  return { world, network, hub, members: members as { readonly [Index in keyof Names]: Duet } };
}

/** A room with one member, bob, and its port. */
export function roomWithBob() {
  const { world, network, hub, members } = roughRoom(["bob"]);
  const [bob] = members;
  return { world, network, hub, bob, port: udpPort(bob)! };
}

/** The port of a duet's UDP socket; undefined: none is open. */
export function udpPort({ chat }: Duet): number | undefined {
  const { local } = chat.sides.udp.socket;
  return local === undefined || local.family === "unix" ? undefined : local.port;
}
