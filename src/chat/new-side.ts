/** One transport's side before anything was opened on it. What it becomes is in the files of the changes. */

import type { TransportName } from "../protocol/socket-event.ts";
import { createNoticePace } from "./peer-notices.ts";
import { createRates } from "./rates.ts";
import { Scrollback } from "./scrollback.ts";
import type { Side } from "./state.ts";

/** `raw`: exactly what is typed goes out. */
export function createSide(transport: TransportName, raw: boolean): Side {
  return {
    transport,
    role: undefined,
    raw,
    state: "CLOSED",
    local: undefined,
    targetText: undefined,
    request: undefined,
    knownDuet: undefined,
    pairing: undefined,
    initial: false,
    open: false,
    reopen: undefined,
    peers: new Map(),
    scrollback: new Scrollback(),
    unread: 0,
    bytesIn: 0,
    bytesOut: 0,
    rates: createRates(),
    addressee: undefined,
    noticePace: createNoticePace(),
    forged: 0,
    turnedAway: 0,
    slowed: 0,
    droppedOfStrangers: 0,
    endReason: undefined,
    failed: false,
    awaitsHolder: false,
  };
}
