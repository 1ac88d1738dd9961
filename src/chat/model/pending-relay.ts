/** Messages of one member that are relayed together at the end of an event. */

import type { MessageSpans } from "../log/entry.ts";
import type { LocalMember } from "./peer.ts";
import type { HubMember } from "./hub-member.ts";

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

/** The author of a message that is relayed: a member here, or of another hub, which has no connection here. */
export type RelayAuthor = LocalMember | HubMember;

/** Messages of one member that have not been relayed yet. */
export interface PendingRelay {
  readonly author: RelayAuthor;
  readonly messages: RelayedMessage[];
}
