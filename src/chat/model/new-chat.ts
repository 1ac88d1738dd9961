/** Creates the initial state of a chat. */

import { createSendingPace } from "../records/sending-pace.ts";
import { ReplayWindow } from "../../protocol/sealed/replay-window.ts";
import type { SharedRoom } from "./shared-room.ts";
import { UnfinishedMessages } from "../../protocol/frames/message-parts.ts";
import { RoomNames } from "../../protocol/text/nicknames.ts";
import type { Config } from "../config/config.ts";
import { createSide } from "./new-side.ts";
import { isTraced } from "../spans/peer-trace.ts";
import type { Chat } from "./chat.ts";
import type { AudienceName } from "../peer/outbound.ts";
import type { Audience } from "./peer.ts";
import type { Room } from "./room.ts";
import { createAddressBudgets } from "../records/address-budgets.ts";
import { createGroupNames } from "../records/group-names.ts";
import { createKeySource } from "../records/key-source.ts";
import { createPeople, noPeople, type PeopleSource } from "../records/people.ts";
import { createPrivateLines } from "../records/private-lines.ts";
import { Timers } from "../records/timers.ts";
import { TracedMessages } from "../spans/traced-messages.ts";

/**
 * `session`, `secret` and `seed` are random; the caller makes them. The seed is filled with zero. `hub`: our id among the hubs
 * of a shared room.
 */
export function createChat(
  config: Config,
  session: string,
  secret: string,
  seed: Uint8Array,
  source: PeopleSource = noPeople,
  hub?: string,
): Chat {
  return {
    config,
    nowMs: 0,
    wallMs: 0,
    timers: new Timers(),
    effects: [],
    self: {
      name: config.name,
      session,
      secret,
      keys: createKeySource(seed, source.readIdentity),
      people: createPeople(source, config),
      privateLines: createPrivateLines(),
      comparisons: { running: new Map(), budgets: new Map() },
      knownPaths: new Map(),
    },
    sides: { tcp: createSide("tcp", config), udp: createSide("udp", config) },
    peers: new Map(),
    room: createRoom(config, hub),
    focus: {
      active: "tcp",
      isFocused: false,
      isOverlayOpen: false,
      isKernelWatched: false,
      unreadPeers: new Set(),
      hubLines: undefined,
      revision: 0,
      shownChanges: 0,
    },
    input: { waitingLines: 0, hasEnded: false, hasOtherEncoding: false, pace: createSendingPace() },
    pausedBy: new Set(),
    ledger: { pendingCall: undefined, relayed: isTraced(config) ? new TracedMessages() : undefined },
    unfinishedMessages: new UnfinishedMessages(),
    network: { ourAddresses: undefined, lan: undefined, impairment: undefined },
    ids: { nextEntry: 1, nextMessage: 1 },
    deliveryUnits: 0,
    lastError: undefined,
    lastRefusal: { page: undefined },
    exit: { code: undefined, hasUnsent: false, unsentBytes: 0, hasLost: false, isDone: false },
  };
}

function createRoom(config: Config, hub: string | undefined): Room {
  const takenNames = new RoomNames();
  takenNames.add(config.name);
  return {
    members: new Map(),
    nextMemberNumber: 2,
    takenNames,
    groupNames: createGroupNames(),
    receivedIds: new Map(),
    rules: { allow: config.allow, deny: config.deny },
    addresses: createAddressBudgets(),
    audiences: {
      raw: createAudience("raw"),
      duets: createAudience("duets"),
      datagrams: createAudience("datagrams"),
    },
    pendingRelay: undefined,
    relayedIds: [],
    halfOpen: new Map(),
    guesses: new Map(),
    lastVainPauseMs: Number.NEGATIVE_INFINITY,
    shared: createSharedRoom(config, hub),
  };
}

function createSharedRoom({ sharedRoom }: Config, hub: string | undefined): SharedRoom | undefined {
  if (sharedRoom === undefined || hub === undefined) return undefined;
  return {
    hub,
    ...sharedRoom,
    state: { is: "opening" },
    nextNumber: 1,
    crossings: new Map(),
    crossingsBytes: 0,
    stayed: 0,
    since: 0,
    hubs: new Map(),
    pastWindows: new Map(),
    removed: new Set(),
    passedOver: { skipped: 0, unproven: 0, removed: 0, reportedMs: undefined },
    isReadableReported: false,
    ownWindow: new ReplayWindow(),
    numbered: new Map(),
    ours: undefined,
    sent: new Map(),
    isToldInNumbers: false,
    isOrderUnknown: false,
    contested: new Set(),
    receipts: { pending: [], unread: [], sentMs: Number.NEGATIVE_INFINITY },
    isClosed: false,
  };
}

function createAudience<Name extends AudienceName>(name: Name): Audience<Name> {
  return { name, peers: new Set(), enqueuedBytes: 0 };
}
