/** Messages of one member that are relayed together at the end of an event. */

import type { MessageSpans } from "../log/entry.ts";
import type { LocalMember } from "./peer.ts";

/** A message to relay, and the name it was sent under. */
export interface RelayedMessage {
  readonly name: string;
  readonly text: string;
  readonly action: boolean;
  /** The sending duet's own id of the message. */
  readonly originalId: number | undefined;
  /** Undefined unless messages are traced. */
  readonly spans: MessageSpans | undefined;
}

/** Messages of one member that have not been relayed yet. */
export interface PendingRelay {
  readonly author: LocalMember;
  readonly messages: RelayedMessage[];
}
