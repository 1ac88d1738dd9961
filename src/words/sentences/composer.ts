/** Short answers to the last key, and descriptions of completions. Types only. */

import type { NoParams } from "../parts/no-params.ts";

export interface ComposerSentences {
  readonly "nobody-spoke-yet": NoParams;
  readonly "ctrl-c-quits": NoParams;
  readonly "quit-or-shutdown": NoParams;
  readonly "esc-shows-answer": NoParams;
  readonly "peers-hidden": NoParams;
  readonly "peers-need-columns": { readonly columns: number };
  readonly "mouse-on": NoParams;
  readonly "mouse-off": NoParams;
  /** `within`: what stands between duet and the terminal. `isMouseOn`: the terminal selects only with Shift. */
  readonly copied: {
    readonly characters: number;
    readonly within: "tmux" | "screen" | undefined;
    readonly isMouseOn: boolean;
  };
  readonly "copy-too-long": { readonly bytes: number; readonly max: number };
  readonly "composer-full": { readonly characters: number };
  readonly "two-pastes": NoParams;
  readonly "paste-unanswered": NoParams;
  readonly "paste-dropped": { readonly lines: number };
  readonly "offer-this-machine": NoParams;
  readonly "offer-every-interface": NoParams;
  readonly "offer-unix": NoParams;
  readonly "offer-port": NoParams;
  readonly "offer-loss": NoParams;
  readonly "offer-dup": NoParams;
  readonly "offer-reorder": NoParams;
  readonly "offer-delay": NoParams;
  readonly "offer-seed": NoParams;
  readonly "offer-trouble-off": NoParams;
  readonly "offer-peer-calls": NoParams;
  readonly "offer-call-kind": NoParams;
  readonly "offer-call-text": NoParams;
  readonly "offer-pause": NoParams;
  readonly "offer-all-calls": NoParams;
  readonly "offer-panel-off": NoParams;
  readonly "offer-read-again": NoParams;
}
