/**
 * Runs a chat in plain lines on a terminal, for screen readers and dumb terminals. The terminal edits and echoes the
 * input line, each event is printed once, and commands work. Loads neither React nor Ink.
 */

import { formatLocalTimeAlone } from "../../../components/paint/local-time.ts";
import type { Words } from "../../words/tables/words.ts";
import type { Output } from "../../chat/model/output.ts";
import { cleanText } from "../../protocol/text/text.ts";
import type { OpenPorts } from "../../session/ports.ts";
import { Session } from "../../session/session.ts";
import { type ControlSequence, StandardOutput } from "../files/standard-output.ts";
import { createChatConfig, createFirstRequest } from "../logs/chat-config.ts";
import { exitFlushMs, exitHangup, exitNetwork, exitOk } from "../process/exit-code.ts";
import { rememberName } from "../files/name-file.ts";
import { findStatePath } from "../files/state-path.ts";
import { createLineNotifier } from "../terminal/line-notifier.ts";
import type { Logs, OpenLogs } from "../logs/log-contract.ts";
import type { Options } from "../options/options.ts";
import type { Running } from "../process/running.ts";
import { StatePace } from "../output/state-pace.ts";
import { formatSpoken, formatSpokenHelp } from "../output/spoken-output.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { SpokenTour } from "./spoken-tour.ts";
import { readStandardInput } from "./standard-input.ts";
import type { ScreenRequest } from "../../chat/model/effect.ts";

/** Starts the chat. `exit` is called once with the exit code, when everything is closed and printed. */
export function runSpoken(
  options: Options,
  words: Words,
  { openLogs, openPorts }: { readonly openLogs: OpenLogs; readonly openPorts: OpenPorts },
  exit: (code: number) => void,
): Running {
  const onError = (): void => session.quit(exitHangup, sentence("terminal-hung-up"));
  const stdout = new StandardOutput(1, { isTerminal: true, onError });
  const write = (text: string): void => stdout.print(text);
  const ring = (alert: ControlSequence): void => stdout.printSequence(alert);
  const writeError = (problem: Sentence): void =>
    write(`${words.spoken.tones.error}${words.spoken.colon}${words.word(problem)}\n`);
  const logs = openLogs(options, words.inEnglish, writeError);
  const flushAndExit = async (code: number): Promise<void> => {
    tour.close();
    const bytes = await logs.flush(exitFlushMs);
    if (bytes > 0) writeError(sentence("output-not-taken", { bytes }));
    await stdout.flush(exitFlushMs);
    exit((logs.hasFailed || bytes > 0) && code === exitOk ? exitNetwork : code);
  };
  const tour = new SpokenTour(options.language, words.spoken, write);
  const session = createSession(options, words, { logs, openPorts, tour, write, ring, flushAndExit });
  write(`${words.spoken.welcome}\n`);
  if (logs.problem !== undefined) {
    writeError(logs.problem);
    void flushAndExit(exitNetwork);
  } else {
    for (const note of logs.notes)
      write(`${words.spoken.tones.warning}${words.spoken.colon}${words.word(note)}\n`);
    session.start(options.transport, createFirstRequest(options));
    if (options.tour) void tour.open();
    void submitLines(session, tour);
  }
  return { quit: (code, reason) => session.quit(code, reason), abandon: () => session.removeAnnouncements() };
}

interface SessionPorts {
  readonly logs: Logs;
  readonly openPorts: OpenPorts;
  readonly tour: SpokenTour;
  readonly write: (text: string) => void;
  readonly ring: (alert: ControlSequence) => void;
  readonly flushAndExit: (code: number) => Promise<void>;
}

function createSession(options: Options, words: Words, ports: SessionPorts): Session {
  const { logs, openPorts, tour, write, ring, flushAndExit } = ports;
  const { spoken, word } = words;
  const notifier = createLineNotifier(options, words, () => session.chat);
  const pace = new StatePace();
  const handlers = {
    onOutput: (output: Output) => {
      logs.onOutput(output);
      const text = formatSpoken(output, formatLocalTimeAlone, words);
      if (text === undefined || !pace.mayPrint(output)) return;
      const leftOut = pace.takeLeftOut(output.atMs);
      if (leftOut !== undefined) write(`${word(leftOut)}\n`);
      write(text);
      const alert = notifier.takeAlert(output);
      if (alert !== undefined) ring(alert);
    },
    onUnsentText: (text: string) => write(`${spoken.notSent(text.split("\n").map(cleanText).join(" "))}\n`),
    onShowHelp: () => write(formatSpokenHelp(words)),
    onScreenRequest: ({ type }: ScreenRequest) => {
      if (type === "lan") session.dispatch({ type: "lan-requested" });
      else if (type === "broadcast") write(`${spoken.askedFirst}\n`);
      else if (type === "tour") void tour.open();
      else if (type === "password") write(`${word(sentence("password-hint"))}\n`);
      else if (type !== "leave-room") write(`${word(sentence("needs-drawn-screen", { command: type }))}\n`);
    },
    onChange: () => {},
    onNameChosen: (name: string) => rememberName(findStatePath(process.env, "name"), name),
    onExit: (code: number) => void flushAndExit(code),
    ...logs.sessionHandlers,
  };
  const session: Session = new Session(createChatConfig(options, words), handlers, openPorts);
  return session;
}

/** Submits the lines that the terminal sends, until Ctrl-D ends the input. */
async function submitLines(session: Session, tour: SpokenTour): Promise<void> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let unfinished = "";
  for await (const bytes of readStandardInput(session)) {
    const lines = (unfinished + decoder.decode(bytes, { stream: true })).split("\n");
    unfinished = lines.pop() ?? "";
    for (const line of lines) if (!tour.handleLine(line) && line !== "") session.submit(line);
  }
  session.quit(exitOk);
}
