/**
 * What must hold in every simulated afternoon, whatever the network did: each line shown once and in order, no receipt
 * that lies, what was not delivered said so, and every bound kept.
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
import { audienceFor } from "../../src/chat/outbound/fanout-groups.ts";
import type { Duet } from "../support/chat-world.ts";
import { findOrphanTimers } from "../support/timer-owners.ts";
import type { Cast } from "./whole-chats.ts";

/** A line that somebody said. */
export interface Line {
  readonly number: number;
  readonly text: string;
  readonly by: Duet;
  readonly atMs: number;
  /** How many others it was for, as far as the speaker knew. */
  readonly hears: number;
  readonly alone?: Duet;
}

type Heard = ReadonlyMap<Duet, ReadonlyMap<string, number>>;

function promise(kept: boolean, what: () => string): asserts kept {
  if (!kept) throw new Error(what());
}

/** What holds at every moment. */
export function checkAlways({ present }: Cast): void {
  for (const { chat } of present) {
    let units = 0;
    for (const peer of chat.peers.values()) {
      const {
        outbound: { delivery, enqueuedAlone, share },
        receipts: { awaited, pending: owed },
      } = peer;
      promise(share?.group === audienceFor(chat.room, peer), () => "a peer is in the wrong audience");
      promise(enqueuedAlone >= 0, () => "fewer than no bytes are enqueued");
      promise(awaited.length <= receiptsAwaitedMax, () => "too many receipts are awaited");
      promise((owed?.unread.length ?? 0) <= receiptRangesMax, () => "too many runs are owed");
      if (delivery === undefined) continue;
      const { sender, receiver } = delivery;
      promise(sender.units <= outQueueMaxBytes + partsMax * 1200, () => "a sender holds too much");
      promise(receiver.outOfOrderBytes <= outOfOrderMaxBytes, () => "a receiver holds too much");
      promise(receiver.outOfOrderBytes <= deliveryAheadMax * 1200, () => "a sender ran too far ahead");
      units += sender.units + receiver.outOfOrderBytes;
    }
    promise(chat.deliveryUnits === units, () => `${chat.deliveryUnits} units are counted, and ${units} held`);
    promise(chat.room.relayedIds.length <= relayedIdsMax, () => "too many relayed ids");
    promise(
      chat.timers.all().length <= 8 + chat.peers.size * 6,
      () => `${chat.timers.all().length} deadlines are set`,
    );
    const past = findOrphanTimers(chat);
    promise(past.length === 0, () => `${past[0]?.kind} is set, and its owner is gone`);
  }
}

/** What holds when all is quiet. */
export function checkEnd(cast: Cast) {
  const heard = new Map(cast.everybody.map((duet) => [duet, countHeard(duet)]));
  for (const duet of cast.everybody) if (!wasRaw(duet)) checkOnceInOrder(cast, duet, heard.get(duet)!);
  let undelivered = 0;
  let received = 0;
  const told = new Map(cast.everybody.map((duet) => [duet, stagesOf(duet)]));
  for (const line of cast.lines) {
    const stages = told.get(line.by)?.get(line.text) ?? new Set();
    if (stages.has("undelivered")) undelivered += 1;
    if (stages.has("received")) received += 1;
    checkReceipts(line, stages, heard, cast.everybody.some(wasRaw) ? 1 : line.hears);
    if (!wasRaw(line.by) && cast.present.has(line.by) && stages.size > 0)
      checkHonest(cast, line, stages, heard);
  }
  checkTogether(cast);
  for (const { chat } of cast.present)
    for (const {
      outbound: { delivery },
    } of chat.peers.values())
      promise(delivery?.sender.isEmpty !== false, () => `${chat.self.name} still sends`);
  return { lines: cast.lines.length, undelivered, received };
}

/** Whoever is still there is in the room again, whatever happened on the way, and knows who else is, and by which name. */
function checkTogether({ present, hub }: Cast): void {
  const here = new Set([...hub.chat.room.members.values()].map(({ name }) => name));
  for (const member of present) {
    if (member === hub || wasRaw(member) || member.exitCode !== undefined) continue;
    const { name } = member.chat.self;
    promise(here.has(name), () => `${name} is not in the room any more`);
    const [peer] = member.chat.peers.values();
    promise(peer?.hubRoom.ourNumber !== undefined, () => `${name} does not know that it is in the room`);
    const others = (members: Iterable<{ readonly number: number; readonly name: string }>): string =>
      [...members]
        .filter(({ number }) => number !== hostNumber && number !== peer.hubRoom.ourNumber)
        .sort((one, other) => one.number - other.number)
        .map(({ number, name: called }) => `${number} ${called}`)
        .join(", ");
    const known = others(peer.hubRoom.members.values());
    const there = others(hub.chat.room.members.values());
    promise(
      known === there,
      () => `${name} knows of ${known || "nobody"}, and ${there || "nobody"} is there`,
    );
  }
}

/** Its greetings were all lost, so that it spoke plain text: UDP as it is, which promises nothing. */
function wasRaw(duet: Duet): boolean {
  return (
    duet.chat.self.name !== "hub" &&
    duet.outputs.some((output) => output.type === "peer" && output.kind === "raw")
  );
}

function countHeard(duet: Duet): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const output of duet.outputs)
    if (output.type === "message" && output.direction === "in")
      counts.set(output.text, (counts.get(output.text) ?? 0) + 1);
  return counts;
}

function checkOnceInOrder(cast: Cast, duet: Duet, counts: ReadonlyMap<string, number>): void {
  const numbers = new Map(cast.lines.map((line) => [line.text, line]));
  const last = new Map<Duet, number>();
  for (const output of duet.outputs) {
    if (output.type !== "message" || output.direction !== "in") continue;
    const line = numbers.get(output.text);
    promise(line !== undefined, () => `${duet.chat.self.name} saw what nobody said`);
    if (wasRaw(line.by)) continue;
    const count = counts.get(line.text);
    promise(count === 1, () => `${duet.chat.self.name} saw line ${line.number} ${count} times`);
    promise(
      line.alone === undefined || line.alone.chat.self.name === duet.chat.self.name,
      () => `${duet.chat.self.name} saw a private line`,
    );
    promise(
      (last.get(line.by) ?? -1) < line.number,
      () => `${duet.chat.self.name} saw line ${line.number} late`,
    );
    last.set(line.by, line.number);
  }
}

/** What speakers were told of their lines, by text; what is not there was never handed over. */
function stagesOf(duet: Duet): ReadonlyMap<string, ReadonlySet<string>> {
  const texts = new Map<number, string>();
  const stages = new Map<string, Set<string>>();
  for (const output of duet.outputs) {
    if (output.type === "message" && output.direction === "out") {
      texts.set(output.id, output.text);
      stages.set(output.text, new Set(["said"]));
    } else if (output.type === "receipt") stages.get(texts.get(output.id) ?? "")?.add(output.stage);
  }
  return stages;
}

/** A receipt says that somebody saw it: then they did. */
function checkReceipts(line: Line, stages: ReadonlySet<string>, heard: Heard, by: number): void {
  const saw = [...heard].filter(([, counts]) => counts.has(line.text)).length;
  if (!stages.has("received")) {
    promise(!stages.has("read"), () => `line ${line.number} was read, but not received`);
    return;
  }
  promise(saw >= Math.max(1, by), () => `line ${line.number} was received by ${by}, and seen by ${saw}`);
}

/** Whoever is still here knows what became of what they said to whom they speak with directly. */
function checkHonest(cast: Cast, line: Line, stages: ReadonlySet<string>, heard: Heard): void {
  if (line.alone !== undefined || line.hears === 0) return;
  // A stranger's line may wait its turn at a hub that crashes then: it is known to be sent, and no more is said.
  if (cast.isFar && cast.harsh) return;
  if (line.by === cast.hub) return checkHost(cast, line, stages, heard);
  const hubs = [...heard].filter(([duet]) => duet.chat.self.name === "hub");
  const seen = hubs.some(([, counts]) => counts.has(line.text));
  promise(seen || stages.has("undelivered"), () => `line ${line.number} was lost without a word`);
  if (!cast.harsh) promise(seen, () => `line ${line.number} was lost, and nothing happened to the network`);
}

/** The host speaks with every member directly. */
function checkHost(cast: Cast, line: Line, stages: ReadonlySet<string>, heard: Heard): void {
  if (cast.everybody.some(wasRaw)) return;
  const saw = [...heard].filter(([, counts]) => counts.has(line.text)).length;
  promise(
    saw >= line.hears || stages.has("undelivered"),
    () => `the host's line ${line.number} was lost without a word`,
  );
}
