/** The answer to a newcomer that wants a place in a room. */

/** A free place, that of another connection, which is ended, or none. */
export type FoundPlace<Connection, Refusal> =
  | { readonly is: "free" }
  | { readonly is: "yielded"; readonly by: Connection }
  | { readonly is: "refused"; readonly refusal: Refusal };
