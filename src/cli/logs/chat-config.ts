/** Converts the command line's options to the config of the chat and its first request. */

import type { Config } from "../../chat/config/config.ts";
import type { OpenRequest } from "../../chat/config/open-request.ts";
import type { Words } from "../../words/tables/words.ts";
import { isTerminal } from "../process/is-terminal.ts";
import { isEventLog } from "./log-contract.ts";
import type { Options } from "../options/options.ts";

export function createChatConfig(options: Options, words: Words): Config {
  const isSpoken = options.output === "spoken";
  // A headless chat exits when its connections end. With spoken lines a person stays, as at a screen.
  const isHeadless = options.output !== "screen" && !isSpoken;
  const isOneWay = options.mode === "listen" && (options.sendOnly || options.recvOnly);
  const hasLog = options.logFile !== undefined;
  const reportsEvents = options.output === "json" || isEventLog(options);
  return {
    words,
    name: options.name,
    // One way means one way: a listener greets nobody. Who asks for duets wants their frames.
    raw: options.raw || (isOneWay && !options.duet && options.password === undefined),
    duet: options.duet,
    crlf: options.crlf,
    telnet: options.telnet,
    encrypt: options.encrypt,
    expectedKey: options.expectedKey,
    password: options.password,
    sharedRoom: options.sharedRoom,
    connectTimeoutMs: options.connectTimeoutMs,
    idleTimeoutMs: options.idleTimeoutMs,
    peersMax: options.peersMax,
    allow: options.allow,
    deny: options.deny,
    headless: isHeadless,
    isInputTyped: !isHeadless || isTerminal(0),
    lingerAfterInputMs: getLingerMs(options),
    reportMessages: isHeadless || isSpoken || hasLog,
    reportLines: options.output === "plain" && !hasLog,
    bytesOnly: options.output === "raw" && !hasLog,
    lan: options.lan,
    impairment: options.trouble,
    silent: options.sendOnly,
    isOneWay,
    reportCalls: options.verbose || options.output === "json" || hasLog,
    reportPayloads: options.verbose && reportsEvents,
    reportKernel: options.verbose && (options.output === "json" || hasLog),
    reportSpans: reportsEvents,
    keepCalls: options.output === "screen",
  };
}

/** How long to stay after the end of the input; undefined to stay until the connections end. */
function getLingerMs(options: Options): number | undefined {
  if (options.sendOnly) return 0;
  return options.exitAfterInput ? options.connectTimeoutMs : undefined;
}

/** The first connection or listener to open. */
export function createFirstRequest(options: Options): OpenRequest {
  return { role: options.mode, target: options.target };
}
