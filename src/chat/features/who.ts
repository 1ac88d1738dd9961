/** `/who`: the members as a table. */

import { formatEndpoint } from "../../protocol/address/endpoint.ts";
import { whoRowsMax } from "../../protocol/limits.ts";
import { type Chat, hostNumber, nameOf } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { nameHere } from "../outbound/recipients.ts";
import { stateGlyph } from "../records/connection-state.ts";
import { notice } from "../report/report.ts";
import { linkMeasures, lossShare } from "./measures.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Cell } from "../../words/parts/table.ts";

type TableRow = readonly Cell<Sentence>[];

/** Shows the members of the active side's room. */
export function tellWho(chat: Chat, side: Side): void {
  const others = side.socket.role === "listen" ? [...chat.peers.values()] : [...side.peers.values()];
  const rows = [ourRow(chat, side), ...others.flatMap((peer) => [peerRow(peer), ...distantRows(peer)])];
  const table = { rows: rows.slice(0, whoRowsMax) };
  for (const at of table.rows.keys()) notice(chat, side, "info", sentence("row", { table, at }));
  if (rows.length > whoRowsMax)
    notice(chat, side, "info", sentence("and-more", { more: rows.length - whoRowsMax }));
}

function ourRow(chat: Chat, side: Side): TableRow {
  const local = side.socket.local === undefined ? "" : formatEndpoint(side.socket.local);
  return [nameHere(chat, side), local, sentence("you"), stateCell(side.transport, side.socket.state)];
}

function peerRow(peer: Peer): TableRow {
  const name = nameOf(peer);
  const { smoothedMs: ms } = peer.liveness.roundTrip;
  const roundTrip = ms === undefined ? "" : sentence("duration", { ms });
  const address = name === peer.link.address ? "" : peer.link.address;
  const link = linkMeasures(peer);
  const loss = link === undefined ? "" : sentence("loss", { share: lossShare(link) });
  return [name, address, kindCell(peer), stateCell(peer.link.transport, peer.link.state), roundTrip, loss];
}

function distantRows(hub: Peer): readonly TableRow[] {
  const others = [...hub.hubRoom.members.values()].filter(({ number }) => number !== hostNumber);
  return others.map(({ name, address }) => [
    name,
    address === undefined || address === name ? "" : address,
    "",
    sentence("in-room-of", { name: nameOf(hub) }),
  ]);
}

function kindCell({ identity: { kind } }: Peer): Cell<Sentence> {
  if (kind === "raw") return sentence("kind-raw");
  return kind === "unknown" ? "?" : kind;
}

function stateCell(transport: string, state: Peer["link"]["state"]): string {
  return `${transport.toUpperCase()} ${stateGlyph(state)} ${state}`;
}
