/**
 * The members of another hub by their number there: the name of each, and of a duet its key. A hub may have a hundred thousand, so
 * that both are one compact string.
 */

import { cleanMemberKey } from "./member-key.ts";
import { keyTextUnits } from "../identity/key-text.ts";

/** Between a name, which has no control character, and the packed key. */
const separator = "\n";

export class HubNames {
  readonly #members = new Map<number, string>();

  get size(): number {
    return this.#members.size;
  }

  has(number: number): boolean {
    return this.#members.has(number);
  }

  get(number: number): string | undefined {
    return this.#members.get(number)?.split(separator, 1)[0];
  }

  /** The text of a duet's key (member-key.ts); undefined: it is a raw program, or not here. */
  getKey(number: number): string | undefined {
    const member = this.#members.get(number) ?? "";
    const at = member.indexOf(separator);
    return at < 0 ? undefined : unpack(member.slice(at + 1));
  }

  isDuet(number: number): boolean {
    return this.#members.get(number)?.includes(separator) === true;
  }

  /** Sets the name. A member keeps the key that it has; `key`: of one without, if it is a duet. */
  set(number: number, name: string, key?: string): void {
    const text = this.getKey(number) ?? key;
    this.#members.set(number, text === undefined ? name : join(name, pack(text)));
  }

  delete(number: number): void {
    this.#members.delete(number);
  }

  keys(): IterableIterator<number> {
    return this.#members.keys();
  }

  *values(): IterableIterator<string> {
    for (const member of this.#members.values()) yield member.split(separator, 1)[0] ?? member;
  }
}

/** Concatenated as bytes: a string that is put together keeps its pieces, too. */
function join(name: string, packed: string): string {
  const text = `${name}${separator}${packed}`;
  return isOneByte(text)
    ? Buffer.from(text, "latin1").toString("latin1")
    : Buffer.from(text, "utf16le").toString("utf16le");
}

function isOneByte(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0xff) return false;
  return true;
}

/** The epoch takes a unit for two digits. */
function pack(text: string): string {
  const key = cleanMemberKey(text);
  if (key === "") return "";
  return key.slice(0, keyTextUnits) + Buffer.from(key.slice(keyTextUnits + 1), "hex").toString("latin1");
}

function unpack(packed: string): string {
  if (packed === "") return "";
  const epoch = Buffer.from(packed.slice(keyTextUnits), "latin1").toString("hex");
  return `${packed.slice(0, keyTextUnits)} ${epoch}`;
}
