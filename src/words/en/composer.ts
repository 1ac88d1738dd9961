/** Short answers to the last key, and descriptions of completions, in English. */

import { formatCount } from "../../protocol/text/quantities.ts";
import type { SentenceTable } from "../sentences/sentence.ts";
import type { ComposerSentences } from "../sentences/composer.ts";

export const composerEnglish: SentenceTable<ComposerSentences> = {
  "nobody-spoke-yet": "nobody has said anything yet",
  "ctrl-c-quits": "Ctrl-C again quits",
  "quit-or-shutdown": "/quit leaves, /shutdown sends FIN",
  "esc-shows-answer": "Esc shows the answer",
  "peers-hidden": "F4 shows the peers again",
  "peers-need-columns": ({ columns }) => `the peers' panel needs ${columns} columns: /who`,
  "mouse-on": "mouse on: a drag copies, Shift-drag selects as the terminal does",
  "mouse-off": "mouse off: the terminal selects text",
  copied: ({ characters, within, isMouseOn }) => {
    const copied = `copied ${formatCount(characters, "character")} (OSC 52)`;
    if (within === "tmux") return `${copied}; not there? tmux set -s set-clipboard on`;
    const select = isMouseOn ? "Shift and the mouse select" : "the mouse selects";
    return within === "screen"
      ? `${copied}, which GNU screen drops: ${select}`
      : `${copied}; not there? ${select}`;
  },
  "copy-too-long": ({ bytes, max }) =>
    `too long for the clipboard: ${bytes.toLocaleString("en")} bytes, at most ${max.toLocaleString("en")}`,
  "composer-full": ({ characters }) =>
    `The composer holds ${characters.toLocaleString("en")} characters: the rest was not taken.`,
  "two-pastes": "Two pastes together are too much: answer for the first, then paste again.",
  "paste-unanswered": "nothing is sent before y or n for the paste",
  "paste-dropped": ({ lines }) =>
    `Paste of ${lines === 1 ? "1 line" : `${lines.toLocaleString("en")} lines`} dropped: nothing of it was sent.`,
  "offer-this-machine": "this machine",
  "offer-every-interface": "every interface: open to the network",
  "offer-unix": "a UNIX socket: its path follows",
  "offer-port": "duet's port",
  "offer-loss": "datagrams that are lost",
  "offer-dup": "datagrams that arrive twice",
  "offer-reorder": "datagrams that later ones overtake",
  "offer-delay": "how long each datagram is delayed",
  "offer-seed": "the same number makes the same trouble",
  "offer-trouble-off": "the network as it is",
  "offer-peer-calls": "calls of one peer",
  "offer-call-kind": "calls of one kind: send, recv, close",
  "offer-call-text": "calls with this text",
  "offer-pause": "keep no more calls for now; again: go on",
  "offer-all-calls": "calls of all peers, of all kinds",
  "offer-panel-off": "close the panel",
  "offer-read-again": "read again",
};
