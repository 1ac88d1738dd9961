/** --help in English. */

import type { UsageWords } from "../tables/usage-words.ts";

export const usageEnglish: UsageWords = {
  title: ": a terminal chat over raw TCP and UDP",
  twoTerminals: "Two terminals, and you are chatting:",
  first: "in the first: it listens",
  second: "in the second: it joins",
  both: "in both: the same over UDP",
  withNc: "With another program, here nc:",
  youListen: "you listen",
  theyConnect: "they connect",
  pair: "pair up on 127.0.0.1:8080: listen, or join",
  connect: "connect; also HOST:PORT, [::1]:8080, or PORT",
  listen: "listen; port 0 lets the system choose",
  unix: "a UNIX stream socket",
  options: undefined,
  settings: [
    "Each option's default can stand in $XDG_CONFIG_HOME/duet/config.toml (usually",
    '~/.config), by its long name: name = "ada", udp = true, wait = 2.5. The command',
    "line wins; there --no-udp, and its like, turns off what the file turns on.",
  ],
  ending: [
    "Without a terminal, lines of standard input are sent and received ones printed.",
    "Exit codes: 0 all well; 1 the network, a full disk or a closed pipe said no;",
    "2 wrong usage; 70 duet's own fault; 128 + n: signal n, as 129 HUP, 143 TERM.",
  ],
};
