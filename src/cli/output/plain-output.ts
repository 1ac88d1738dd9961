/** Formats outputs as lines for people: messages for standard output, other events for standard error. */

import type { WordedOutput } from "../../chat/model/output.ts";
import { formatActor } from "../../protocol/text/nicknames.ts";
import { cleanText, splitLines } from "../../protocol/text/text.ts";

/** A received message, each line with its `<name> `; undefined for any other output. `clean`: how a line is cleaned. */
export function formatMessage(output: WordedOutput, clean = cleanText): string | undefined {
  if (output.type !== "message" || output.direction !== "in") return undefined;
  const start = output.action ? `* ${formatActor(output.name)} ` : `<${output.name}> `;
  if (!/[\r\n]/.test(output.text)) return `${start}${clean(output.text)}\n`;
  const lines = splitLines(output.text).map((line) => start + clean(line));
  return `${lines.join("\n")}\n`;
}

/** A state, notice or error, and a socket call if `verbose`; undefined for any other output. */
export function formatEvent(output: WordedOutput, verbose: boolean): string | undefined {
  switch (output.type) {
    case "state": {
      const peer = output.peer === undefined || output.to === "LISTEN" ? "" : ` ${output.peer}`;
      return `-- ${output.transport}${peer} ${output.from} → ${output.to}: ${output.reason}\n`;
    }
    case "notice":
      return formatNotice(output);
    case "error":
      return `duet: ${output.message}\n      ${output.hint}\n`;
    case "call":
      return verbose ? formatCall(output) : undefined;
    case "peer":
    case "verify":
    case "message":
    case "lines":
    case "receipt":
    case "bytes":
    case "room":
    case "stats":
      return undefined;
  }
}

function formatNotice(output: Extract<WordedOutput, { type: "notice" }>): string {
  const hint = output.hint === undefined ? "" : `\n   ${output.hint}`;
  return `${noticeMark(output.tone)} ${output.text}${hint}\n`;
}

function noticeMark(tone: Extract<WordedOutput, { type: "notice" }>["tone"]): string {
  switch (tone) {
    case "joined":
      return "-->";
    case "left":
      return "<--";
    case "warning":
    case "error":
      return "!!";
    case "info":
    case "state":
      return "--";
  }
}

/** `send 4096 of 65536 B to 127.0.0.1:8080 (partial)` */
function formatCall(output: Extract<WordedOutput, { type: "call" }>): string {
  const { bytes, ofBytes, result } = output;
  const of = ofBytes === undefined || ofBytes === bytes ? "" : ` of ${ofBytes}`;
  const size = bytes === undefined ? "" : ` ${bytes}${of} B`;
  const endpoint = output.peer ?? output.local;
  const where = endpoint === undefined ? "" : ` ${endpoint}`;
  return `.. ${output.transport} ${output.call}${where}${size}${result === "ok" ? "" : ` (${result})`}\n`;
}
