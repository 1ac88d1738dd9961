/**
 * Reports socket calls with the messages that they moved. A recv is reported together with the messages that its bytes
 * turn out to be, and before them.
 */

import { lendBytes } from "../../protocol/borrowed-bytes.ts";
import { formatEndpoint } from "../../protocol/address/endpoint.ts";
import { wirePayloadMaxBytes } from "../../protocol/limits.ts";
import { type Called, getWirePart } from "../../protocol/sockets/socket-event.ts";
import type { Ledger, SendContext } from "../model/chat.ts";
import type { CallOutput, PendingCall } from "../model/pending-call.ts";
import type { SpanQueue } from "../spans/unreported-spans.ts";
import { makeCallLedger } from "./span-outputs.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Effect } from "../model/effect.ts";

/** `offset`: as in the output. */
export function reportCall(
  chat: SendContext,
  transport: TransportName,
  called: Called,
  offset: number | undefined,
): void {
  const { call, result, connection, sealed } = called;
  const { bytes, ofBytes } = getWirePart(called);
  const known = connection === undefined ? undefined : chat.peers.get(connection);
  const peer = called.peer === undefined ? known?.link.address : formatEndpoint(called.peer);
  const local = called.local && formatEndpoint(called.local);
  const base = { type: "call", atMs: chat.wallMs, transport } as const;
  const { reportPayloads } = chat.config;
  const payload = reportPayloads ? formatPayloadHex(getWirePart(called)) : undefined;
  const openedPayload = reportPayloads && sealed !== undefined ? formatPayloadHex(called) : undefined;
  const output: CallOutput = {
    ...base,
    call,
    result,
    bytes,
    ofBytes,
    offset,
    local,
    peer,
    connection,
    payload,
    ...(sealed && { opened: called.bytes ?? 0 }),
    ...(openedPayload !== undefined && { openedPayload }),
  };
  const moved = called.bytes;
  const unreported = known?.trace?.unreported;
  if (unreported === undefined) push(chat.effects, output);
  else if (call === "send" || call === "sendto")
    push(chat.effects, moved === undefined || moved === 0 ? output : addCallLedger(output, unreported.sent));
  else if (moved !== undefined && moved > 0) chat.ledger.pendingCall = { output, queue: unreported.received };
  else push(chat.effects, addCallLedger(output, unreported.received));
}

/** The recv that waits for the next event, which is here. */
export function takePendingCall(ledger: Ledger): PendingCall | undefined {
  const { pendingCall } = ledger;
  if (pendingCall !== undefined) ledger.pendingCall = undefined;
  return pendingCall;
}

/** Reports the pending recv after the next event, when its messages are recognised. */
export function reportPendingCall(effects: Effect[], { output, queue }: PendingCall): void {
  effects.unshift({ type: "report", output: addCallLedger(output, queue) });
}

function push(effects: Effect[], output: CallOutput): void {
  effects.push({ type: "report", output });
}

function addCallLedger(output: CallOutput, pieces: SpanQueue): CallOutput {
  if (pieces.length === 0) return output;
  const { offset } = output;
  // Of a sealed call, offsets count what it opened.
  const bytes = output.opened ?? output.bytes ?? 0;
  // A call without an offset follows all received bytes.
  const at = offset ?? Number.POSITIVE_INFINITY;
  return { ...output, ...makeCallLedger(pieces.takeTo(at + bytes), at, bytes) };
}

function formatPayloadHex({ payload, bytes = 0 }: ReturnType<typeof getWirePart>): string | undefined {
  if (payload === undefined || bytes === 0) return undefined;
  return lendBytes(payload.subarray(0, Math.min(bytes, wirePayloadMaxBytes))).toHex();
}
