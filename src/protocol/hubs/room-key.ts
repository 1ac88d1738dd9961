/** The key of a shared room, from its password, and the room's seal, which tells hubs with another password (ROOMS.md). */

import { derivePassKey, saltBytes } from "../identity/identity-text.ts";
import { loadCrypto } from "../noise/load-crypto.ts";

/** The condition of a room for its hubs: a password that gives this key, or none. */
type RoomSeal = { readonly is: "none" } | { readonly is: "password"; readonly salt: Uint8Array };

/** The key of a room, and the text of its seal. */
export interface RoomKey {
  readonly key: Uint8Array;
  readonly seal: string;
}

/** The seal of a room without a password. */
export const openSeal = "none";
const checkBytes = 16;
const form = /^argon2id 65536 3 1 ([A-Za-z0-9_-]{22}) [A-Za-z0-9_-]{22}$/;

/** Takes 230 ms. `salt`: saltBytes, random for a new room. */
export function deriveRoomKey(password: string, salt: Uint8Array): RoomKey {
  const key = derivePassKey(password, salt);
  const check = derive(key, "duet/1 room check\0", checkBytes);
  const [saltText, checkText] = [salt, check].map((bytes) => Buffer.from(bytes).toString("base64url"));
  return { key, seal: `argon2id 65536 3 1 ${saltText} ${checkText}` };
}

/** The key of the items of one hub, for AES-256-GCM. */
export function deriveHubKey(key: Uint8Array, hub: string): Uint8Array {
  return derive(key, `duet/1 room hub\0${hub}`, key.length);
}

/** Undefined: of a later version. */
export function parseSeal(text: string): RoomSeal | undefined {
  if (text === openSeal) return { is: "none" };
  const [, salt] = form.exec(text) ?? [];
  return salt === undefined ? undefined : { is: "password", salt: Buffer.from(salt, "base64url") };
}

export { saltBytes };

function derive(key: Uint8Array, info: string, bytes: number): Uint8Array {
  return new Uint8Array(loadCrypto().hkdfSync("sha256", key, new Uint8Array(0), info, bytes));
}
