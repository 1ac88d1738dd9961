/** Messages of one member that are relayed together at the end of an event. */

import type { Carried } from "../log/entry.ts";
import type { LocalMember } from "./peer.ts";

/** A message to relay, and the name it was sent under. */
export interface Words {
  readonly name: string;
  readonly text: string;
  readonly action: boolean;
  /** The sending duet's own id of the message. */
  readonly originId: number | undefined;
  /** Undefined unless messages are traced. */
  readonly carried: Carried | undefined;
}

/** Messages of one member that have not been relayed yet. */
export interface Relayed {
  readonly origin: LocalMember;
  readonly words: Words[];
}
