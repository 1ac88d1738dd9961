/** Reads a recording (`-o FILE.ndjson`) up to a bound of bytes and events. */

import { parseRecorded, type RecordedEvent } from "../../replay/recorded-event.ts";
import { replayEventsMax, replayFileMaxBytes } from "../../protocol/limits.ts";
import type { ShowReading } from "./reading-row.ts";
import { type InputText, readInputText } from "../files/input-file.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

/** So many take about 30 ms. */
const linesPerRow = 25_000;

export interface Recording {
  /** Sorted by time. */
  readonly events: readonly RecordedEvent[];
  /** Defined if the file has more than is shown. */
  readonly note: Sentence | undefined;
}

/**
 * Reads the file up to the bound; a sentence if it cannot be read. Synchronous, so it is for the start of the program
 * (input-file.ts).
 */
export function readRecording(path: string): InputText | Sentence {
  try {
    return readInputText(path, replayFileMaxBytes);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return sentence("recording-unreadable", { path, code: String(error.code) });
  }
}

/**
 * The events in the text of a recording; a sentence if it has none. `show` is called for each part that takes long to
 * read, and at the end if it was.
 */
export function parseRecording(
  path: string,
  { text, isTruncated }: InputText,
  show?: ShowReading,
): Recording | Sentence {
  const events: RecordedEvent[] = [];
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    if (index % linesPerRow === 0 && lines.length > linesPerRow) show?.(index / lines.length);
    const event = events.length < replayEventsMax ? parseRecorded(line) : undefined;
    if (event !== undefined) events.push(event);
  }
  if (lines.length > linesPerRow) show?.(1);
  if (events.length === 0) return sentence("recording-empty", { path });
  const isComplete = !isTruncated && events.length < replayEventsMax;
  const note = isComplete ? undefined : sentence("recording-goes-on", { events: events.length });
  // Sorted, because two runs may have written to the file at the same time.
  return { events: events.toSorted((one, other) => one.atMs - other.atMs), note };
}
