/**
 * The events of `--json` as comparable lines. How a kernel cut a stream into calls is left out: calls are joined for each
 * peer and direction. Their bytes and spans are checked here.
 */

import { expect } from "bun:test";

type Fields = Readonly<Record<string, unknown>>;

/** One line an event but for calls and statistics; then a line for each peer: its calls, joined. */
export function eventLines(output: string): string {
  const lines = output.trimEnd().split("\n");
  const events = lines.map((line) => JSON.parse(line) as Fields);
  const duets = new Set(events.filter(({ kind }) => kind === "duet").map(({ peer }) => peer));
  const told = lines.filter((_, index) => !["call", "stats"].includes(String(events[index]!["type"])));
  const calls = events.filter(({ type }) => type === "call");
  checkOffsets(calls);
  return [...told.map((line) => eventLine(line, duets)), "─ calls", ...joinCalls(calls)].join("\n");
}

/** The line without its time. Spans in the stream of a duet move with its pings: only their length is kept. */
function eventLine(line: string, duets: ReadonlySet<unknown>): string {
  return (
    line
      .replace(/^(\{"type":"\w+"),"at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/, "$1")
      // Which acknowledgement was the first is a timer's.
      .replace(/,?\{"what":"ack"[^}]*\}/g, "")
      .replace(
        /"peer":"([^"]*)","start":(\d+),"end":(\d+)/g,
        (span, peer: string, start: string, end: string) =>
          duets.has(peer) ? `"peer":"${peer}","span":${Number(end) - Number(start)}` : span,
      )
  );
}

/** Each connection's data calls follow each other without a gap, both ways. */
function checkOffsets(calls: readonly Fields[]): void {
  const ends = new Map<string, number>();
  for (const { call, connection, peer, offset, bytes } of calls) {
    if (typeof offset !== "number") continue;
    const stream = `${call} ${connection} ${peer}`;
    expect([stream, offset]).toEqual([stream, ends.get(stream) ?? 0]);
    ends.set(stream, offset + Number(bytes));
  }
}

function joinCalls(calls: readonly Fields[]): readonly string[] {
  const byPeer = Map.groupBy(calls, ({ connection, peer, local }) =>
    connection === undefined ? `${peer ?? local ?? "-"}` : `connection ${connection} ${peer ?? "-"}`,
  );
  return [...byPeer].map(([peer, some]) => `${peer}: ${joinPeersCalls(some).join("; ")}`);
}

/**
 * Calls in the order of their first; those that move bytes are one for each name and result, with the texts that they
 * were told to carry. Receipts and acknowledgements are paced by timers, and so is a text that a `recvfrom` brings again.
 */
function joinPeersCalls(calls: readonly Fields[]): readonly string[] {
  const byName = Map.groupBy(calls, ({ call, result }) => `${call} ${result}`);
  return [...byName].map(([name, some]) => {
    const carries = some
      .flatMap(({ carries: now = [], earlier = [] }) => [...(now as Fields[]), ...(earlier as Fields[])])
      .filter(({ what }) => what === "text" && name !== "recvfrom ok");
    const ids = new Set(carries.map(({ id }) => Number(id)));
    return ids.size === 0 ? name : `${name} (text of ${[...ids].join(", ")})`;
  });
}
