/** A recording without a screen: its lines at their pace, as they were printed then. It loads neither React nor Ink. */

import type { RecordedEvent } from "../../replay/recorded-event.ts";
import { Replay } from "../../replay/recording.ts";
import type { Words } from "../../words/tables/words.ts";
import { AsyncFile } from "../files/async-file.ts";
import { exitNetwork, exitOk } from "../process/exit-code.ts";
import { formatJson } from "../output/json-output.ts";
import type { Options } from "../options/options.ts";
import { formatHappening, formatMessage } from "../output/plain-output.ts";
import { ReplayPlayer } from "./replay-player.ts";
import type { Running } from "../process/running.ts";
import { readRecordedReason } from "../../replay/recorded-reason.ts";

const lastWordsMs = 1000;

/** Plays to the end; `exit` is called once. */
export function runReplayLines(
  events: readonly RecordedEvent[],
  options: Options,
  words: Words,
  exit: (code: number) => void,
): Running {
  let failed = false;
  const stdout = new AsyncFile(1, () => {
    failed = true;
    void leave(exitNetwork);
  });
  const stderr = new AsyncFile(2, () => {});
  let printed = 0;
  const replay = new Replay(events, words);
  const print = (event: RecordedEvent): void => {
    if (options.output === "json") return stdout.write(formatJson(event) ?? "");
    const text = formatMessage(event) ?? ownLine(event);
    if (text !== undefined) return stdout.write(text);
    stderr.write(formatHappening(inWords(event, words), options.verbose) ?? "");
  };
  const leave = async (code: number): Promise<void> => {
    player.stop();
    await Promise.all([stdout.flush(lastWordsMs), stderr.flush(lastWordsMs)]);
    exit(failed ? exitNetwork : code);
  };
  const player = new ReplayPlayer({
    replay,
    onChange: () => {
      for (; printed < replay.position; printed += 1) print(events[printed]!);
      if (printed === events.length) void leave(exitOk);
    },
  });
  player.play();
  return { quit: (code) => void leave(code), abandon: () => player.stop() };
}

/** What happened, in the words of the person here; for programs they are English. */
function inWords(event: RecordedEvent, { word, inEnglish }: Words): RecordedEvent {
  return event.type === "state" ? { ...event, reason: word(readRecordedReason(event, inEnglish)) } : event;
}

/** What the person said then is told as well: nobody types it now. */
function ownLine(event: RecordedEvent): string | undefined {
  return event.type === "message" ? formatMessage({ ...event, direction: "in" }) : undefined;
}
