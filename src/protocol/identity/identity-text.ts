/** The text of an identity file: a line with the version, then one line for each key. */

import { keyBytes } from "../noise/x25519.ts";
import { type Identity, signatureBytes } from "./identity.ts";

const header = "duet identity 1";

type ParsedIdentity =
  | { readonly kind: "identity"; readonly identity: Identity }
  /** Of a later release. */
  | { readonly kind: "later-version" }
  | { readonly kind: "malformed" };

export function formatIdentity({ secret, signingSecret, renewal }: Identity): string {
  const lines = [header, `x25519 ${toBase64(secret)}`, `ed25519 ${toBase64(signingSecret)}`];
  if (renewal !== undefined)
    lines.push(`earlier ${toBase64(renewal.earlier)}`, `renewed ${toBase64(renewal.signature)}`);
  return `${lines.join("\n")}\n`;
}

export function parseIdentity(text: string): ParsedIdentity {
  const first = text.slice(0, text.indexOf("\n"));
  if (first !== header)
    return { kind: /^duet identity \d{1,6}$/.test(first) ? "later-version" : "malformed" };
  const pattern = /^x25519 (\S{44})\ned25519 (\S{44})\n(?:earlier (\S{44})\nrenewed (\S{88})\n)?$/;
  const match = pattern.exec(text.slice(header.length + 1));
  if (match === null) return { kind: "malformed" };
  const [secret, signingSecret, earlier, signature] = match
    .slice(1)
    .map((field) => (field === undefined ? undefined : fromBase64(field)));
  if (secret?.length !== keyBytes || signingSecret?.length !== keyBytes) return { kind: "malformed" };
  if (earlier === undefined || signature === undefined)
    return { kind: "identity", identity: { secret, signingSecret, renewal: undefined } };
  if (earlier.length !== keyBytes || signature.length !== signatureBytes) return { kind: "malformed" };
  return { kind: "identity", identity: { secret, signingSecret, renewal: { earlier, signature } } };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
