/**
 * The names that members of a multicast group claim, each made unlike those of other addresses. One address may have a
 * name twice: a program that was started again sends from another port.
 */

import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import { RoomNames } from "../../protocol/text/nicknames.ts";

export interface GroupNames {
  readonly taken: RoomNames;
  /** By address and claimed name: the name that is shown, and how many peers of the address claim it. */
  readonly shown: Map<string, { readonly name: string; peers: number }>;
  /** The key in `shown` of each peer that claimed a name. */
  readonly claims: Map<ConnectionId, string>;
}

export function createGroupNames(): GroupNames {
  return { taken: new RoomNames(), shown: new Map(), claims: new Map() };
}

/** The name to show for a peer that claims `wanted`, a clean name. `ourName`: nobody else has a name like it. */
export function claimGroupName(
  group: GroupNames,
  { connection, address }: { readonly connection: ConnectionId; readonly address: string },
  wanted: string,
  ourName: string,
): string {
  const key = `${address} ${wanted}`;
  const known = group.shown.get(key);
  if (known !== undefined && group.claims.get(connection) === key) return known.name;
  releaseGroupName(group, connection);
  const shown = group.shown.get(key) ?? { name: takeName(group.taken, wanted, ourName), peers: 0 };
  shown.peers += 1;
  group.shown.set(key, shown);
  group.claims.set(connection, key);
  return shown.name;
}

function takeName(taken: RoomNames, wanted: string, ourName: string): string {
  taken.add(ourName);
  const name = taken.take(wanted);
  taken.release(ourName);
  return name;
}

/** Frees the name of a peer that claims another one, or has left. */
export function releaseGroupName({ taken, shown, claims }: GroupNames, connection: ConnectionId): void {
  const key = claims.get(connection);
  const name = key === undefined ? undefined : shown.get(key);
  if (key === undefined || name === undefined) return;
  claims.delete(connection);
  name.peers -= 1;
  if (name.peers > 0) return;
  shown.delete(key);
  taken.release(name.name);
}
