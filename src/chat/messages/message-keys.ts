/** The keys of a message's author and receiver: which one seals a private line, and what rows and outputs say of them. */

import type { KeyFacts } from "../log/key-marks.ts";
import { hostNumber, type Self } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Addressee } from "../model/side.ts";
import { getSecurity, isSealed } from "../peer/seal.ts";
import { type Author, findMemberKey, hasKnownName, type MemberKey } from "../room/member-keys.ts";

/** The content of a message, and its author as a row shows it. */
export interface ReadMessage {
  readonly author: Pick<Author, "name" | "address">;
  readonly text: string;
  readonly action: boolean;
  readonly facts: KeyFacts;
}

/** A member's key with which a line can be sealed. */
export type SealingKey = MemberKey & { readonly epoch: string };

/** The key to seal a line with; undefined: the member opens none, or would not know us by a key. */
export function findSealingKey(
  self: Pick<Self, "people">,
  peer: Pick<Peer, "seal">,
  addressee: Addressee,
): SealingKey | undefined {
  if (getSecurity(peer.seal) === "plain") return undefined;
  const known = findMemberKey(self, addressee);
  return known?.epoch === undefined ? undefined : { ...known, epoch: known.epoch };
}

/** Judges a line that is sealed end to end with the other person's key. */
export function judgeSealed(
  self: Pick<Self, "people">,
  other: Addressee,
  { key, from, knownAs }: MemberKey,
): KeyFacts {
  const introduced = from === "host" ? (["introduced"] as const) : [];
  const isByHub = other.kind === "hub";
  return { key, marks: [...introduced, ...judgeName(self, other)], knownAs, isByHub };
}

/** Judges a private line that is not sealed end to end. */
export function judgeUnsealed(self: Pick<Self, "people">, other: Addressee): KeyFacts {
  const isBehindHost = other.kind === "remote" && other.member.number !== hostNumber;
  const isRead = isBehindHost && isSealed(other.host.seal);
  const readers = isRead
    ? (["host-reads"] as const)
    : other.kind === "hub"
      ? (["engine-reads"] as const)
      : [];
  return { key: undefined, marks: [...readers, ...judgeName(self, other)] };
}

/** Marks a message whose author has the name of a known person, and another key. */
export function judgeName(self: Pick<Self, "people">, author: Addressee): KeyFacts["marks"] {
  return hasKnownName(self, author) ? ["another-key"] : [];
}
