/** Writes and reads the items of a shared room: signed by their hub, and sealed if the room has a password (ROOMS.md, Items). */

import { setBounded } from "../bounded-map.ts";
import { hubsMax, itemsOfProofMax, verifiedProofsMax } from "../limits.ts";
import { type KeyObject, loadCrypto } from "../noise/load-crypto.ts";
import { type HubSigner, makeHubVerifier } from "./hub-key.ts";
import { isProven, type Item, type ItemKind, readProof, signItems } from "./item-proof.ts";
import { deriveHubKey } from "./room-key.ts";
import type { ReadEntries } from "./engine-event.ts";
import { isHubId, parseRoomEntry, type PlacedEntry } from "./room-entry.ts";

const nonceBytes = 12;
const tagBytes = 16;
const sealedForm = /^s1\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]+)$/;

/** A text, and the hub that has proven to be its author: the text must name the same. */
interface ReadItem {
  readonly hub: string;
  readonly text: string;
}

export class RoomItems {
  readonly #room: string;
  readonly #signer: HubSigner;
  #key: Uint8Array | undefined;
  /** Items that were sealed: the next nonce. */
  #sealed = 0;
  /** Keys of hubs that have proven to be the author of an item. */
  readonly #verifiers = new Map<string, KeyObject>();
  readonly #hubKeys = new Map<string, Uint8Array>();
  /** The hashes that were signed, by signature and hub. */
  readonly #verified = new Map<string, string>();

  constructor(room: string, signer: HubSigner) {
    this.#room = room;
    this.#signer = signer;
  }

  /** Seals from now on; undefined: the room has no password. */
  setKey(key: Uint8Array | undefined): void {
    this.#key = key;
    this.#hubKeys.clear();
  }

  /** The values to write, in the order of the items, with one signature for each itemsOfProofMax. */
  write(items: readonly Item[]): readonly string[] {
    const values: string[] = [];
    for (let at = 0; at < items.length; at += itemsOfProofMax) {
      const turn = items.slice(at, at + itemsOfProofMax);
      const proofs = signItems(this.#signer.key, this.#room, turn);
      for (const [index, item] of turn.entries()) {
        const proof = proofs[index] ?? new Uint8Array(0);
        if (index === 0) this.#noteOwn(item, proof);
        values.push(this.#seal(item.kind, `${item.text}\n${Buffer.from(proof).toString("base64url")}`));
      }
    }
    return values;
  }

  /** Undefined: no hub of this room has written it, or one with another password. */
  read(kind: ItemKind, value: string): ReadItem | undefined {
    const sealed = sealedForm.exec(value);
    if ((sealed === null) !== (this.#key === undefined)) return undefined;
    const [, by = "", bytes = ""] = sealed ?? [];
    const open = sealed === null ? value : this.#open(kind, by, Buffer.from(bytes, "base64url"));
    if (open === undefined) return undefined;
    const end = open.lastIndexOf("\n");
    const text = open.slice(0, end);
    const hub = sealed === null ? findAuthor(text) : by;
    if (end < 0 || !isHubId(hub)) return undefined;
    const proof = Buffer.from(open.slice(end + 1), "base64url");
    return this.#isAuthor(hub, { kind, text }, proof) ? { hub, text } : undefined;
  }

  #isAuthor(hub: string, item: Item, bytes: Uint8Array): boolean {
    const proof = readProof(this.#room, item, bytes);
    if (proof === undefined) return false;
    const of = `${hub} ${toUnits(proof.signature)}`;
    const signed = toUnits(proof.signed);
    if (this.#verified.get(of) === signed) return true;
    const verifier = this.#verifiers.get(hub) ?? makeHubVerifier(hub);
    if (verifier === undefined || !isProven(verifier, proof)) return false;
    setBounded(this.#verifiers, hub, verifier, 2 * hubsMax);
    setBounded(this.#verified, of, signed, verifiedProofsMax);
    return true;
  }

  /** Signatures of this hub need no look. */
  #noteOwn(item: Item, bytes: Uint8Array): void {
    const proof = readProof(this.#room, item, bytes);
    if (proof === undefined) return;
    const of = `${this.#signer.hub} ${toUnits(proof.signature)}`;
    setBounded(this.#verified, of, toUnits(proof.signed), verifiedProofsMax);
  }

  #seal(kind: ItemKind, open: string): string {
    const { hub } = this.#signer;
    const key = this.#getHubKey(hub);
    if (key === undefined) return open;
    const nonce = Buffer.alloc(nonceBytes);
    nonce.writeUIntBE(this.#sealed, nonceBytes - 6, 6);
    this.#sealed += 1;
    const cipher = loadCrypto().createCipheriv("aes-256-gcm", key, nonce);
    cipher.setAAD(this.#makeContext(kind));
    const sealed = Buffer.concat([nonce, cipher.update(open), cipher.final(), cipher.getAuthTag()]);
    return `s1.${hub}.${sealed.toString("base64url")}`;
  }

  #open(kind: ItemKind, hub: string, sealed: Uint8Array): string | undefined {
    const key = this.#getHubKey(hub);
    if (key === undefined || sealed.length < nonceBytes + tagBytes) return undefined;
    const decipher = loadCrypto().createDecipheriv("aes-256-gcm", key, sealed.subarray(0, nonceBytes));
    decipher.setAAD(this.#makeContext(kind));
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    try {
      const body = sealed.subarray(nonceBytes, sealed.length - tagBytes);
      const open = Buffer.concat([decipher.update(body), decipher.final()]).toString();
      setBounded(this.#hubKeys, hub, key, 2 * hubsMax);
      return open;
    } catch {
      return undefined; // Another key, or other bytes.
    }
  }

  #getHubKey(hub: string): Uint8Array | undefined {
    if (this.#key === undefined) return undefined;
    return this.#hubKeys.get(hub) ?? deriveHubKey(this.#key, hub);
  }

  #makeContext(kind: ItemKind): Uint8Array {
    return Buffer.from(`duet/1 room ${kind}\0${this.#room}`);
  }
}

/** Reads items of the stream, in their order. */
export function readStreamItems(
  items: Pick<RoomItems, "read">,
  values: readonly { readonly id: string; readonly text: string }[],
): ReadEntries {
  const entries: PlacedEntry[] = [];
  let [skipped, unproven] = [0, 0];
  for (const { id, text: value } of values) {
    const item = items.read("entry", value);
    const placed = item && parseRoomEntry(id, item.text);
    if (item === undefined) unproven += 1;
    else if (typeof placed !== "object") skipped += 1;
    else if (placed.hub !== item.hub) unproven += 1;
    else entries.push(placed);
  }
  return { type: "entries", entries, skipped, unproven };
}

/** The hub that a text names as its author, in its first fields. */
function findAuthor(text: string): unknown {
  return /^\{"v":\d{1,9},"hub":"([A-Za-z0-9_-]{43})"/.exec(text)?.[1];
}

/** Bytes as a key of a map. */
function toUnits(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
