/** The key under which the places of a room are counted, and the places that are kept for new addresses. */

import { makeAddressKey } from "../../protocol/address/address-key.ts";
import { type Endpoint, isLoopback } from "../../protocol/address/endpoint.ts";
import { placesForNewShare } from "../../protocol/limits.ts";
import type { AddressQueues } from "./address-queues.ts";

/** All programs of this machine: one person may run many. */
export const machineKey = "this machine";

/** As makeAddressKey(), and one key for all of this machine's loopback addresses and UNIX sockets. */
export function makePlaceKey(endpoint: Endpoint): string {
  return isLoopback(endpoint) ? machineKey : (makeAddressKey(endpoint) ?? machineKey);
}

/** True if a room of `max` places has one for an address. The last ones are for addresses that have none. */
export function hasFreePlace(room: AddressQueues<unknown>, key: string, max: number): boolean {
  const isNew = key === machineKey || room.countFrom(key) === 0;
  return room.size < (isNew ? max : max - Math.floor(max * placesForNewShare));
}
