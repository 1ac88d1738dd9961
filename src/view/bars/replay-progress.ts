/**
 * The text of the replay line: the position in the recording, and the longest form of the key hints that fits. No
 * colours.
 */

import { measureColumns } from "../../protocol/text/wrap.ts";
import type { Forms } from "../../words/tables/words.ts";

export interface ReplayProgress {
  readonly isPlaying: boolean;
  readonly playedMs: number;
  readonly wholeMs: number;
  readonly position: number;
  readonly count: number;
}

/** The key hints are left out if they do not fit `columns`; the position is never cut here. */
export function formatProgress(progress: ReplayProgress, keys: Forms, columns: number): string {
  const { isPlaying, playedMs, wholeMs, position, count } = progress;
  const place = `${isPlaying ? "▶" : "‖"} ${formatClock(playedMs)} / ${formatClock(wholeMs)}  ${position}/${count}`;
  const hint = keys.find((each) => measureColumns(place) + 2 + measureColumns(each) <= columns) ?? "";
  return hint === "" ? place : `${place}  ${hint}`;
}

/** `1:02:03`, `02:03`. */
function formatClock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(seconds / 3600);
  return hours === 0 ? parts.join(":") : `${hours}:${parts.join(":")}`;
}
