/** The ids of a relayed message: this hub's, and its sender's own. */

export interface RelayedId {
  /** This hub's id, ascending. */
  readonly id: number;
  /** The sender's member number, and its own id of the message. */
  readonly origin: number;
  readonly originId: number;
  /** The member number of the only addressee. */
  readonly to: number | undefined;
}
