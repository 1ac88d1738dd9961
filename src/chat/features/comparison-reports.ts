/** Rows and reports of a comparison of keys. */

import type { ComparisonEnd } from "../../protocol/frames/frame.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { getSide, type ReportContext } from "../model/chat.ts";
import type { Comparison } from "../model/comparison.ts";
import type { Output } from "../model/output.ts";
import type { ConnectedAddressee } from "../model/side.ts";
import { getAddresseePath, nameAddressee } from "../outbound/addressees.ts";
import { mayReportPeers } from "../report/notice-limit.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { addNotice, report } from "../report/report.ts";

export function reportBegun(chat: ReportContext, other: ConnectedAddressee): void {
  const name = nameAddressee(other);
  addNotice(
    chat,
    getSide(chat, getAddresseePath(other).link),
    "info",
    sentence("comparison-begun", { name }),
    sentence("comparison-begun-hint", { name }),
  );
}

/** Shows the digits, which are known. One that another member began is shown at the pace of such notices. */
export function reportDigits(chat: ReportContext, comparison: Comparison): void {
  const { other, digits = "", isOurs } = comparison;
  const name = nameAddressee(other);
  const side = getSide(chat, getAddresseePath(other).link);
  reportComparison(chat, comparison, { event: "digits" });
  if (!isOurs && !mayReportPeers(chat, side)) return;
  const text = sentence(isOurs ? "comparison-digits" : "comparison-asked", { name, digits });
  addNotice(chat, side, "warning", text, sentence("comparison-digits-hint", { name }));
}

/** `who`: our person, or the other one. */
export function reportAgreed(chat: ReportContext, comparison: Comparison, who: "here" | "there"): void {
  const { other } = comparison;
  const name = nameAddressee(other);
  const side = getSide(chat, getAddresseePath(other).link);
  if (who === "here") return addNotice(chat, side, "info", sentence("comparison-agreed", { name }));
  reportComparison(chat, comparison, { event: "agreed" });
  addPeerNotice(
    chat,
    side,
    "info",
    sentence("comparison-other-agreed", { name }),
    sentence("comparison-answer-hint", { name }),
  );
}

export function reportVerified(chat: ReportContext, comparison: Comparison): void {
  const { other } = comparison;
  reportComparison(chat, comparison, { event: "verified" });
  addNotice(
    chat,
    getSide(chat, getAddresseePath(other).link),
    "info",
    sentence("comparison-verified", { name: nameAddressee(other) }),
  );
}

export function reportEnded(
  chat: ReportContext,
  comparison: Comparison,
  why: ComparisonEnd,
  isTheirs: boolean,
): void {
  const { other } = comparison;
  const name = nameAddressee(other);
  const reason = sentence("comparison-ended", {
    name,
    why,
    isTheirs,
    hadDigits: comparison.digits !== undefined,
  });
  reportComparison(chat, comparison, { event: "ended", reason });
  const isAlarm = why === "different" || why === "mismatch";
  addPeerNotice(
    chat,
    getSide(chat, getAddresseePath(other).link),
    isAlarm ? "warning" : "info",
    reason,
    isAlarm ? sentence("comparison-alarm-hint", { name }) : undefined,
  );
}

function reportComparison(
  chat: Pick<ReportContext, "wallMs" | "effects">,
  { other, key, digits }: Comparison,
  what: Pick<Extract<Output, { type: "verify" }>, "event" | "reason">,
): void {
  const { link } = getAddresseePath(other);
  const peer =
    other.kind === "remote" ? (other.member.address ?? `member ${other.member.number}`) : link.address;
  report(chat, {
    type: "verify",
    transport: link.transport,
    ...what,
    peer,
    name: nameAddressee(other),
    key,
    digits,
  });
}
