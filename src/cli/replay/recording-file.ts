/** Reads a recording (`-o FILE.ndjson`) up to a bound of bytes and events. */

import { parseRecorded, type RecordedEvent } from "../../replay/recorded-event.ts";
import { replayEventsMax, replayFileMaxBytes } from "../../protocol/limits.ts";
import { type InputText, readInputText } from "../files/input-file.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

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

/** The events in the text of a recording; a sentence if it has none. */
export function parseRecording(path: string, { text, isTruncated }: InputText): Recording | Sentence {
  const events: RecordedEvent[] = [];
  for (const line of text.split("\n")) {
    const event = events.length < replayEventsMax ? parseRecorded(line) : undefined;
    if (event !== undefined) events.push(event);
  }
  if (events.length === 0) return sentence("recording-empty", { path });
  const isComplete = !isTruncated && events.length < replayEventsMax;
  const note = isComplete ? undefined : sentence("recording-goes-on", { events: events.length });
  // Sorted, because two runs may have written to the file at the same time.
  return { events: events.toSorted((one, other) => one.atMs - other.atMs), note };
}
