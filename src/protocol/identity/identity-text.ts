/**
 * The text of an identity file. The first line has the version; a pass-phrase seals the others with AES-256-GCM under a key
 * from argon2id (RFC 9106).
 */

import { loadCrypto } from "../noise/load-crypto.ts";
import { keyBytes } from "../noise/x25519.ts";
import { toBase64 } from "./identity-proof.ts";
import { type Identity, signatureBytes } from "./identity.ts";

const header = "duet identity 1";
/** RFC 9106's second recommendation: 64 MiB, 3 passes, here with one lane. 230 ms on a machine of 2026. */
const argon = { memoryKib: 65_536, passes: 3, lanes: 1 } as const;
const argonLine = `argon2id ${argon.memoryKib} ${argon.passes} ${argon.lanes}`;
export const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;

type ParsedIdentity =
  | { readonly kind: "identity"; readonly identity: Identity }
  /** A pass-phrase is needed, or the one that was given is wrong. */
  | { readonly kind: "sealed"; readonly isWrong: boolean }
  /** The file is of a later release. */
  | { readonly kind: "later-version" }
  | { readonly kind: "malformed" };

/** A pass-phrase, with a source of random bytes for salt and nonce. */
interface PassPhrase {
  readonly text: string;
  readonly takeRandom: (bytes: number) => Uint8Array;
}

/** The text, sealed if there is a pass-phrase. */
export function formatIdentity(identity: Identity, passPhrase?: PassPhrase): string {
  const lines = formatLines(identity);
  if (passPhrase === undefined) return `${header}\n${lines}`;
  const [salt, nonce] = [passPhrase.takeRandom(saltBytes), passPhrase.takeRandom(nonceBytes)];
  const key = derivePassKey(passPhrase.text, salt);
  const cipher = loadCrypto().createCipheriv("aes-256-gcm", key, nonce);
  const before = `${header}\n${argonLine} ${toBase64(salt)}\n`;
  cipher.setAAD(Buffer.from(before));
  const sealed = Buffer.concat([nonce, cipher.update(lines), cipher.final(), cipher.getAuthTag()]);
  key.fill(0);
  return `${before}sealed ${toBase64(sealed)}\n`;
}

/** Reads the text of an identity file. */
export function parseIdentity(text: string, passPhrase?: string): ParsedIdentity {
  const first = text.slice(0, text.indexOf("\n"));
  if (first !== header)
    return { kind: /^duet identity \d{1,6}$/.test(first) ? "later-version" : "malformed" };
  const rest = text.slice(header.length + 1);
  if (!rest.startsWith("argon2id ")) return parseLines(rest);
  const [, salt, sealed] = /^argon2id 65536 3 1 (\S{1,64})\nsealed (\S{1,1024})\n$/.exec(rest) ?? [];
  if (salt === undefined || sealed === undefined) return { kind: "malformed" };
  if (passPhrase === undefined) return { kind: "sealed", isWrong: false };
  const before = text.slice(0, text.indexOf("\nsealed ") + 1);
  const lines = open(passPhrase, fromBase64(salt), fromBase64(sealed), before);
  return lines === undefined ? { kind: "sealed", isWrong: true } : parseLines(lines);
}

function formatLines({ secret, signingSecret, renewal }: Identity): string {
  const lines = [`x25519 ${toBase64(secret)}`, `ed25519 ${toBase64(signingSecret)}`];
  if (renewal !== undefined)
    lines.push(`earlier ${toBase64(renewal.earlier)}`, `renewed ${toBase64(renewal.signature)}`);
  return `${lines.join("\n")}\n`;
}

function parseLines(text: string): ParsedIdentity {
  const pattern = /^x25519 (\S{44})\ned25519 (\S{44})\n(?:earlier (\S{44})\nrenewed (\S{88})\n)?$/;
  const match = pattern.exec(text);
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

function open(passPhrase: string, salt: Uint8Array, sealed: Uint8Array, before: string): string | undefined {
  if (salt.length !== saltBytes || sealed.length < nonceBytes + tagBytes) return undefined;
  const key = derivePassKey(passPhrase, salt);
  const decipher = loadCrypto().createDecipheriv("aes-256-gcm", key, sealed.subarray(0, nonceBytes));
  decipher.setAAD(Buffer.from(before));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    const body = sealed.subarray(nonceBytes, sealed.length - tagBytes);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString();
  } catch {
    return undefined; // The tag is wrong, and so is the pass-phrase.
  } finally {
    key.fill(0);
  }
}

/** A key of 32 bytes from a pass-phrase or a password, by argon2id: slow on purpose. */
export function derivePassKey(passPhrase: string, salt: Uint8Array): Uint8Array {
  return loadCrypto().argon2Sync("argon2id", {
    message: Buffer.from(passPhrase.normalize("NFC")),
    nonce: salt,
    parallelism: argon.lanes,
    tagLength: 32,
    memory: argon.memoryKib,
    passes: argon.passes,
  });
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
