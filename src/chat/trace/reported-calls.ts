/**
 * Reports socket calls with the messages that they moved. A recv is reported together with the messages that its bytes
 * turn out to be, and before them.
 */

import { formatEndpoint } from "../../protocol/address/endpoint.ts";
import { wirePayloadMaxBytes } from "../../protocol/limits.ts";
import type { Called } from "../../protocol/sockets/socket-event.ts";
import type { Chat } from "../model/chat.ts";
import type { CallTold, HeldCall } from "../model/held-call.ts";
import type { Side } from "../model/side.ts";
import type { UntoldPieces } from "../spans/unreported-spans.ts";
import { ledgerOfCall } from "./reported-spans.ts";

/** `offset`: as in the output. */
export function reportCall(chat: Chat, side: Side, called: Called, offset: number | undefined): void {
  const { call, result, connection, bytes, ofBytes } = called;
  const known = connection === undefined ? undefined : chat.peers.get(connection);
  const peer = called.peer === undefined ? known?.link.address : formatEndpoint(called.peer);
  const local = called.local && formatEndpoint(called.local);
  const base = { type: "call", atMs: chat.nowMs, transport: side.transport } as const;
  const payload = chat.config.tellPayloads ? hexOf(called) : undefined;
  const told: CallTold = { ...base, call, result, bytes, ofBytes, offset, local, peer, connection, payload };
  const untold = known?.trace?.untold;
  if (untold === undefined) push(chat, told);
  else if (call === "send" || call === "sendto")
    push(chat, bytes === undefined || bytes === 0 ? told : withPieces(told, untold.left));
  else if (bytes !== undefined && bytes > 0) chat.ledger.heldCall = { told, came: untold.came };
  else push(chat, withPieces(told, untold.came));
}

/** Reports the held recv after the next event, when its messages are recognised. */
export function reportHeldCall(chat: Chat, { told, came }: HeldCall): void {
  chat.effects.unshift({ type: "tell", output: withPieces(told, came) });
}

function push(chat: Chat, output: CallTold): void {
  chat.effects.push({ type: "tell", output });
}

function withPieces(told: CallTold, pieces: UntoldPieces): CallTold {
  if (pieces.length === 0) return told;
  const { offset, bytes = 0 } = told;
  // A call without an offset follows all received bytes.
  const at = offset ?? Number.POSITIVE_INFINITY;
  return { ...told, ...ledgerOfCall(pieces.takeTo(at + bytes), at, bytes) };
}

/** The payload is borrowed. */
function hexOf({ payload, bytes = 0 }: Called): string | undefined {
  if (payload === undefined || bytes === 0) return undefined;
  const { buffer, byteOffset } = payload;
  return Buffer.from(buffer, byteOffset, Math.min(bytes, payload.length, wirePayloadMaxBytes)).toString(
    "hex",
  );
}
