/** Every key of the screen, once, for help and the README. What a key does is decided where keys are read. */

export interface KeyDescription {
  /** As printed: `Ctrl-T`. */
  readonly keys: string;
  readonly summary: string;
}

export const keyTable: readonly KeyDescription[] = [
  { keys: "Enter", summary: "send the line" },
  { keys: "Tab", summary: "complete" },
  { keys: "↑ ↓", summary: "earlier lines" },
  { keys: "Ctrl-T", summary: "TCP or UDP" },
  { keys: "Alt-↑ ↓", summary: "to one alone" },
  { keys: "PgUp PgDn", summary: "scroll" },
  { keys: "Shift-↑ ↓", summary: "scroll a row" },
  { keys: "Ctrl-Home", summary: "oldest line" },
  { keys: "Ctrl-End", summary: "newest line" },
  { keys: "F1", summary: "this help" },
  { keys: "Ctrl-L", summary: "draw anew" },
  { keys: "Ctrl-C", summary: "clear; 2× quits" },
  { keys: "Ctrl-Z", summary: "suspend" },
];
