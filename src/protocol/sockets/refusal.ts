/** Reasons to refuse a newcomer before it becomes a peer, and the line that it is sent over TCP. */

import { formatCount } from "../text/quantities.ts";

/** Why a connection is refused at accept. */
export type StreamRefusal =
  | { readonly is: "closing" }
  | { readonly is: "full"; readonly peersMax: number }
  | { readonly is: "address-full"; readonly connections: number }
  | { readonly is: "no-descriptors" };

/** Why an endpoint is refused over UDP. It is sent nothing. */
export type DatagramRefusal =
  | { readonly is: "datagrams-full"; readonly peersMax: number }
  | { readonly is: "address-full"; readonly connections: number };

/** Why a newcomer is refused. */
export type Refusal = StreamRefusal | DatagramRefusal;

/** The last line to a connection that yields its place. */
export const displacedLine =
  "Sorry, this room is full, and you were silent: a newcomer needed your place. You may connect again later.";

/** One plain line without newline, readable for a person or any program. */
export function formatRefusal(refusal: StreamRefusal): string {
  switch (refusal.is) {
    case "closing":
      return "Sorry, this room is closing.";
    case "full":
      if (refusal.peersMax === 0) return "Sorry, nobody may join this room.";
      return `Sorry, this room is full (${formatCount(refusal.peersMax, "peer")}). Please try again later.`;
    case "address-full":
      return `Sorry, your address has ${refusal.connections} connections here already. Close one, then try again.`;
    case "no-descriptors":
      return "Sorry, this machine has no room for more connections. Please try again later.";
  }
}
