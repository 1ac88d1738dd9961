/** Ends of comparisons that nobody asked for. The code of comparisons is loaded with the first one. */

import type { SendContext } from "../model/chat.ts";

/** Ends the comparisons with members that have left. */
export function endAbsentComparisons(chat: SendContext): void {
  if (chat.self.comparisons.running.size > 0) loadComparing().endComparisonsOfAbsent(chat);
}

/** Ends the comparisons that have taken too long. */
export function handleComparisonTimer(chat: SendContext): void {
  loadComparing().endLateComparisons(chat);
}

function loadComparing(): typeof import("./comparing.ts") {
  return require("./comparing.ts") as typeof import("./comparing.ts");
}
