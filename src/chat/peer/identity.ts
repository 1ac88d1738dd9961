/** What a peer is, and by which name it is shown. */

export interface Identity {
  kind: "unknown" | "duet" | "raw";
  name: string;
  /** The name was given, not made from the address. */
  isNamed: boolean;
  /** The arrival of the peer has been shown and reported. */
  isIntroduced: boolean;
  /** A duet's process; undefined until its hello was received. */
  session: string | undefined;
  /** Allowed by --allow or /accept: it speaks without a stranger's pace. */
  isTrusted: boolean;
}
