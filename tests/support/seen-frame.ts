/** A frame that went by one call or datagram, as far as tests look at it. */

/** With its place in the order over UDP. Which fields are there depends on its type. */
export interface SeenFrame {
  readonly type: string;
  readonly id: number;
  readonly first: number;
  readonly last: number;
  readonly upTo: number;
  readonly also?: readonly (readonly [number, number])[];
  readonly n: number;
}
