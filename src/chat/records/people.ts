/** The people that our person knows by their keys, and the identity by which they know our person. */

import type { Identity } from "../../protocol/identity/identity.ts";
import { setBounded } from "../../protocol/bounded-map.ts";
import { typedPasswordsMax } from "../../protocol/limits.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { KnownPeers } from "../../protocol/identity/known-peers.ts";

/** Both are files that all duets of a person share, and are read when they are needed. */
export interface PeopleSource {
  /** Our identity as its file has it, the same object while that stays; undefined: it is one of this process. */
  readonly readIdentity: () => Identity | undefined;
  readonly readKnown: () => KnownPeers;
  /** Where the identity is kept; undefined: nowhere. */
  readonly identityPath: string | undefined;
}

/** Work on the identity's file that our person asks for. */
export type IdentityAct =
  | { readonly is: "backup"; readonly path: string }
  /** `key`: ours as the person was shown it. `sessions`: those that go on with it. */
  | { readonly is: "renew"; readonly key: string; readonly sessions: number };

/** A connection that ended before anything was sent on it, since its key was not the expected one. */
export interface HeldPeer {
  readonly transport: TransportName;
  /** The endpoint as our person wrote it; undefined if `--key` or the list of the local network named the key. */
  readonly endpoint: string | undefined;
  /** The list of the local network named the key. */
  readonly isListed: boolean;
  readonly expected: string;
  /** The key that it has; undefined: it was in the clear. */
  readonly key: string | undefined;
}

export interface People {
  readonly source: PeopleSource;
  /** The key of `--key`, until our person trusts another one. */
  expectedKey: string | undefined;
  /** Our person has trusted that key in place of the one of `--key`. */
  isKeyTrusted: boolean;
  /** The last connection that was held, for `/trust`. */
  held: HeldPeer | undefined;
  readonly passwords: Passwords;
}

/** Passwords of rooms. */
interface Passwords {
  /** The password of `--password`: of our own room, and tried in others too. */
  readonly own: string | undefined;
  /** Passwords that our person has typed, by the target of the room; undefined: `own` was refused there. */
  readonly typed: Map<string, string | undefined>;
}

export function createPeople(
  source: PeopleSource,
  {
    expectedKey,
    password,
  }: { readonly expectedKey: string | undefined; readonly password: string | undefined },
): People {
  const passwords = { own: password, typed: new Map<string, string | undefined>() };
  return { source, expectedKey, isKeyTrusted: false, held: undefined, passwords };
}

/** The password to use for a room; undefined: our person has to be asked. */
export function findPassword({ passwords: { own, typed } }: People, target: string): string | undefined {
  return typed.has(target) ? typed.get(target) : own;
}

/** Keeps what was typed for a room; undefined: what was used there is wrong. */
export function setPassword(
  { passwords: { typed } }: People,
  target: string,
  password: string | undefined,
): void {
  setBounded(typed, target, password, typedPasswordsMax);
}

/** The people as they are known now, for many questions at once. */
export function freezeKnown(people: People): People {
  const known = people.source.readKnown();
  return { ...people, source: { ...people.source, readKnown: () => known } };
}

/** Nobody is known, and the key is one of this process: as with `--anonymous`. */
export const noPeople: PeopleSource = {
  readIdentity: () => undefined,
  readKnown: () => new Map(),
  identityPath: undefined,
};
