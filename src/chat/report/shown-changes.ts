/** Changes that the screen draws at once; changes of counters alone are drawn later. */

import type { Focus } from "../model/chat.ts";

export function noteShownChange(focus: Focus): void {
  focus.shownChanges += 1;
}
