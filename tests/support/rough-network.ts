/**
 * A UDP network that loses, doubles and delays, by a seed, and can be cut between two ends, both ways or one. It knows
 * endpoints and virtual time, and no chat.
 */

import type { World } from "./chat-world.ts";
import type { IpEndpoint } from "./fake-network.ts";

export interface Roughness {
  /** Shares of all datagrams, each way. */
  readonly loss: number;
  readonly doubled: number;
  /** Each takes this long, and up to so much more: what left later may come first. */
  readonly delayMs: number;
  readonly jitterMs: number;
}

export class RoughNetwork {
  readonly #world: World;
  readonly #chance: () => number;
  readonly #cut = new Set<number>();
  readonly #cutTo = new Set<number>();
  readonly #cutFrom = new Set<number>();
  roughness: Roughness;
  /** Grows with each datagram that left: tells one run from another. */
  digest = 0;
  lost = 0;
  left = 0;

  constructor(world: World, chance: () => number, roughness: Roughness) {
    this.#world = world;
    this.#chance = chance;
    this.roughness = roughness;
    world.network.carry = (from, to, bytes) => this.#carry(from, to, bytes);
  }

  /** From now on nothing passes to or from a port, or all does again. */
  setCut(port: number, cut: boolean): void {
    if (cut) this.#cut.add(port);
    else this.#cut.delete(port);
  }

  /** As `setCut`, of what goes `to` a port or what comes `from` it alone. */
  setCutOneWay(port: number, way: "to" | "from", cut: boolean): void {
    const ports = way === "to" ? this.#cutTo : this.#cutFrom;
    if (cut) ports.add(port);
    else ports.delete(port);
  }

  #isCut(from: number, to: number): boolean {
    const isCutWhole = this.#cut.has(from) || this.#cut.has(to);
    return isCutWhole || this.#cutFrom.has(from) || this.#cutTo.has(to);
  }

  #carry(from: IpEndpoint, to: IpEndpoint, bytes: Uint8Array): void {
    this.left += 1;
    this.digest = Bun.hash.crc32(bytes, this.digest ^ (from.port << 16) ^ to.port);
    const { loss, doubled, delayMs, jitterMs } = this.roughness;
    for (let copies = this.#chance() < doubled ? 2 : 1; copies > 0; copies -= 1) {
      if (this.#chance() < loss || this.#isCut(from.port, to.port)) {
        this.lost += 1;
        continue;
      }
      const arrive = (): void => void this.#world.network.datagram(from, to, bytes);
      this.#world.after(delayMs + Math.floor(this.#chance() * jitterMs), arrive);
    }
  }
}
