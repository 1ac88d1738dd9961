/** A duet that said goodbye over UDP, for when our acknowledgement is lost. */

/** A duet that said goodbye: what its keys were, and up to where its frames had come. */
export interface Farewell {
  readonly ourKey: string;
  readonly theirKey: string | undefined;
  readonly upTo: number;
}
