/** Loads lan-sockets.ts when it is first needed: most sessions never search the local network. */

import type { LanEvent, LanWork } from "../../protocol/lan/lan-event.ts";
import type { LanSockets } from "./lan-sockets.ts";

export class LazyLan {
  readonly #emit: (event: LanEvent) => void;
  #sockets: LanSockets | undefined;
  /** Counts closes, so that a close while the module loads cancels the opening. */
  #opening = 0;

  /** `emit` is called from the event loop, never from inside a call. */
  constructor(emit: (event: LanEvent) => void) {
    this.#emit = emit;
  }

  perform(work: LanWork): void {
    switch (work.type) {
      case "open":
        return void this.#open();
      case "send":
        return this.#sockets?.send(work.id, work.payload);
      case "close":
        this.#opening += 1;
        this.#sockets?.close();
        this.#sockets = undefined;
        return;
    }
    work satisfies never;
  }

  async #open(): Promise<void> {
    const opening = this.#opening;
    const { LanSockets } = await import("./lan-sockets.ts");
    if (opening !== this.#opening) return;
    this.#sockets ??= new LanSockets(this.#emit);
    await this.#sockets.open();
  }
}
