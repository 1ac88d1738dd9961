/** The farewell of a duet over UDP, kept in case our acknowledgement of its goodbye is lost. */

/** The keys of a duet that left, and the last frame number it reached. */
export interface ReceivedGoodbye {
  readonly ourKey: string;
  readonly theirKey: string | undefined;
  readonly upTo: number;
}
