/** A hub and members that have joined it over UDP, through a network that a test can make bad: it is well so far. */

import { type Duet, World } from "./chat-world.ts";
import { RoughNetwork } from "./rough-network.ts";
import { seeded } from "./seeded.ts";

export interface RoughRoomOptions {
  /** Of what the network does once it is bad. */
  readonly seed?: number;
  readonly tellsAllCalls?: boolean;
}

export interface RoughRoom<Members extends readonly Duet[]> {
  readonly world: World;
  readonly network: RoughNetwork;
  readonly hub: Duet;
  readonly members: Members;
}

/** As many members as names, in their order; everybody looks at UDP. */
export function roughRoom<Names extends readonly string[]>(
  names: readonly [...Names],
  { seed = 1, tellsAllCalls = false }: RoughRoomOptions = {},
): RoughRoom<{ readonly [Index in keyof Names]: Duet }> {
  const world = new World();
  world.network.tellsAllCalls = tellsAllCalls;
  const network = new RoughNetwork(world, seeded(seed), { loss: 0, doubled: 0, delayMs: 10, jitterMs: 0 });
  const hub = world.hub({}, "udp");
  const members = names.map((name) => world.member(name, "udp"));
  for (const duet of [hub, ...members]) duet.dispatch({ type: "switched", to: "udp" });
  world.pass(1000);
  return { world, network, hub, members: members as { readonly [Index in keyof Names]: Duet } };
}

/** With one member, bob, and its port. */
export function roomWithBob() {
  const { world, network, hub, members } = roughRoom(["bob"]);
  const [bob] = members;
  return { world, network, hub, bob, port: udpPort(bob)! };
}

/** Where a duet's UDP socket is; undefined: it has none. */
export function udpPort({ chat }: Duet): number | undefined {
  const { local } = chat.sides.udp.socket;
  return local === undefined || local.family === "unix" ? undefined : local.port;
}
