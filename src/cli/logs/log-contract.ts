/** What the logs are to a chat. logs.ts opens them; most runs have none, and do not load it. */

import type { Output } from "../../chat/model/output.ts";
import type { SessionHandlers } from "../../chat/model/session-handlers.ts";
import type { Sentence, Word } from "../../words/sentences/sentence.ts";
import type { Options } from "../options/options.ts";

export interface Logs {
  /** What was noticed and done when the logs were opened, to be reported once. */
  readonly notes: readonly Sentence[];
  /** Why a log cannot be opened; undefined if all could. */
  readonly problem: Sentence | undefined;
  /** True after a failed write, which the exit code reports. */
  readonly hasFailed: boolean;
  readonly onOutput: (output: Output) => void;
  /** Handlers for the session. A log that is not open has none, so that the session does no work for it. */
  readonly sessionHandlers: Pick<SessionHandlers, "onWire" | "onCall">;
  /** Resolves to the number of bytes that nobody took: see AsyncFile. */
  readonly flush: (idleMs: number) => Promise<number>;
}

/**
 * Opens the logs of the options. `word` words sentences in the log; `onError` is called when a log cannot be written.
 */
export type OpenLogs = (options: Options, word: Word, onError: (problem: Sentence) => void) => Logs;

const noLogs: Logs = {
  notes: [],
  problem: undefined,
  hasFailed: false,
  onOutput: () => {},
  sessionHandlers: {},
  flush: () => Promise.resolve(0),
};

export const openNoLogs: OpenLogs = () => noLogs;

/** True if logs.ts has a log to open. */
export function hasLogs({ logFile, hexLogFile, packetFile }: Options): boolean {
  return [logFile, hexLogFile, packetFile].some((path) => path !== undefined);
}

/** True if the log has events in NDJSON, and not lines for people. */
export function isEventLog({ logFile }: Options): boolean {
  return logFile?.endsWith(".ndjson") === true;
}
