/** The key of a hub: Ed25519, of its process. The public key is the hub's id (ROOMS.md, A hub and its key). */

import { findSigningKey, makeSigner, makeVerifier } from "../identity/identity.ts";
import type { KeyObject } from "../noise/load-crypto.ts";

/** A hub that signs. */
export interface HubSigner {
  readonly hub: string;
  readonly key: KeyObject;
}

/** `secret`: 32 random bytes, which are filled with zero. */
export function makeHubSigner(secret: Uint8Array): HubSigner {
  const hub = Buffer.from(findSigningKey(secret)).toString("base64url");
  const key = makeSigner(secret);
  secret.fill(0);
  return { hub, key };
}

/** The key that verifies what a hub has signed; undefined: no public key has that id. */
export function makeHubVerifier(hub: string): KeyObject | undefined {
  return makeVerifier(Buffer.from(hub, "base64url"));
}
