/** How a place where duet listens is reached by a friend: facts, and the commands to hand over. */

import type { TransportName } from "../../protocol/sockets/socket-event.ts";

export interface Invitation {
  readonly transport: TransportName;
  /** What is typed goes out as it is, so the other side should do the same. */
  readonly raw: boolean;
  /** `127.0.0.1 8080`, `-U /tmp/chat`: as the command line takes it. */
  readonly place: string;
  /** Only from this very machine. */
  readonly sameMachine: boolean;
}

/** For a friend who has duet: with --duet, so that duet may speak first. */
export function duetCommand(program: string, { transport, raw, place }: Invitation): string {
  return `${program} ${udpFlag(transport)}${raw ? "--raw" : "--duet"} ${place}`;
}

/** For a friend who has no duet. */
export function ncCommand({ transport, place }: Invitation): string {
  return `nc ${udpFlag(transport)}${place}`;
}

function udpFlag(transport: TransportName): string {
  return transport === "udp" ? "-u " : "";
}
