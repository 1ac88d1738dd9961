/** Private lines to members of other hubs: entries of the stream, sealed end to end where both ends have keys. */

import { messageMaxBytes } from "../../protocol/limits.ts";
import type { MessageFrame } from "../../protocol/frames/frame.ts";
import type { MessageEntry } from "../log/entry.ts";
import { describeKeyFacts, type KeyFacts } from "../log/key-marks.ts";
import { hostNumber, type SendContext, takeMessageId } from "../model/chat.ts";
import type { LocalMember } from "../model/peer.ts";
import type { SharedRoom } from "../model/shared-room.ts";
import type { HubMember } from "../model/hub-member.ts";
import type { Side } from "../model/side.ts";
import { identifyTarget } from "../outbound/addressees.ts";
import { cross, hereOnly } from "../outbound/crossing.ts";
import { makeOwnEntry, reportSentMessage } from "../outbound/own-message.ts";
import { followInHubs, noteSentEntry } from "../outbound/hub-receipts.ts";
import { addEntry } from "../report/report.ts";
import { findMemberKey } from "../room/member-keys.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { judgeSealed, judgeUnsealed } from "./message-keys.ts";
import { sealText } from "./sealed-lines.ts";

/** A line, and what crosses in its place. */
interface FarLine {
  readonly text: string;
  readonly sealed: string | undefined;
}

/** Sends a private message of the person; a text that is too long to be sealed as several. Returns the problem if that is impossible. */
export function sendToHubMember(
  chat: SendContext,
  side: Side,
  to: HubMember,
  text: string,
): Sentence | undefined {
  const { shared } = chat.room;
  if (shared === undefined || shared.isClosed || shared.numbered.get(to.number) !== to)
    return sentence("are-no-longer-here", { names: [to.name] });
  if (Buffer.byteLength(text) > messageMaxBytes) return sentence("too-long-for-message");
  const addressee = { kind: "hub", member: to } as const;
  const known = shared.ours && findMemberKey(chat.self, addressee);
  if (shared.ours === undefined || known?.epoch === undefined) {
    const facts = judgeUnsealed(chat.self, addressee);
    return sendLine(chat, side, shared, to, { text, sealed: undefined }, facts);
  }
  const lines = sealText(chat, shared.ours.pair, { ...known, epoch: known.epoch }, text);
  if (lines === undefined) return sentence("key-unusable", { name: to.name });
  const facts = judgeSealed(chat.self, addressee, known);
  for (const line of lines) {
    const problem = sendLine(chat, side, shared, to, line, facts);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function sendLine(
  chat: SendContext,
  side: Side,
  shared: SharedRoom,
  to: HubMember,
  line: FarLine,
  facts: KeyFacts,
): Sentence | undefined {
  const { text } = line;
  const keyRemarks = describeKeyFacts(facts, to.name);
  const entry: MessageEntry = {
    ...makeOwnEntry(chat, side, [], text),
    privateWith: to.name,
    privateTo: identifyTarget({ far: to }),
    ...(keyRemarks.length > 0 && { keyRemarks }),
    ...(shared.state.is !== "up" && { note: hereOnly }),
  };
  const author = { number: hostNumber, name: chat.self.name };
  const shown = chat.config.headless ? undefined : entry;
  const number = crossLine(chat, shared, author, to, { ...line, action: false }, shown);
  if (number === undefined) return sentence("too-much-waits");
  const id = takeMessageId(chat.ids);
  addEntry(chat, side, entry);
  const message = followInHubs(chat, side.transport, { id, entry: shown, to });
  noteSentEntry(shared, number, {
    ...{ author: hostNumber, originalId: id, message, to, isFarOnly: true, isConfirmed: false },
  });
  const peer = shared.hubs.get(to.hub)?.label;
  reportSentMessage(chat, side, id, [], { text, bytes: Buffer.byteLength(text), action: false, facts, peer });
  return undefined;
}

/** Sends a private line of a member here to one of another hub. Returns the reason if that is impossible. */
export function crossMemberLine(
  chat: SendContext,
  author: LocalMember,
  to: HubMember,
  { id, text, sealed, action = false }: MessageFrame,
): Sentence | undefined {
  const { shared } = chat.room;
  if (shared === undefined || shared.isClosed) return sentence("no-such-member");
  if (sealed !== undefined && to.introduced === undefined) return sentence("cannot-open-sealed");
  const number = crossLine(chat, shared, author, to, { text, sealed, action }, undefined);
  if (number === undefined) return sentence("too-much-waits");
  noteSentEntry(shared, number, {
    ...{
      author: author.number,
      originalId: id,
      message: undefined,
      to,
      isFarOnly: false,
      isConfirmed: false,
    },
  });
  return undefined;
}

/** Enqueues the entry of a line; returns its number. `shown`: it is marked until it has crossed. */
function crossLine(
  chat: SendContext,
  shared: SharedRoom,
  author: Pick<LocalMember, "number" | "name">,
  to: HubMember,
  { text, sealed, action }: FarLine & { readonly action: boolean },
  shown: MessageEntry | undefined,
): number | undefined {
  const { number: member, name } = author;
  const content = sealed === undefined ? { text } : { text: "", sealed };
  const entry = { type: "private", member, name, toHub: to.hub, to: to.at, ...content, action } as const;
  return cross(chat, shared, entry, { is: "shown", entry: shown });
}
