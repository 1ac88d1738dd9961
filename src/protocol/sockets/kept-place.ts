/** What the chat knows of a peer that is to keep its place in a room. */

/**
 * `raw`: a raw peer over UDP, whose address nobody has proven. `member`: a peer whose address is proven, which yields
 * its place to no unproven one. `exempt`: a peer that the person trusts, whose address has no limit.
 */
export type KeptPlace = "raw" | "member" | "exempt";
