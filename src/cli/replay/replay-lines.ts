/** Replays a recording as lines, or as events with --json, at its own pace. Loads neither React nor Ink. */

import type { RecordedEvent } from "../../replay/recorded-event.ts";
import { Replay } from "../../replay/recording.ts";
import type { Words } from "../../words/tables/words.ts";
import { StandardOutput } from "../files/standard-output.ts";
import { exitFlushMs, exitNetwork, exitOk } from "../process/exit-code.ts";
import { formatJson } from "../output/json-output.ts";
import type { Options } from "../options/options.ts";
import { formatEvent, formatMessage } from "../output/plain-output.ts";
import { ReplayPlayer } from "./replay-player.ts";
import type { Running } from "../process/running.ts";
import { readRecordedReason } from "../../replay/recorded-reason.ts";

/** Plays the recording to its end. `exit` is called once. */
export function runReplayLines(
  events: readonly RecordedEvent[],
  options: Options,
  words: Words,
  exit: (code: number) => void,
): Running {
  let hasOutputFailed = false;
  const onError = (): void => {
    hasOutputFailed = true;
    void flushAndExit(exitNetwork);
  };
  const stdout = new StandardOutput(1, { onError });
  const stderr = new StandardOutput(2);
  let printedEvents = 0;
  const replay = new Replay(events, words);
  const print = (event: RecordedEvent): void => {
    if (options.output === "json") return stdout.print(formatJson(event) ?? "");
    const text = formatAnyMessage(event);
    if (text !== undefined) return stdout.print(text);
    stderr.print(formatEvent(wordReason(event, words), options.verbose) ?? "");
  };
  const flushAndExit = async (code: number): Promise<void> => {
    player.stop();
    await Promise.all([stdout.flush(exitFlushMs), stderr.flush(exitFlushMs)]);
    exit(hasOutputFailed ? exitNetwork : code);
  };
  const player = new ReplayPlayer({
    replay,
    onChange: () => {
      for (; printedEvents < replay.position; printedEvents += 1) print(events[printedEvents]!);
      if (printedEvents === events.length) void flushAndExit(exitOk);
    },
  });
  player.play();
  return { quit: (code) => void flushAndExit(code), abandon: () => player.stop() };
}

/** Words the recorded reason of a state in the person's language. */
function wordReason(event: RecordedEvent, { word, inEnglish }: Words): RecordedEvent {
  return event.type === "state" ? { ...event, reason: word(readRecordedReason(event, inEnglish)) } : event;
}

/** Formats sent messages too. In a chat the terminal has them already, but in a replay nobody types them. */
function formatAnyMessage(event: RecordedEvent): string | undefined {
  return event.type === "message" ? formatMessage({ ...event, direction: "in" }) : undefined;
}
