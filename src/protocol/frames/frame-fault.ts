/** Errors in a line or datagram that should be a frame. */

export type FrameFault =
  | { readonly is: "no-json" }
  | { readonly is: "no-object" }
  | { readonly is: "no-type" }
  | { readonly is: "wrong-field"; readonly type: string }
  | { readonly is: "no-frame" }
  /** A line longer than lineMaxBytes. */
  | { readonly is: "too-long" }
  /** The stream ended before its newline. */
  | { readonly is: "no-end" };
