/** Loads redis-engine.ts when a room is shared: most are not. */

import type { EngineEvent, EngineWork } from "../../protocol/hubs/engine-event.ts";
import type { HubSigner } from "../../protocol/hubs/hub-key.ts";
import type { RoomPlace } from "../../protocol/hubs/room-place.ts";
import type { RedisEngine } from "./redis-engine.ts";

export class LazyEngine {
  /** The id of this hub. */
  readonly hub: string;
  readonly #signer: HubSigner;
  readonly #place: RoomPlace;
  readonly #password: string | undefined;
  readonly #emit: (event: EngineEvent) => void;
  #engine: RedisEngine | undefined;
  /** Work that arrived while the module loads. */
  #waiting: EngineWork[] = [];

  /** `password`: the room's. `emit` is called from the event loop, never from inside a call. */
  constructor(place: RoomPlace, password: string | undefined, emit: (event: EngineEvent) => void) {
    const { makeHubSigner } =
      require("../../protocol/hubs/hub-key.ts") as typeof import("../../protocol/hubs/hub-key.ts");
    this.#signer = makeHubSigner(crypto.getRandomValues(new Uint8Array(32)));
    this.hub = this.#signer.hub;
    this.#place = place;
    this.#password = password;
    this.#emit = emit;
  }

  perform(work: EngineWork): void {
    if (this.#engine !== undefined) return this.#engine.perform(work);
    this.#waiting.push(work);
    if (work.type === "open") void this.#load();
  }

  async #load(): Promise<void> {
    const { RedisEngine } = await import("./redis-engine.ts");
    this.#engine = new RedisEngine(this.#place, this.#signer, this.#password, this.#emit);
    for (const work of this.#waiting) this.#engine.perform(work);
    this.#waiting = [];
  }
}
