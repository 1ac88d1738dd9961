/** Sends private messages of the person: sealed end to end where the addressee can open that. */

import type { MessageFrame } from "../../protocol/frames/frame.ts";
import type { MessageEntry } from "../log/entry.ts";
import { describeKeyFacts, type KeyFacts, noKeyFacts } from "../log/key-marks.ts";
import { hostNumber, type SendContext, takeMessageId } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { HubMember } from "../model/hub-member.ts";
import type { Side } from "../model/side.ts";
import { makeOwnEntry, reportSentMessage } from "../outbound/own-message.ts";
import { identifyTarget } from "../outbound/addressees.ts";
import { canReceive } from "../outbound/recipients.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { followMessage } from "../outbound/sent-messages.ts";
import { addEntry } from "../report/report.ts";
import { getSessionKey } from "../records/key-source.ts";
import { findReceiver } from "../room/member-keys.ts";
import type { SpanOwners } from "../spans/message-spans.ts";
import { beginSentSpans } from "../trace/enqueued-spans.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { findSealingKey, judgeSealed, judgeUnsealed } from "./message-keys.ts";
import { countSentBytes, findSizeProblem, sendToRaw } from "./typed-messages.ts";

/** The path to a member, its number behind a host, and its name. */
interface ConnectedTarget {
  readonly peer: Peer;
  readonly number?: number;
  readonly name: string;
}

/** `far`: a member of another hub. */
type PrivateTarget = ConnectedTarget | { readonly far: HubMember; readonly name: string };

/** A message for one member. `sealed`: the ciphertext that is sent in place of the text. `again`: as of a TypedMessage. */
interface PrivateMessage {
  readonly text: string;
  readonly sealed: string | undefined;
  readonly facts: KeyFacts;
  readonly again: number | undefined;
}

/**
 * Sends a private message to one member; a text that is too long to be sealed as several. Returns the problem if that is
 * impossible. `again`: as of a TypedMessage.
 */
export function sendPrivateMessage(
  chat: SendContext,
  side: Side,
  to: PrivateTarget,
  text: string,
  again?: number,
): Sentence | undefined {
  if ("far" in to) {
    const { sendToHubMember } = require("./hub-lines.ts") as typeof import("./hub-lines.ts");
    return sendToHubMember(chat, side, to.far, text);
  }
  const { peer, number, name } = to;
  if (!canReceive(peer) || (peer.identity.kind === "unknown" && !peer.identity.isIntroduced))
    return sentence("takes-no-lines", { who: name });
  if (findSizeProblem(peer, text) !== undefined) return sentence("too-long-for-message");
  const receiver = peer.identity.kind === "duet" ? findReceiver(peer, number) : undefined;
  const key = receiver && findSealingKey(chat.self, peer, receiver);
  if (receiver === undefined || key === undefined) {
    const facts = receiver === undefined ? noKeyFacts : judgeUnsealed(chat.self, receiver);
    return void sendOne(chat, side, to, { text, sealed: undefined, facts, again });
  }
  // Loaded with the first line that is sealed: most chats have none.
  const { sealText } = require("./sealed-lines.ts") as typeof import("./sealed-lines.ts");
  const lines = sealText(chat, getSessionKey(chat.self.keys, peer.seal.ours), key, text);
  if (lines === undefined) return sentence("key-unusable", { name });
  const facts = judgeSealed(chat.self, receiver, key);
  // A host that has the id drops a message that is sent again: the lines behind the first are new to it.
  for (const [index, line] of lines.entries())
    sendOne(chat, side, to, { ...line, facts, again: index === 0 ? again : undefined });
  return undefined;
}

function sendOne(chat: SendContext, side: Side, to: ConnectedTarget, message: PrivateMessage): void {
  const { peer, number, name } = to;
  const { text, facts, again } = message;
  const id = takeMessageId(chat.ids);
  const owners = beginSentSpans(chat, id);
  const spans = owners?.of[0];
  if (peer.identity.kind === "duet") sendFrameTo(chat, peer, makeFrame(to, id, message), { owners });
  else sendAsText(chat, side, peer, text, owners);
  const keyRemarks = describeKeyFacts(facts, name);
  const entry: MessageEntry = {
    ...makeOwnEntry(chat, side, [peer], text),
    privateWith: name,
    privateTo: identifyTarget(to),
    spans,
    ...(keyRemarks.length > 0 && { keyRemarks }),
  };
  addEntry(chat, side, entry);
  followMessage(chat, peer.link.transport, {
    id,
    again,
    // Without a screen no entry is followed.
    entry: chat.config.headless ? undefined : entry,
    spans,
    peers: [peer],
    to: peer.link.isInbound ? undefined : (number ?? hostNumber),
  });
  const raw = peer.identity.kind === "duet" ? [] : [peer];
  const bytes = countSentBytes(chat.config, raw, text, false);
  reportSentMessage(chat, side, id, [peer], { text, bytes, action: false, facts });
}

function makeFrame(
  { peer: { link, membership }, number = hostNumber }: ConnectedTarget,
  id: number,
  { text, sealed, again }: PrivateMessage,
): MessageFrame {
  const ends = link.isInbound ? { from: hostNumber, to: membership.member?.number ?? 0 } : { to: number };
  const content = sealed === undefined ? { text } : { text: "", sealed };
  return { type: "message", id, ...content, ...ends, ...(again === undefined ? {} : { again }) };
}

function sendAsText(
  chat: SendContext,
  side: Side,
  peer: Peer,
  text: string,
  owners: SpanOwners | undefined,
): void {
  sendToRaw(chat, side, [peer], { text, continues: false, action: false, isPrivate: true, owners });
}
