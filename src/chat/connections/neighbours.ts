/**
 * Neighbours: duets of this machine at our endpoint over the other transport. Two that pair, one over TCP and one over
 * UDP, both listen and would wait for each other for ever, so each reports the other.
 */

import { neighbourLookMs } from "../../protocol/limits.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { cleanName } from "../../protocol/text/nicknames.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import type { FoundDuet } from "../config/open-request.ts";
import type { Chat, ReportContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import type { Pairing } from "../records/pairing.ts";
import { addNotice } from "../report/report.ts";
import { findDuet, formatTarget } from "./open.ts";

/** The side has paired by listening: looks for neighbours now and again, while nobody is here. */
export function watchNeighbours(
  chat: Pick<Chat, "nowMs" | "timers" | "effects" | "sides">,
  side: Pick<Side, "transport" | "isRaw" | "socket">,
  { mayJoin }: Pairing,
): void {
  side.socket.neighbour = undefined;
  if (mayJoin && !side.isRaw) look(chat, side);
}

/** Looks again. */
export function handleNeighbourTimer(
  chat: Pick<Chat, "nowMs" | "timers" | "effects" | "sides">,
  side: Pick<Side, "transport" | "socket">,
): void {
  look(chat, side);
}

function look(
  chat: Pick<Chat, "nowMs" | "timers" | "effects" | "sides">,
  { transport }: Pick<Side, "transport" | "socket">,
): void {
  chat.timers.set({ kind: "neighbours", of: transport }, chat.nowMs + neighbourLookMs);
  if (isAlone(chat, transport)) chat.effects.push({ type: "read-neighbours", transport: other(transport) });
}

/** Reports a neighbour once, until it is gone. `found`: the duets of this machine over `transport`. */
export function applyNeighbours(
  chat: ReportContext,
  transport: TransportName,
  found: readonly FoundDuet[],
): void {
  const side = chat.sides[other(transport)];
  const { local, role } = side.socket;
  if (role !== "listen" || local === undefined || local.family === "unix") return;
  if (!isAlone(chat, side.transport)) return;
  const target = { kind: "ip", host: local.address, port: local.port } as const;
  const neighbour = findDuet(found, target);
  const at = neighbour && formatNeighbour(neighbour);
  const known = side.socket.neighbour;
  side.socket.neighbour = at;
  if (neighbour === undefined || at === undefined || at === known) return;
  const name = cleanName(neighbour.name);
  const hint = sentence("neighbour-hint", { transport, isInChat: !chat.config.headless });
  addNotice(chat, side, "info", sentence("neighbour-waits", { name, at, transport }), hint);
}

/** `127.0.0.1:8080`; undefined for a UNIX path, which no neighbour has. */
function formatNeighbour({ endpoint }: FoundDuet): string | undefined {
  if (endpoint.family === "unix") return undefined;
  return formatTarget({ kind: "ip", host: endpoint.address, port: endpoint.port });
}

/** True if nobody is here, and no socket of the other transport that could meet the neighbour. */
function isAlone({ sides }: Pick<Chat, "sides">, transport: TransportName): boolean {
  const { isOpen, pairing } = sides[other(transport)].socket;
  return sides[transport].peers.size === 0 && !isOpen && pairing === undefined;
}

function other(transport: TransportName): TransportName {
  return transport === "tcp" ? "udp" : "tcp";
}
