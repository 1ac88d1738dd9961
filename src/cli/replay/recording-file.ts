/** Reads a recording, `-o FILE.ndjson`, within a bound: its events in order of time, or a sentence why there are none. */

import fs from "node:fs";
import { parseRecorded, type RecordedEvent } from "../../replay/recorded-event.ts";
import { replayEventsMax, replayFileMaxBytes } from "../../protocol/limits.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

export type Recording =
  /** `note`: what of the file is not shown, and why. */
  | {
      readonly kind: "recording";
      readonly events: readonly RecordedEvent[];
      readonly note: Sentence | undefined;
    }
  | { readonly kind: "problem"; readonly problem: Sentence };

/** Synchronous: nothing is shown before it is read. */
export function readRecording(path: string): Recording {
  try {
    return parseRecording(path, ...readStart(path));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const problem = sentence("recording-unreadable", { path: cleanText(path), code: String(error.code) });
    return { kind: "problem", problem };
  }
}

/** As much of the file as the bound allows, and whether that is not all. */
function readStart(path: string): readonly [string, boolean] {
  const descriptor = fs.openSync(path, "r");
  try {
    const bytes = Buffer.alloc(Math.min(fs.fstatSync(descriptor).size, replayFileMaxBytes + 1));
    const length = fs.readSync(descriptor, bytes, 0, bytes.length, 0);
    const isCut = length > replayFileMaxBytes;
    return [bytes.toString("utf8", 0, Math.min(length, replayFileMaxBytes)), isCut];
  } finally {
    fs.closeSync(descriptor);
  }
}

function parseRecording(path: string, text: string, isCut: boolean): Recording {
  const lines = text.split("\n");
  const events: RecordedEvent[] = [];
  for (const line of lines) {
    const event = events.length < replayEventsMax ? parseRecorded(line) : undefined;
    if (event !== undefined) events.push(event);
  }
  if (events.length === 0)
    return { kind: "problem", problem: sentence("recording-empty", { path: cleanText(path) }) };
  const whole = !isCut && events.length < replayEventsMax;
  const note = whole ? undefined : sentence("recording-goes-on", { events: events.length });
  // Two runs may have written at once.
  return { kind: "recording", events: events.toSorted((one, other) => one.atMs - other.atMs), note };
}
