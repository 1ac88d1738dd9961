/** `/who`: everybody here as one block, a line each, in columns that line up. */

import { formatEndpoint } from "../../protocol/address/endpoint.ts";
import { whoRowsMax } from "../../protocol/limits.ts";
import { formatPercent, formatRoundTrip } from "../../protocol/text/quantities.ts";
import { type Chat, hostNumber, nameOf } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import type { TableRow } from "../log/composed.ts";
import { nameHere } from "../outbound/recipients.ts";
import { stateGlyph } from "../records/connection-state.ts";
import { notice, noticeOf } from "../report/report.ts";
import { linkMeasures, lossShare } from "./measures.ts";

/** Tells who is in the room of the side that is looked at. */
export function tellWho(chat: Chat, side: Side): void {
  const others = side.socket.role === "listen" ? [...chat.peers.values()] : [...side.peers.values()];
  const rows = [ourRow(chat, side), ...others.flatMap((peer) => [peerRow(peer), ...distantRows(peer)])];
  const table = { rows: rows.slice(0, whoRowsMax), wordsFrom: 2 };
  for (const at of table.rows.keys()) noticeOf(chat, side, "info", { is: "row", table, at });
  if (rows.length > whoRowsMax) notice(chat, side, "info", `and ${rows.length - whoRowsMax} more`);
}

function ourRow(chat: Chat, side: Side): TableRow {
  const local = side.socket.local === undefined ? "" : formatEndpoint(side.socket.local);
  return [nameHere(chat, side), local, "you", stateCell(side.transport, side.socket.state)];
}

function peerRow(peer: Peer): TableRow {
  const name = nameOf(peer);
  const kind = peer.identity.kind === "unknown" ? "?" : peer.identity.kind;
  const roundTrip =
    peer.liveness.roundTrip.smoothedMs === undefined
      ? ""
      : formatRoundTrip(peer.liveness.roundTrip.smoothedMs);
  const address = name === peer.link.address ? "" : peer.link.address;
  const link = linkMeasures(peer);
  const loss = link === undefined ? "" : `loss ${formatPercent(lossShare(link))}`;
  return [name, address, kind, stateCell(peer.link.transport, peer.link.state), roundTrip, loss];
}

function distantRows(hub: Peer): readonly TableRow[] {
  const others = [...hub.hubRoom.members.values()].filter(({ number }) => number !== hostNumber);
  return others.map(({ name, address }) => [
    name,
    address === undefined || address === name ? "" : address,
    "",
    `in ${nameOf(hub)}'s room`,
  ]);
}

function stateCell(transport: string, state: Peer["link"]["state"]): string {
  return `${transport.toUpperCase()} ${stateGlyph(state)} ${state}`;
}
