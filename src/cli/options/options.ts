/**
 * Turns the command line and the settings file into typed options, or refuses them with a sentence. Reads no
 * environment, opens nothing itself, prints nothing and never throws, whatever the arguments are.
 */

import type { EncryptChoice } from "../../chat/config/config.ts";
import type { Cidr } from "../../protocol/address/cidr.ts";
import { groupHostDefault, isGroupTarget } from "../../protocol/lan/multicast-chat.ts";
import { connectTimeoutMsDefault } from "../../protocol/limits.ts";
import type { SharedRoomName } from "../../chat/config/config.ts";
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
import { findUsageError, mergeSettings } from "./option-conflicts.ts";
import type { OptionKey } from "../../words/parts/names.ts";
import {
  type BellChoice,
  readBell,
  readEncrypt,
  readKey,
  readLanguage,
  readName,
  readPeersMax,
  readSeconds,
  readTheme,
  readTrouble,
  type ThemeChoice,
} from "./option-values.ts";
import { type GivenOptions, parseCommandLine, type CommandLine } from "./command-line.ts";
import {
  allowFileFlag,
  denyFileFlag,
  type FindAddresses,
  type HostRanges,
  joinHosts,
  readHosts,
  readHostsFiles,
  type ReadHostsFile,
  resolveHosts,
} from "./host-ranges.ts";
import { readSecretSource, type SecretSource } from "./secret-source.ts";
import { isUsageError, refuse, refuseTargetProblem, type UsageRefusal } from "./usage-refusal.ts";

export interface Options {
  /** `pair`: listen on the target, or connect to the duet that already does. */
  readonly mode: "pair" | "listen" | "connect";
  readonly transport: TransportName;
  readonly target: Target;
  readonly lan: boolean;
  /** Send exactly the bytes of the input, whatever the output is. */
  readonly raw: boolean;
  /** Send the greeting at once, because the peer is a duet. */
  readonly duet: boolean;
  readonly encrypt: EncryptChoice;
  /** The key that the peer we connect to must have, as formatKey writes it. */
  readonly expectedKey: string | undefined;
  /** The source of the room's password. */
  readonly passwordSource: SecretSource | undefined;
  /** The password, once it was read. */
  readonly password: string | undefined;
  /** Names the engine of a shared room, and may have its password: see findRoomPlace. */
  readonly room: string | undefined;
  /** Set once its place was found. */
  readonly sharedRoom?: SharedRoomName | undefined;
  readonly identityFile: string | undefined;
  /** The source of the identity's pass-phrase; undefined: our person is asked. */
  readonly passPhrase: SecretSource | undefined;
  /** The pass-phrase is set, or taken away, and nothing else is done. */
  readonly newPassPhrase: SecretSource | "none" | undefined;
  readonly isAnonymous: boolean;
  /** Cleaned by cleanName. */
  readonly name: string;
  readonly family: 4 | 6 | undefined;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number | undefined;
  readonly peersMax: number;
  /** Empty if all addresses are allowed. */
  readonly allow: readonly Cidr[];
  readonly deny: readonly Cidr[];
  readonly crlf: boolean;
  readonly telnet: boolean;
  /** `raw`: no screen, and the received bytes unchanged. `spoken`: plain lines on a terminal, for a screen reader. */
  readonly output: "screen" | "spoken" | "plain" | "json" | "raw";
  readonly theme: ThemeChoice;
  readonly bell: BellChoice;
  /** The language of the screen and of spoken lines. */
  readonly language: Language;
  /** Start with the tour of socket calls. */
  readonly tour: boolean;
  readonly exitAfterInput: boolean;
  readonly sendOnly: boolean;
  readonly recvOnly: boolean;
  readonly logFile: string | undefined;
  readonly hexLogFile: string | undefined;
  /** Socket calls as packets, in pcapng. */
  readonly packetFile: string | undefined;
  /** A recording to show instead of opening any socket. */
  readonly replayFile: string | undefined;
  readonly verbose: boolean;
  readonly trouble: Impairment | undefined;
}

interface OptionsEnvironment {
  /** True if standard input and standard output both are terminals. */
  readonly isTerminal: boolean;
  /** As the system reports it; cleaned here. */
  readonly loginName: string;
  /** The name that the person chose last by /nick. Called only for a person, without a name from elsewhere. */
  readonly readRememberedName?: () => string | undefined;
  /** The language of the locale; English by default. */
  readonly language?: Language;
  /** True if the terminal cannot show a screen, or the environment asks for screen-reader output. */
  readonly wantsLines?: boolean;
  /** Reads a file of hosts for --allowfile and --denyfile. */
  readonly readHostsFile?: ReadHostsFile;
  /** Reads the settings file at the path, or at the default path. Called at most once, and not for --help. */
  readonly readSettings?: (path: string | undefined) => GivenOptions | UsageRefusal;
}

/** The hosts that may join, and those that may not. */
interface Access {
  readonly allow: HostRanges;
  readonly deny: HostRanges;
}

export type ParsedOptions =
  /** `access`: who may join; present only if names are to be looked up by resolveAccess(). */
  | { readonly kind: "run"; readonly options: Options; readonly access?: Access }
  | { readonly kind: "help"; readonly language: Language }
  | { readonly kind: "version" }
  | UsageRefusal;

/** Parses `argv`, which does not include the program. --help wins over --version, and both win over any error. */
export function parseOptions(argv: readonly string[], environment: OptionsEnvironment): ParsedOptions {
  const commandLine = parseCommandLine(argv);
  if (commandLine.given.has("help"))
    return { kind: "help", language: selectLanguage(argv, environment.language ?? "en") };
  if (commandLine.given.has("version")) return { kind: "version" };
  const error = commandLine.error ?? findUsageError(commandLine);
  if (error !== undefined) return error;
  const settings = readSettings(commandLine.given, environment);
  if (isUsageError(settings)) return settings;
  const merged = mergeSettings(commandLine, settings);
  const conflict = findUsageError(merged);
  if (conflict !== undefined) return conflict;
  const access = readAccess(merged.given, environment);
  if (isUsageError(access)) return access;
  const options = buildOptions(merged, access, environment);
  if ("kind" in options) return options;
  const hasNames = access.allow.names.length + access.deny.names.length > 0;
  return hasNames ? { kind: "run", options, access } : { kind: "run", options };
}

/** The language for --help and usage errors, even if the rest of the command line is wrong. */
export function selectLanguage(argv: readonly string[], fallback: Language): Language {
  const language = readLanguage("--lang", parseCommandLine(argv).given.get("lang")?.at(-1), fallback);
  return isUsageError(language) ? fallback : language;
}

function readSettings(given: GivenOptions, environment: OptionsEnvironment): GivenOptions | UsageRefusal {
  if (given.has("no-config") || environment.readSettings === undefined) return new Map();
  return environment.readSettings(given.get("config")?.at(-1));
}

function buildOptions(
  commandLine: CommandLine,
  { allow, deny }: Access,
  environment: OptionsEnvironment,
): Options | UsageRefusal {
  const { given } = commandLine;
  const family = given.has("ipv4") ? 4 : given.has("ipv6") ? 6 : undefined;
  const mode = selectMode(commandLine);
  const target = readTarget(commandLine, mode, family);
  if (target.kind === "usage-error") return target;
  const misplaced = findMisplacedGroup(target, mode, given);
  if (misplaced !== undefined) return misplaced;
  const limits = readConnectionLimits(given);
  if (isUsageError(limits)) return limits;
  const output = selectOutput(given, environment);
  const name = readOwnName(given, output, environment);
  if (isUsageError(name)) return name;
  if (given.has("tour") && output !== "screen" && output !== "spoken") return refuse("tour-needs-terminal");
  const personal = readPersonalOptions(given, environment);
  if (isUsageError(personal)) return personal;
  const trouble = readTrouble("--trouble", getValue(given, "trouble"));
  if (isUsageError(trouble)) return trouble;
  if (given.has("room") && mode !== "listen") return refuse("room-needs-listener");
  const encrypt = readEncryption(given);
  if (isUsageError(encrypt)) return encrypt;
  const expectedKey = readKey("--key", getValue(given, "key"));
  if (isUsageError(expectedKey)) return expectedKey;
  const secrets = readSecretSources(given);
  if (isUsageError(secrets)) return secrets;
  return {
    mode,
    transport: given.has("udp") || given.has("group") ? "udp" : "tcp",
    target,
    lan: given.has("lan"),
    raw: given.has("raw"),
    duet: given.has("duet"),
    encrypt,
    expectedKey,
    ...secrets,
    password: undefined,
    room: getValue(given, "room"),
    identityFile: getValue(given, "identity"),
    isAnonymous: given.has("anonymous"),
    name,
    family,
    ...limits,
    allow: allow.ranges,
    deny: deny.ranges,
    crlf: given.has("crlf"),
    telnet: given.has("telnet"),
    output,
    ...personal,
    tour: given.has("tour"),
    exitAfterInput: given.has("exit-after-input"),
    sendOnly: given.has("send-only"),
    recvOnly: given.has("recv-only"),
    logFile: getValue(given, "output"),
    hexLogFile: getValue(given, "hex-dump"),
    packetFile: getValue(given, "export"),
    replayFile: getValue(given, "replay"),
    verbose: given.has("verbose"),
    trouble,
  };
}

/** Without a given name a person has the remembered one; programs that read the output have none. */
function readOwnName(
  given: GivenOptions,
  output: Options["output"],
  { loginName, readRememberedName }: OptionsEnvironment,
): string | UsageRefusal {
  const named = getValue(given, "name");
  const isPerson = output === "screen" || output === "spoken";
  const remembered = named === undefined && isPerson ? readRememberedName?.() : undefined;
  return remembered ?? readName("--name", named, loginName);
}

function readSecretSources(
  given: GivenOptions,
): Pick<Options, "passwordSource" | "passPhrase" | "newPassPhrase"> | UsageRefusal {
  const passwordSource = readSecretSource("--password", getValue(given, "password"));
  if (isUsageError(passwordSource)) return passwordSource;
  const passPhrase = readSecretSource("--pass-phrase", getValue(given, "pass-phrase"));
  if (isUsageError(passPhrase)) return passPhrase;
  const next = getValue(given, "new-pass-phrase");
  const newPassPhrase = next === "none" ? next : readSecretSource("--new-pass-phrase", next);
  return isUsageError(newPassPhrase) ? newPassPhrase : { passwordSource, passPhrase, newPassPhrase };
}

/** Options with which nothing can be sealed. */
const clearOptions = ["raw", "telnet", "group"] as const;

function readEncryption(given: GivenOptions): EncryptChoice | UsageRefusal {
  const encrypt = readEncrypt("--encrypt", getValue(given, "encrypt"));
  if (isUsageError(encrypt)) return encrypt;
  const sealed = (["key", "password"] as const).find((key) => given.has(key));
  if (sealed !== undefined && encrypt === "off")
    return refuse("clash", { one: `--${sealed}`, other: "--encrypt off", why: "proof-needs-encryption" });
  const clear = clearOptions.find((key) => given.has(key));
  if (clear === undefined || (sealed === undefined && encrypt !== "require")) return encrypt;
  const one = sealed === undefined ? "--encrypt require" : `--${sealed}`;
  return refuse("clash", { one, other: `--${clear}`, why: "sealing-needs-frames" });
}

type ConnectionLimits = Pick<Options, "connectTimeoutMs" | "idleTimeoutMs" | "peersMax">;

function readConnectionLimits(given: GivenOptions): ConnectionLimits | UsageRefusal {
  const connectTimeoutMs = readSeconds("-w", getValue(given, "wait"), connectTimeoutMsDefault);
  if (isUsageError(connectTimeoutMs)) return connectTimeoutMs;
  const idleTimeoutMs = readSeconds("-i", getValue(given, "idle-timeout"), undefined);
  if (isUsageError(idleTimeoutMs)) return idleTimeoutMs;
  const peersMax = readPeersMax("-m", getValue(given, "max-conns"));
  return isUsageError(peersMax) ? peersMax : { connectTimeoutMs, idleTimeoutMs, peersMax };
}

/** Reads who may join, and who may not: the hosts on the command line, and those in files. */
function readAccess(given: GivenOptions, { readHostsFile }: OptionsEnvironment): Access | UsageRefusal {
  const readFiles = (flag: string, paths: readonly string[] | undefined) =>
    readHostsFile === undefined ? readHosts(flag) : readHostsFiles(flag, paths, readHostsFile);
  const allow = readHosts("--allow", given.get("allow"));
  if (isUsageError(allow)) return allow;
  const allowFiles = readFiles(allowFileFlag, given.get("allowfile"));
  if (isUsageError(allowFiles)) return allowFiles;
  const deny = readHosts("--deny", given.get("deny"));
  if (isUsageError(deny)) return deny;
  const denyFiles = readFiles(denyFileFlag, given.get("denyfile"));
  if (isUsageError(denyFiles)) return denyFiles;
  return { allow: joinHosts(allow, allowFiles), deny: joinHosts(deny, denyFiles) };
}

/** Looks up the names among the hosts, and completes the options; a name without an address is a refusal. */
export async function resolveAccess(
  options: Options,
  access: Access,
  find: FindAddresses,
): Promise<Options | UsageRefusal> {
  const [allow, deny] = await Promise.all([
    resolveHosts(access.allow, find),
    resolveHosts(access.deny, find),
  ]);
  if (isUsageError(allow)) return allow;
  return isUsageError(deny) ? deny : { ...options, allow, deny };
}

/** Reads the options about the person at the screen. */
function readPersonalOptions(
  given: GivenOptions,
  environment: OptionsEnvironment,
): Pick<Options, "theme" | "bell" | "language"> | UsageRefusal {
  const theme = readTheme("--theme", getValue(given, "theme"));
  if (isUsageError(theme)) return theme;
  const bell = readBell("--bell", getValue(given, "bell"));
  if (isUsageError(bell)) return bell;
  const language = readLanguage("--lang", getValue(given, "lang"), environment.language ?? "en");
  return isUsageError(language) ? language : { theme, bell, language };
}

function getValue(given: GivenOptions, key: OptionKey): string | undefined {
  return given.get(key)?.at(-1);
}

function selectMode({ given, positionals }: CommandLine): Options["mode"] {
  if (given.has("listen")) return "listen";
  return positionals.length > 0 || given.has("unixsock") || given.has("group") ? "connect" : "pair";
}

function readTarget(
  commandLine: CommandLine,
  mode: Options["mode"],
  family: 4 | 6 | undefined,
): Target | UsageRefusal {
  const path = commandLine.given.get("unixsock")?.at(-1);
  if (path !== undefined) return refuseTargetProblem(parsePath(path));
  if (commandLine.given.has("group")) return readGroup(commandLine.positionals, family);
  const role = mode === "connect" ? "connect" : "listen";
  const host = commandLine.given.has("lan") ? getWildcardHost(family) : family === 6 ? "::1" : hostDefault;
  return refuseTargetProblem(parseTarget(commandLine.positionals, { role, host, port: portDefault, family }));
}

/** Reads a multicast group; address and port have defaults. */
function readGroup(positionals: readonly string[], family: 4 | 6 | undefined): Target | UsageRefusal {
  const defaults = { role: "listen", host: groupHostDefault, port: portDefault, family } as const;
  const target = refuseTargetProblem(parseTarget(positionals, defaults));
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

/** The host that stands for all interfaces. `::` accepts both families. */
function getWildcardHost(family: 4 | 6 | undefined): string {
  return family === 4 ? "0.0.0.0" : "::";
}

function selectOutput(given: GivenOptions, environment: OptionsEnvironment): Options["output"] {
  if (given.has("json")) return "json";
  if (given.has("plain")) return "plain";
  if (!environment.isTerminal) return given.has("raw") ? "raw" : "plain";
  return given.has("screen-reader") || environment.wantsLines === true ? "spoken" : "screen";
}
