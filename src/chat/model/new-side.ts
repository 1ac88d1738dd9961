/** A side as it is before anything was opened on it. What it becomes is in the files of the changes. */

import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Config } from "../config/config.ts";
import { createNoticePace } from "../records/notice-pace.ts";
import { createRates } from "../records/rates.ts";
import { Scrollback } from "../log/scrollback.ts";
import { WireLog } from "../log/wire-log.ts";
import type { Side } from "./side.ts";

/** Nothing is open, nobody is there. */
export function createSide(transport: TransportName, { raw, keepCalls, words }: Config): Side {
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
    leftovers: [],
    scrollback: new Scrollback(undefined, words.sentence),
    wire: keepCalls ? new WireLog() : undefined,
    unread: 0,
    bytesIn: 0,
    bytesOut: 0,
    rates: createRates(),
    addressee: undefined,
    noticePace: createNoticePace(),
    farewells: new Map(),
    forged: 0,
    turnedAway: 0,
    slowed: 0,
    droppedOfStrangers: 0,
    overrun: 0,
    endReason: undefined,
    failed: false,
    awaitsHolder: false,
  };
}
