/** Ends a peer at once: queued bytes are discarded, and a TCP connection is closed by RST. */

import type { Sentence } from "../../words/sentences/sentence.ts";
import { setEndReason } from "../peer/link.ts";
import type { Effect } from "../model/effect.ts";
import type { Link } from "../peer/link.ts";

/** Resets a peer for this reason; nothing happens to one that is being ended already. */
export function resetPeer(effects: Effect[], link: Link, reason: Sentence): void {
  if (link.endReason !== undefined) return;
  setEndReason(link, reason);
  const { transport, connection } = link;
  effects.push({ type: "close", transport, connection, how: "reset" });
}
