/**
 * Somebody on the path of a simulated chat, who strips offers, flips bits of anything, repeats and holds back datagrams,
 * forges frames and text in the clear, and does so at times of the seed.
 */

import type { IpEndpoint } from "../support/fake-network.ts";
import type { Duet, World } from "../support/chat-world.ts";
import type { RoughNetwork } from "../support/rough-network.ts";

type Attack = "none" | "strip" | "flip" | "hold" | "repeat" | "swap";
const attacks: readonly Attack[] = ["none", "strip", "flip", "hold", "repeat", "swap"];

interface Datagram {
  readonly from: IpEndpoint;
  readonly to: IpEndpoint;
  readonly bytes: Uint8Array;
}

/** Datagrams that it keeps to send again; the oldest is forgotten. */
const keptMax = 300;
const heldMaxMs = 20_000;

export class ManInTheMiddle {
  readonly #world: World;
  readonly #chance: () => number;
  readonly #kept: Datagram[] = [];
  #attack: Attack = "none";
  #share = 0;
  /** Texts that it wrote itself, and that nobody may take for a member's. */
  readonly forged = new Set<string>();
  /** How often each attack was made. */
  readonly made = new Map<string, number>();

  constructor(world: World, network: RoughNetwork, chance: () => number) {
    this.#world = world;
    this.#chance = chance;
    network.change = (bytes, from, to) => this.#change({ bytes, from, to });
  }

  /** Ends all attacks. */
  stop(): void {
    this.#attack = "none";
  }

  /** Chooses what is done to datagrams from now on, and sends some of its own. */
  act(present: readonly Duet[]): void {
    this.#attack = this.#pick(attacks);
    this.#share = this.#chance() ** 2;
    for (let count = Math.floor(this.#chance() * 20); count > 0; count -= 1) this.#sendOld();
    if (this.#chance() < 0.5) this.#forge(this.#pick(present));
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#chance() * items.length)]!;
  }

  #note(what: string): void {
    this.made.set(what, (this.made.get(what) ?? 0) + 1);
  }

  /** What becomes of a datagram; undefined: it is kept back. */
  #change(datagram: Datagram): Uint8Array | undefined {
    this.#keep(datagram);
    const { bytes, from, to } = datagram;
    if (this.#attack === "strip") return this.#strip(bytes);
    if (this.#attack === "none" || this.#chance() >= this.#share) return bytes;
    this.#note(this.#attack);
    switch (this.#attack) {
      case "flip":
        return this.#flip(bytes);
      case "hold":
        this.#world.after(this.#chance() * heldMaxMs, () => this.#world.network.datagram(from, to, bytes));
        return undefined;
      case "repeat":
        this.#world.after(this.#chance() * 50, () => this.#world.network.datagram(from, to, bytes));
        return bytes;
      case "swap":
        return this.#pick(this.#kept).bytes;
    }
  }

  #keep({ from, to, bytes }: Datagram): void {
    this.#kept.push({ from, to, bytes: new Uint8Array(bytes) });
    if (this.#kept.length > keptMax) this.#kept.shift();
  }

  #strip(bytes: Uint8Array): Uint8Array {
    const text = Buffer.from(bytes).toString("latin1");
    if (!text.includes(',"seal":1')) return bytes;
    this.#note("strip");
    return Buffer.from(text.replace(',"seal":1', ""), "latin1");
  }

  #flip(bytes: Uint8Array): Uint8Array {
    const flipped = new Uint8Array(bytes);
    flipped[Math.floor(this.#chance() * bytes.length)]! ^= 1 << Math.floor(this.#chance() * 8);
    return flipped;
  }

  /** Sends an earlier datagram once more: as it was, changed, or in the name of another sender. */
  #sendOld(): void {
    if (this.#kept.length === 0) return;
    const { from, to, bytes } = this.#pick(this.#kept);
    this.#note("old");
    const source = this.#chance() < 0.3 ? this.#pick(this.#kept).from : from;
    // No router brings a duet its own datagrams.
    if (source.port === to.port) return;
    this.#world.network.datagram(source, to, this.#chance() < 0.5 ? bytes : this.#flip(bytes));
  }

  /** A line in the clear, as text or as a frame, in the name of whoever sends to a duet. */
  #forge({ chat }: Duet): void {
    const { local } = chat.sides.udp.socket;
    const known = this.#kept.filter(({ to }) => local?.family !== "unix" && to.port === local?.port);
    if (known.length === 0) return;
    const { from, to } = this.#pick(known);
    const text = `forged ${this.forged.size}`;
    this.forged.add(text);
    this.#note("forge");
    const frame = { type: "message", id: 900_000 + this.forged.size, from: 1, text };
    const line = this.#chance() < 0.5 ? text : `duet/1 ${JSON.stringify(frame)}`;
    this.#world.network.datagram(from, to, Buffer.from(line));
  }
}
