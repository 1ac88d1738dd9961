/** What is wrong with a line or datagram that was to be a frame. */

export type FrameFault =
  | { readonly is: "no-json" }
  | { readonly is: "no-object" }
  | { readonly is: "no-type" }
  | { readonly is: "wrong-field"; readonly type: string }
  | { readonly is: "no-frame" }
  /** A line longer than lineMaxBytes. */
  | { readonly is: "too-long" }
  /** The stream ended within it. */
  | { readonly is: "no-end" };
