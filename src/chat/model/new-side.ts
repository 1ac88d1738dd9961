/** Creates the initial state of a side, and a conversation. */

import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Config } from "../config/config.ts";
import { createNoticePace } from "../records/notice-pace.ts";
import { createThroughput } from "../records/throughput.ts";
import { Scrollback } from "../log/scrollback.ts";
import { WireLog } from "../log/wire-log.ts";
import type { Conversation, Side } from "./side.ts";

/** Creates a side with no socket and no peers. */
export function createSide(transport: TransportName, { raw, keepCalls, words }: Config): Side {
  return {
    transport,
    isRaw: raw,
    socket: {
      role: undefined,
      state: "CLOSED",
      local: undefined,
      targetText: undefined,
      request: undefined,
      knownDuets: [],
      pairing: undefined,
      neighbour: undefined,
      isInitial: false,
      isOpen: false,
      reopen: undefined,
      endReason: undefined,
      hasFailed: false,
      awaitsPortHolder: false,
      hasAwaitedPort: false,
      answersFromAny: false,
    },
    peers: new Map(),
    conversation: createConversation(words),
    calls: keepCalls ? new WireLog() : undefined,
    counters: {
      bytesIn: 0,
      bytesOut: 0,
      rates: createThroughput(),
      forged: 0,
      turnedAway: 0,
      slowed: 0,
      droppedOfStrangers: 0,
      overrun: 0,
      leftovers: [],
    },
    receivedGoodbyes: new Map(),
  };
}

/** Creates an empty conversation. */
export function createConversation({ word }: Config["words"]): Conversation {
  return {
    scrollback: new Scrollback(word),
    unread: 0,
    addressee: undefined,
    noticePace: createNoticePace(),
  };
}
