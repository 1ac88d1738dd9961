/** The content of the wire panel: descriptions of calls, filters, the window, bytes as hex and text. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { type WireCall, WireLog, type WireRow } from "../../src/chat/log/wire-log.ts";
import { dumpCall } from "../../src/view/wire/wire-dump.ts";
import { parseWireFilter, isWithinFilter } from "../../src/view/wire/wire-filter.ts";
import { buildWireLines } from "../../src/view/wire/wire-lines.ts";
import { emptyLine, insertText } from "../../src/input/line/line-state.ts";
import { firstWireState, createPlace } from "../../src/view/wire/wire-state.ts";
import { stepRow, selectCalls } from "../../src/view/wire/wire-window.ts";
import { getCallTone, describeCall } from "../../src/view/wire/call-text.ts";
import { findHighlightedEntries } from "../../src/view/wire/wire-highlights.ts";
import { formatClock, message, recvFromBob, screenModel } from "../components/screen-fixture.ts";
import { english } from "../support/words.ts";

function logOf(...calls: readonly (readonly [Partial<WireCall>, string?])[]): WireLog {
  const log = new WireLog();
  for (const [call, text] of calls) {
    const payload = text === undefined ? undefined : Buffer.from(text);
    log.push({ ...recvFromBob, bytes: payload?.length, ...call }, payload);
  }
  return log;
}

function rowOf(call: Partial<WireCall>): WireRow {
  return logOf([call]).at(0)!;
}

test("calls read as in the tutorial", () => {
  const ours = { peer: undefined, address: "127.0.0.1:8080", bytes: undefined } as const;
  for (const [call, words] of [
    [{ ...ours, call: "bind" }, "bind 127.0.0.1:8080"],
    [{ ...ours, call: "listen" }, "listen 127.0.0.1:8080"],
    [{ ...ours, call: "bind", address: undefined, result: "EADDRINUSE" }, "bind (EADDRINUSE)"],
    [{ call: "accept", bytes: undefined }, "accept 127.0.0.1:51234"],
    [{ call: "connect", bytes: undefined, result: "ECONNREFUSED" }, "connect 127.0.0.1:51234 (ECONNREFUSED)"],
    [{ bytes: 6 }, "recv 6 B"],
    [{ bytes: 0, result: "FIN" }, "recv 0 B (FIN)"],
    [{ bytes: undefined, result: "RST" }, "recv (RST)"],
    [{ call: "send", bytes: 4096, ofBytes: 65_536, result: "partial" }, "send 4096 of 65536 B (partial)"],
    [{ call: "send", bytes: 0, ofBytes: 5, result: "would-block" }, "send 0 of 5 B (would block)"],
    [{ call: "sendto", bytes: 5, ofBytes: 5 }, "sendto 5 B"],
    [{ call: "shutdown", bytes: undefined, result: "FIN" }, "shutdown (FIN)"],
    [{ call: "close", bytes: undefined, result: "RST" }, "close (RST)"],
  ] as const)
    expect(describeCall(rowOf(call), english.wire)).toBe(words);
});

test("failed and partial calls stand out", () => {
  expect(getCallTone(rowOf({ result: "RST" }))).toBe("bad");
  expect(getCallTone(rowOf({ call: "connect", result: "ETIMEDOUT" }))).toBe("bad");
  expect(getCallTone(rowOf({ call: "send", result: "partial" }))).toBe("warning");
  expect([getCallTone(rowOf({})), getCallTone(rowOf({ call: "sendto" }))]).toEqual(["in", "out"]);
});

test("filters match peer, call and text, and any line is a filter", () => {
  const log = logOf(
    [{ call: "accept" }],
    [{}, "Hello 你好\n"],
    [{ call: "send" }, "hello back\n"],
    [{ peer: "old ann", address: "10.0.0.1:7", result: "RST" }],
  );
  const passing = (line: string): readonly number[] =>
    Array.from({ length: log.length }, (_, index) => log.at(index)!)
      .filter((row) => isWithinFilter(log, row, parseWireFilter(line), english.wire))
      .map(({ number }) => number);
  expect(passing("")).toEqual([1, 2, 3, 4]);
  expect(passing("peer=BOB")).toEqual([1, 2, 3]);
  expect(passing("peer=10.0.0.1")).toEqual([4]);
  expect(passing("call=recv")).toEqual([2, 4]);
  expect(passing("call=recv peer=bob")).toEqual([2]);
  expect(passing("hello")).toEqual([2, 3]);
  expect(passing("text=hello 你好")).toEqual([2]);
  expect(passing("rst")).toEqual([4]);
  expect(passing("peer=bob text=peer=bob")).toEqual([]);
  expect(passing("peer= call=")).toEqual([1, 2, 3, 4]);
  expect(passing("no such words")).toEqual([]);
});

test("a window stays at its first call while calls are added, follows without one, and is full at the end", () => {
  const log = logOf(...Array.from({ length: 10 }, () => [{}] as const));
  const all = { wire: log, filter: parseWireFilter(""), words: english.wire };
  const numbers = (top: number | undefined) => selectCalls(all, top, 3).map(({ number }) => number);
  expect(numbers(undefined)).toEqual([8, 9, 10]);
  expect(numbers(4)).toEqual([4, 5, 6]);
  expect(numbers(10)).toEqual([8, 9, 10]);
  log.push(recvFromBob, undefined);
  expect([numbers(4), numbers(undefined)]).toEqual([
    [4, 5, 6],
    [9, 10, 11],
  ]);
  expect(stepRow(all, undefined, -1)?.number).toBe(11);
  expect(stepRow(all, 5, -2)?.number).toBe(3);
  expect(stepRow(all, 5, -20)?.number).toBe(1);
  expect(stepRow(all, 5, 1)?.number).toBe(6);
  expect(stepRow(all, 11, 1)).toBeUndefined();
});

test("a call opens to hex and text, and the text is clean", () => {
  const log = logOf([{ offset: 7 }, "\x1b[31m你好\nb\x07"]);
  const lines = dumpCall(log, log.at(0)!, english, 40).map(({ text }) => text);
  expect(lines).toEqual([
    "call 1: bytes 7 to 20 from bob",
    "0000  1b 5b 33 31 6d e4 bd a0  ·[31m···",
    "0008  e5 a5 bd 0a 62 07        ····b·",
    "“ ␛[31m你好",
    "  b␇",
  ]);
});

test("a payload that is kept in part, or no more, is reported as such", () => {
  const log = new WireLog({ rows: 3, payloadBytes: 4, bytes: 6 });
  log.push({ ...recvFromBob, bytes: 5 }, Buffer.from("abcde"));
  expect(dumpCall(log, log.at(0)!, english, 40).map(({ text }) => text)[1]).toBe(
    "the first 4 of 5 B are kept",
  );
  log.push({ ...recvFromBob, bytes: 4 }, Buffer.from("fghi"));
  expect(dumpCall(log, log.at(0)!, english, 40).at(-1)?.text).toBe("its bytes are not kept");
});

test("calls with a receipt or acknowledgement of the chosen message are highlighted differently, and named", () => {
  const wire = logOf(
    [{ call: "send", offset: 0 }, "hello\n"],
    [{ call: "recv", offset: 0 }, "receipt\n"],
    [{ call: "recv", offset: 8 }, "ack\n"],
    [{ call: "recv", offset: 12 }, "other\n"],
  );
  const on = recvFromBob.connection!;
  const entry = message(1, "ann", "hello", {
    direction: "out",
    receipt: { stage: "acked" },
    spans: {
      list: [
        { what: "text", way: "out", on, start: 0, end: 6 },
        { what: "receipt", way: "in", on: [{ connection: on, at: 1 }], start: -1, end: 7 },
        { what: "ack", way: "in", on, start: 8, end: 12 },
      ],
    },
  });
  const model = screenModel({ wire, entries: [entry] });
  const state = { ...firstWireState, isShown: true, place: { ...createPlace("tcp"), entryId: entry.id } };
  const lines = buildWireLines(model, state, { columns: 60, rows: 5, formatClock });
  const shown = lines.map(({ pieces, highlight }) => [
    highlight,
    pieces
      .map(({ text }) => text)
      .join("")
      .slice(10),
  ]);
  expect(shown.slice(1)).toEqual([
    ["message", "bob        send 6 B hello␊"],
    ["receipt", "bob        recv 8 B · receipt receipt␊"],
    ["receipt", "bob        recv 4 B · ack ack␊"],
    [undefined, "bob        recv 6 B other␊"],
  ]);
  // No call brought the acknowledgement: it was read from the kernel.
  expect(shown[0]?.[1]).toContain("acked: reported by TCP, no call");
  const received = { ...entry, receipt: { stage: "received" } } as const;
  const later = buildWireLines(screenModel({ wire, entries: [received] }), state, {
    columns: 60,
    rows: 5,
    formatClock,
  });
  expect(later[0]?.pieces.map(({ text }) => text).join("")).not.toContain("acked");
  // A call with a receipt of the message leads to it, too.
  const chosen = { ...firstWireState, isShown: true, place: { ...createPlace("tcp"), chosen: 3 } };
  expect(findHighlightedEntries(model, chosen)).toEqual([entry.id]);
});

test("no payload and no width makes a line too wide, or puts a control character into it", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 1200 }),
      fc.integer({ min: 20, max: 130 }),
      fc.integer({ min: 3, max: 30 }),
      fc.boolean(),
      (payload, columns, rows, isOpen) => {
        const wire = new WireLog();
        wire.push({ ...recvFromBob, bytes: payload.length, peer: "名前".repeat(8) }, payload);
        wire.push({ ...recvFromBob, call: "send", result: "partial", ofBytes: 9_999_999 }, payload);
        const place = { ...createPlace("tcp"), chosen: 1, openFrom: isOpen ? 0 : undefined };
        const state = { ...firstWireState, isShown: true, place };
        const lines = buildWireLines(screenModel({ wire }), state, { columns, rows, formatClock });
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const { pieces } of lines) {
          const text = pieces.map((piece) => piece.text).join("");
          expect(measureColumns(text)).toBeLessThanOrEqual(columns);
          expect(text).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
        }
      },
    ),
  );
});

test("a filter that no call passes is explained; one that some pass, or none, is not", () => {
  const model = screenModel({ wire: logOf([{}, "hi"]) });
  const shape = { columns: 60, rows: 9, formatClock };
  const read = (words: string, focus: "composer" | "calls", columns = 60): string =>
    buildWireLines(model, { ...firstWireState, focus, filter: lineOf(words) }, { ...shape, columns })
      .map(({ pieces }) => pieces.map(({ text }) => text).join(""))
      .join("\n");
  expect(read("zzz", "calls")).toEndWith("no call passes the filter: Ctrl-U empties it");
  expect(read("zzz", "composer")).toEndWith("no call passes the filter: /wire all lifts it");
  const unknown =
    "port= is no condition: peer= call= text= are\nno call passes the filter: Ctrl-U empties it";
  expect(read("call=send port=80", "calls")).toEndWith(unknown);
  expect(read("call=send text=port=80", "calls")).not.toContain("is no condition");
  expect(read("zzz", "calls", 20)).toEndWith("\nno call passes the …");
  for (const words of ["", " ", "call=recv"]) expect(read(words, "calls")).not.toContain("no call passes");
});

function lineOf(text: string) {
  return insertText(emptyLine, text);
}
