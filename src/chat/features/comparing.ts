/**
 * `/verify`: two people compare digits, which are the same only if each has the other's key (SEALED.md, Comparing). Sends
 * and applies the steps; comparison-reports.ts words them.
 */

import { setBounded } from "../../protocol/bounded-map.ts";
import type { ComparisonEnd, ComparisonStep } from "../../protocol/frames/frame.ts";
import { commitTo, computeDigits, isCommittedTo } from "../../protocol/identity/comparison.ts";
import { formatKey, parseKey } from "../../protocol/identity/key-text.ts";
import {
  comparisonBurst,
  comparisonMs,
  comparisonPauseMs,
  comparisonsMax,
  comparisonStepMs,
} from "../../protocol/limits.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { SendContext } from "../model/chat.ts";
import type { Comparison } from "../model/comparison.ts";
import type { ConnectedAddressee } from "../model/side.ts";
import { getAddresseePath, isAddresseeHere, nameAddressee } from "../outbound/addressees.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { setRecognised } from "../peer/seal.ts";
import { getSessionKey, takeId } from "../records/key-source.ts";
import { reportPeer } from "../report/report.ts";
import { findMemberKey } from "../room/member-keys.ts";
import {
  reportAgreed,
  reportBegun,
  reportDigits,
  reportEnded,
  reportVerified,
} from "./comparison-reports.ts";

/** Sends a commitment. `key`: the other's, as text. */
export function beginComparison(chat: SendContext, other: ConnectedAddressee, key: string): void {
  const ourNumber = Buffer.from(takeId(chat.self.keys), "hex");
  const commitment = commitTo(ourNumber);
  const comparison = addComparison(chat, { other, key, commitment, ourNumber, isOurs: true });
  sendStep(chat, other, { step: "commit", of: comparison.id, value: commitment });
  reportBegun(chat, other);
}

/** The comparison with a member, unless the member has left. */
export function findComparison(chat: SendContext, other: ConnectedAddressee): Comparison | undefined {
  const comparison = chat.self.comparisons.running.get(getOtherKey(other));
  if (comparison === undefined || isAddresseeHere(chat, comparison.other)) return comparison;
  endComparison(chat, comparison, "absent");
  return undefined;
}

/** Why there is no key of a member to compare. */
export function explainNoKey(other: ConnectedAddressee): Sentence {
  const name = nameAddressee(other);
  if (other.kind === "remote" && other.host.seal.stage === "sealed")
    return sentence("no-key-to-compare", { name, why: "unnamed" });
  const isDuet = getAddresseePath(other).identity.kind === "duet";
  return sentence("no-key-to-compare", { name, why: isDuet ? "plain" : "raw" });
}

export function mayCompareMore({ self }: Pick<SendContext, "self">): boolean {
  return self.comparisons.running.size < comparisonsMax;
}

/** Our person sees the same digits as the other one. The digits are known. */
export function agree(chat: SendContext, comparison: Comparison): void {
  if (comparison.hasPersonAgreed) return reportAgreed(chat, comparison, "here");
  comparison.hasPersonAgreed = true;
  sendStep(chat, comparison.other, { step: "same", of: comparison.id });
  if (comparison.hasOtherAgreed) verify(chat, comparison);
  else reportAgreed(chat, comparison, "here");
}

/** Ends a comparison here, and at the other side. */
export function stopComparison(chat: SendContext, comparison: Comparison, why: ComparisonEnd): void {
  sendStep(chat, comparison.other, { step: "end", of: comparison.id, why });
  endComparison(chat, comparison, why);
}

/** A step of another member, in a sealed session. */
export function receiveStep(chat: SendContext, other: ConnectedAddressee, step: ComparisonStep): void {
  if (step.step === "commit") return answerCommitment(chat, other, step);
  const comparison = findComparison(chat, other);
  if (comparison === undefined || comparison.id !== step.of) return;
  switch (step.step) {
    case "number":
      return takeNumber(chat, comparison, Buffer.from(step.value, "hex"));
    case "reveal":
      return takeReveal(chat, comparison, Buffer.from(step.value, "hex"));
    case "same":
      return takeAgreement(chat, comparison);
    case "end":
      return endComparison(chat, comparison, step.why, true);
  }
  step satisfies never;
}

/** Ends the comparisons with members that have left. */
export function endComparisonsOfAbsent(chat: SendContext): void {
  for (const comparison of [...chat.self.comparisons.running.values()])
    if (!isAddresseeHere(chat, comparison.other)) endComparison(chat, comparison, "absent");
}

/** Ends the comparisons that have taken too long. */
export function endLateComparisons(chat: SendContext): void {
  for (const comparison of [...chat.self.comparisons.running.values()])
    if (comparison.dueMs <= chat.nowMs) stopComparison(chat, comparison, "late");
  armTimer(chat);
}

function answerCommitment(
  chat: SendContext,
  other: ConnectedAddressee,
  { of, value }: Extract<ComparisonStep, { step: "commit" }>,
): void {
  const refuse = (why: ComparisonEnd): void => sendStep(chat, other, { step: "end", of, why });
  const known = findMemberKey(chat.self, other);
  if (known === undefined) return refuse("absent");
  // A program's input is sent as it is, so nobody could agree.
  if (chat.config.headless) return refuse("unattended");
  const running = findComparison(chat, other);
  if (running === undefined) {
    if (!mayCompareMore(chat) || !takeBudget(chat, other)) return refuse("busy");
  } else {
    if (!running.isOurs || running.digits !== undefined) return refuse("busy");
    // Both have begun: the smaller commitment goes on.
    if (value === running.commitment) return stopComparison(chat, running, "mismatch");
    if (value > running.commitment) return;
  }
  const ourNumber = Buffer.from(takeId(chat.self.keys), "hex");
  addComparison(chat, { other, key: known.key, commitment: value, ourNumber, isOurs: false });
  sendStep(chat, other, { step: "number", of, value: Buffer.from(ourNumber).toString("hex") });
}

function takeNumber(chat: SendContext, comparison: Comparison, number: Uint8Array): void {
  if (!comparison.isOurs || comparison.digits !== undefined) return;
  const value = Buffer.from(comparison.ourNumber).toString("hex");
  sendStep(chat, comparison.other, { step: "reveal", of: comparison.id, value });
  showDigits(chat, comparison, number);
}

function takeReveal(chat: SendContext, comparison: Comparison, number: Uint8Array): void {
  if (comparison.isOurs || comparison.digits !== undefined) return;
  if (!isCommittedTo(comparison.commitment, number)) return stopComparison(chat, comparison, "mismatch");
  showDigits(chat, comparison, number);
}

function takeAgreement(chat: SendContext, comparison: Comparison): void {
  if (comparison.digits === undefined) return stopComparison(chat, comparison, "mismatch");
  if (comparison.hasOtherAgreed) return;
  comparison.hasOtherAgreed = true;
  if (comparison.hasPersonAgreed) verify(chat, comparison);
  else reportAgreed(chat, comparison, "there");
}

function showDigits(chat: SendContext, comparison: Comparison, theirNumber: Uint8Array): void {
  const theirKey = parseKey(comparison.key);
  // The key by which the other knows us, also after a renewal. As text, since a key has one form there.
  const { seal } = getAddresseePath(comparison.other);
  const ourKey = parseKey(formatKey(getSessionKey(chat.self.keys, seal.ours).publicKey));
  if (theirKey === undefined || ourKey === undefined) return;
  const ours = { key: ourKey, number: comparison.ourNumber };
  const theirs = { key: theirKey, number: theirNumber };
  comparison.digits = comparison.isOurs ? computeDigits(ours, theirs) : computeDigits(theirs, ours);
  comparison.dueMs = chat.nowMs + comparisonMs;
  armTimer(chat);
  reportDigits(chat, comparison);
}

/** Both people have agreed: the key is VERIFIED, in this run and for good. */
function verify(chat: SendContext, comparison: Comparison): void {
  const { other, key } = comparison;
  if (findMemberKey(chat.self, other)?.key !== key) return stopComparison(chat, comparison, "absent");
  removeComparison(chat, comparison);
  const name = nameAddressee(other);
  chat.effects.push({ type: "learn-peer", change: { is: "verified", key, name, atMs: chat.wallMs } });
  for (const peer of chat.peers.values()) {
    if (peer.seal.theirKey !== key || peer.seal.stage !== "sealed") continue;
    setRecognised(peer.seal, { is: "verified" }, key);
    reportPeer(chat, peer, "identified");
  }
  reportVerified(chat, comparison);
}

/** `isTheirs`: the other side has ended it. One that was never shown ends without a word. */
function endComparison(
  chat: SendContext,
  comparison: Comparison,
  why: ComparisonEnd,
  isTheirs = false,
): void {
  removeComparison(chat, comparison);
  if (comparison.isOurs || comparison.digits !== undefined || why === "mismatch")
    reportEnded(chat, comparison, why, isTheirs);
}

function addComparison(
  chat: SendContext,
  begun: Pick<Comparison, "other" | "key" | "commitment" | "ourNumber" | "isOurs">,
): Comparison {
  const comparison: Comparison = {
    ...begun,
    id: begun.commitment.slice(0, 16),
    digits: undefined,
    hasPersonAgreed: false,
    hasOtherAgreed: false,
    dueMs: chat.nowMs + comparisonStepMs,
  };
  chat.self.comparisons.running.set(getOtherKey(begun.other), comparison);
  armTimer(chat);
  return comparison;
}

function removeComparison(chat: SendContext, comparison: Comparison): void {
  comparison.ourNumber.fill(0);
  chat.self.comparisons.running.delete(getOtherKey(comparison.other));
  armTimer(chat);
}

function armTimer({ self, timers }: Pick<SendContext, "self" | "timers">): void {
  const due = [...self.comparisons.running.values()].map(({ dueMs }) => dueMs);
  if (due.length === 0) timers.clear({ kind: "comparison" });
  else timers.set({ kind: "comparison" }, Math.min(...due));
}

/** True if the member may begin one more comparison with us now. */
function takeBudget(
  { self, nowMs }: Pick<SendContext, "self" | "nowMs">,
  other: ConnectedAddressee,
): boolean {
  const { budgets } = self.comparisons;
  const key = getOtherKey(other);
  const { left, atMs } = budgets.get(key) ?? { left: comparisonBurst, atMs: nowMs };
  const earned = Math.min(comparisonBurst, left + (nowMs - atMs) / comparisonPauseMs);
  const isLeft = earned >= 1;
  const budget = { left: isLeft ? earned - 1 : earned, atMs: nowMs };
  setBounded(budgets, key, budget, comparisonBudgetsMax);
  return isLeft;
}

/** Members whose budgets are remembered. */
const comparisonBudgetsMax = 1024;

/** A member's frames may arrive by any of its paths. */
function getOtherKey(other: ConnectedAddressee): string {
  switch (other.kind) {
    case "local":
      return `local ${other.member.number}`;
    case "peer":
      return `peer ${other.peer.link.connection}`;
    case "remote":
      return `remote ${other.host.link.connection} ${other.member.number}`;
  }
}

function sendStep(chat: SendContext, other: ConnectedAddressee, step: ComparisonStep): void {
  if (!isAddresseeHere(chat, other)) return;
  const to = other.kind === "remote" ? { to: other.member.number } : {};
  sendFrameTo(chat, getAddresseePath(other), { type: "verify", ...step, ...to });
}
