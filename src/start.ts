/**
 * The program, from the command line to an exit code, and the only owner of `process`. Starts the screen or the
 * headless chat, and restores the terminal and the machine on every way out.
 */

import { readFileSync } from "node:fs";
import { readRememberedName } from "./cli/files/name-file.ts";
import { findStatePath } from "./cli/files/state-path.ts";
import { printLast, StandardOutput } from "./cli/files/standard-output.ts";
import { exitNetwork, exitOk, exitUsage } from "./cli/process/exit-code.ts";
import { type Guard, guardTerminal } from "./cli/process/guard.ts";
import { isTerminal } from "./cli/process/is-terminal.ts";
import { wasClosed } from "./cli/process/was-closed.ts";
import {
  selectLanguage,
  type Options,
  type ParsedOptions,
  parseOptions,
  resolveAccess,
} from "./cli/options/options.ts";
import { findProgramName } from "./cli/process/program-name.ts";
import type { InputText } from "./cli/files/input-file.ts";
import { hasLogs, openNoLogs } from "./cli/logs/log-contract.ts";
import type { FoundRoom } from "./cli/rooms/find-room-place.ts";
import type { RoomPlace } from "./protocol/hubs/room-place.ts";
import type { Running } from "./cli/process/running.ts";
import type { createLineNotifier } from "./cli/terminal/line-notifier.ts";
import { readHostsFile } from "./cli/settings/hosts-file.ts";
import { readSettingsFile } from "./cli/settings/settings-file.ts";
import { isUsageError, type UsageRefusal } from "./cli/options/usage-refusal.ts";
import { formatRefusal, formatUsage, version } from "./cli/options/usage.ts";
import { closeMaxMs } from "./protocol/limits.ts";
import type { HintPlace } from "./words/parts/hint-place.ts";
import { localeLanguage } from "./words/parts/language.ts";
import { isSentence, type Sentence, sentence, type Word } from "./words/sentences/sentence.ts";
import type { Words } from "./words/tables/words.ts";
import type { ReadSecret } from "./cli/identity/unlock-identity.ts";
import type { SecretSource } from "./cli/options/secret-source.ts";
import type { PeopleFiles } from "./session/ports.ts";
import { loadUsageWords, loadWords } from "./words/load-words.ts";

/** How long standard output may take nothing of a text that is printed before the exit. */
const printIdleMs = 2000;
/** The longest time from a signal to the exit, beyond all times of a close; a second signal does not wait. */
const patienceMs = closeMaxMs + 5000;

const programName = findProgramName({
  env: process.env,
  mainPath: Bun.main,
  argv0: process.argv0,
  cwd: process.cwd(),
});

async function main(): Promise<void> {
  if (wasClosed(1)) return refuseClosedOutput();
  const onTerminal = isTerminal(0) && isTerminal(1);
  const parsed = parseOptions(process.argv.slice(2), {
    isTerminal: onTerminal,
    loginName: loginName(),
    readRememberedName: () => readRememberedName(findStatePath(process.env, "name")),
    wantsLines: wantsLines(),
    language: localeLanguage(process.env),
    readHostsFile,
    readSettings: (path) => readSettingsFile(path, process.env),
  });
  switch (parsed.kind) {
    case "help":
      return print(1, formatUsage(await loadUsageWords(parsed.language), programName), exitOk);
    case "version":
      return print(1, `duet ${version}\n`, exitOk);
    case "usage-error":
      return refuse(parsed.problem);
    case "run": {
      const options = await lookUpNames(parsed);
      return isUsageError(options) ? refuse(options.problem) : start(options);
    }
  }
  parsed satisfies never;
}

async function refuseClosedOutput(): Promise<void> {
  const { word } = await loadWords(localeLanguage(process.env), programName, "shell");
  return print(2, `duet: ${word(sentence("output-unwritable", { code: "EBADF" }))}\n`, exitNetwork);
}

/** Before anything is opened: an address that a name has later changes no rule. */
async function lookUpNames({
  options,
  access,
}: Extract<ParsedOptions, { kind: "run" }>): Promise<Options | UsageRefusal> {
  if (access === undefined) return options;
  const { findHostAddresses } = await import("./session/host-addresses.ts");
  return resolveAccess(options, access, findHostAddresses);
}

async function refuse(problem: Sentence): Promise<void> {
  const language = selectLanguage(process.argv.slice(2), localeLanguage(process.env));
  const { word } = await loadWords(language, programName, "shell");
  return print(2, formatRefusal(problem, word), exitUsage);
}

/** Reads the room's password, and finds its engine, before anything is opened or drawn. */
async function start(given: Options): Promise<void> {
  // Programs read headless output, so it is the same in every language.
  const place = findHintPlace(given);
  const words = await loadWords(place === "shell" ? "en" : given.language, programName, place);
  const password = await readPassword(given, words);
  if (isSentence(password)) return print(2, `duet: ${words.word(password)}\n`, exitNetwork);
  const room = given.room === undefined ? undefined : await findRoom(given.room);
  if (isSentence(room)) return print(2, `duet: ${words.word(room)}\n`, exitNetwork);
  return run({ ...given, password, sharedRoom: room?.name }, words, room?.place);
}

/** A password of our own room is asked for twice. */
async function readPassword(
  { mode, passwordSource }: Options,
  { word }: Words,
): Promise<string | undefined | Sentence> {
  if (passwordSource === undefined) return undefined;
  const { readSecret } = await import("./cli/terminal/read-secret.ts");
  const again = mode === "connect" ? undefined : sentence("ask-password-again");
  const read = await readSecret(passwordSource, { question: sentence("ask-room-password"), again }, word);
  return "secret" in read ? read.secret : read.problem;
}

async function run(options: Options, words: Words, place?: RoomPlace): Promise<void> {
  let running: Running | undefined;
  // Before signals are handled: while a pipe is read, each of them ends duet.
  const recorded = options.replayFile === undefined ? undefined : await read(options.replayFile);
  if (options.newPassPhrase !== undefined) return setPassPhrase(options, options.newPassPhrase, words.word);
  const [people, { makeOpenPorts }] = await Promise.all([
    openOwnPeople(options, words.word),
    import("./session/real-ports.ts"),
  ]);
  if (isSentence(people)) return print(2, `duet: ${words.word(people)}\n`, exitNetwork);
  const openPorts = makeOpenPorts(people, place);
  const openLogs = hasLogs(options) ? (await import("./cli/logs/logs.ts")).openLogs : openNoLogs;
  const abandon = (): void => running?.abandon();
  const guard = guardTerminal({
    onSignal: (signal, code) => {
      if (running === undefined) return guard.leave(code);
      setTimeout(() => {
        abandon();
        guard.leave(code);
      }, patienceMs);
      running.quit(code, sentence("signal-came", { signal }));
    },
    restore: abandon,
    print: printLast,
    word: words.word,
  });
  if (recorded !== undefined) {
    running = await replay(options, words, recorded, guard);
  } else if (options.output === "screen") {
    const { runScreen } = await import("./cli/screen/screen.tsx");
    running = runScreen(options, words, { openLogs, openPorts }, guard);
  } else if (options.output === "spoken") {
    const { runSpoken } = await import("./cli/headless/spoken.ts");
    running = runSpoken(options, words, { openLogs, openPorts }, guard.leave);
  } else {
    const [{ runHeadless }, createNotifier] = await Promise.all([
      import("./cli/headless/headless.ts"),
      isTerminal(1) ? loadNotifier() : undefined,
    ]);
    running = runHeadless(options, words, { openLogs, openPorts, createNotifier }, guard.leave);
  }
}

/** The identity and the known peers; the pass-phrase of the identity is asked for, if it has one. */
async function openOwnPeople(options: Options, word: Word): Promise<PeopleFiles | Sentence> {
  const { openPeople } = await import("./cli/identity/open-people.ts");
  return openPeople(options, process.env, async (path) => {
    const { unlockIdentity } = await import("./cli/identity/unlock-identity.ts");
    return unlockIdentity(path, options.passPhrase, await loadSecretReader(word));
  });
}

async function loadSecretReader(word: Word): Promise<ReadSecret> {
  const { readSecret } = await import("./cli/terminal/read-secret.ts");
  return (source, question) => readSecret(source, question, word);
}

/** Sets or takes away the pass-phrase of the identity, which is made if there is none. */
async function setPassPhrase(options: Options, next: SecretSource | "none", word: Word): Promise<void> {
  const [{ findIdentityPath }, { renewPassPhrase }] = await Promise.all([
    import("./cli/identity/open-people.ts"),
    import("./cli/identity/unlock-identity.ts"),
  ]);
  const path = findIdentityPath(options, process.env);
  if (path === undefined) return print(2, `duet: ${word(sentence("no-home"))}\n`, exitNetwork);
  const sources = { current: options.passPhrase, next };
  const { said, isDone } = await renewPassPhrase(path, sources, await loadSecretReader(word));
  return print(isDone ? 1 : 2, `${isDone ? "" : "duet: "}${word(said)}\n`, isDone ? exitOk : exitNetwork);
}

async function findRoom(text: string): Promise<FoundRoom | Sentence> {
  const { findRoomPlace } = await import("./cli/rooms/find-room-place.ts");
  return findRoomPlace(text, process.env);
}

async function loadNotifier(): Promise<typeof createLineNotifier> {
  return (await import("./cli/terminal/line-notifier.ts")).createLineNotifier;
}

function findHintPlace({ output }: Options): HintPlace {
  if (output === "screen") return "screen";
  return output === "spoken" ? "lines" : "shell";
}

interface Recorded {
  readonly path: string;
  /** The recording's text, or why it cannot be read. */
  readonly content: InputText | Sentence;
}

async function read(path: string): Promise<Recorded> {
  const { readRecording } = await import("./cli/replay/recording-file.ts");
  return { path, content: readRecording(path) };
}

/** Returns undefined, after reporting it, if the file cannot be replayed. */
async function replay(
  options: Options,
  words: Words,
  { path, content }: Recorded,
  { leave, fail }: Pick<Guard, "leave" | "fail">,
): Promise<Running | undefined> {
  const [{ parseRecording }, { openReadingRow }] = await Promise.all([
    import("./cli/replay/recording-file.ts"),
    import("./cli/replay/reading-row.ts"),
  ]);
  const show = openReadingRow(path, words.word);
  const recording = isSentence(content) ? content : parseRecording(path, content, show);
  if (isSentence(recording)) {
    await print(2, `duet: ${words.word(recording)}\n`, exitNetwork);
    return undefined;
  }
  if (options.output !== "screen") {
    const { runReplayLines } = await import("./cli/replay/replay-lines.ts");
    return runReplayLines(recording.events, options, words, leave);
  }
  const { runReplay } = await import("./cli/replay/replay-screen.tsx");
  return runReplay(recording, options, words, leave, fail);
}

/** True for a terminal that cannot move its cursor, or a person who uses a screen reader. */
function wantsLines(): boolean {
  const { TERM = "", ACCESSIBLE = "", INK_SCREEN_READER = "" } = process.env;
  const isOn = (value: string): boolean => value !== "" && value !== "0" && value !== "false";
  return TERM === "" || TERM === "dumb" || isOn(ACCESSIBLE) || isOn(INK_SCREEN_READER);
}

/** Prints a text. A closed pipe or a full disk, at which Bun's own streams throw, is exit code 1. */
async function print(descriptor: 1 | 2, text: string, code: number): Promise<void> {
  process.exitCode = code;
  const onError = (): void => {
    if (code === exitOk) process.exitCode = exitNetwork;
  };
  const output = new StandardOutput(descriptor, { onError });
  output.print(text);
  await output.flush(printIdleMs);
}

/** Bun 1.4.5 answers "unknown" where $USER is not set, so the passwd database is asked (POSIX getpwuid). */
function loginName(): string {
  const named = process.env["USER"] ?? process.env["LOGNAME"];
  if (named !== undefined && named !== "") return named;
  try {
    const uid = String(process.getuid?.());
    const lines = readFileSync("/etc/passwd", "utf8").split("\n");
    return lines.map((line) => line.split(":")).find((fields) => fields[2] === uid)?.[0] ?? "";
  } catch {
    // No such file: the options have a name for guests.
    return "";
  }
}

void main();
