/** Runs a chat without a screen: sends standard input and prints outputs. Loads neither React nor Ink. */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { type Output, type WordedOutput, wordOutput } from "../../chat/model/output.ts";
import type { SessionHandlers } from "../../chat/model/session-handlers.ts";
import { datagramMaxBytes } from "../../protocol/limits.ts";
import type { OpenPorts } from "../../session/ports.ts";
import { Session } from "../../session/session.ts";
import { StandardOutput } from "../files/standard-output.ts";
import { createChatConfig, createFirstRequest } from "../logs/chat-config.ts";
import { exitFlushMs, exitNetwork, exitOk } from "../process/exit-code.ts";
import { formatJson } from "../output/json-output.ts";
import type { createLineNotifier, LineNotifier } from "../terminal/line-notifier.ts";
import type { Logs, OpenLogs } from "../logs/log-contract.ts";
import type { Words } from "../../words/tables/words.ts";
import type { Options } from "../options/options.ts";
import { formatEvent, formatMessage } from "../output/plain-output.ts";
import { StatePace } from "../output/state-pace.ts";
import { ReadingGate } from "../output/reading-gate.ts";
import { InputLines } from "./input-lines.ts";
import type { ProgressLine } from "./progress-line.ts";
import { readLentInput, readStandardInput } from "./standard-input.ts";
import type { Running } from "../process/running.ts";
import { type Sentence, sentence, type Word } from "../../words/sentences/sentence.ts";

/** Bytes of standard input are sent in payloads of this size: two datagrams, and less than half of a send queue. */
const payloadBytes = 2 * datagramMaxBytes;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** What one run needs and another does not, loaded by the caller. */
interface HeadlessParts {
  readonly openLogs: OpenLogs;
  readonly openPorts: OpenPorts;
  /** undefined unless standard output is a terminal. */
  readonly createNotifier: typeof createLineNotifier | undefined;
}

/** Starts the chat. `exit` is called once with the exit code, when everything is closed and printed. */
export function runHeadless(
  options: Options,
  words: Words,
  { openLogs, openPorts, createNotifier }: HeadlessParts,
  exit: (code: number) => void,
): Running {
  let hasOutputFailed = false;
  const onOutputError = (code: string): void => {
    hasOutputFailed = true;
    if (code !== "EPIPE") writeError(sentence("output-unwritable", { code }));
    session.quit(exitNetwork, sentence("output-closed"));
  };
  const stdout = new StandardOutput(1, {
    isTerminal: createNotifier !== undefined,
    onError: onOutputError,
    onDrain: () => gate.open(),
  });
  const stderr = createErrorOutput();
  const writeError = (problem: Sentence): void => stderr.print(`duet: ${words.word(problem)}\n`);
  const logs = openLogs(options, words.inEnglish, writeError);
  const hasAlerts = options.output === "plain";
  const notifier = hasAlerts ? createNotifier?.(options, words, () => session.chat) : undefined;
  const print = createPrinter(options, { stdout, stderr, notifier, word: words.word });
  let isSignalled = false;
  const flushAndExit = async (code: number): Promise<void> => {
    const hasLost = await flushOutputs({ stdout, stderr, logs, writeError }, isSignalled);
    exit((hasLost || hasOutputFailed || logs.hasFailed) && code === exitOk ? exitNetwork : code);
  };
  const handlers: SessionHandlers = {
    onOutput: (output) => {
      logs.onOutput(output);
      if (!hasOutputFailed && !(stderr.hasProgress() && isTransferCall(output))) print(output);
      if (stdout.isBacklogged) gate.close();
      if (options.recvOnly && isPeerFin(output)) session.endInput();
    },
    onUnsentText: (text) => writeError(sentence("lines-not-sent", { lines: text.split("\n").length })),
    onUnsentBytes: (bytes) => writeError(sentence("bytes-not-sent", { bytes })),
    onShowHelp: () => {},
    onScreenRequest: () => {},
    onChange: () => {},
    onExit: (code) => void flushAndExit(code),
    ...logs.sessionHandlers,
  };
  const session = new Session(createChatConfig(options, words), handlers, openPorts);
  const gate = createReadingGate(session, stdout);
  if (logs.problem !== undefined) {
    writeError(logs.problem);
    void flushAndExit(exitNetwork);
  } else {
    for (const note of [...listWarnings(options), ...logs.notes]) stderr.print(`!! ${words.word(note)}\n`);
    if (createNotifier === undefined) void stderr.showProgress(session, options, words.word);
    session.start(options.transport, createFirstRequest(options));
    if (!options.recvOnly) void sendInput(session, options);
    else if (options.mode === "listen") session.endInput();
  }
  const quit = (code: number, reason: Sentence): void => {
    isSignalled = true;
    if (session.chat.exit.isDone) void flushAndExit(code);
    else session.quit(code, reason);
  };
  return { quit, abandon: () => session.removeAnnouncements() };
}

/** A call whose bytes the progress counts, or that found no room for them. */
function isTransferCall(output: Output): boolean {
  return output.type === "call" && ((output.bytes ?? 0) > 0 || output.result === "would-block");
}

function createReadingGate(session: Session, stdout: StandardOutput): ReadingGate {
  return new ReadingGate({
    written: () => stdout.written,
    hasRoom: () => session.chat.room.members.size > 1,
    setPaused: (paused) => session.setOutputPaused(paused),
  });
}

/** Standard error, where the progress of a transfer makes room for what is printed. */
function createErrorOutput() {
  const output = new StandardOutput(2);
  let progress: ProgressLine | undefined;
  let isOver = false;
  return {
    print: (text: string): void => {
      progress?.clear();
      output.print(text);
    },
    hasProgress: (): boolean => progress !== undefined,
    /** With `--raw -v`, of which a terminal shows nothing else. */
    showProgress: async (session: Session, options: Options, word: Word): Promise<void> => {
      if (options.output !== "raw" || !options.verbose) return;
      const { findInputSize, hasProgressTerminal, ProgressLine } = await import("./progress-line.ts");
      if (!hasProgressTerminal() || isOver) return;
      const side = session.chat.sides[options.transport];
      const count = () => ({ sent: side.counters.bytesOut, received: side.counters.bytesIn });
      const hasPeer = (): boolean => side.peers.size > 0;
      progress = new ProgressLine({ stderr: output, word, count, hasPeer, totalBytes: findInputSize() });
      progress.start();
    },
    flush: (idleMs: number): Promise<number> => {
      isOver = true;
      progress?.end();
      return output.flush(idleMs);
    },
  };
}

/** Without notices, the person must still be warned of an impairment. */
function listWarnings(options: Options): readonly Sentence[] {
  const { trouble } = options;
  return trouble === undefined || !isQuiet(options) ? [] : [sentence("trouble-unseen", { trouble })];
}

interface Outputs {
  readonly stdout: StandardOutput;
  readonly stderr: ReturnType<typeof createErrorOutput>;
  readonly logs: Logs;
  readonly writeError: (problem: Sentence) => void;
}

/**
 * Writes what is queued. A slow reader is waited for as by any program; after a signal, only while it reads. Resolves to
 * true, after reporting it, if a part is lost.
 */
async function flushOutputs(
  { stdout, stderr, logs, writeError }: Outputs,
  isSignalled: boolean,
): Promise<boolean> {
  const idleMs = isSignalled ? exitFlushMs : Number.POSITIVE_INFINITY;
  if (stdout.dropped > 0) writeError(sentence("output-dropped", { pieces: stdout.dropped }));
  const [output, logged] = await Promise.all([stdout.flush(idleMs), logs.flush(idleMs)]);
  const bytes = output + logged;
  if (bytes > 0) writeError(sentence("output-not-taken", { bytes }));
  await stderr.flush(exitFlushMs);
  return stdout.dropped + bytes > 0;
}

interface PrinterPorts {
  readonly stdout: StandardOutput;
  readonly stderr: Pick<StandardOutput, "print">;
  /** undefined if standard output is no terminal. */
  readonly notifier: LineNotifier | undefined;
  readonly word: Word;
}

/** Returns a function that prints an output to standard output, standard error or both. */
function createPrinter(
  options: Options,
  { stdout, stderr, notifier, word }: PrinterPorts,
): (output: Output) => void {
  const format = selectOutputFormat(options);
  const pace = new StatePace();
  return (output) => {
    const worded = wordOutput(output, word);
    const text = options.sendOnly && isReceived(worded) ? undefined : format(worded);
    if (text !== undefined) {
      if (typeof text === "string") stdout.print(text);
      else stdout.printBytes(text, output.type === "bytes" ? output.peer : undefined);
      const alert = notifier?.takeAlert(output);
      if (alert !== undefined) stdout.printSequence(alert);
    }
    const isRefusal = output.type === "notice" && output.text.id === "turned-away";
    const diagnostic = formatDiagnostic(options, worded, isRefusal);
    if (diagnostic === undefined || !(options.verbose || pace.mayPrint(output))) return;
    const leftOut = pace.takeLeftOut(output.atMs);
    if (leftOut !== undefined) stderr.print(`-- ${word(leftOut)}\n`);
    stderr.print(diagnostic);
  };
}

/** With --recv-only our FIN answers the peer's. An earlier FIN could make the peer stop sending. */
function isPeerFin(output: Output): boolean {
  return output.type === "state" && output.to === "HALF-CLOSED (theirs)";
}

/** True for a received message, which --send-only does not print. */
function isReceived(output: WordedOutput): boolean {
  if (output.type === "lines") return true;
  return output.type === "bytes" || (output.type === "message" && output.direction === "in");
}

/** Returns the format for standard output; the format returns undefined for an output that is not printed there. */
function selectOutputFormat(options: Options): (output: WordedOutput) => string | BorrowedBytes | undefined {
  switch (options.output) {
    case "json":
      return formatJson;
    case "raw":
      return (output) => (output.type === "bytes" ? output.bytes : undefined);
    case "plain":
    case "screen":
    case "spoken":
      return (output) => (output.type === "lines" ? output.bytes : formatMessage(output));
  }
}

/** The text for standard error; undefined if there is none. */
function formatDiagnostic(options: Options, output: WordedOutput, isRefusal: boolean): string | undefined {
  // With --raw a refused peer is told nothing, so that the person must be.
  const isShown = output.type === "error" || (isRefusal && options.output === "raw");
  if (isQuiet(options) && !isShown) return undefined;
  return formatEvent(output, options.verbose);
}

/** True if standard error has errors alone: --json has all events on standard output, and --raw is as quiet as nc. */
function isQuiet({ output, verbose }: Options): boolean {
  return (output === "json" || output === "raw") && !verbose;
}

/** Sends standard input no faster than the peers take it. */
async function sendInput(session: Session, options: Options): Promise<void> {
  const convertLineEnds = options.crlf ? createCrlfConverter() : (bytes: BorrowedBytes) => bytes;
  if (options.output === "raw" || options.raw)
    for await (const bytes of readLentInput(session, payloadBytes))
      await sendBytes(session, convertLineEnds(bytes));
  else {
    const lines = new InputLines(session);
    for await (const bytes of readStandardInput(session)) lines.push(bytes);
    lines.end();
  }
  session.endInput();
}

/** For `-C`: converts LF to CR LF, unless a CR is before it, even in the bytes of the previous call. */
function createCrlfConverter(): (bytes: BorrowedBytes) => BorrowedBytes {
  let last = 0;
  return (bytes) => {
    const converted: number[] = [];
    for (const byte of bytes) {
      if (byte === lineFeed && last !== carriageReturn) converted.push(carriageReturn);
      converted.push(byte);
      last = byte;
    }
    return Uint8Array.from(converted);
  };
}

async function sendBytes(session: Session, bytes: BorrowedBytes): Promise<void> {
  for (let start = 0; start < bytes.length; start += payloadBytes) {
    await session.waitForInputRoom();
    session.enqueueBytes(bytes.subarray(start, start + payloadBytes));
  }
}
