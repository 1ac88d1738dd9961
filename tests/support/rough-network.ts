/**
 * A UDP network that loses, duplicates and delays datagrams by a seed, and can be cut at a port, both ways or one.
 */

import type { World } from "./chat-world.ts";
import type { IpEndpoint } from "./fake-network.ts";

export interface Roughness {
  /** Shares of all datagrams, each way. */
  readonly loss: number;
  readonly duplicated: number;
  /** Each datagram takes `delayMs` and up to `jitterMs` more: a later one may arrive first. */
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
  /** What somebody on the path makes of a datagram; undefined: nothing arrives. */
  change: (bytes: Uint8Array, from: IpEndpoint, to: IpEndpoint) => Uint8Array | undefined = (bytes) => bytes;
  /** Changes with each datagram sent: distinguishes one run from another. */
  digest = 0;
  lost = 0;
  sent = 0;

  constructor(world: World, chance: () => number, roughness: Roughness) {
    this.#world = world;
    this.#chance = chance;
    this.roughness = roughness;
    world.network.forward = (from, to, bytes) => this.#carry(from, to, bytes);
  }

  /** Stops or restores all traffic to and from a port. */
  setCut(port: number, cut: boolean): void {
    if (cut) this.#cut.add(port);
    else this.#cut.delete(port);
  }

  /** Like `setCut`, for traffic `to` or `from` a port alone. */
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
    this.sent += 1;
    this.digest = Bun.hash.crc32(bytes, this.digest ^ (from.port << 16) ^ to.port);
    const { loss, duplicated, delayMs, jitterMs } = this.roughness;
    for (let copies = this.#chance() < duplicated ? 2 : 1; copies > 0; copies -= 1) {
      if (this.#chance() < loss || this.#isCut(from.port, to.port)) {
        this.lost += 1;
        continue;
      }
      const changed = this.change(bytes, from, to);
      if (changed === undefined) continue;
      const arrive = (): void => void this.#world.network.datagram(from, to, changed);
      this.#world.after(delayMs + Math.floor(this.#chance() * jitterMs), arrive);
    }
  }
}
