/**
 * The command line, as plain typed fields: words in, values out, every contradiction found here. It reads
 * no environment, opens nothing, prints nothing and never throws, whatever the words are.
 */

import { parseArgs } from "node:util";
import type { Cidr } from "../protocol/cidr.ts";
import { connectTimeoutMsDefault } from "../protocol/limits.ts";
import type { TransportName } from "../protocol/socket-event.ts";
import {
  hostDefault,
  parsePath,
  parseTarget,
  portDefault,
  quoteWord,
  type Target,
  type UsageError,
  usageError,
} from "../protocol/target.ts";
import { type OptionKey, optionTable } from "./option-table.ts";
import { isUsageError, readName, readPeersMax, readRanges, readSeconds } from "./option-values.ts";
import { describeUnknownOption } from "./unknown-option.ts";

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
  /** `raw`: headless, and standard output gets the bytes as they came. */
  readonly output: "screen" | "plain" | "json" | "raw";
  readonly exitAfterInput: boolean;
  readonly sendOnly: boolean;
  readonly recvOnly: boolean;
  readonly logFile: string | undefined;
  readonly hexLogFile: string | undefined;
  readonly verbose: boolean;
}

export interface OptionsEnvironment {
  /** Standard input and output both are one. */
  readonly isTerminal: boolean;
  /** As the system has it; cleaned here, and replaced when nothing is left of it. */
  readonly loginName: string;
}

export type ParsedOptions =
  | { readonly kind: "run"; readonly options: Options }
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | UsageError;

/** `argv` without the program. --help wins over --version, and both over anything that is wrong. */
export function parseOptions(argv: readonly string[], environment: OptionsEnvironment): ParsedOptions {
  const words = readWords(argv);
  if (words.given.has("help")) return { kind: "help" };
  if (words.given.has("version")) return { kind: "version" };
  const wrong = words.error ?? findContradiction(words);
  if (wrong !== undefined) return wrong;
  const options = buildOptions(words, environment);
  return "kind" in options ? options : { kind: "run", options };
}

/** Every option that was given, with its values in order, and the words that are none. */
interface Words {
  readonly given: ReadonlyMap<OptionKey, readonly string[]>;
  readonly positionals: readonly string[];
  readonly error: UsageError | undefined;
}

const parserOptions = Object.fromEntries(
  optionTable.map(({ key, short, value }) => [
    key,
    {
      type: value === undefined ? ("boolean" as const) : ("string" as const),
      ...(short === undefined ? {} : { short }),
    },
  ]),
);
const descriptions = new Map(optionTable.map((option) => [option.key as string, option]));

/** The parser is not strict, since its own errors name neither what is allowed nor what was meant. */
function readWords(argv: readonly string[]): Words {
  const given = new Map<OptionKey, string[]>();
  const positionals: string[] = [];
  let error: UsageError | undefined;
  const { tokens } = parseArgs({ args: [...argv], options: parserOptions, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = descriptions.get(token.name);
    if (option === undefined) {
      error ??= usageError(describeUnknownOption(argv[token.index] ?? token.rawName, token.rawName));
      continue;
    }
    error ??= checkValue(option.value, token);
    given.set(option.key, [...(given.get(option.key) ?? []), token.value ?? ""]);
  }
  return { given, positionals, error };
}

interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function checkValue(valueName: string | undefined, token: OptionToken): UsageError | undefined {
  const { rawName, value, inlineValue } = token;
  if (valueName === undefined) {
    return value === undefined
      ? undefined
      : usageError(`${rawName} takes no value, and ${quoteWord(value)} was given`);
  }
  if (value === undefined || value === "")
    return usageError(`${rawName} needs a value: ${rawName} ${valueName}`);
  if (inlineValue === true || !/^-[^\d.]/.test(value)) return undefined;
  return usageError(
    `${rawName} needs a value: ${rawName} ${valueName}, and ${quoteWord(value)} looks like an option`,
  );
}

/** What cannot both be, as a person writes it, and the choice they have. */
const contradictions: readonly (readonly [OptionKey, OptionKey, string])[] = [
  ["tcp", "udp", "--tcp and --udp do not go together: start in one, and Ctrl-T opens the other"],
  ["ipv4", "ipv6", "-4 and -6 do not go together: leave out both to allow either family"],
  ["plain", "json", "--plain and --json do not go together: choose lines or events"],
  ["raw", "duet", "--raw and --duet do not go together: raw bytes carry no frames"],
  ["send-only", "recv-only", "--send-only and --recv-only do not go together: nothing would be left to do"],
  [
    "unixsock",
    "udp",
    "--udp and -U do not go together: UNIX datagram sockets are not supported; leave out --udp",
  ],
  ["unixsock", "ipv4", "-4 and -U do not go together: a UNIX socket has no address family; leave out -4"],
  ["unixsock", "ipv6", "-6 and -U do not go together: a UNIX socket has no address family; leave out -6"],
  ["unixsock", "lan", "--lan and -U do not go together: a UNIX socket stays on this machine"],
];

function findContradiction({ given, positionals }: Words): UsageError | undefined {
  const found = contradictions.find(([one, other]) => given.has(one) && given.has(other));
  if (found !== undefined) return usageError(found[2]);
  const [first] = positionals;
  if (given.has("unixsock") && first !== undefined) {
    return usageError(`-U takes a path alone: leave out ${quoteWord(first)}`);
  }
  if (given.has("lan") && !given.has("listen") && first !== undefined) {
    return usageError("--lan listens and HOST PORT connects: add -l to listen there, or leave out --lan");
  }
  const log = given.get("output")?.at(-1);
  if (log !== undefined && log === given.get("hex-dump")?.at(-1)) {
    return usageError(`-o and -x cannot both write ${quoteWord(log)}: give each its own file`);
  }
  return undefined;
}

function buildOptions(words: Words, environment: OptionsEnvironment): Options | UsageError {
  const { given } = words;
  const valueOf = (key: OptionKey): string | undefined => given.get(key)?.at(-1);
  const family = given.has("ipv4") ? 4 : given.has("ipv6") ? 6 : undefined;
  const mode = selectMode(words);
  const target = readTarget(words, mode, family);
  if (target.kind === "usage-error") return target;
  const connectTimeoutMs = readSeconds("-w", valueOf("wait"), connectTimeoutMsDefault);
  if (isUsageError(connectTimeoutMs)) return connectTimeoutMs;
  const idleTimeoutMs = readSeconds("-i", valueOf("idle-timeout"), undefined);
  if (isUsageError(idleTimeoutMs)) return idleTimeoutMs;
  const peersMax = readPeersMax(valueOf("max-conns"));
  if (isUsageError(peersMax)) return peersMax;
  const allow = readRanges("--allow", given.get("allow"));
  if (isUsageError(allow)) return allow;
  const deny = readRanges("--deny", given.get("deny"));
  if (isUsageError(deny)) return deny;
  const name = readName(valueOf("name"), environment.loginName);
  if (isUsageError(name)) return name;
  return {
    mode,
    transport: given.has("udp") ? "udp" : "tcp",
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
    output: selectOutput(given, environment.isTerminal),
    exitAfterInput: given.has("exit-after-input"),
    sendOnly: given.has("send-only"),
    recvOnly: given.has("recv-only"),
    logFile: valueOf("output"),
    hexLogFile: valueOf("hex-dump"),
    verbose: given.has("verbose"),
  };
}

function selectMode({ given, positionals }: Words): Options["mode"] {
  if (given.has("listen")) return "listen";
  return positionals.length > 0 || given.has("unixsock") ? "connect" : "pair";
}

function readTarget(words: Words, mode: Options["mode"], family: 4 | 6 | undefined): Target | UsageError {
  const path = words.given.get("unixsock")?.at(-1);
  if (path !== undefined) return parsePath(path);
  const role = mode === "connect" ? "connect" : "listen";
  const host = words.given.has("lan") ? everyInterface(family) : family === 6 ? "::1" : hostDefault;
  return parseTarget(words.positionals, { role, host, port: portDefault, family });
}

/** `::` takes both families, unless one was asked for. */
function everyInterface(family: 4 | 6 | undefined): string {
  return family === 4 ? "0.0.0.0" : "::";
}

function selectOutput(given: Words["given"], isTerminal: boolean): Options["output"] {
  if (given.has("json")) return "json";
  if (given.has("plain")) return "plain";
  if (isTerminal) return "screen";
  return given.has("raw") ? "raw" : "plain";
}
