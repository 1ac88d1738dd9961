/** Requests to open a side, and announced duets of this machine. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { Target } from "../../protocol/address/target.ts";

/** A duet of this machine that announced its endpoint. */
export interface FoundDuet {
  readonly endpoint: Endpoint;
  readonly name: string;
}

/** A row of the local network's list, by which our person chose a target. */
interface ListedDuet {
  /** The key that it announces, if it is a known person's, by whose name it was chosen: it must have that key. */
  readonly key: string | undefined;
}

/** A request to open a side, from the command line or a command. */
export type OpenRequest =
  | { readonly role: "listen"; readonly target: Target }
  | { readonly role: "connect"; readonly target: Target; readonly listed?: ListedDuet }
  /** Listen there, or join the duet that already does. */
  | { readonly role: "pair"; readonly target: Target };
