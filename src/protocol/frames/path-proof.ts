/**
 * The proof that a new connection belongs to a process that is a member of the room already (PROTOCOL.md, Another path): it
 * needs the key that the host gave on an earlier path, and is valid for one connection at one endpoint of the host.
 */

import { computeKeyedHash } from "../keyed-hash.ts";
import type { TransportName } from "../sockets/socket-event.ts";

/** The facts that a proof is bound to, so that nobody who receives it can use it elsewhere. */
interface ProofScope {
  /** The key that the host gave on the new connection. */
  readonly newKey: string;
  readonly transport: TransportName;
  /** The host's endpoint as the client reaches it: `127.0.0.1:8080`, `[fe80::1]:8080`, without a zone. */
  readonly at: string;
}

/** `key`: the one that the host gave on the earlier path. 32 hexadecimal digits. */
export function computePathProof(key: string, { newKey, transport, at }: ProofScope): string {
  return computeKeyedHash(key, `path ${newKey} ${transport} ${at}`).slice(0, 32);
}
