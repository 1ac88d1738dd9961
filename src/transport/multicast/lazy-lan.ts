/**
 * The sockets of discovery, loaded when they are first asked for: most duets never look at the local network. What they
 * do, lan-sockets.ts knows.
 */

import type { LanEvent, LanWork } from "../../protocol/lan/lan-event.ts";
import type { LanSockets } from "./lan-sockets.ts";

export class LateLan {
  readonly #emit: (event: LanEvent) => void;
  #sockets: LanSockets | undefined;
  /** Of the opening that counts: an earlier one has been closed meanwhile. */
  #opening = 0;

  /** `emit` is called from the event loop, never from inside a call. */
  constructor(emit: (event: LanEvent) => void) {
    this.#emit = emit;
  }

  carryOut(work: LanWork): void {
    switch (work.type) {
      case "open":
        return void this.#open();
      case "send":
        return this.#sockets?.send(work.id, work.payload);
      case "close":
        this.#opening += 1;
        this.#sockets?.close();
        this.#sockets = undefined;
    }
  }

  async #open(): Promise<void> {
    const opening = this.#opening;
    const { LanSockets } = await import("./lan-sockets.ts");
    if (opening !== this.#opening) return;
    this.#sockets ??= new LanSockets(this.#emit);
    await this.#sockets.open();
  }
}
