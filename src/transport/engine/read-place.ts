/** The place up to which a hub has read the room's stream, and where it reads on after an absence. */

import type { EngineEvent } from "../../protocol/hubs/engine-event.ts";
import { comparePlaces } from "../../protocol/hubs/room-entry.ts";
import { engineReadAgainMs } from "../../protocol/limits.ts";
import type { StreamFacts } from "./room-records.ts";

type Epoch = Extract<EngineEvent, { type: "up" }>["epoch"];

/** How far the stream was read. */
export interface ReadPlace {
  readonly run: string;
  readonly id: string;
  /** The count of entries that were ever added up to it; undefined: unknown, after a failover. */
  readonly index: number | undefined;
}

/** An entry that was read, and is neither there nor older than what was trimmed, was lost in a failover. */
export function findEpoch(
  read: ReadPlace | undefined,
  run: string,
  { lastId, firstId, hasRead }: StreamFacts,
): Epoch {
  if (read === undefined) return "first";
  if (read.run !== run) return "emptied";
  if (comparePlaces(lastId, read.id) < 0) return "failed-over";
  const isTrimmed = firstId === undefined || comparePlaces(read.id, firstId) < 0;
  return hasRead || isTrimmed ? "same" : "failed-over";
}

/** Entries that were added after the last one that was read, and are not there any more. */
export function countMissed(read: ReadPlace | undefined, { length, added }: StreamFacts): number {
  return read?.index === undefined ? 0 : Math.max(0, added - length - read.index);
}

/** Where the stream is read on in that epoch. */
export function findReadPlace(
  epoch: Epoch,
  read: ReadPlace | undefined,
  run: string,
  { lastId, added }: StreamFacts,
): ReadPlace {
  if (epoch === "first" || read === undefined) return { run, id: lastId, index: added };
  if (epoch === "emptied") return { run, id: "0-0", index: 0 };
  if (epoch === "same") return read;
  // Entries that were read already are known by their hub and number.
  const againMs = Math.max(0, readMs(read.id) - engineReadAgainMs);
  return { run, id: `${againMs}-0`, index: undefined };
}

function readMs(id: string): number {
  return Number(id.split("-")[0] ?? 0);
}

/** The id and text of each entry in the reply of an XREAD, an object in RESP3 and a list in RESP2. */
export function readStreamReply(
  reply: unknown,
  stream: string,
): readonly { readonly id: string; readonly text: string }[] {
  if (typeof reply !== "object" || reply === null) return [];
  const list: unknown = Array.isArray(reply)
    ? (reply as readonly (readonly unknown[])[])[0]?.[1]
    : (reply as Readonly<Record<string, unknown>>)[stream];
  if (!Array.isArray(list)) return [];
  return (list as readonly (readonly [string, readonly string[] | null])[]).map(([id, fields]) => ({
    id,
    text: fields?.[0] === "e" ? (fields[1] ?? "") : "",
  }));
}
