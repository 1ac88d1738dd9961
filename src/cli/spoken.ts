/**
 * duet on a terminal that is not drawn on: for screen readers, and where TERM is dumb. The terminal itself edits and
 * echoes the line, each event is printed once and stays, and commands are understood. It loads neither React nor Ink.
 */

import { localTime } from "../../components/local-time.ts";
import type { Output } from "../chat/output.ts";
import { cleanText } from "../protocol/text.ts";
import { Session } from "../session.ts";
import { AsyncFile } from "./async-file.ts";
import { chatConfig, firstRequest } from "./config.ts";
import { exitHangup, exitNetwork, exitOk } from "./exit-code.ts";
import { type Logs, openLogs } from "./logs.ts";
import type { Options } from "./options.ts";
import type { Running } from "./running.ts";
import { formatSpoken, spokenHelp, spokenWelcome } from "./spoken-output.ts";

/** On the way out, what is printed gets this long to be read. */
const lastWordsMs = 1000;

/** Starts; `exit` is called once with the code when all is closed and printed. */
export function runSpoken(options: Options, exit: (code: number) => void): Running {
  const stdout = new AsyncFile(1, () => session.quit(exitHangup, "the terminal hung up"));
  const say = (text: string): void => stdout.write(text);
  const logs = openLogs(options, (sentence) => say(`error: ${sentence}\n`));
  const leave = async (code: number): Promise<void> => {
    await Promise.all([stdout.flush(lastWordsMs), logs.flush(lastWordsMs)]);
    exit(logs.failed && code === exitOk ? exitNetwork : code);
  };
  const session = createSession(options, logs, say, leave);
  say(spokenWelcome);
  if (logs.problem !== undefined) {
    say(`error: ${logs.problem}\n`);
    void leave(exitNetwork);
  } else {
    session.start(options.transport, firstRequest(options));
    void readLines(session);
  }
  return { quit: (code, reason) => session.quit(code, reason), abandon: () => session.abandon() };
}

function createSession(
  options: Options,
  logs: Logs,
  say: (text: string) => void,
  leave: (code: number) => Promise<void>,
): Session {
  const handlers = {
    onOutput: (output: Output) => {
      logs.onOutput(output);
      const text = formatSpoken(output, localTime);
      if (text !== undefined) say(text);
    },
    onGiveBack: (text: string) => say(`not sent: ${text.split("\n").map(cleanText).join(" ")}\n`),
    onShowHelp: () => say(spokenHelp()),
    onScreenRequest: ({ type }: { readonly type: string }) => {
      if (type === "lan") session.dispatch({ type: "lan-asked" });
      else if (type === "broadcast") say("not sent: /broadcast! sends it without a question\n");
      else say(`/${type} needs the drawn screen; -o FILE keeps what is said\n`);
    },
    onChange: () => {},
    onExit: (code: number) => void leave(code),
    ...logs.taps,
  };
  const session = new Session(chatConfig(options), handlers);
  return session;
}

/** The terminal hands over whole lines, and with Ctrl-D the end. */
async function readLines(session: Session): Promise<void> {
  const reader = Bun.stdin.stream().getReader();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let unfinished = "";
  for (;;) {
    await session.room();
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
    if (done || value === undefined) break;
    const lines = (unfinished + decoder.decode(value, { stream: true })).split("\n");
    unfinished = lines.pop() ?? "";
    for (const line of lines) if (line !== "") session.submit(line);
  }
  session.quit(exitOk);
}
