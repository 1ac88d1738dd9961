/** Loads redis-engine.ts when a room is shared: most are not. */

import type { EngineEvent, EngineWork } from "../../protocol/hubs/engine-event.ts";
import type { RoomPlace } from "../../protocol/hubs/room-place.ts";
import type { RedisEngine } from "./redis-engine.ts";

export class LazyEngine {
  readonly #place: RoomPlace;
  readonly #emit: (event: EngineEvent) => void;
  #engine: RedisEngine | undefined;
  /** Work that arrived while the module loads. */
  #waiting: EngineWork[] = [];

  /** `emit` is called from the event loop, never from inside a call. */
  constructor(place: RoomPlace, emit: (event: EngineEvent) => void) {
    this.#place = place;
    this.#emit = emit;
  }

  perform(work: EngineWork): void {
    if (this.#engine !== undefined) return this.#engine.perform(work);
    this.#waiting.push(work);
    if (work.type === "open") void this.#load();
  }

  async #load(): Promise<void> {
    const { RedisEngine } = await import("./redis-engine.ts");
    this.#engine = new RedisEngine(this.#place, this.#emit);
    for (const work of this.#waiting) this.#engine.perform(work);
    this.#waiting = [];
  }
}
