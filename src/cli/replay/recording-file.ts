/** Reads a recording (`-o FILE.ndjson`) up to a bound of bytes and events. */

import fs from "node:fs";
import { parseRecorded, type RecordedEvent } from "../../replay/recorded-event.ts";
import { replayEventsMax, replayFileMaxBytes } from "../../protocol/limits.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

export type Recording =
  /** Events sorted by time. `note` is defined if the file has more than is shown. */
  | {
      readonly kind: "recording";
      readonly events: readonly RecordedEvent[];
      readonly note: Sentence | undefined;
    }
  | { readonly kind: "problem"; readonly problem: Sentence };

/** Reads and parses the file synchronously, because nothing can be shown before. */
export function readRecording(path: string): Recording {
  try {
    return parseRecording(path, readText(path));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const problem = sentence("recording-unreadable", { path: cleanText(path), code: String(error.code) });
    return { kind: "problem", problem };
  }
}

interface RecordingText {
  readonly text: string;
  /** True if the file is longer than the bound. */
  readonly isTruncated: boolean;
}

function readText(path: string): RecordingText {
  const descriptor = fs.openSync(path, "r");
  try {
    const bytes = Buffer.alloc(Math.min(fs.fstatSync(descriptor).size, replayFileMaxBytes + 1));
    const length = fs.readSync(descriptor, bytes, 0, bytes.length, 0);
    const text = bytes.toString("utf8", 0, Math.min(length, replayFileMaxBytes));
    return { text, isTruncated: length > replayFileMaxBytes };
  } finally {
    fs.closeSync(descriptor);
  }
}

function parseRecording(path: string, { text, isTruncated }: RecordingText): Recording {
  const events: RecordedEvent[] = [];
  for (const line of text.split("\n")) {
    const event = events.length < replayEventsMax ? parseRecorded(line) : undefined;
    if (event !== undefined) events.push(event);
  }
  if (events.length === 0)
    return { kind: "problem", problem: sentence("recording-empty", { path: cleanText(path) }) };
  const isComplete = !isTruncated && events.length < replayEventsMax;
  const note = isComplete ? undefined : sentence("recording-goes-on", { events: events.length });
  // Sorted, because two runs may have written to the file at the same time.
  return { kind: "recording", events: events.toSorted((one, other) => one.atMs - other.atMs), note };
}
