/** A member of a shared room at another hub, as our room has it. Types only. */

import type { IntroducedKey } from "../peer/host-room.ts";

/** A member of another hub. `number`: in this hub's room; `at`: at its own hub. */
export interface HubMember {
  readonly kind: "hub";
  readonly number: number;
  name: string;
  readonly hub: string;
  readonly at: number;
  isDuet: boolean;
  /** The key by the word of its hub; undefined: the member is not sealed there. */
  introduced: IntroducedKey | undefined;
}
