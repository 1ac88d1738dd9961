/** Commands on a socket, and why one is impossible, in English. */

import type { SentenceTable } from "../sentences/sentence.ts";
import type { SocketSentences } from "../sentences/sockets.ts";

export const socketsEnglish: SentenceTable<SocketSentences> = {
  "udp-has-no-reset": "UDP has no connection to reset: /close forgets a peer without notice",
  "peer-has-no-reset": ({ name }) => `${name} is here by UDP, which has no reset`,
  "no-hex-digit": ({ digit }) => `${digit} is not a hex digit`,
  "odd-hex-digits": "a byte has two hex digits, and one is missing",
  "too-much-hex": ({ bytes }) => `/send-hex takes at most ${bytes} bytes at once`,
  "partial-over-udp": "a datagram is a whole message and has no newline: send it as a line",
  "duet-takes-frames": ({ name }) =>
    `${name} is a duet and takes frames, not bare bytes: /to writes to a raw peer alone, /raw to all`,
  "behind-hub": ({ name }) => `${name} is behind the host: we have no socket there`,
  "nobody-to-send-to": "nobody is here to send it to",
  "udp-has-no-window": "UDP grants no window: what does not fit a receive buffer is dropped silently",
  "peer-has-no-window": ({ name }) => `${name} is here by UDP, which grants no window`,
  "buffer-size": ({ bytes }) => `/buffer takes 1 to ${bytes} bytes, or off`,
  "read-as-ever": ({ name }) => `${name} is being read already`,
  "reading-stopped": ({ name }) =>
    `nothing is read from ${name} now: the kernel there may send until the buffer here is full`,
  "reading-stopped-hint": (_params, _word, _program, place) =>
    place === "screen" ? "/buffer off reads again; F2 shows the calls" : "/buffer off reads again",
  "reading-again": ({ name }) => `reading from ${name} again`,
};
