/**
 * Known people among the announced duets. An announcement proves nothing: its key is a hint, until a session with the duet
 * proves it (SEALED.md, On the local network).
 */

import { findNamesake, type KnownPeer, type KnownPeers } from "../../protocol/identity/known-peers.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { canSeal } from "../peer/seal.ts";

/** A duet as our person knows it. */
export type ListedPerson =
  /** The announcement has the key of a known person; `name`: as our person knows it. */
  | { readonly is: "known" | "verified"; readonly name: string; readonly key: string }
  /** The announcement has the name of a known person, without the key. */
  | { readonly is: "namesake" }
  | { readonly is: "unknown" };

/** Recognises duets of the list. Where we do not seal, nobody is known, since no session would prove a key. */
export class ListedPeople {
  readonly #known: KnownPeers;
  readonly #sealing: ReadonlySet<TransportName>;

  constructor({ self, config, sides }: Pick<Chat, "self" | "config" | "sides">) {
    const sealing = Object.values(sides).filter(({ isRaw }) => canSeal(config) && !isRaw);
    this.#sealing = new Set(sealing.map(({ transport }) => transport));
    this.#known = sealing.length === 0 ? new Map() : self.people.source.readKnown();
  }

  /** `key`: as it is announced or proven; undefined: none is. */
  recognise(name: string, transport: TransportName, key: string | undefined): ListedPerson {
    if (!this.#sealing.has(transport)) return { is: "unknown" };
    const peer = key === undefined ? undefined : this.#known.get(key);
    if (peer !== undefined)
      return { is: peer.isVerified ? "verified" : "known", name: this.#nameOf(peer) ?? name, key: peer.key };
    return { is: findNamesake(this.#known, name, key ?? "") === undefined ? "unknown" : "namesake" };
  }

  /** The latest of its names that is nobody else's. */
  #nameOf({ names, key }: KnownPeer): string | undefined {
    return names.findLast((name) => findNamesake(this.#known, name, key) === undefined) ?? names.at(-1);
  }
}

/** The key of a duet that we have joined, which its session has proven; undefined: it is in the clear. */
export function findProvenKey({ seal }: Pick<Peer, "seal">): string | undefined {
  return seal.stage === "sealed" ? seal.theirKey : undefined;
}

/** The note about a duet of printed lines, which show it by the name that it announces. */
export function describeListed(person: ListedPerson): Sentence | undefined {
  switch (person.is) {
    case "known":
    case "verified":
      return sentence("lan-key-of", { name: person.name, isVerified: person.is === "verified" });
    case "namesake":
      return sentence("lan-other-key");
    case "unknown":
      return undefined;
  }
}
