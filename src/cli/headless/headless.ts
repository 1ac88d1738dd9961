/**
 * duet without a screen: standard input goes out, what comes in is printed at once. It loads neither React nor Ink.
 */

import { type Output, type WordedOutput, wordOutput } from "../../chat/model/output.ts";
import { cleanText } from "../../protocol/text/text.ts";
import type { SessionHandlers } from "../../chat/model/session-handlers.ts";
import { openRealPorts } from "../../session/real-ports.ts";
import { Session } from "../../session/session.ts";
import { AsyncFile } from "../files/async-file.ts";
import { chatConfig, firstRequest } from "../logs/config.ts";
import { exitNetwork, exitOk } from "../process/exit-code.ts";
import { formatJson } from "../output/json-output.ts";
import { createLineNotifier, type LineNotifier } from "../terminal/line-notifier.ts";
import { openLogs } from "../logs/logs.ts";
import type { Words } from "../../words/tables/words.ts";
import type { Options } from "../options/options.ts";
import { formatHappening, formatMessage } from "../output/plain-output.ts";
import { ReadingGate } from "../output/reading-gate.ts";
import type { Running } from "../process/running.ts";
import { type Sentence, sentence, type Word } from "../../words/sentences/sentence.ts";

/** On the way out, what is printed gets this long to be read. */
const lastWordsMs = 1000;
/** Standard input is handed on in pieces of this size: one of them fits an empty queue with room to spare. */
const pieceBytes = 64 * 1024 - 29;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Starts; `exit` is called once with the code when all is closed and printed. */
export function runHeadless(
  options: Options,
  words: Words,
  stdoutIsTerminal: boolean,
  exit: (code: number) => void,
): Running {
  let outputFailed = false;
  const end = (code: string): void => {
    outputFailed = true;
    if (code !== "EPIPE") tellError(sentence("output-unwritable", { code }));
    session.quit(exitNetwork, sentence("output-closed"));
  };
  const stdout = new AsyncFile(1, end, () => gate.open());
  const stderr = new AsyncFile(2, () => {});
  const tellError = (problem: Sentence): void => stderr.write(`duet: ${words.word(problem)}\n`);
  const logs = openLogs(options, words.inEnglish, tellError);
  const callsPerson = stdoutIsTerminal && options.output === "plain";
  const notifier = callsPerson ? createLineNotifier(options, words, () => session.chat) : undefined;
  const print = printer(options, stdoutIsTerminal, { stdout, stderr, notifier, word: words.word });
  const leave = async (code: number): Promise<void> => {
    if (stdout.dropped > 0) tellError(sentence("output-dropped", { pieces: stdout.dropped }));
    await Promise.all([stdout.flush(lastWordsMs), stderr.flush(lastWordsMs), logs.flush(lastWordsMs)]);
    exit((outputFailed || logs.failed) && code === exitOk ? exitNetwork : code);
  };
  const handlers: SessionHandlers = {
    onOutput: (output) => {
      logs.onOutput(output);
      if (!outputFailed) print(output);
      if (stdout.isHigh) gate.close();
      if (options.recvOnly && isPeersFin(output)) session.endInput();
    },
    onUnsentText: (text) => tellError(sentence("lines-not-sent", { lines: text.split("\n").length })),
    onShowHelp: () => {},
    onScreenRequest: () => {},
    onChange: () => {},
    onExit: (code) => void leave(code),
    ...logs.taps,
  };
  const session = new Session(chatConfig(options, words), handlers, openRealPorts);
  const gate = new ReadingGate({
    written: () => stdout.written,
    hasRoom: () => session.chat.room.members.size > 1,
    setPaused: (paused) => session.setOutputPaused(paused),
  });
  if (logs.problem !== undefined) {
    tellError(logs.problem);
    void leave(exitNetwork);
  } else {
    // Whoever reads no notices must know all the same that what is lost is lost on purpose.
    if (options.trouble !== undefined && isQuiet(options))
      stderr.write(`!! ${words.word(sentence("trouble-unseen", { trouble: options.trouble }))}\n`);
    session.start(options.transport, firstRequest(options));
    if (!options.recvOnly) void readInput(session, options);
    else if (options.mode === "listen") session.endInput();
  }
  return { quit: (code, reason) => session.quit(code, reason), abandon: () => session.removeAnnouncements() };
}

/** Where it is all printed, and who calls the person there: only at a terminal does anybody. */
interface Prints {
  readonly stdout: AsyncFile;
  readonly stderr: AsyncFile;
  readonly notifier: LineNotifier | undefined;
  readonly word: Word;
}

function printer(
  options: Options,
  isTerminal: boolean,
  { stdout, stderr, notifier, word }: Prints,
): (output: Output) => void {
  const heard = printMessages(options, isTerminal);
  return (told) => {
    const output = wordOutput(told, word);
    const text = options.sendOnly && isHeard(output) ? undefined : heard(output);
    if (text !== undefined) {
      stdout.write(text);
      const call = notifier?.callAfter(told) ?? "";
      if (call !== "") stdout.write(call);
    }
    const happening = printHappening(options, output);
    if (happening !== undefined) stderr.write(happening);
  };
}

/** With --recv-only our FIN answers theirs: nothing more can come, and an earlier one could make a peer stop. */
function isPeersFin(output: Output): boolean {
  return output.type === "state" && output.to === "HALF-CLOSED (theirs)";
}

/** What somebody else said: --send-only shows none of it. */
function isHeard(output: WordedOutput): boolean {
  if (output.type === "lines") return true;
  return output.type === "bytes" || (output.type === "message" && output.direction === "in");
}

/** What goes to standard output in each mode. */
function printMessages(
  options: Options,
  isTerminal: boolean,
): (output: WordedOutput) => string | Uint8Array | undefined {
  switch (options.output) {
    case "json":
      return formatJson;
    case "raw":
      return (output) => {
        if (output.type !== "bytes") return undefined;
        return isTerminal ? cleanLines(output.bytes) : output.bytes;
      };
    case "plain":
    case "screen":
    case "spoken":
      return (output) => (output.type === "lines" ? output.bytes : formatMessage(output));
  }
}

/** Bytes that would reach a terminal are cleaned like everything else, but for their newlines. */
function cleanLines(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).split("\n").map(cleanText).join("\n");
}

/** What goes to standard error: --json tells all on standard output but repeats errors, --raw is quiet as nc is. */
function printHappening(options: Options, output: WordedOutput): string | undefined {
  if (isQuiet(options) && output.type !== "error") return undefined;
  return formatHappening(output, options.verbose);
}

function isQuiet({ output, verbose }: Options): boolean {
  return (output === "json" || output === "raw") && !verbose;
}

/** Reads standard input as fast as the peer takes it. */
async function readInput(session: Session, options: Options): Promise<void> {
  const reader = Bun.stdin.stream().getReader();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const endLines = options.crlf ? crlfWriter() : (bytes: Uint8Array) => bytes;
  let unfinished = "";
  for (;;) {
    await session.waitForInputRoom();
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
    if (done || value === undefined) break;
    if (options.output === "raw" || options.raw) {
      await pipePieces(session, endLines(value));
      continue;
    }
    const text = unfinished + decoder.decode(value, { stream: true });
    const end = text.lastIndexOf("\n");
    unfinished = text.slice(end + 1);
    if (end !== -1)
      session.enqueueText(
        text
          .slice(0, end + 1)
          .replaceAll("\r\n", "\n")
          .slice(0, -1),
      );
  }
  unfinished += decoder.decode();
  if (unfinished !== "") session.enqueueText(unfinished);
  session.endInput();
}

/** `-C`: each LF as CR LF, but where a CR is there already, even at the end of the piece before. */
function crlfWriter(): (bytes: Uint8Array) => Uint8Array {
  let last = 0;
  return (bytes) => {
    const ended: number[] = [];
    for (const byte of bytes) {
      if (byte === lineFeed && last !== carriageReturn) ended.push(carriageReturn);
      ended.push(byte);
      last = byte;
    }
    return Uint8Array.from(ended);
  };
}

async function pipePieces(session: Session, bytes: Uint8Array): Promise<void> {
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    await session.waitForInputRoom();
    session.enqueueBytes(bytes.slice(start, start + pieceBytes));
  }
}
