/** Seals private lines end to end, and opens those that are received (SEALED.md, Private lines). */

import { formatKey, parseKey } from "../../protocol/identity/key-text.ts";
import type { KeyPair } from "../../protocol/noise/x25519.ts";
import { openPrivateLine, sealPrivateLine, splitPrivateText } from "../../protocol/sealed/private-line.ts";
import { noteReceivedLine } from "../../protocol/sealed/received-lines.ts";
import { getSide, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
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

/** Seals a text with our key `ours`, in several lines if it is too long for one. Undefined: the key is of low order. */
export function sealText(
  { self, wallMs }: Pick<SendContext, "self" | "wallMs">,
  ours: KeyPair,
  { key, epoch }: SealingKey,
  text: string,
): readonly SealedText[] | undefined {
  const theirs = parseKey(key);
  if (theirs === undefined) return undefined;
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
  const ours = isSealed(peer.seal) ? getSessionKey(chat.self.keys, peer.seal.ours) : undefined;
  const read = openSealed(chat, ours, author, sealed);
  if (typeof read !== "string") return read;
  breakRuns(peer);
  return refuseLine(chat, getSide(chat, peer.link), author, read);
}

/** Why a private line is not shown. */
type RefusedLine = "private-line-unreadable" | "private-line-repeated";

/** Opens a line that was sealed for our key `ours`. */
export function openSealed(
  { self }: Pick<SendContext, "self">,
  ours: KeyPair | undefined,
  author: Author,
  sealed: string,
): ReadMessage | RefusedLine {
  const opened = ours && openPrivateLine(ours, getOwnEpoch(self), sealed);
  if (opened === undefined) return "private-line-unreadable";
  const key = formatKey(opened.from);
  const known = self.people.source.readKnown();
  const isNew = noteReceivedLine(self.privateLines.received, key, opened, (other) => known.has(other));
  if (!isNew) return "private-line-repeated";
  const { text, action } = opened;
  const members = findMemberKey(self, author.member);
  if (members?.key === key) return { author, text, action, facts: judgeSealed(self, author.member, members) };
  const unknown = { name: `key ${key.slice(0, shownKeyUnits)}`, address: key };
  return { author: unknown, text, action, facts: { key, marks: ["unknown-key"] } };
}

/** So much of a key stands for the name of its owner. */
const shownKeyUnits = 8;

/** Nothing is shown, and no receipt is sent. */
export function refuseLine(
  chat: SendContext,
  side: Side,
  { name }: Pick<Author, "name">,
  why: RefusedLine,
): undefined {
  if (mayReportPeers(chat, side))
    reportProblem(chat, side, "EPROTO", sentence(why, { name }), sentence("private-line-hint"));
}
