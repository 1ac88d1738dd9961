/** Every key of the screen, listed once for the help and the README. Other files implement the keys. */

import type { KeyLabel, ReplayKeyLabel } from "../../words/parts/names.ts";

interface KeyDescription<Label extends string = KeyLabel> {
  /** As shown: `Ctrl-T`. At most 9 columns. */
  readonly keys: Label;
  /** At most 15 columns. */
  readonly summary: string;
  /** All chords of this row, readline's aliases included: `C-` Ctrl, `M-` Alt, `S-` Shift, in this order. */
  readonly chords: string;
}

export const keyTable: readonly KeyDescription[] = [
  { keys: "Enter", summary: "send the line", chords: "enter C-m" },
  { keys: "Alt-Enter", summary: "a new line", chords: "M-enter S-enter C-j" },
  { keys: "Tab", summary: "complete", chords: "tab C-i S-tab" },
  { keys: "↑ ↓", summary: "earlier lines", chords: "up C-p down C-n" },
  { keys: "Ctrl-T", summary: "TCP or UDP", chords: "C-t" },
  { keys: "Alt-1 2", summary: "TCP, UDP", chords: "M-1 M-2" },
  { keys: "Alt-↑ ↓", summary: "to one alone", chords: "M-up M-down" },
  { keys: "PgUp PgDn", summary: "scroll", chords: "page-up page-down S-page-up S-page-down" },
  { keys: "Shift-↑ ↓", summary: "scroll a row", chords: "S-up S-down" },
  { keys: "Ctrl-Home", summary: "oldest line", chords: "C-home" },
  { keys: "Ctrl-End", summary: "newest line", chords: "C-end" },
  { keys: "Alt-L", summary: "choose a line", chords: "M-l" },
  { keys: "Ctrl-R", summary: "search", chords: "C-r" },
  { keys: "F1", summary: "this help", chords: "f1" },
  { keys: "F2", summary: "wire; pick; off", chords: "f2" },
  { keys: "F3", summary: "pause the wire", chords: "f3" },
  { keys: "F4", summary: "hide the peers", chords: "f4" },
  { keys: "Esc", summary: "close", chords: "escape" },
  { keys: "Ctrl-C", summary: "clear; 2× quits", chords: "C-c" },
  { keys: "Ctrl-L", summary: "redraw", chords: "C-l" },
  { keys: "Ctrl-Z", summary: "suspend", chords: "C-z" },
  { keys: "← →", summary: "move; Ctrl-B F", chords: "left C-b right C-f" },
  { keys: "Alt-B F", summary: "move by words", chords: "M-b C-left M-left M-f C-right M-right" },
  { keys: "Ctrl-A E", summary: "line's ends", chords: "home C-a end C-e" },
  { keys: "Ctrl-H D", summary: "delete", chords: "backspace S-backspace C-h delete C-d" },
  { keys: "Ctrl-U K", summary: "cut to the ends", chords: "C-u C-k" },
  {
    keys: "Ctrl-W",
    summary: "cut a word",
    chords: "C-w M-backspace C-backspace C-M-h M-d C-delete",
  },
  { keys: "Ctrl-Y", summary: "put back; Alt-Y", chords: "C-y M-y" },
  { keys: "Ctrl-_", summary: "undo", chords: "C-_ C-/" },
];

/** The keys of a replay. */
export const replayKeyTable: readonly KeyDescription<ReplayKeyLabel>[] = [
  { keys: "Space", summary: "pause, go on", chords: "space" },
  { keys: "← →", summary: "10 s back, on", chords: "left right" },
  { keys: "Enter", summary: "next event", chords: "enter C-m" },
  { keys: "q", summary: "end the replay", chords: "q" },
  { keys: "Alt-L", summary: "choose a line", chords: "M-l" },
  { keys: "Ctrl-C", summary: "twice ends it", chords: "C-c" },
];

/** The keys of the screen that work in a replay, too. */
export const replayScreenKeys: ReadonlySet<KeyLabel> = new Set<KeyLabel>([
  "Ctrl-T",
  "Alt-1 2",
  "PgUp PgDn",
  "Shift-↑ ↓",
  "Ctrl-Home",
  "Ctrl-End",
  "Ctrl-R",
  "F1",
  "F2",
  "F3",
  "F4",
  "Esc",
  "Ctrl-L",
  "Ctrl-Z",
]);
