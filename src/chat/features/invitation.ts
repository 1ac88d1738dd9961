/**
 * The commands to hand to a friend: how the place where a side listens is reached. Words only; it opens nothing, and
 * says nothing to anyone.
 */

import { type Endpoint, isLoopback } from "../../protocol/address/endpoint.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";

export interface Invitation {
  /** With --duet, so that a friend who comes may speak first. */
  readonly duet: string;
  /** For who has no duet. */
  readonly anyProgram: string;
  /** Only from this very machine. */
  readonly sameMachine: boolean;
}

/**
 * `raw`: we send exactly what is typed, so the other side should, too. `machineAddress`: what stands for every interface.
 */
export function invitationTo(
  transport: TransportName,
  local: Endpoint,
  raw: boolean,
  machineAddress?: string,
): Invitation {
  const udp = transport === "udp" ? "-u " : "";
  const place = placeOf(local, machineAddress ?? "THIS-MACHINE");
  return {
    duet: `bun run start ${udp}${raw ? "--raw" : "--duet"} ${place}`,
    anyProgram: `nc ${udp}${place}`,
    sameMachine: isLoopback(local),
  };
}

function placeOf(local: Endpoint, machine: string): string {
  if (local.family === "unix") return `-U ${local.path}`;
  const any = local.address === "0.0.0.0" || local.address === "::";
  return `${any ? machine : local.address} ${local.port}`;
}
