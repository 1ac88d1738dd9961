/** One end of the tour as lines: its address and state, and its calls below the tutorial's Python. No colours. */

import { measureColumns } from "../../protocol/text/wrap.ts";
import { type StateWord, getStateGlyph } from "../../chat/records/connection-state.ts";
import { formatEndpoint } from "../../protocol/address/endpoint.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { cutEnd, wrapText } from "../../protocol/text/wrap.ts";
import { getPythonLines } from "../../tour/python-lines.ts";
import type { TourCall } from "../../tour/tour-call.ts";
import {
  type TourState,
  getKernelState,
  getShownStep,
  isExplained,
  listCalls,
} from "../../tour/tour-state.ts";
import type { TourStep } from "../../tour/tour-steps.ts";
import type { TourEnd, TourFacts, TourWords } from "../../words/tables/tour-words.ts";
import { getStateTone } from "../bars/top-bar.ts";

type TourTone = "strong" | "plain" | "quiet" | "good" | "warning" | "bad" | "info";

interface TourPiece {
  readonly text: string;
  readonly tone: TourTone;
}

/** Adjacent pieces, without a gap. */
export type TourLine = readonly TourPiece[];

export interface TourPane {
  readonly head: TourLine;
  readonly body: readonly TourLine[];
  /** The line after the last one that the step explains; 0: it explains none. */
  readonly explainedEnd: number;
}

const unknown = "?";

export function buildPane(tour: TourState, end: TourEnd, words: TourWords, columns: number): TourPane {
  const calls = listCalls(tour, end);
  const step = getShownStep(tour);
  const body: TourLine[] = [];
  let explainedEnd = 0;
  let before: TourCall | undefined;
  for (const call of calls) {
    if (!isSameLine(step, before, call)) body.push(...layoutPython(getPythonLines(step, call), columns));
    before = call;
    const isExplainedCall = isExplained(tour, call);
    body.push(...layoutCall(call, isExplainedCall, words, columns));
    if (isExplainedCall) explainedEnd = body.length;
  }
  const kernel = getKernelState(tour, end);
  if (kernel !== undefined) {
    body.push(...wrapRows(`  ${words.kernel(kernel.state, kernel.unreadBytes)}`, columns, "good"));
    if (explainedEnd > 0) explainedEnd = body.length;
  }
  if (isMissing(tour, end)) {
    body.push(...wrapRows(words.nothingCame, columns, "warning"));
    explainedEnd = body.length;
  }
  return { head: buildHead(tour, end, words, columns), body, explainedEnd };
}

/** A Python line that makes two calls, such as close with its shutdown, is shown once. */
function isSameLine(step: TourStep, before: TourCall | undefined, call: TourCall): boolean {
  if (before === undefined || before.called.call === call.called.call) return false;
  return getPythonLines(step, before).join() === getPythonLines(step, call).join();
}

/** The values that the tour's text mentions; a question mark for those not known yet. */
export function collectFacts(tour: TourState): TourFacts {
  const server = findAddress(listCalls(tour, "server"));
  const client = findAddress(listCalls(tour, "client"));
  const portOf = (address: string): string => address.split(":").at(-1) ?? unknown;
  return { server, client, serverPort: portOf(server), clientPort: portOf(client), dropped: tour.dropped };
}

function findAddress(calls: readonly TourCall[]): string {
  const local = calls.find(({ called }) => called.local !== undefined)?.called.local;
  return local === undefined ? unknown : formatEndpoint(local);
}

/** True if this end is missing a datagram that the step dropped on purpose. */
function isMissing(tour: TourState, end: TourEnd): boolean {
  return end === "server" && getShownStep(tour).id === "udp-lost" && tour.dropped > 0;
}

function buildHead(tour: TourState, end: TourEnd, words: TourWords, columns: number): TourLine {
  const calls = listCalls(tour, end);
  const state = deriveState(calls);
  const address = findAddress(calls);
  const where = address === unknown ? "" : ` ${address}`;
  // The glyph also shows which half is closed.
  const forms = [`${getStateGlyph(state)} ${state}`, `${getStateGlyph(state)} ${state.replace(/ \(.*/, "")}`];
  const name = `${words.ends[end]} `;
  const form = forms.find((each) => measureColumns(name + each + where) <= columns) ?? getStateGlyph(state);
  const used = measureColumns(name + form);
  return [
    { text: name, tone: "strong" },
    { text: form, tone: getStateTone(state) },
    { text: cutEnd(where, columns - used), tone: "plain" },
  ];
}

/** The state as the calls imply it; the kernel's own states are finer. */
function deriveState(calls: readonly TourCall[]): StateWord {
  return calls.reduce<StateWord>((state, { called }) => applyCall(state, called), "CLOSED");
}

function applyCall(state: StateWord, { call, result, connection }: TourCall["called"]): StateWord {
  if (result === "RST") return "RESET";
  if (result !== "ok" && result !== "FIN") return state;
  switch (call) {
    case "bind":
      return "BOUND";
    case "listen":
      return "LISTEN";
    case "accept":
    case "connect":
      return "ESTABLISHED";
    case "shutdown":
      return state === "HALF-CLOSED (theirs)" ? state : "HALF-CLOSED (ours)";
    case "recv":
      return result === "FIN" && state === "ESTABLISHED" ? "HALF-CLOSED (theirs)" : state;
    case "close":
      if (state === "RESET" && connection !== undefined) return state;
      // The connection is over; its listener is still open.
      return connection === undefined || state === "HALF-CLOSED (theirs)" ? "CLOSED" : "LISTEN";
    case "send":
    case "sendto":
    case "recvfrom":
    case "setsockopt":
      return state;
  }
}

function layoutPython(lines: readonly string[], columns: number): readonly TourLine[] {
  return lines.flatMap((line) => wrapCode(line, columns).map((text): TourLine => [{ text, tone: "info" }]));
}

/** Breaks a line of code after a comma, a bracket or a space, and indents the rest. */
function wrapCode(line: string, columns: number): readonly string[] {
  const pieces = line.match(/\(?[^ ,(]+(?:, |[ ,(])?|./g) ?? [line];
  const texts: string[] = [];
  for (const piece of pieces) {
    const last = texts.at(-1);
    if (last !== undefined && measureColumns((last + piece).trimEnd()) <= columns)
      texts.splice(-1, 1, last + piece);
    else texts.push(last === undefined ? piece : `  ${piece}`);
  }
  return texts.map((text) => cutEnd(text.trimEnd(), columns));
}

function layoutCall(
  call: TourCall,
  isExplainedCall: boolean,
  words: TourWords,
  columns: number,
): readonly TourLine[] {
  const { called, payload } = call;
  const isFine = called.result === "ok" || called.result === "FIN";
  const tone = !isFine ? "bad" : isExplainedCall ? "strong" : "plain";
  const texts = wrapRows(`${isExplainedCall ? "▸" : " "} ${formatCall(called, words)}`, columns, tone);
  if (payload === undefined || payload.length === 0) return texts;
  return [
    ...texts,
    ...wrapRows(`  ${formatPayload(payload)}`, columns, isExplainedCall ? "strong" : "quiet"),
  ];
}

function wrapRows(text: string, columns: number, tone: TourTone): readonly TourLine[] {
  return wrapText(text, Math.max(1, columns - 2)).map((row, index): TourLine => [
    { text: index === 0 ? row : `  ${row}`, tone },
  ]);
}

/** `accept 127.0.0.1:51234 → ok`. */
export function formatCall(called: TourCall["called"], words: TourWords): string {
  const { call, local, peer, result } = called;
  const endpoint = call === "bind" || call === "close" ? local : peer;
  const where = endpoint === undefined ? "" : ` ${formatEndpoint(endpoint)}`;
  return `${call}${where} → ${formatResult(called, result, words)}`;
}

function formatResult(
  { bytes, ofBytes, call }: TourCall["called"],
  result: string,
  words: TourWords,
): string {
  if (call === "recv" && result === "FIN") return `0 B (${words.fin})`;
  if (bytes === undefined || (result !== "ok" && result !== "partial")) return result;
  return ofBytes === undefined || ofBytes === bytes ? `${bytes} B` : `${bytes}/${ofBytes} B`;
}

/**
 * `e4 bd a0 e5 a5 bd  你好`. The text is cleaned, because the bytes come from a socket. Of sealed bytes only the first few, as
 * they are no text.
 */
export function formatPayload(payload: Uint8Array): string {
  const text = new TextDecoder().decode(payload);
  const isText = !text.includes("\uFFFD");
  const shown = isText ? payload : payload.subarray(0, sealedBytesShown);
  const hex = Array.from(shown, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return isText ? `${hex}  ${cleanText(text)}` : `${hex} …`;
}

const sealedBytesShown = 8;
