/** A relayed message: this hub's id for it, and its sender's own. */

export interface RelayedId {
  /** Ours, which grows. */
  readonly id: number;
  /** A member's number, and its own id for the message. */
  readonly origin: number;
  readonly originId: number;
  /** Whom alone it was for. */
  readonly to: number | undefined;
}
