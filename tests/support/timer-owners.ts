/** Finds timers that outlived their owner: a connection that ended, a closed socket, discovery that is off. */

import type { Chat } from "../../src/chat/model/chat.ts";
import type { Timer } from "../../src/chat/records/timers.ts";

/** The timers whose owner has ended. */
export function findOrphanTimers(chat: Chat): readonly Timer[] {
  return chat.timers.all().filter((timer) => !hasOwner(chat, timer));
}

/** Like `findOrphanTimers`, where peers may be on a side that was never opened. */
export function findOrphanConnectionTimers(chat: Chat): readonly Timer[] {
  return findOrphanTimers(chat).filter((timer) => !("of" in timer) || typeof timer.of === "number");
}

function hasOwner({ peers, sides, network }: Chat, timer: Timer): boolean {
  switch (timer.kind) {
    case "recognition":
    case "hello":
    case "seal":
    case "rekey":
    case "unfinished-line":
    case "stranger-turn":
    case "unfinished-messages":
    case "stall":
    case "delivery":
    case "receipts":
    case "flush":
      return peers.has(timer.of);
    case "pairing-retry":
    case "neighbours":
    case "watch":
    case "idle": {
      // Between two attempts to pair, a side has a timer but no socket.
      const { isOpen, pairing } = sides[timer.of].socket;
      return isOpen || pairing !== undefined;
    }
    case "lan-announcement":
    case "lan-echo":
    case "lan-report":
      return network.lan !== undefined;
    case "suppressed-notices":
    case "rate-sample":
    case "stats":
    case "kernel-look":
    case "room-pause":
    case "linger":
    case "comparison":
    case "engine-retry":
    case "hub-receipts":
    case "engine-close":
      return true;
  }
}
