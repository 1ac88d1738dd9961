/** What a side is asked to open, and the duets of this machine that announced an endpoint. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { Target } from "../../protocol/address/target.ts";

/** A duet of this machine that says it listens there. */
export interface FoundDuet {
  readonly endpoint: Endpoint;
  readonly name: string;
}

/** What to open: from the command line, or by a command. */
export type OpenRequest =
  | { readonly role: "listen"; readonly target: Target }
  | { readonly role: "connect"; readonly target: Target }
  /** Listen there, or join the duet that already does. */
  | { readonly role: "pair"; readonly target: Target };
