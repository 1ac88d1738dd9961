/** The proofs of items that a hub has written in one turn: one signature, and a path in a tree of hashes (ROOMS.md, The proof). */

import { isSignedBy, signatureBytes } from "../identity/identity.ts";
import { itemsOfProofMax } from "../limits.ts";
import { type KeyObject, loadCrypto } from "../noise/load-crypto.ts";

export type ItemKind = "entry" | "hub" | "members" | "removed";

/** A text that a hub writes in the engine. */
export interface Item {
  readonly kind: ItemKind;
  readonly text: string;
}

const hashBytes = 24;
const indexBytes = 2;
const levelsMax = Math.log2(itemsOfProofMax);
const noLeaf = new Uint8Array(hashBytes);

/** The proof of each item, as bytes. At most itemsOfProofMax. */
export function signItems(key: KeyObject, room: string, items: readonly Item[]): readonly Uint8Array[] {
  const levels = growTree(items.map(hashLeaf));
  const [root = noLeaf] = levels.at(-1) ?? [];
  const signature = loadCrypto().sign(null, makeSigned(room, root), key);
  return items.map((_, index) => {
    const path = levels.slice(0, -1).map((level, depth) => level[(index >> depth) ^ 1] ?? noLeaf);
    return Buffer.concat([signature, Uint8Array.of(index >> 8, index & 0xff), ...path]);
  });
}

/** The hash that the signature of a proof covers, if the proof is of that item. Undefined: it is malformed. */
export function readProof(
  room: string,
  item: Item,
  proof: Uint8Array,
): { readonly signed: Uint8Array; readonly signature: Uint8Array } | undefined {
  const levels = (proof.length - signatureBytes - indexBytes) / hashBytes;
  if (!Number.isInteger(levels) || levels < 0 || levels > levelsMax) return undefined;
  const index = proof[signatureBytes]! * 256 + proof[signatureBytes + 1]!;
  if (index >= 2 ** levels) return undefined;
  let root = hashLeaf(item);
  for (let level = 0; level < levels; level += 1) {
    const start = signatureBytes + indexBytes + level * hashBytes;
    const sibling = proof.subarray(start, start + hashBytes);
    const isLeft = ((index >> level) & 1) === 0;
    root = isLeft ? hashNode(root, sibling) : hashNode(sibling, root);
  }
  return { signed: makeSigned(room, root), signature: proof.subarray(0, signatureBytes) };
}

/** True if the owner of the key has signed what readProof returned. */
export function isProven(
  verifier: KeyObject,
  { signed, signature }: { readonly signed: Uint8Array; readonly signature: Uint8Array },
): boolean {
  return isSignedBy(verifier, signed, signature);
}

/** The levels of the tree, from the leaves, filled up to a power of two, to the root. */
function growTree(leaves: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const width = 2 ** Math.ceil(Math.log2(Math.max(1, leaves.length)));
  let level = [...leaves, ...Array.from({ length: width - leaves.length }, () => noLeaf)];
  const levels = [level];
  while (level.length > 1) {
    const below = level;
    level = Array.from({ length: below.length / 2 }, (_, at) =>
      hashNode(below[2 * at] ?? noLeaf, below[2 * at + 1] ?? noLeaf),
    );
    levels.push(level);
  }
  return levels;
}

function hashLeaf({ kind, text }: Item): Uint8Array {
  return hash(Buffer.from(`duet/1 room ${kind}\0${text}`));
}

function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeBytes.set(left, nodeLabel.length);
  nodeBytes.set(right, nodeLabel.length + hashBytes);
  return hash(nodeBytes);
}

const nodeLabel = Buffer.from("duet/1 room node\0");
/** Filled for each node: making it anew would cost more than its hash. */
const nodeBytes = Buffer.concat([nodeLabel, noLeaf, noLeaf]);

/** In one call, which costs a third of a hasher. */
function hash(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(32);
  Bun.SHA256.hash(bytes, whole);
  return whole.subarray(0, hashBytes);
}

function makeSigned(room: string, root: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`duet/1 room\0${room}\0`), root]);
}
