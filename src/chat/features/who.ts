/** `/who`: the members as a table. */

import { formatEndpoint } from "../../protocol/address/endpoint.ts";
import { whoRowsMax } from "../../protocol/limits.ts";
import { type Chat, hostNumber, getName, type ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { getNameHere } from "../outbound/recipients.ts";
import { getStateGlyph } from "../records/connection-state.ts";
import { addNotice } from "../report/report.ts";
import { measureLink, computeLossShare } from "./link-measures.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Cell } from "../../words/parts/table.ts";
import type { Identity } from "../peer/identity.ts";
import type { Self } from "../model/chat.ts";

type TableRow = readonly Cell<Sentence>[];

/** Shows the members of the active side's room. */
export function showMembers(chat: ReportContext & Pick<Chat, "self" | "peers" | "room">, side: Side): void {
  const others =
    side.socket.role === "listen"
      ? [...chat.peers.values()].filter(({ link: { isInbound } }) => isInbound)
      : [...side.peers.values()];
  const near = [
    makeOurRow(chat.self, side),
    ...others.flatMap((peer) => [makePeerRow(peer), ...makeRemoteRows(peer)]),
  ];
  const { shared } = chat.room;
  if (shared !== undefined && side.socket.role === "listen") {
    const { showRoomMembers } = require("./who-hubs.ts") as typeof import("./who-hubs.ts");
    return showRoomMembers(chat, side, near, shared);
  }
  const table = { rows: near.slice(0, whoRowsMax) };
  for (const at of table.rows.keys()) addNotice(chat, side, "info", sentence("row", { table, at }));
  if (near.length > whoRowsMax)
    addNotice(chat, side, "info", sentence("and-more", { more: near.length - whoRowsMax }));
}

function makeOurRow(self: Self, side: Pick<Side, "transport" | "socket" | "peers">): TableRow {
  const local = side.socket.local === undefined ? "" : formatEndpoint(side.socket.local);
  return [getNameHere(self, side), local, sentence("you"), makeStateCell(side.transport, side.socket.state)];
}

function makePeerRow(peer: Peer): TableRow {
  const name = getName(peer);
  const { smoothedMs: ms } = peer.liveness.roundTrip;
  const roundTrip = ms === undefined ? "" : sentence("duration", { ms });
  const address = name === peer.link.address ? "" : peer.link.address;
  const link = measureLink(peer.outbound);
  const loss = link === undefined ? "" : sentence("loss", { share: computeLossShare(link) });
  return [
    name,
    address,
    makeKindCell(peer.identity),
    makeStateCell(peer.link.transport, peer.link.state),
    roundTrip,
    loss,
  ];
}

function makeRemoteRows(host: Pick<Peer, "identity" | "membership" | "hostRoom">): readonly TableRow[] {
  const others = [...host.hostRoom.members.values()].filter(({ number }) => number !== hostNumber);
  return others.map(({ name, address }) => [
    name,
    address === undefined || address === name ? "" : address,
    "",
    sentence("in-room-of", { name: getName(host) }),
  ]);
}

function makeKindCell({ kind }: Identity): Cell<Sentence> {
  if (kind === "raw") return sentence("kind-raw");
  return kind === "unknown" ? "?" : kind;
}

function makeStateCell(transport: string, state: Peer["link"]["state"]): string {
  return `${transport.toUpperCase()} ${getStateGlyph(state)} ${state}`;
}
