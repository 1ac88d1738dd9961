/** The kind of a peer, and the name it is shown by. */

export interface Identity {
  kind: "unknown" | "duet" | "raw";
  name: string;
  /** The name was chosen, not made from the address. */
  isNamed: boolean;
  /** The arrival of the peer has been shown and reported. */
  isIntroduced: boolean;
  /** A duet's session token; undefined until its hello is received. */
  session: string | undefined;
  /** Allowed by `--allow` or `/accept`: never throttled as a stranger. */
  isTrusted: boolean;
}

/** Sets a name that was chosen, by the peer or for it. Clean. */
export function setName(identity: Identity, name: string): void {
  identity.name = name;
  identity.isNamed = true;
}
