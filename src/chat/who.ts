/** `/who`: everybody here as one block, a line each, in columns that line up. */

import { formatEndpoint } from "../protocol/endpoint.ts";
import { whoRowsMax } from "../protocol/limits.ts";
import { stateGlyph } from "./connection-state.ts";
import { formatPercent, formatRoundTrip } from "../protocol/quantities.ts";
import { linkMeasures, lossShare } from "./measures.ts";
import { nameHere } from "./recipients.ts";
import { notice } from "./report.ts";
import { hostNumber } from "./room.ts";
import { type Chat, nameOf, type Peer, type Side } from "./state.ts";

type Row = readonly string[];

/** Tells who is in the room of the side that is looked at. */
export function tellWho(chat: Chat, side: Side): void {
  const others = side.role === "listen" ? [...chat.peers.values()] : [...side.peers.values()];
  const rows = [ourRow(chat, side), ...others.flatMap((peer) => [peerRow(peer), ...distantRows(peer)])];
  for (const line of alignRows(rows.slice(0, whoRowsMax))) notice(chat, side, "info", line);
  if (rows.length > whoRowsMax) notice(chat, side, "info", `and ${rows.length - whoRowsMax} more`);
}

/** Cells padded to the widest of their column; nothing after the last one. */
export function alignRows(rows: readonly Row[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, Bun.stringWidth(cell));
    });
  return rows.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - Bun.stringWidth(cell)))
      .join("  ")
      .trimEnd(),
  );
}

function ourRow(chat: Chat, side: Side): Row {
  const local = side.local === undefined ? "" : formatEndpoint(side.local);
  return [nameHere(chat, side), local, "you", stateCell(side.transport, side.state)];
}

function peerRow(peer: Peer): Row {
  const name = nameOf(peer);
  const kind = peer.kind === "unknown" ? "?" : peer.kind;
  const roundTrip = peer.roundTrip.smoothedMs === undefined ? "" : formatRoundTrip(peer.roundTrip.smoothedMs);
  const address = name === peer.address ? "" : peer.address;
  const link = linkMeasures(peer);
  const loss = link === undefined ? "" : `loss ${formatPercent(lossShare(link))}`;
  return [name, address, kind, stateCell(peer.transport, peer.state), roundTrip, loss];
}

function distantRows(hub: Peer): readonly Row[] {
  const others = [...hub.distant.values()].filter(({ number }) => number !== hostNumber);
  return others.map(({ name, address }) => [
    name,
    address === undefined || address === name ? "" : address,
    "",
    `in ${nameOf(hub)}'s room`,
  ]);
}

function stateCell(transport: string, state: Peer["state"]): string {
  return `${transport.toUpperCase()} ${stateGlyph(state)} ${state}`;
}
