/** What --help and --version print. Words only; the options are read from their table. */

import packageDescription from "../../package.json" with { type: "json" };
import { type OptionDescription, optionTable } from "./option-table.ts";

/** As in package.json. */
export const version: string = packageDescription.version;

/** The text of --help: at most 80 columns, with a newline at its end. */
export function usageText(): string {
  return `duet ${version}: a terminal chat over raw TCP and UDP

Two terminals, and you are chatting:
    bun run start                        in the first: it listens
    bun run start                        in the second: it joins
    bun run start --udp                  in both: the same over UDP

With another program, here nc:
    bun run start -l 127.0.0.1 8080      you listen
    nc 127.0.0.1 8080                    they connect

    duet                         pair up on 127.0.0.1:8080: listen, or join
    duet HOST PORT               connect; also HOST:PORT, [::1]:8080, or PORT
    duet -l [HOST] [PORT]        listen; port 0 lets the system choose
    duet -U PATH, -l -U PATH     a UNIX stream socket

${optionTable.map(optionLine).join("\n")}

Each option's default can stand in $XDG_CONFIG_HOME/duet/config.toml (usually
~/.config), by its long name: name = "ada", udp = true, wait = 2.5. The command
line wins; there --no-udp, and its like, turns off what the file turns on.

Without a terminal, lines of standard input go out and what comes is printed.
Exit codes: 0 all well; 1 the network, a full disk or a closed pipe said no;
2 wrong usage; 70 a fault of duet's own; 129, 130, 143 ended by HUP, INT, TERM.
`;
}

function optionLine({ key, short, value, summary }: OptionDescription): string {
  const letter = short === undefined ? "    " : `-${short}, `;
  const word = value === undefined ? `--${key}` : `--${key} ${value}`;
  return `  ${letter}${word.padEnd(20)} ${summary}`;
}
