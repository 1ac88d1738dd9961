/** A chat as it is before anything happened. What it becomes is in the files of the changes. */

import { TakenNames } from "../../protocol/text/nicknames.ts";
import type { Config } from "../config/config.ts";
import { createSide } from "./new-side.ts";
import { isTraced } from "../spans/peer-trace.ts";
import type { Chat } from "./chat.ts";
import { Timers } from "../records/timers.ts";
import { TracedMessages } from "../spans/traced-messages.ts";

/** A chat before anything happened. `session` and `secret` are random, from outside. */
export function createChat(config: Config, session: string, secret: string): Chat {
  const takenNames = new TakenNames();
  takenNames.add(config.name);
  return {
    config,
    session,
    secret,
    timers: new Timers(),
    heldCall: undefined,
    relayed: undefined,
    effects: [],
    sides: { tcp: createSide("tcp", config), udp: createSide("udp", config) },
    peers: new Map(),
    members: new Map(),
    membersBySession: new Map(),
    audiences: {},
    takenNames,
    rules: { allow: config.allow, deny: config.deny },
    nextMemberNumber: 2,
    active: "tcp",
    covered: false,
    watched: false,
    name: config.name,
    nowMs: 0,
    revision: 0,
    shownChanges: 0,
    nextEntryId: 1,
    nextMessageId: 1,
    deliveryUnits: 0,
    relayedIds: [],
    passedOn: isTraced(config) ? new TracedMessages() : undefined,
    attending: false,
    unreadPeers: new Set(),
    heldLines: 0,
    isReading: true,
    waitedInVainMs: Number.NEGATIVE_INFINITY,
    inputEnded: false,
    lastError: undefined,
    ourAddresses: undefined,
    lan: undefined,
    trouble: undefined,
    leaving: undefined,
    exited: false,
  };
}
