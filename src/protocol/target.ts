/**
 * Where to listen or connect, as a person writes it. Words in, a value out; no name is resolved and no
 * socket is opened here.
 */

/** A host and port, or a UNIX path (`@name` is abstract). */
export type Target =
  | { readonly kind: "ip"; readonly host: string; readonly port: number; readonly family?: 4 | 6 }
  | { readonly kind: "unix"; readonly path: string };
