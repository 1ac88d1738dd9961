/** An endpoint where duet listens, and the commands with which a friend joins it. */

import type { TransportName } from "../../protocol/sockets/socket-event.ts";

export interface Invitation {
  readonly transport: TransportName;
  /** True if text is sent unchanged, so that the other side should use --raw as well. */
  readonly raw: boolean;
  /** `127.0.0.1 8080`, `-U /tmp/chat`: words of the command line. */
  readonly place: string;
  /** True if only this machine can reach it. */
  readonly sameMachine: boolean;
  /** Our key, for a friend whose duet encrypts; undefined: a duet there is answered in the clear. */
  readonly key: string | undefined;
  /** The room has a password: only duets join. */
  readonly hasPassword: boolean;
}

/** For a friend with duet: --duet, so that the client sends its hello at once; with our key, which is VERIFIED there. */
export function duetCommand(
  program: string,
  { transport, raw, place, key, hasPassword }: Invitation,
): string {
  const duet = `${program} ${udpFlag(transport)}${raw ? "--raw" : "--duet"} ${place}`;
  return `${duet}${key === undefined ? "" : ` --key ${key}`}${hasPassword ? " --password" : ""}`;
}

/** For a friend without duet. */
export function ncCommand({ transport, place }: Invitation): string {
  return `nc ${udpFlag(transport)}${place}`;
}

function udpFlag(transport: TransportName): string {
  return transport === "udp" ? "-u " : "";
}
