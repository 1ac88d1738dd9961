/**
 * The logs of `-o` (events), `-x` (payloads) and `--export` (packets), in files of mode 600. They append to existing
 * files and are rotated at a bound.
 */

import { type WordedOutput, wordOutput } from "../../chat/model/output.ts";
import type { SessionHandlers } from "../../chat/model/session-handlers.ts";
import { encodePacketBlock, encodeSectionStart } from "../../protocol/capture/pcapng.ts";
import { cleanTabbedLines, cleanTabbedText } from "../../protocol/text/text.ts";
import { CallPackets } from "./call-packets.ts";
import { formatHex } from "./hex-log.ts";
import { findEventsEnd, findHexEnd, findTextEnd } from "./log-records.ts";
import { isEventLog, type Logs } from "./log-contract.ts";
import { findPacketsEnd } from "./packet-blocks.ts";
import { formatJson } from "../output/json-output.ts";
import type { Options } from "../options/options.ts";
import { formatEvent, formatMessage } from "../output/plain-output.ts";
import { RotatedFile, type RotatedFileOptions } from "../files/rotated-file.ts";
import { isSentence, type Sentence, sentence, type Word } from "../../words/sentences/sentence.ts";

/** See `OpenLogs`. */
export function openLogs(options: Options, word: Word, onError: (problem: Sentence) => void): Logs {
  let hasFailed = false;
  const fail = (problem: Sentence): void => {
    hasFailed = true;
    onError(problem);
  };
  const asJson = isEventLog(options);
  const log = openLog(options.logFile, fail, { findEnd: asJson ? findEventsEnd : findTextEnd });
  const hex = openLog(options.hexLogFile, fail, { findEnd: findHexEnd });
  const header = (): Uint8Array => encodeSectionStart("duet", sectionComment);
  const packets = openLog(options.packetFile, fail, { findEnd: findPacketsEnd, header });
  return {
    notes: [log, hex, packets].flatMap((file) => (file instanceof RotatedFile ? file.notes : [])),
    problem: [log, hex, packets].find(isSentence),
    get hasFailed() {
      return hasFailed;
    },
    onOutput: (output) => {
      if (log instanceof RotatedFile) logOutput(log, wordOutput(output, word), asJson);
    },
    sessionHandlers: {
      ...(hex instanceof RotatedFile && { onWire: createHexWriter(hex) }),
      ...(packets instanceof RotatedFile && { onCall: createPacketWriter(packets) }),
    },
    flush: async (idleMs) => {
      const files = [log, hex, packets].filter((file) => file instanceof RotatedFile);
      const left = await Promise.all(files.map((file) => file.flush(idleMs)));
      return left.reduce((sum, bytes) => sum + bytes, 0);
    },
  };
}

function createHexWriter(file: RotatedFile): NonNullable<SessionHandlers["onWire"]> {
  return (direction, transport, peer, bytes) => file.write(formatHex(direction, transport, peer, bytes));
}

const sectionComment = "packets synthesised from socket calls: they were not seen on any wire";

/** Each packet is a write of its own, so that the file stays valid if one is dropped. */
function createPacketWriter(file: RotatedFile): NonNullable<SessionHandlers["onCall"]> {
  const calls = { tcp: new CallPackets(), udp: new CallPackets() };
  return (transport, called) => {
    for (const { packet, comment } of calls[transport].synthesise(called)) {
      file.write(encodePacketBlock(packet, readWallUs(), comment));
    }
  };
}

let originMs = performance.timeOrigin;

/** The wall clock in microseconds since 1970; Date.now has milliseconds alone. It follows a step of the clock. */
function readWallUs(): number {
  const steppedMs = Date.now() - originMs - performance.now();
  if (Math.abs(steppedMs) > 20) originMs += steppedMs;
  return Math.round((originMs + performance.now()) * 1000);
}

function openLog(
  path: string | undefined,
  onError: (problem: Sentence) => void,
  format: Pick<RotatedFileOptions, "header" | "findEnd">,
): RotatedFile | Sentence | undefined {
  if (path === undefined) return undefined;
  const reportEnd = (code: string): void => onError(sentence("log-ends", { path, code }));
  return RotatedFile.open(path, { onError: reportEnd, ...format });
}

function logOutput(log: RotatedFile, output: WordedOutput, asJson: boolean): void {
  const line = asJson ? formatJson(output) : formatText(output);
  if (line !== undefined) log.write(line);
}

function formatText(output: WordedOutput): string | undefined {
  const at = new Date(output.atMs).toISOString();
  // Both directions alike, for people, who read it in a terminal.
  const message =
    output.type === "message" ? formatMessage({ ...output, direction: "in" }, cleanTabbedText) : undefined;
  const text = message ?? formatEvent(output, true);
  return text === undefined
    ? undefined
    : cleanTabbedLines(text.replace(/^/gm, `${at} `).replace(/[0-9T:.Z-]+ $/, ""));
}
