/** The ids of a relayed message: this host's, and its sender's own. */

export interface RelayedId {
  /** This host's id, ascending. */
  readonly id: number;
  /** The sender's member number, and its own id of the message. */
  readonly author: number;
  readonly originalId: number;
  /** The member number of the only addressee. */
  readonly to: number | undefined;
}
