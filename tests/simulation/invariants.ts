/**
 * Invariants of every simulated chat, whatever the network did: each line is shown once and in order, receipts are true,
 * undelivered lines are reported, and no bound is exceeded.
 */

import { hostNumber } from "../../src/chat/model/chat.ts";
import {
  outOfOrderMaxBytes,
  deliveryAheadMax,
  outQueueMaxBytes,
  partsMax,
  receiptRangesMax,
  receiptsAwaitedMax,
  relayedIdsMax,
} from "../../src/protocol/limits.ts";
import { audienceFor } from "../../src/chat/outbound/audiences.ts";
import type { Duet } from "../support/chat-world.ts";
import { findOrphanTimers } from "../support/timer-owners.ts";
import type { ManInTheMiddle } from "./man-in-the-middle.ts";
import type { Cast } from "./whole-chats.ts";

/** A line that a member sent. */
export interface Line {
  readonly number: number;
  readonly text: string;
  readonly by: Duet;
  readonly atMs: number;
  /** Number of recipients, as far as the author knew. */
  readonly audience: number;
  readonly alone?: Duet;
}

/** The facts of a finished chat, each gathered once. */
interface Ended {
  readonly receivedBy: ReadonlyMap<Duet, ReadonlyMap<string, number>>;
  /** Receipt stages that were reported to each author, by text. A line that was never sent is missing. */
  readonly stagesOf: ReadonlyMap<Duet, ReadonlyMap<string, ReadonlySet<string>>>;
  /** The duets all of whose greetings were lost. */
  readonly raw: ReadonlySet<Duet>;
}

function check(holds: boolean, describe: () => string): asserts holds {
  if (!holds) throw new Error(describe());
}

/** Checks the invariants of every moment. */
export function checkAlways({ present, encrypt }: Cast): void {
  for (const { chat } of present) {
    let units = 0;
    for (const peer of chat.peers.values()) {
      const isPlainDuet = peer.identity.kind === "duet" && peer.seal.stage === "none";
      check(encrypt !== "require" || !isPlainDuet, () => `${chat.self.name} has a duet in the clear`);
      const {
        outbound: { delivery, enqueuedAlone, share },
        receipts: { awaited, pending },
      } = peer;
      check(share?.group === audienceFor(chat.room, peer), () => "a peer is in the wrong audience");
      check(enqueuedAlone >= 0, () => "fewer than no bytes are enqueued");
      check(awaited.length <= receiptsAwaitedMax, () => "too many receipts are awaited");
      check((pending?.unread.length ?? 0) <= receiptRangesMax, () => "too many receipt ranges are pending");
      if (delivery === undefined) continue;
      const { sender, receiver } = delivery;
      check(sender.units <= outQueueMaxBytes + partsMax * 1200, () => "a sender keeps too much");
      check(receiver.outOfOrderBytes <= outOfOrderMaxBytes, () => "a receiver keeps too much");
      check(receiver.outOfOrderBytes <= deliveryAheadMax * 1200, () => "a sender ran too far ahead");
      units += sender.units + receiver.outOfOrderBytes;
    }
    check(
      chat.deliveryUnits === units,
      () => `${chat.deliveryUnits} units are counted, and ${units} are kept`,
    );
    check(chat.room.relayedIds.length <= relayedIdsMax, () => "too many relayed ids");
    check(
      chat.timers.all().length <= 8 + chat.peers.size * 6,
      () => `${chat.timers.all().length} deadlines are set`,
    );
    const past = findOrphanTimers(chat);
    check(past.length === 0, () => `${past[0]?.kind} is set without an owner`);
  }
}

/** Checks the invariants of the end, when nothing is under way. */
export function checkEnd(cast: Cast) {
  const ended: Ended = {
    receivedBy: new Map(cast.everybody.map((duet) => [duet, countReceived(duet)])),
    stagesOf: new Map(cast.everybody.map((duet) => [duet, collectStages(duet)])),
    raw: new Set(cast.everybody.filter(wasRaw)),
  };
  for (const duet of cast.everybody) if (!ended.raw.has(duet)) checkOnceInOrder(cast, duet, ended);
  let undelivered = 0;
  let received = 0;
  for (const line of cast.lines) {
    const stages = ended.stagesOf.get(line.by)?.get(line.text) ?? new Set();
    if (stages.has("undelivered")) undelivered += 1;
    if (stages.has("received")) received += 1;
    const isAudienceKnown = !stages.has("undelivered") && ended.raw.size === 0;
    checkReceipts(line, stages, ended, isAudienceKnown ? line.audience : 1);
    if (!ended.raw.has(line.by) && cast.present.has(line.by) && stages.size > 0)
      checkReported(cast, line, stages, ended);
  }
  checkMembership(cast, ended);
  for (const { chat } of cast.present)
    for (const {
      outbound: { delivery },
    } of chat.peers.values())
      check(delivery?.sender.isEmpty !== false, () => `${chat.self.name} still sends`);
  return { lines: cast.lines.length, undelivered, received };
}

/**
 * The invariants of an attacked chat. Lines may be lost, and members be refused; but each one shown was sent by its author,
 * once, to whom it was for. A host shows what is no duet as raw, in the clear and under its address.
 */
export function checkSafety(cast: Cast, { forged }: ManInTheMiddle) {
  const lines = new Map(cast.lines.map((line) => [line.text, line]));
  const names = new Set(cast.everybody.map(({ chat }) => chat.self.name));
  let received = 0;
  for (const duet of cast.everybody) {
    const { name: own } = duet.chat.self;
    const shown = new Set<string>();
    for (const output of duet.outputs) {
      if (output.type !== "message" || output.direction !== "in") continue;
      const { name, text, security } = output;
      // Whoever is no duet: at a host in the clear, and at its members what the host relays of it.
      if (security === "plain" || /^[\d.]+:\d+(~\d+)?$/.test(name)) {
        check(!names.has(name), () => `${own} showed "${text}" in the clear as ${name}'s`);
        check(security !== "plain" || own === "hub", () => `${own} showed "${text}" in the clear`);
        continue;
      }
      const line = lines.get(text);
      check(line !== undefined && !forged.has(text), () => `${own} showed "${text}", which nobody sent`);
      const author = line.by.chat.self.name.replace(/-too$/, "");
      check(
        name.replace(/(-too)?(~\d+)?$/, "") === author,
        () => `${own} showed ${author}'s line as ${name}'s`,
      );
      check(!shown.has(text), () => `${own} showed line ${line.number} once more`);
      shown.add(text);
      check(
        line.alone === undefined || line.alone.chat.self.name === own,
        () => `${own} showed a private line`,
      );
      received += 1;
    }
  }
  return { lines: cast.lines.length, undelivered: 0, received };
}

/** All members that are still running are in the room, and each knows the number and name of every other. */
function checkMembership({ present, hub }: Cast, { raw }: Ended): void {
  const inRoom = new Set([...hub.chat.room.members.values()].map(({ name }) => name));
  for (const member of present) {
    if (member === hub || raw.has(member) || member.exitCode !== undefined) continue;
    const { name } = member.chat.self;
    check(inRoom.has(name), () => `${name} is not in the room any more`);
    const [peer] = member.chat.peers.values();
    check(peer?.hostRoom.ourNumber !== undefined, () => `${name} has not received its member number`);
    const others = (members: Iterable<{ readonly number: number; readonly name: string }>): string =>
      [...members]
        .filter(({ number }) => number !== hostNumber && number !== peer.hostRoom.ourNumber)
        .sort((one, other) => one.number - other.number)
        .map(({ number, name: called }) => `${number} ${called}`)
        .join(", ");
    const known = others(peer.hostRoom.members.values());
    const there = others(hub.chat.room.members.values());
    check(
      known === there,
      () => `${name} knows ${known || "nobody"}, and ${there || "nobody"} is in the room`,
    );
  }
}

/** True if all of its greetings were lost, so that it sent plain text over UDP, which guarantees nothing. */
function wasRaw(duet: Duet): boolean {
  return (
    duet.chat.self.name !== "hub" &&
    duet.outputs.some(
      (output) =>
        (output.type === "peer" && output.kind === "raw") ||
        // One that requires sealing leaves instead.
        (output.type === "state" &&
          /is no duet that encrypts|PLAIN where it was encrypted before|handshake was not complete|was no greeting/.test(
            output.reason,
          )),
    )
  );
}

function countReceived(duet: Duet): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const output of duet.outputs)
    if (output.type === "message" && output.direction === "in")
      counts.set(output.text, (counts.get(output.text) ?? 0) + 1);
  return counts;
}

function checkOnceInOrder(cast: Cast, duet: Duet, { receivedBy, stagesOf, raw }: Ended): void {
  const counts = receivedBy.get(duet)!;
  const numbers = new Map(cast.lines.map((line) => [line.text, line]));
  const last = new Map<Duet, number>();
  for (const output of duet.outputs) {
    if (output.type !== "message" || output.direction !== "in") continue;
    const line = numbers.get(output.text);
    check(line !== undefined, () => `${duet.chat.self.name} showed a line that nobody sent`);
    if (raw.has(line.by)) continue;
    const count = counts.get(line.text);
    check(count === 1, () => `${duet.chat.self.name} showed line ${line.number} ${count} times`);
    check(
      line.alone === undefined || line.alone.chat.self.name === duet.chat.self.name,
      () => `${duet.chat.self.name} showed a private line`,
    );
    // A line that was lost with its connection goes out once more, behind those that were typed since.
    if (stagesOf.get(line.by)?.get(line.text)?.has("undelivered") === true) continue;
    check(
      (last.get(line.by) ?? -1) < line.number,
      () => `${duet.chat.self.name} showed line ${line.number} late`,
    );
    last.set(line.by, line.number);
  }
}

function collectStages(duet: Duet): ReadonlyMap<string, ReadonlySet<string>> {
  const texts = new Map<number, string>();
  const stages = new Map<string, Set<string>>();
  for (const output of duet.outputs) {
    if (output.type === "message" && output.direction === "out") {
      texts.set(output.id, output.text);
      // A line that was lost with its connection goes out once more, to those who are in the room then.
      if (!stages.has(output.text)) stages.set(output.text, new Set(["said"]));
    } else if (output.type === "receipt") stages.get(texts.get(output.id) ?? "")?.add(output.stage);
  }
  return stages;
}

/** A line with a receipt was shown to that many recipients. */
function checkReceipts(line: Line, stages: ReadonlySet<string>, { receivedBy }: Ended, by: number): void {
  const shownBy = [...receivedBy].filter(([, counts]) => counts.has(line.text)).length;
  if (!stages.has("received")) {
    check(!stages.has("read"), () => `line ${line.number} was read, but not received`);
    return;
  }
  check(
    shownBy >= Math.max(1, by),
    () => `line ${line.number} was received by ${by}, and shown by ${shownBy}`,
  );
}

/** The host has received each line of a member that is still running, or the line was reported as undelivered. */
function checkReported(cast: Cast, line: Line, stages: ReadonlySet<string>, ended: Ended): void {
  if (line.alone !== undefined || line.audience === 0) return;
  // A stranger's line may be throttled at a host that then crashes: its receipt stays at sent.
  if (cast.isFar && cast.harsh) return;
  if (line.by === cast.hub) return checkHost(line, stages, ended);
  const hubs = [...ended.receivedBy].filter(([duet]) => duet.chat.self.name === "hub");
  const seen = hubs.some(([, counts]) => counts.has(line.text));
  check(seen || stages.has("undelivered"), () => `line ${line.number} was lost without a report`);
  if (!cast.harsh) check(seen, () => `line ${line.number} was lost, and nothing happened to the network`);
}

/** The host is connected to every member, so each of them has received its lines. */
function checkHost(line: Line, stages: ReadonlySet<string>, { receivedBy, raw }: Ended): void {
  if (raw.size > 0) return;
  const shownBy = [...receivedBy].filter(([, counts]) => counts.has(line.text)).length;
  check(
    shownBy >= line.audience || stages.has("undelivered"),
    () => `the host's line ${line.number} was lost without a report`,
  );
}
