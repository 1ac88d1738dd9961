/**
 * How the place where a side listens is reached by a friend. Facts only: the commands to hand over are in src/words.
 */

import { cleanText } from "../../protocol/text/text.ts";
import { type Endpoint, isLoopback } from "../../protocol/address/endpoint.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Invitation } from "../../words/parts/invitation.ts";

/**
 * `raw`: the friend must use raw mode too. `machineAddress`: replaces the address of a socket that is bound to all
 * interfaces.
 */
export function makeInvitation(
  transport: TransportName,
  local: Endpoint,
  raw: boolean,
  machineAddress?: string,
  key?: string,
): Invitation {
  const place = formatPlace(local, machineAddress ?? "THIS-MACHINE");
  return { transport, raw, place, sameMachine: isLoopback(local), key };
}

function formatPlace(local: Endpoint, machine: string): string {
  if (local.family === "unix") return `-U ${cleanText(local.path)}`;
  const any = local.address === "0.0.0.0" || local.address === "::";
  return `${any ? machine : local.address} ${local.port}`;
}
