/** From the command line's options to what the chat and the session need. */

import type { Config } from "../../chat/config/config.ts";
import type { OpenRequest } from "../../chat/config/open-request.ts";
import type { Words } from "../../words/tables/words.ts";
import { logsEvents } from "./logs.ts";
import type { Options } from "../options/options.ts";

/** The chat's part of the options. */
export function chatConfig(options: Options, words: Words): Config {
  const spoken = options.output === "spoken";
  // A person at a terminal stays when a connection ends, drawn screen or not.
  const headless = options.output !== "screen" && !spoken;
  const logs = options.logFile !== undefined;
  const tellsEvents = options.output === "json" || logsEvents(options);
  return {
    words,
    name: options.name,
    raw: options.raw,
    duet: options.duet,
    crlf: options.crlf,
    telnet: options.telnet,
    connectTimeoutMs: options.connectTimeoutMs,
    idleTimeoutMs: options.idleTimeoutMs,
    peersMax: options.peersMax,
    allow: options.allow,
    deny: options.deny,
    headless,
    lingerAfterInputMs: lingerMs(options),
    reportMessages: headless || spoken || logs,
    reportLines: options.output === "plain" && !logs,
    bytesOnly: options.output === "raw" && !logs,
    lan: options.lan,
    impairment: options.trouble,
    silent: options.sendOnly,
    reportCalls: options.verbose || options.output === "json" || logs,
    reportPayloads: options.verbose && tellsEvents,
    reportKernel: options.verbose && (options.output === "json" || logs),
    reportSpans: tellsEvents,
    keepCalls: options.output === "screen",
  };
}

function lingerMs(options: Options): number | undefined {
  if (options.sendOnly) return 0;
  return options.exitAfterInput ? options.connectTimeoutMs : undefined;
}

/** What to open first. */
export function firstRequest(options: Options): OpenRequest {
  return { role: options.mode, target: options.target };
}
