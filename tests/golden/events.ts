/**
 * The events of `--json` as comparable lines. How the kernel cut a stream into calls is left out: calls are joined
 * for each peer and direction. Their offsets are checked here.
 */

import { expect } from "bun:test";

type Fields = Readonly<Record<string, unknown>>;

/** One line for each event except calls and statistics, then one for each peer with its joined calls. */
export function eventLines(output: string): string {
  const lines = output.trimEnd().split("\n");
  const events = lines.map((line) => JSON.parse(line) as Fields);
  const duets = new Set(events.filter(({ kind }) => kind === "duet").map(({ peer }) => peer));
  const identified = new Set(events.filter(({ event }) => event === "identified").map(({ peer }) => peer));
  const others = lines.filter((_, index) => !["call", "stats"].includes(String(events[index]!["type"])));
  const calls = events.filter(({ type }) => type === "call");
  checkOffsets(calls);
  return [...others.map((line) => eventLine(line, duets, identified)), "─ calls", ...joinCalls(calls)].join(
    "\n",
  );
}

/** The line without its time. Spans in the stream of a duet move with its pings: only their lengths are kept. */
function eventLine(line: string, duets: ReadonlySet<unknown>, identified: ReadonlySet<unknown>): string {
  return (
    line
      .replace(/^(\{"type":"\w+"),"at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/, "$1")
      // A slow peer counts as connected before its name and kind are known; `identified` has both.
      .replace(
        /("event":"connected","peer":"([^"]*)"),"name":.*(?=\}$)/,
        (fields, start: string, peer: string) => (identified.has(peer) ? start : fields),
      )
      // Timers decide which acknowledgement was the first.
      .replace(/,?\{"what":"ack"[^}]*\}/g, "")
      .replace(
        /"peer":"([^"]*)","start":(\d+),"end":(\d+)/g,
        (span, peer: string, start: string, end: string) =>
          duets.has(peer) ? `"peer":"${peer}","span":${Number(end) - Number(start)}` : span,
      )
      // Members acknowledge in any order.
      .replace(/"carried":\[(\{.*\})\]/, (_, ranges: string) => `"carried":[${sortRanges(ranges)}]`)
  );
}

function sortRanges(ranges: string): string {
  return ranges
    .split(/(?<=\}),(?=\{)/)
    .toSorted()
    .join(",");
}

/** The offsets of each connection's calls follow each other without a gap, both ways. */
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
  const lines = [...byPeer].map(([peer, some]) => `${peer}: ${joinPeersCalls(some).join("; ")}`);
  return lines.filter((line, index) => !isRepeatedGoodbye(line, lines.slice(0, index)));
}

/**
 * Time decides whether a goodbye over UDP is repeated since its acknowledgement is late. The repetition makes a connection of
 * its own, and its acknowledgement may find that the peer has ended.
 */
function isRepeatedGoodbye(line: string, before: readonly string[]): boolean {
  const [, peer] = /^connection \d+ (\S+): recvfrom ok; sendto ok$/.exec(line) ?? [];
  if (peer !== undefined)
    return before.some((other) => other.startsWith("connection") && other.includes(` ${peer}: `));
  return line === "-: recvfrom ECONNREFUSED" && before.some((other) => other.includes("recvfrom ok"));
}

/** One for each name and result. Either side may send first, so calls that move bytes have a fixed order. */
function joinPeersCalls(calls: readonly Fields[]): readonly string[] {
  const byName = Map.groupBy(calls, ({ call, result }) => `${call} ${result}`);
  return [...byName].toSorted(byStage).map(([name, some]) => {
    // A message or a receipt names the calls that received it.
    const carries = (name.startsWith("recv") ? [] : some)
      .flatMap(({ carries: now = [], earlier = [] }) => [...(now as Fields[]), ...(earlier as Fields[])])
      .filter(({ what }) => what !== "ack")
      .map(({ what, id }) => `${what} of ${id}`);
    return carries.length === 0 ? name : `${name} (${[...new Set(carries)].toSorted().join(", ")})`;
  });
}

/** Opening, receiving, sending, closing; within a stage the calls keep their order. */
function byStage([first]: readonly [string, unknown], [second]: readonly [string, unknown]): number {
  return stageOf(first) - stageOf(second);
}

function stageOf(name: string): number {
  if (/^recv(from)? ok/.test(name)) return 1;
  if (/^send(to)? ok/.test(name)) return 2;
  return /^(recv|send|shutdown|close)/.test(name) ? 3 : 0;
}
