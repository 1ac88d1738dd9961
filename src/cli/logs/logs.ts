/** `-o`, `-x` and `--export`: what happens, and what passes, kept in files of mode 600. A file that exists is added to, and turned over at its bound. */

import { type Output, type WordedOutput, wordOutput } from "../../chat/model/output.ts";
import type { SessionHandlers } from "../../chat/model/session-handlers.ts";
import { encodePacketBlock, encodeSectionStart } from "../../protocol/capture/pcapng.ts";
import { CallPackets } from "./call-packets.ts";
import { formatHex } from "./hex-log.ts";
import { formatJson } from "../output/json-output.ts";
import type { Options } from "../options/options.ts";
import { formatHappening, formatMessage } from "../output/plain-output.ts";
import { RotatedFile } from "../files/rotated-file.ts";
import { isSentence, type Sentence, sentence, type Word } from "../../words/sentences/sentence.ts";

export interface Logs {
  /** Why a log cannot be written. */
  readonly problem: Sentence | undefined;
  /** Whether a log has lost what was to be written: the exit code says so too. */
  readonly failed: boolean;
  readonly onOutput: (output: Output) => void;
  /** What the logs want of a session; empty when they want nothing. */
  readonly taps: Pick<SessionHandlers, "onWire" | "onCall">;
  readonly flush: (timeoutMs: number) => Promise<void>;
}

/** Opens what the options ask for. `word`: the log's language; `onError`: a log could not be written any more. */
export function openLogs(options: Options, word: Word, onError: (problem: Sentence) => void): Logs {
  let failed = false;
  const fail = (problem: Sentence): void => {
    failed = true;
    onError(problem);
  };
  const log = openLog(options.logFile, fail);
  const hex = openLog(options.hexLogFile, fail);
  const packets = openLog(options.packetFile, fail, () => encodeSectionStart("duet", sectionComment));
  const asJson = logsEvents(options);
  return {
    problem: [log, hex, packets].find(isSentence),
    get failed() {
      return failed;
    },
    onOutput: (output) => {
      if (log instanceof RotatedFile) logOutput(log, wordOutput(output, word), asJson);
    },
    taps: {
      ...(hex instanceof RotatedFile && { onWire: hexWriter(hex) }),
      ...(packets instanceof RotatedFile && { onCall: packetWriter(packets) }),
    },
    flush: async (timeoutMs) => {
      for (const file of [log, hex, packets]) if (file instanceof RotatedFile) await file.flush(timeoutMs);
    },
  };
}

/** Whether the log has every event with all its fields, and not lines for people. */
export function logsEvents({ logFile }: Options): boolean {
  return logFile?.endsWith(".ndjson") === true;
}

function hexWriter(file: RotatedFile): NonNullable<SessionHandlers["onWire"]> {
  return (direction, transport, peer, bytes) => file.write(formatHex(direction, transport, peer, bytes));
}

const sectionComment = "packets synthesised from socket calls: they were not seen on any wire";

/** Each packet is one piece, so that a file that loses some is whole all the same. */
function packetWriter(file: RotatedFile): NonNullable<SessionHandlers["onCall"]> {
  const calls = { tcp: new CallPackets(), udp: new CallPackets() };
  return (transport, called) => {
    for (const { packet, comment } of calls[transport].packetsOf(called)) {
      const atUs = Math.round((performance.timeOrigin + performance.now()) * 1000);
      file.write(encodePacketBlock(packet, atUs, comment));
    }
  };
}

function openLog(
  path: string | undefined,
  onError: (problem: Sentence) => void,
  head?: () => Uint8Array,
): RotatedFile | Sentence | undefined {
  if (path === undefined) return undefined;
  try {
    const told = (code: string): void => onError(sentence("log-ends", { path, code }));
    return new RotatedFile(path, head === undefined ? { onError: told } : { onError: told, head });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return sentence("log-unopened", { path, code });
  }
}

function logOutput(log: RotatedFile, output: WordedOutput, asJson: boolean): void {
  const line = asJson ? formatJson(output) : formatText(output);
  if (line !== undefined) log.write(line);
}

function formatText(output: WordedOutput): string | undefined {
  const at = new Date(output.atMs).toISOString();
  if (output.type === "message" && output.direction === "out")
    return `${at} <${output.name}> ${JSON.stringify(output.text).slice(1, -1)}\n`;
  const text = formatMessage(output) ?? formatHappening(output, true);
  return text === undefined ? undefined : text.replace(/^/gm, `${at} `).replace(/[0-9T:.Z-]+ $/, "");
}
