/** Reports a received message as an output. */

import { type Chat, takeMessageId, type ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { alone, type Place } from "../model/shared-room.ts";
import type { MessageSpans } from "../log/entry.ts";
import type { KeyFacts } from "../log/key-marks.ts";
import { getSecurity } from "../peer/seal.ts";
import { makeKeyFields } from "../outbound/own-message.ts";
import { report } from "../report/report.ts";
import { assignOutputId } from "../trace/span-outputs.ts";

/** A message as outputs name it. `bytes`: as received. */
interface ReceivedMessage {
  readonly name: string;
  readonly address: string;
  readonly text: string;
  readonly bytes: number;
  readonly action: boolean;
  readonly isPrivate: boolean;
  readonly spans: MessageSpans | undefined;
  readonly facts: KeyFacts;
}

/** Reports a message, if outputs carry messages, and assigns its id in outputs. */
export function reportReceivedMessage(
  chat: ReportContext & Pick<Chat, "peers">,
  peer: Peer,
  message: ReceivedMessage,
  place: Place = alone,
): void {
  if (!chat.config.reportMessages) return;
  const { name, address, text, bytes, action, isPrivate, spans, facts } = message;
  const id = takeMessageId(chat.ids);
  report(chat, {
    type: "message",
    transport: peer.link.transport,
    id,
    direction: "in",
    peer: address,
    name,
    text,
    bytes,
    action,
    ...(isPrivate ? { private: true } : {}),
    ...(place.is === "placed" ? { place: place.id } : {}),
    ...makeKeyFields(facts, getSecurity(peer.seal)),
    ...assignOutputId(chat, peer, id, spans),
  });
}
