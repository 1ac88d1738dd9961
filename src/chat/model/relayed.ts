/** Messages of one member that wait for the end of the event to be relayed together. */

import type { Carried } from "../log/entry.ts";
import type { LocalMember } from "./peer.ts";

/** What was said, and the name it was said under. */
export interface Words {
  readonly name: string;
  readonly text: string;
  readonly action: boolean;
  /** A duet's own id for it. */
  readonly originId: number | undefined;
  /** Where messages are traced. */
  readonly carried: Carried | undefined;
}

/** Words of one member that are still to be passed on. */
export interface Relayed {
  readonly origin: LocalMember;
  readonly words: Words[];
}
