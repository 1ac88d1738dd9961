/** What a flooding peer sends. */

export const floodKinds = [
  "lines",
  "empty lines",
  "pings",
  "unknown frames",
  "renames",
  "growing text",
] as const;
export type FloodKind = (typeof floodKinds)[number];
