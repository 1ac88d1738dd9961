/** Seals private lines end to end, and opens those that are received (SEALED.md, Private lines). */

import { formatKey, parseKey } from "../../protocol/identity/key-text.ts";
import { openPrivateLine, sealPrivateLine, splitPrivateText } from "../../protocol/sealed/private-line.ts";
import { noteReceivedLine } from "../../protocol/sealed/received-lines.ts";
import { getSide, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { breakRuns } from "../outbound/pending-receipts.ts";
import { isSealed } from "../peer/seal.ts";
import { getSessionKey, takeId, takeKeyPair } from "../records/key-source.ts";
import { takeSendingMs } from "../records/private-lines.ts";
import { mayReportPeers } from "../report/notice-limit.ts";
import { reportProblem } from "../report/report.ts";
import { type Author, findMemberKey, getOwnEpoch } from "../room/member-keys.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { judgeSealed, type ReadMessage, type SealingKey } from "./message-keys.ts";

/** A line, and what is sent in its place. */
interface SealedText {
  readonly text: string;
  readonly sealed: string;
}

/** Seals a text on the way to a peer, in several lines if it is too long for one. Undefined: the key is of low order. */
export function sealText(
  { self, wallMs }: Pick<SendContext, "self" | "wallMs">,
  { seal }: Pick<Peer, "seal">,
  { key, epoch }: SealingKey,
  text: string,
): readonly SealedText[] | undefined {
  const theirs = parseKey(key);
  if (theirs === undefined) return undefined;
  const ours = getSessionKey(self.keys, seal.ours);
  const lines: SealedText[] = [];
  for (const piece of splitPrivateText(text)) {
    const keys = { ours, ephemeral: takeKeyPair(self.keys), theirs };
    const atMs = takeSendingMs(self.privateLines, wallMs);
    const sealed = sealPrivateLine(keys, epoch, { atMs, id: takeId(self.keys), action: false, text: piece });
    if (sealed === undefined) return undefined;
    lines.push({ text: piece, sealed });
  }
  return lines;
}

/** Opens a line for us. Undefined: it cannot be opened, or is repeated, and that is reported. */
export function openLine(
  chat: SendContext,
  peer: Peer,
  author: Author,
  sealed: string,
): ReadMessage | undefined {
  const { self } = chat;
  const opened = isSealed(peer.seal)
    ? openPrivateLine(getSessionKey(self.keys, peer.seal.ours), getOwnEpoch(self), sealed)
    : undefined;
  if (opened === undefined) return refuseLine(chat, peer, author, "private-line-unreadable");
  const key = formatKey(opened.from);
  const known = self.people.source.readKnown();
  const isNew = noteReceivedLine(self.privateLines.received, key, opened, (other) => known.has(other));
  if (!isNew) return refuseLine(chat, peer, author, "private-line-repeated");
  const { text, action } = opened;
  const members = findMemberKey(self, author.member);
  if (members?.key === key) return { author, text, action, facts: judgeSealed(self, author.member, members) };
  const unknown = { name: `key ${key.slice(0, shownKeyUnits)}`, address: key };
  return { author: unknown, text, action, facts: { key, marks: ["unknown-key"] } };
}

/** So much of a key stands for the name of its owner. */
const shownKeyUnits = 8;

/** Nothing is shown, and no receipt is sent. */
function refuseLine(
  chat: SendContext,
  peer: Peer,
  { name }: Author,
  why: "private-line-unreadable" | "private-line-repeated",
): undefined {
  const side = getSide(chat, peer.link);
  breakRuns(peer);
  if (mayReportPeers(chat, side))
    reportProblem(chat, side, "EPROTO", sentence(why, { name }), sentence("private-line-hint"));
}
