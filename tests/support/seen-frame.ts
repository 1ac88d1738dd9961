/** A frame that a call or datagram carried, as far as tests look at it. */

/** The fields depend on the type. `n` is the frame's number over UDP. */
export interface SeenFrame {
  readonly type: string;
  readonly id: number;
  readonly first: number;
  readonly last: number;
  readonly upTo: number;
  readonly also?: readonly (readonly [number, number])[];
  readonly n: number;
}
