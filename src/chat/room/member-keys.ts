/** The keys of members: ours as we give it to others, and theirs with how we know them (SEALED.md, In a room). */

import { computeKeyedHash } from "../../protocol/keyed-hash.ts";
import { formatKey } from "../../protocol/identity/key-text.ts";
import { findNamesake } from "../../protocol/identity/known-peers.ts";
import { getName, hostNumber, type Self } from "../model/chat.ts";
import type { LocalMember, Peer } from "../model/peer.ts";
import type { Addressee, ConnectedAddressee } from "../model/side.ts";
import { nameAddressee } from "../outbound/addressees.ts";
import type { IntroducedKey, RemoteMember } from "../peer/host-room.ts";
import { getSecurity, isSealed, type Seal, type Security } from "../peer/seal.ts";
import { getSessionKey } from "../records/key-source.ts";

/** A member's X25519 key as text. */
export interface MemberKey {
  readonly key: string;
  /** The random epoch of its process; undefined: it opens no private lines. */
  readonly epoch: string | undefined;
  /**
   * `session`: the member has proven it to us. `contact`: the host introduced it, and its owner has proven it to us before,
   * under the same name. `host`: the host introduced it, and nobody else vouches for it.
   */
  readonly from: "session" | "contact" | "host";
  readonly security: Exclude<Security, "plain">;
  /** The name under which our person knows the key, if that is another one than the host says. */
  readonly knownAs?: string | undefined;
}

/** Random for this process: what is sealed for an earlier process of our identity opens nothing in this one. */
export function getOwnEpoch({ secret }: Pick<Self, "secret">): string {
  return computeKeyedHash(secret, "epoch").slice(0, 32);
}

/** The key that a host introduces of a member; undefined: the member is not sealed, or has drawn no epoch. */
export function findKeyToIntroduce({ via: { seal } }: Pick<LocalMember, "via">): IntroducedKey | undefined {
  const { theirKey: key, theirEpoch: epoch } = seal;
  return isSealed(seal) && key !== undefined && epoch !== undefined ? { key, epoch } : undefined;
}

/** The key that we introduce of ourselves, which is that of the session. */
export function getOwnIntroduction(
  self: Pick<Self, "keys" | "secret">,
  { ours }: Pick<Seal, "ours">,
): IntroducedKey {
  return { key: formatKey(getSessionKey(self.keys, ours).publicKey), epoch: getOwnEpoch(self) };
}

/** The key of a member, and how it is known; undefined: the member is not sealed. */
export function findMemberKey(self: Pick<Self, "people">, addressee: Addressee): MemberKey | undefined {
  switch (addressee.kind) {
    case "local":
      return readSession(addressee.member.via.seal);
    case "peer":
      return readSession(addressee.peer.seal);
    case "remote":
      return addressee.member.number === hostNumber
        ? readSession(addressee.host.seal)
        : judgeIntroduced(self, addressee.member);
    case "hub":
      return judgeIntroduced(self, addressee.member);
  }
}

/** The author of a message, as its receiver is to see it. */
export interface Author {
  readonly name: string;
  readonly address: string;
  readonly member: Addressee;
}

/** The author of a host's message `from` a member; one that the host has not named is the host itself. */
export function findAuthor(peer: Peer, from: number | undefined): Author {
  const member = from === undefined ? undefined : peer.hostRoom.members.get(from);
  const name = member?.name ?? getName(peer);
  if (member === undefined || from === hostNumber)
    return { name, address: peer.link.address, member: { kind: "peer", peer } };
  const address = member.address ?? `member ${member.number}`;
  return { name, address, member: { kind: "remote", host: peer, member } };
}

/** The receiver of a frame: a peer, or the member with a number behind it. Undefined: nobody has the number. */
export function findReceiver(peer: Peer, number: number | undefined): ConnectedAddressee | undefined {
  const local = peer.membership.member;
  if (local !== undefined) return { kind: "local", member: local };
  if (number === undefined || number === hostNumber) return { kind: "peer", peer };
  const member = peer.hostRoom.members.get(number);
  return member && { kind: "remote", host: peer, member };
}

function readSession(seal: Seal): MemberKey | undefined {
  const { theirKey: key, theirEpoch: epoch } = seal;
  const security = getSecurity(seal);
  if (security === "plain" || key === undefined) return undefined;
  return { key, epoch, from: "session", security };
}

/** The member has the name of a person that we know, and another key than that person. */
export function hasKnownName(self: Pick<Self, "people">, addressee: Addressee): boolean {
  const key = findMemberKey(self, addressee)?.key;
  if (key === undefined) return false;
  return findNamesake(self.people.source.readKnown(), nameAddressee(addressee), key) !== undefined;
}

/** The host could introduce any key that it has met us with: it counts as known under the names that its owner has used. */
function judgeIntroduced(
  { people }: Pick<Self, "people">,
  { introduced, name }: Pick<RemoteMember, "introduced" | "name">,
): MemberKey | undefined {
  if (introduced === undefined) return undefined;
  const known = people.source.readKnown().get(introduced.key);
  if (known === undefined) return { ...introduced, from: "host", security: "encrypted" };
  if (!known.names.includes(name))
    return { ...introduced, from: "host", security: "encrypted", knownAs: known.names.at(-1) };
  return { ...introduced, from: "contact", security: known.isVerified ? "verified" : "known" };
}
