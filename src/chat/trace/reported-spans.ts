/**
 * Links messages and calls in outputs: the messages in a call's bytes, and the spans of a message or receipt. Offsets
 * count as `offset` of a call does.
 */

import { reportedSpansMax } from "../../protocol/limits.ts";
import type { CallName } from "../../protocol/sockets/socket-call.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Carried, CarriedRange } from "../log/entry.ts";
import type { CallLedger, CarriedTold, CarriesTold, MessageLedger } from "../spans/reported-spans.ts";
import type { Piece } from "../spans/unreported-spans.ts";

/** The spans within a call for `bytes` from `offset` on, and those of earlier calls that were recognised only now. */
export function ledgerOfCall(pieces: readonly Piece[], offset: number, bytes: number): CallLedger {
  const carries: CarriesTold[] = [];
  const earlier: CarriesTold[] = [];
  let carriesMore = false;
  for (const { what, of, start, end } of pieces) {
    const isWithin = start < offset + bytes && end > offset;
    carriesMore ||= of.length === 0;
    for (const { id } of of) {
      // A message that is not reported yet will report its own spans.
      if (id === undefined) continue;
      if (carries.length + earlier.length < reportedSpansMax)
        (isWithin ? carries : earlier).push({ id, what, start, end });
      else carriesMore = true;
    }
  }
  return {
    ...(carries.length > 0 && { carries }),
    ...(earlier.length > 0 && { earlier }),
    ...(carriesMore && { carriesMore }),
  };
}

/** Gives a message of this peer its id in outputs, and returns its spans so far; undefined if outputs carry none. */
export function toldAs(
  chat: Chat,
  speaker: Peer,
  id: number,
  carried: Carried | undefined,
): MessageLedger | undefined {
  if (carried === undefined || !chat.config.tellCarried) return undefined;
  carried.id = id;
  return ledgerOf(chat, speaker, carried);
}

function ledgerOf(chat: Chat, speaker: Peer, { ranges, isCut = false }: Carried): MessageLedger {
  const carried: CarriedTold[] = [];
  let carriedMore = isCut;
  for (const range of ranges) {
    const places = typeof range.on === "number" ? [{ connection: range.on, at: 0 }] : range.on;
    for (const { connection, at } of places) {
      const peer = connection === speaker.link.connection ? speaker : chat.peers.get(connection);
      // A peer that has left can no longer be matched with its calls.
      if (peer === undefined || carried.length === reportedSpansMax) carriedMore = true;
      else carried.push(toldPiece(peer, range, at));
    }
  }
  return carriedMore ? { carried, carriedMore } : { carried };
}

/** One span of a peer's stream, as outputs show it. */
export function toldPiece(peer: Peer, { what, way, start, end }: CarriedRange, at = 0): CarriedTold {
  const { transport, connection, address } = peer.link;
  const call = callFor(transport, way);
  return { what, call, connection, peer: address, start: at + start, end: at + end };
}

function callFor(transport: Peer["link"]["transport"], way: CarriedRange["way"]): CallName {
  if (transport === "tcp") return way === "in" ? "recv" : "send";
  return way === "in" ? "recvfrom" : "sendto";
}
