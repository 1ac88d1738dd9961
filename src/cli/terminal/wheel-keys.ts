/**
 * Asks whether the wheel types ↑ and ↓ on an alternate screen (alternate scroll mode), since duet turns that off, and
 * turns it on again at the end: in the composer ↑ would recall an earlier line, and Enter send it again.
 */

import type { ReplyEvent } from "../../input/keys/key-event.ts";
import { saveWheelKeys } from "./terminal-modes.ts";
import type { TerminalQuery } from "./terminal-queries.ts";

/** DECRPM: 2 is reset, 4 is permanently reset. */
const offReply = /^\?1007;[24]\$y$/;

export class WheelKeys {
  readonly #isAsked: boolean;
  #isOff = false;

  /** `terminalType`: the variable TERM. The Linux console has no wheel, and prints a part of the query. */
  constructor(terminalType: string | undefined) {
    this.#isAsked = terminalType !== "linux";
  }

  /** True unless the terminal has replied that it is off: most that know the mode turn it on. */
  get isOn(): boolean {
    return !this.#isOff;
  }

  get query(): TerminalQuery {
    return {
      moments: ["entry"],
      getSequence: () => (this.#isAsked ? saveWheelKeys : ""),
      onReply: ({ kind, body }: ReplyEvent) => {
        if (kind === "csi" && offReply.test(body)) this.#isOff = true;
      },
    };
  }
}
