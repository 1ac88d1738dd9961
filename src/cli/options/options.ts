/**
 * The command line, as plain typed fields: words in, values out, every contradiction found here. It reads
 * no environment, opens nothing, prints nothing and never throws, whatever the words are.
 */

import type { Cidr } from "../../protocol/address/cidr.ts";
import { groupHostDefault, isGroupTarget } from "../../protocol/lan/multicast-chat.ts";
import { connectTimeoutMsDefault } from "../../protocol/limits.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import {
  hostDefault,
  parsePath,
  parseTarget,
  portDefault,
  type Target,
} from "../../protocol/address/target.ts";
import type { Impairment } from "../../protocol/sockets/network-impairment.ts";
import type { Language } from "../../words/parts/language.ts";
import { findContradiction, withSettings } from "./option-conflicts.ts";
import type { OptionKey } from "../../words/parts/names.ts";
import {
  type BellChoice,
  readBell,
  readLanguage,
  readName,
  readPeersMax,
  readRanges,
  readSeconds,
  readTheme,
  readTrouble,
  type ThemeChoice,
} from "./option-values.ts";
import { type GivenOptions, readWords, type Words } from "./option-words.ts";
import { isUsageError, refuse, targetOrRefusal, type UsageRefusal } from "./usage-refusal.ts";

export interface Options {
  /** `pair`: listen on the target, or join the duet that already does. */
  readonly mode: "pair" | "listen" | "connect";
  readonly transport: TransportName;
  readonly target: Target;
  readonly lan: boolean;
  /** Exactly the bytes typed on the wire, whatever the output is. */
  readonly raw: boolean;
  /** The other side is a duet: speak first. */
  readonly duet: boolean;
  /** Clean, as cleanName leaves it. */
  readonly name: string;
  readonly family: 4 | 6 | undefined;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number | undefined;
  readonly peersMax: number;
  /** Empty: everyone. */
  readonly allow: readonly Cidr[];
  readonly deny: readonly Cidr[];
  readonly crlf: boolean;
  readonly telnet: boolean;
  /**
   * `raw`: headless, and standard output gets the bytes as they came. `spoken`: a terminal that is not drawn on, a line
   * for each event.
   */
  readonly output: "screen" | "spoken" | "plain" | "json" | "raw";
  readonly theme: ThemeChoice;
  readonly bell: BellChoice;
  /** What duet speaks to the person at the screen. */
  readonly language: Language;
  /** The walk through the socket calls comes first. */
  readonly tour: boolean;
  readonly exitAfterInput: boolean;
  readonly sendOnly: boolean;
  readonly recvOnly: boolean;
  readonly logFile: string | undefined;
  readonly hexLogFile: string | undefined;
  /** pcapng. */
  readonly packetFile: string | undefined;
  /** Shown, and nothing is opened. */
  readonly replayFile: string | undefined;
  readonly verbose: boolean;
  readonly trouble: Impairment | undefined;
}

interface OptionsEnvironment {
  /** Standard input and output both are one. */
  readonly isTerminal: boolean;
  /** As the system has it; cleaned here, and replaced when nothing is left of it. */
  readonly loginName: string;
  /** What the locale says of it; English if nothing. */
  readonly language?: Language;
  /** The terminal cannot be drawn on, or its reader has said elsewhere that nothing should be. */
  readonly wantsLines?: boolean;
  /** What the file of settings says: the one that was named, or the one that is usual. Asked once, and late. */
  readonly readSettings?: (path: string | undefined) => GivenOptions | UsageRefusal;
}

export type ParsedOptions =
  | { readonly kind: "run"; readonly options: Options }
  | { readonly kind: "help"; readonly language: Language }
  | { readonly kind: "version" }
  | UsageRefusal;

/** `argv` without the program. --help wins over --version, and both over anything that is wrong. */
export function parseOptions(argv: readonly string[], environment: OptionsEnvironment): ParsedOptions {
  const words = readWords(argv);
  if (words.given.has("help"))
    return { kind: "help", language: askedLanguage(argv, environment.language ?? "en") };
  if (words.given.has("version")) return { kind: "version" };
  const wrong = words.error ?? findContradiction(words);
  if (wrong !== undefined) return wrong;
  const settings = readSettings(words.given, environment);
  if (isUsageError(settings)) return settings;
  const whole = withSettings(words, settings);
  const options = findContradiction(whole) ?? buildOptions(whole, environment);
  return "kind" in options ? options : { kind: "run", options };
}

/** What to speak to a person whose words may be wrong; `otherwise` where they do not tell. */
export function askedLanguage(argv: readonly string[], otherwise: Language): Language {
  const asked = readLanguage("--lang", readWords(argv).given.get("lang")?.at(-1), otherwise);
  return isUsageError(asked) ? otherwise : asked;
}

function readSettings(given: GivenOptions, environment: OptionsEnvironment): GivenOptions | UsageRefusal {
  if (given.has("no-config") || environment.readSettings === undefined) return new Map();
  return environment.readSettings(given.get("config")?.at(-1));
}

function buildOptions(words: Words, environment: OptionsEnvironment): Options | UsageRefusal {
  const { given } = words;
  const valueOf = (key: OptionKey): string | undefined => given.get(key)?.at(-1);
  const family = given.has("ipv4") ? 4 : given.has("ipv6") ? 6 : undefined;
  const mode = selectMode(words);
  const target = readTarget(words, mode, family);
  if (target.kind === "usage-error") return target;
  const misplaced = findMisplacedGroup(target, mode, given);
  if (misplaced !== undefined) return misplaced;
  const connectTimeoutMs = readSeconds("-w", valueOf("wait"), connectTimeoutMsDefault);
  if (isUsageError(connectTimeoutMs)) return connectTimeoutMs;
  const idleTimeoutMs = readSeconds("-i", valueOf("idle-timeout"), undefined);
  if (isUsageError(idleTimeoutMs)) return idleTimeoutMs;
  const peersMax = readPeersMax("-m", valueOf("max-conns"));
  if (isUsageError(peersMax)) return peersMax;
  const allow = readRanges("--allow", given.get("allow"));
  if (isUsageError(allow)) return allow;
  const deny = readRanges("--deny", given.get("deny"));
  if (isUsageError(deny)) return deny;
  const name = readName("--name", valueOf("name"), environment.loginName);
  if (isUsageError(name)) return name;
  const output = selectOutput(given, environment);
  if (given.has("tour") && output !== "screen" && output !== "spoken") return refuse("tour-needs-terminal");
  const person = readPerson(valueOf, environment);
  if (isUsageError(person)) return person;
  const trouble = readTrouble("--trouble", valueOf("trouble"));
  if (isUsageError(trouble)) return trouble;
  return {
    mode,
    transport: given.has("udp") || given.has("group") ? "udp" : "tcp",
    target,
    lan: given.has("lan"),
    raw: given.has("raw"),
    duet: given.has("duet"),
    name,
    family,
    connectTimeoutMs,
    idleTimeoutMs,
    peersMax,
    allow,
    deny,
    crlf: given.has("crlf"),
    telnet: given.has("telnet"),
    output,
    ...person,
    tour: given.has("tour"),
    exitAfterInput: given.has("exit-after-input"),
    sendOnly: given.has("send-only"),
    recvOnly: given.has("recv-only"),
    logFile: valueOf("output"),
    hexLogFile: valueOf("hex-dump"),
    packetFile: valueOf("export"),
    replayFile: valueOf("replay"),
    verbose: given.has("verbose"),
    trouble,
  };
}

/** What is for the eyes and ears of the person at the screen. */
function readPerson(
  valueOf: (key: OptionKey) => string | undefined,
  environment: OptionsEnvironment,
): Pick<Options, "theme" | "bell" | "language"> | UsageRefusal {
  const theme = readTheme("--theme", valueOf("theme"));
  if (isUsageError(theme)) return theme;
  const bell = readBell("--bell", valueOf("bell"));
  if (isUsageError(bell)) return bell;
  const language = readLanguage("--lang", valueOf("lang"), environment.language ?? "en");
  return isUsageError(language) ? language : { theme, bell, language };
}

function selectMode({ given, positionals }: Words): Options["mode"] {
  if (given.has("listen")) return "listen";
  return positionals.length > 0 || given.has("unixsock") || given.has("group") ? "connect" : "pair";
}

function readTarget(words: Words, mode: Options["mode"], family: 4 | 6 | undefined): Target | UsageRefusal {
  const path = words.given.get("unixsock")?.at(-1);
  if (path !== undefined) return targetOrRefusal(parsePath(path));
  if (words.given.has("group")) return readGroup(words.positionals, family);
  const role = mode === "connect" ? "connect" : "listen";
  const host = words.given.has("lan") ? everyInterface(family) : family === 6 ? "::1" : hostDefault;
  return targetOrRefusal(parseTarget(words.positionals, { role, host, port: portDefault, family }));
}

/** With or without an address and a port, but a group it must be. */
function readGroup(positionals: readonly string[], family: 4 | 6 | undefined): Target | UsageRefusal {
  const defaults = { role: "listen", host: groupHostDefault, port: portDefault, family } as const;
  const target = targetOrRefusal(parseTarget(positionals, defaults));
  if (target.kind !== "ip") return target;
  if (!isGroupTarget(target)) return refuse("no-group", { host: target.host });
  return target.port > 0 ? target : refuse("group-needs-port");
}

function findMisplacedGroup(
  target: Target,
  mode: Options["mode"],
  given: GivenOptions,
): UsageRefusal | undefined {
  if (!isGroupTarget(target) || target.kind !== "ip") return undefined;
  if (mode === "connect" && (given.has("udp") || given.has("group"))) return undefined;
  return refuse("group-misplaced", { host: target.host });
}

/** `::` takes both families, unless one was asked for. */
function everyInterface(family: 4 | 6 | undefined): string {
  return family === 4 ? "0.0.0.0" : "::";
}

function selectOutput(given: GivenOptions, environment: OptionsEnvironment): Options["output"] {
  if (given.has("json")) return "json";
  if (given.has("plain")) return "plain";
  if (!environment.isTerminal) return given.has("raw") ? "raw" : "plain";
  return given.has("screen-reader") || environment.wantsLines === true ? "spoken" : "screen";
}
