/**
 * The copies of a group's datagram that several interfaces of one LAN bring: the first is new. An interface brings a
 * datagram once, so that equal datagrams on one interface are what a member sent again.
 */

import { readZone } from "../../protocol/address/address.ts";
import { setBounded } from "../../protocol/bounded-map.ts";
import { groupCopiesMax, groupCopyMs } from "../../protocol/limits.ts";

/** Equal datagrams of one sender, numbered by their order. */
interface EqualDatagrams {
  /** The number of the first one that is remembered. */
  first: number;
  /** When each of the remembered ones was received, on whichever interface. */
  readonly receivedMs: number[];
  /** The number of the next one, by interface. */
  readonly next: Map<string, number>;
}

export class GroupCopies {
  /** By sender and bytes, the least recently received first. */
  readonly #datagrams = new Map<string, EqualDatagrams>();

  /** The zone by which each link-local sender is known, the least recently received first. */
  readonly #zones = new Map<string, string>();

  /**
   * The sender's address, a link-local one with the same zone on whichever interface it is received; undefined if
   * another interface has brought this datagram within groupCopyMs.
   */
  admit(on: string, bytes: Uint8Array, port: number, address: string, nowMs: number): string | undefined {
    const zone = readZone(address);
    const bare = zone === undefined ? address : address.slice(0, -zone.length - 1);
    const sender = `${port} ${bare}`;
    const isNew = this.#isNew(on, `${sender} ${bytes.length} ${Bun.hash(bytes)}`, nowMs);
    if (zone === undefined) return isNew ? address : undefined;
    const known = this.#zones.get(sender) ?? zone;
    setBounded(this.#zones, sender, known, groupCopiesMax);
    return isNew ? `${bare}%${known}` : undefined;
  }

  #isNew(on: string, key: string, nowMs: number): boolean {
    const known = this.#datagrams.get(key) ?? { first: 0, receivedMs: [], next: new Map<string, number>() };
    this.#datagrams.delete(key);
    this.#datagrams.set(key, known);
    this.#forget(nowMs);
    const number = Math.max(known.next.get(on) ?? 0, known.first);
    known.next.set(on, number + 1);
    if (number < known.first + known.receivedMs.length) return false;
    known.receivedMs.push(nowMs);
    if (known.receivedMs.length > groupCopiesMax) forgetFirst(known);
    return true;
  }

  #forget(nowMs: number): void {
    for (const [key, datagrams] of this.#datagrams) {
      while ((datagrams.receivedMs[0] ?? nowMs) < nowMs - groupCopyMs) forgetFirst(datagrams);
      if (datagrams.receivedMs.length > 0 && this.#datagrams.size <= groupCopiesMax) return;
      if (this.#datagrams.size > 1) this.#datagrams.delete(key);
    }
  }
}

function forgetFirst(datagrams: EqualDatagrams): void {
  datagrams.receivedMs.shift();
  datagrams.first += 1;
}
