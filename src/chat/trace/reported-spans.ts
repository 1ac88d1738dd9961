/**
 * The ledger for who reads events: what a call carried of messages that were told before it, and where among the calls a
 * message, or a receipt, has come. Both count as `offset` does. It notes nothing: what is known is in the pieces.
 */

import { reportedSpansMax } from "../../protocol/limits.ts";
import type { CallName } from "../../protocol/sockets/socket-call.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Carried, CarriedRange } from "../log/entry.ts";
import type { CallLedger, CarriedTold, CarriesTold, MessageLedger } from "../spans/reported-spans.ts";
import type { Piece } from "../spans/unreported-spans.ts";

/** Of a call for `bytes` from `offset` on: what is in these, and what calls before it have brought and is known only now. */
export function ledgerOfCall(pieces: readonly Piece[], offset: number, bytes: number): CallLedger {
  const carries: CarriesTold[] = [];
  const earlier: CarriesTold[] = [];
  let carriesMore = false;
  for (const { what, of, start, end } of pieces) {
    const isWithin = start < offset + bytes && end > offset;
    carriesMore ||= of.length === 0;
    for (const { id } of of) {
      // What is not told yet will say by itself where it was.
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

/** A message of this peer is told as `id`: where it came, as far as that is known by now. undefined: nobody is told. */
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
      // Who is gone has no name any more by which a call could be found.
      if (peer === undefined || carried.length === reportedSpansMax) carriedMore = true;
      else carried.push(toldPiece(peer, range, at));
    }
  }
  return carriedMore ? { carried, carriedMore } : { carried };
}

/** A piece of one peer's stream, as it is told. */
export function toldPiece(peer: Peer, { what, way, start, end }: CarriedRange, at = 0): CarriedTold {
  const { transport, connection, address } = peer.link;
  const call = callFor(transport, way);
  return { what, call, connection, peer: address, start: at + start, end: at + end };
}

function callFor(transport: Peer["link"]["transport"], way: CarriedRange["way"]): CallName {
  if (transport === "tcp") return way === "in" ? "recv" : "send";
  return way === "in" ? "recvfrom" : "sendto";
}
