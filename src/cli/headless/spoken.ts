/**
 * duet on a terminal that is not drawn on: for screen readers, and where TERM is dumb. The terminal itself edits and
 * echoes the line, each event is printed once and stays, and commands are understood. It loads neither React nor Ink.
 */

import { formatLocalTime } from "../../../components/paint/local-time.ts";
import type { Words } from "../../words/tables/words.ts";
import type { Output } from "../../chat/model/output.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { openRealPorts } from "../../session/real-ports.ts";
import { Session } from "../../session/session.ts";
import { AsyncFile } from "../files/async-file.ts";
import { chatConfig, firstRequest } from "../logs/config.ts";
import { exitHangup, exitNetwork, exitOk } from "../process/exit-code.ts";
import { createLineNotifier } from "../terminal/line-notifier.ts";
import { type Logs, openLogs } from "../logs/logs.ts";
import type { Options } from "../options/options.ts";
import type { Running } from "../process/running.ts";
import { formatSpoken, spokenHelp } from "../output/spoken-output.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { SpokenTour } from "./spoken-tour.ts";
import type { ScreenRequest } from "../../chat/model/effect.ts";

/** On the way out, what is printed gets this long to be read. */
const lastWordsMs = 1000;

/** Starts; `exit` is called once with the code when all is closed and printed. */
export function runSpoken(options: Options, words: Words, exit: (code: number) => void): Running {
  const stdout = new AsyncFile(1, () => session.quit(exitHangup, sentence("terminal-hung-up")));
  const say = (text: string): void => stdout.write(text);
  const tellError = (problem: Sentence): void =>
    say(`${words.spoken.tones.error}${words.spoken.colon}${words.word(problem)}\n`);
  const logs = openLogs(options, words.inEnglish, tellError);
  const leave = async (code: number): Promise<void> => {
    tour.close();
    await Promise.all([stdout.flush(lastWordsMs), logs.flush(lastWordsMs)]);
    exit(logs.failed && code === exitOk ? exitNetwork : code);
  };
  const tour = new SpokenTour(options.language, words.spoken, say);
  const session = createSession(options, words, { logs, tour, say, leave });
  say(`${words.spoken.welcome}\n`);
  if (logs.problem !== undefined) {
    tellError(logs.problem);
    void leave(exitNetwork);
  } else {
    session.start(options.transport, firstRequest(options));
    if (options.tour) void tour.open();
    void readLines(session, tour);
  }
  return { quit: (code, reason) => session.quit(code, reason), abandon: () => session.removeAnnouncements() };
}

/** What a session without a drawn screen speaks through. */
interface Surroundings {
  readonly logs: Logs;
  readonly tour: SpokenTour;
  readonly say: (text: string) => void;
  readonly leave: (code: number) => Promise<void>;
}

function createSession(options: Options, words: Words, { logs, tour, say, leave }: Surroundings): Session {
  const { spoken, word } = words;
  const notifier = createLineNotifier(options, words, () => session.chat);
  const handlers = {
    onOutput: (output: Output) => {
      logs.onOutput(output);
      const text = formatSpoken(output, formatLocalTime, words);
      if (text !== undefined) say(text + notifier.callAfter(output));
    },
    onUnsentText: (text: string) => say(`${spoken.notSent(text.split("\n").map(cleanText).join(" "))}\n`),
    onShowHelp: () => say(spokenHelp(words)),
    onScreenRequest: ({ type }: ScreenRequest) => {
      if (type === "lan") session.dispatch({ type: "lan-requested" });
      else if (type === "broadcast") say(`${spoken.askedFirst}\n`);
      else if (type === "tour") void tour.open();
      else if (type !== "leave-room") say(`${word(sentence("needs-drawn-screen", { command: type }))}\n`);
    },
    onChange: () => {},
    onExit: (code: number) => void leave(code),
    ...logs.taps,
  };
  const session: Session = new Session(chatConfig(options, words), handlers, openRealPorts);
  return session;
}

/** The terminal hands over whole lines, and with Ctrl-D the end. */
async function readLines(session: Session, tour: SpokenTour): Promise<void> {
  const reader = Bun.stdin.stream().getReader();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let unfinished = "";
  for (;;) {
    await session.waitForInputRoom();
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
    if (done || value === undefined) break;
    const lines = (unfinished + decoder.decode(value, { stream: true })).split("\n");
    unfinished = lines.pop() ?? "";
    for (const line of lines) if (!tour.take(line) && line !== "") session.submit(line);
  }
  session.quit(exitOk);
}
