/** Shows and reports a text of a member of another hub. */

import type { MessageEntry } from "../log/entry.ts";
import { describeKeyFacts, type KeyFacts } from "../log/key-marks.ts";
import { type SendContext, takeEntryId, takeMessageId } from "../model/chat.ts";
import type { Hub } from "../model/shared-room.ts";
import type { HubMember } from "../model/hub-member.ts";
import { makeKeyFields } from "../outbound/own-message.ts";
import { addEntry, report } from "../report/report.ts";
import { findHostSide } from "./host-side.ts";

/** `id`: its place in the stream. `privateWith`: a private line's. */
interface HubText {
  readonly id: string;
  readonly text: string;
  readonly action: boolean;
  readonly facts: KeyFacts;
  readonly privateWith: "you" | undefined;
}

/** `name`: its author's. */
export function showHubText(
  chat: SendContext,
  hub: Hub,
  { name, at }: Pick<HubMember, "name" | "at">,
  { id, text, action, facts, privateWith }: HubText,
): void {
  const side = findHostSide(chat);
  const base = { direction: "in", name, text, action } as const;
  if (chat.config.reportMessages)
    report(chat, {
      type: "message",
      ...base,
      transport: side.transport,
      id: takeMessageId(chat.ids),
      peer: hub.label,
      bytes: Buffer.byteLength(text),
      ...(privateWith === undefined ? {} : { private: true }),
      place: id,
      ...makeKeyFields(facts, "plain"),
    });
  if (chat.config.headless) return;
  const keyRemarks = describeKeyFacts(facts, name);
  const entry: MessageEntry = {
    kind: "message",
    ...base,
    id: takeEntryId(chat.ids),
    atMs: chat.wallMs,
    over: side.transport,
    colourKey: `${hub.id} ${at}`,
    address: hub.label === name ? undefined : hub.label,
    growing: false,
    ...(privateWith === undefined ? {} : { privateWith }),
    ...(keyRemarks.length > 0 && { keyRemarks }),
  };
  addEntry(chat, side, entry);
}
