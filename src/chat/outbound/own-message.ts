/** The person's own message, as an entry of the conversation and as an output. */

import { type Chat, takeEntryId, type ReportContext } from "../model/chat.ts";
import type { Peer, LocalMember } from "../model/peer.ts";
import { alone, type Place } from "../model/shared-room.ts";
import type { Side } from "../model/side.ts";
import type { EntryPath, MessageEntry } from "../log/entry.ts";
import type { Config } from "../config/config.ts";
import { type KeyFacts, noKeyFacts } from "../log/key-marks.ts";
import type { Output } from "../model/output.ts";
import { findLeastSecure, getSecurity, type Security } from "../peer/seal.ts";
import { report } from "../report/report.ts";
import { getNameHere, findPath } from "./recipients.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";

/** Creates the entry of the person's message to these peers. */
export function makeOwnEntry(
  chat: Pick<Chat, "wallMs" | "self" | "ids">,
  side: Pick<Side, "transport" | "socket" | "peers">,
  peers: readonly Pick<Peer, "link">[],
  text: string,
): MessageEntry {
  return {
    kind: "message",
    id: takeEntryId(chat.ids),
    atMs: chat.wallMs,
    direction: "out",
    over: findPathOf(peers, side.transport),
    name: getNameHere(chat.self, side),
    colourKey: `us ${side.transport}`,
    text,
    growing: false,
    action: false,
  };
}

/** The transport of all these peers, `both`, or without a peer that of the side. */
function findPathOf(peers: readonly Pick<Peer, "link">[], transport: TransportName): EntryPath {
  const first = peers[0]?.link.transport ?? transport;
  return peers.every(({ link }) => link.transport === first) ? first : "both";
}

/** The transport that a sent message is reported with: its path, or the side's own if it went over both. */
export function findReportedTransport(
  peers: readonly Pick<Peer, "link">[],
  transport: TransportName,
): TransportName {
  const path = findPathOf(peers, transport);
  return path === "both" ? transport : path;
}

/** True if sent messages and their receipts are reported: a reader that only prints (`reportLines`) shows neither. */
export function isSendingReported({ reportMessages, reportLines }: Config): boolean {
  return reportMessages && !reportLines;
}

/** A sent message as outputs have it. `bytes`: as sent to raw peers. */
interface ReportedMessage {
  readonly text: string;
  readonly bytes: number;
  readonly action: boolean;
  readonly place?: Place;
  readonly facts?: KeyFacts;
  /** The hub of the only addressee. */
  readonly peer?: string | undefined;
}

/** Reports a sent message. */
export function reportSentMessage(
  chat: ReportContext & Pick<Chat, "self">,
  side: Pick<Side, "transport" | "socket" | "peers">,
  id: number,
  peers: readonly Peer[],
  { text, bytes, action, place = alone, facts = noKeyFacts, peer }: ReportedMessage,
): void {
  if (!isSendingReported(chat.config)) return;
  const only = peers.length === 1 ? peers[0] : undefined;
  report(chat, {
    type: "message",
    transport: findReportedTransport(peers, side.transport),
    id,
    direction: "out",
    peer: peer ?? only?.link.address ?? "room",
    name: getNameHere(chat.self, side),
    text,
    bytes,
    action,
    ...(place.is === "placed" ? { place: place.id } : {}),
    ...makeKeyFields(facts, findLeastSecure(peers.map(({ seal }) => getSecurity(seal)))),
  });
}

/** `security`: of the connections. */
export function makeKeyFields(
  { key, marks }: KeyFacts,
  security: Security,
): Pick<Extract<Output, { type: "message" }>, "security" | "key" | "marks"> {
  return {
    ...(key === undefined ? { security } : { security: "end-to-end", key }),
    ...(marks.length > 0 && { marks }),
  };
}

/** The path and name for answering a member in private. */
export function getMemberTarget(
  member: LocalMember,
  transport: TransportName,
): { readonly peer: Peer; readonly name: string } {
  return { peer: findPath(member, transport), name: member.name };
}
