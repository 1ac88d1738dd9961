/** Finds English words in a text of another language, without names of the field, keys, commands and addresses. */

/** Patterns that stay as they are in every language. */
const ignoredPatterns: readonly RegExp[] = [
  /~\/[\w.-]+|\w+\.ndjson/g,
  // Commands to type: duet's own, with their arguments, and the shell's.
  /\b(bun run start|nc|ncat|socat|ss|ip|ping|getent|ls|mkdir|rm|sudo|ulimit|nft|python3)( -{1,2}[\w=]+| [A-Z/@'[][\w./:@'-]*| \d[\w./:%]*)*/g,
  /\b(ss|ip|getent|sudo|nft|rm|mkdir|ping) (-\w+ )?(route|addr|hosts|nft|list|ruleset|get|sport)[\w .:='-]*/g,
  /(^|[^\w])\/[a-z]+(-[a-z]+)*!?( [a-z]+=\S+)*( (off|on|PEER|HOST|PORT|FILE|CODE|TEXT|NAME))*(?![\w])/g,
  /(?<!\w)--?[A-Za-z][\w-]*( (FILE|PATH|NAME|SECS|N)(\.ndjson)?)?/g,
  /\[[A-Z|a-z]+\]/g,
  /\b(loss|dup|reorder|delay|seed|peer|call|text|name|udp)=\S*/g,
  // Addresses, files, codes, units.
  /(\[[\da-fA-F:.%\w]+\]|\d+\.\d+\.\d+\.\d+|\b(::|fe80|ff0)[\da-f:.%]*)(:\d+|\/\d+)?/g,
  /\/\w+(\/[\w.-]+)+/g,
  /\bE[A-Z_]{3,}\b/g,
  /\b[a-z2-7]{52}\b/g,
  /\d ?([KMG]iB|B|ms|s|µs)\b/g,
  // Keys.
  /\b(Ctrl|Alt|Shift)(-[\w↑↓]+| )/g,
  /\b(Space|Enter|Esc|Tab|PgUp|PgDn|Home|End|F[1-4])\b/g,
];

/** Terms of the field, as Chinese books on sockets write them, and states. */
const terms = new Set(
  `TCP UDP UNIX IPv4 IPv6 ICMP ARP DNS VPN WLAN NAT LAN JSON TOML NUL UTF-8 LF CRLF KiB MiB ms µs duet nc ping shell backlog raw type pid
  SYN ACK FIN RST SYN+ACK TIME-WAIT FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT LAST-ACK SYN-SENT HOST PORT PATH ADDRESS CODE PEER NAME FILE TEXT
  CLOSED LISTEN CONNECTING ESTABLISHED HALF-CLOSED theirs ours RESET REFUSED TIMED OUT BOUND OPEN SILENT UNREACHABLE PLAIN ENCRYPTED PLAIN+ENCRYPTED VERIFIED same different
  REQUIRED HANDSHAKE BUSY SESSION FORGED IDENTITY NAMESAKE VERIFY PRIVATE
  bind listen accept connect send recv sendto recvfrom shutdown close setsockopt resolve socket SO_RCVBUF TCP_WINDOW_CLAMP
  bun run start on off all pause backup renew remove pass-phrase yes none ask true false or SIGHUP SIGINT SIGTERM`.split(
    /\s+/,
  ),
);

/** The English words of a text, in order. `names` are ignored, and so is text in quotation marks. */
export function findEnglish(text: string, names: readonly string[] = []): readonly string[] {
  const rest = ignoredPatterns.reduce(
    (left, pattern) => left.replace(pattern, " "),
    text.replace(/"[^"]*"|\S*…/g, " "),
  );
  const words = rest.match(/[A-Za-z][\w+.'-]*/g) ?? [];
  return words
    .map((word) => word.replace(/[.'-]+$/, ""))
    .filter((word) => word.length > 1 && !terms.has(word) && !names.includes(word));
}
