/** An identity's proof as a peer sends it: the fields of a sealed hello, and the payload of a handshake (SEALED.md, Identity). */

import type { HelloFrame } from "../frames/frame.ts";
import { keyBytes } from "../noise/x25519.ts";
import { type IdentityProof, isProofValid, signatureBytes } from "./identity.ts";

type ProofFields = Pick<HelloFrame, "signing" | "bound" | "earlier" | "renewed">;

const payloadBytes = 2 * (keyBytes + signatureBytes);

export function toProofFields({ signing, bound, renewal }: IdentityProof): ProofFields {
  return {
    signing: toBase64(signing),
    bound: toBase64(bound),
    ...(renewal === undefined
      ? {}
      : { earlier: toBase64(renewal.earlier), renewed: toBase64(renewal.signature) }),
  };
}

/** The proof in the fields of a hello by the owner of an X25519 key. `wrong`: one of them is not what it has to be. */
export function readProofFields(key: Uint8Array, fields: ProofFields): IdentityProof | "absent" | "wrong" {
  if (fields.signing === undefined || fields.bound === undefined) return "absent";
  const signing = fromBase64(fields.signing, keyBytes);
  const bound = fromBase64(fields.bound, signatureBytes);
  if (signing === undefined || bound === undefined) return "wrong";
  const isRenewed = fields.earlier !== undefined && fields.renewed !== undefined;
  const earlier = isRenewed ? fromBase64(fields.earlier, keyBytes) : undefined;
  const signature = isRenewed ? fromBase64(fields.renewed, signatureBytes) : undefined;
  if (isRenewed && (earlier === undefined || signature === undefined)) return "wrong";
  const renewal = earlier === undefined || signature === undefined ? undefined : { earlier, signature };
  const proof = { signing, bound, renewal };
  return isProofValid(key, proof) ? proof : "wrong";
}

/** The payload of a handshake's message; empty for an identity that was not renewed. */
export function encodeRenewal({ signing, bound, renewal }: IdentityProof): Uint8Array {
  if (renewal === undefined) return new Uint8Array(0);
  return Buffer.concat([signing, bound, renewal.earlier, renewal.signature]);
}

/** The proof in such a payload; undefined for any other, and for one with a wrong signature. */
export function readRenewal(key: Uint8Array, payload: Uint8Array): IdentityProof | undefined {
  if (payload.length !== payloadBytes) return undefined;
  const bound = payload.slice(keyBytes, keyBytes + signatureBytes);
  const rest = payload.slice(keyBytes + signatureBytes);
  const renewal = { earlier: rest.slice(0, keyBytes), signature: rest.slice(keyBytes) };
  const proof = { signing: payload.slice(0, keyBytes), bound, renewal };
  return isProofValid(key, proof) ? proof : undefined;
}

/** An Ed25519 key, or a signature, in base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

/** The bytes of base64 in its one form; undefined for another length or form. */
export function fromBase64(text: string, bytes: number): Uint8Array | undefined {
  const decoded = Buffer.from(text, "base64");
  return decoded.length === bytes && decoded.toString("base64") === text
    ? new Uint8Array(decoded)
    : undefined;
}
