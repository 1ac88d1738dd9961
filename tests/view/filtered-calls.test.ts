/** The calls that pass a filter, and their number: each call is matched once, however often it is asked for. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { type WireCall, WireLog, type WireModel } from "../../src/chat/log/wire-log.ts";
import { emptyLine, insertText } from "../../src/input/line/line-state.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { parseWireFilter, isWithinFilter } from "../../src/view/wire/wire-filter.ts";
import { buildWireLines } from "../../src/view/wire/wire-lines.ts";
import { findPassingRows } from "../../src/view/wire/filtered-calls.ts";
import { firstWireState } from "../../src/view/wire/wire-state.ts";
import { stepRow, selectCalls } from "../../src/view/wire/wire-window.ts";
import { formatClock, recvFromBob, screenModel } from "../components/screen-fixture.ts";
import { chinese, english } from "../support/words.ts";

const call: WireCall = { ...recvFromBob, bytes: 2 };
const words = english.wire;

const lines = ["", "call=send", "peer=ann", "x", "call=recv x"] as const;
const step = fc.oneof(
  fc.record({
    call: fc.constantFrom("send", "recv"),
    peer: fc.constantFrom("ann", "bob"),
    text: fc.boolean(),
  }),
  fc.constantFrom("look", "pause", ...lines),
);

test("the rows that pass are those of a full search, in any order of adding, dropping and reading", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const wire = new WireLog({ rows: 7, payloadBytes: 8, bytes: 64 });
      let line = "";
      for (const each of steps) {
        if (typeof each === "object") {
          const payload = Buffer.from(each.text ? "xy" : "no");
          wire.push({ ...call, call: each.call as "send" | "recv", peer: each.peer }, payload);
        } else if (each === "pause") wire.setPaused(!wire.paused);
        else if (each !== "look") line = each;
        const filter = parseWireFilter(line);
        const rows = Array.from({ length: wire.length }, (_, index) => wire.at(index)!);
        const expected = rows.filter((row) => isWithinFilter(wire, row, filter, words));
        const passing = findPassingRows({ wire, filter, words });
        expect(Array.from({ length: passing.length }, (_, index) => passing.at(index)!)).toEqual(expected);
        for (const [index, { number }] of expected.entries()) expect(passing.indexOf(number)).toBe(index);
        expect([passing.at(-1), passing.at(expected.length)]).toEqual([undefined, undefined]);
      }
    }),
  );
});

test("each call is matched once, and a call that was dropped unread never", () => {
  const wire = new WireLog({ rows: 100, payloadBytes: 8, bytes: 8000 });
  let judged = 0;
  const counting: WireModel = {
    get length() {
      return wire.length;
    },
    count: 0,
    paused: false,
    passedOver: 0,
    at: (index) => wire.at(index),
    indexOf: (number) => wire.indexOf(number),
    sealedPayloadOf: (row) => wire.sealedPayloadOf(row),
    payloadOf: (row) => {
      judged += 1;
      return wire.payloadOf(row);
    },
  };
  const from = { wire: counting, filter: parseWireFilter("zzz"), words };
  const flood = (calls: number): void => {
    for (let left = calls; left > 0; left -= 1) wire.push(call, Buffer.from("no"));
  };
  flood(60);
  for (let look = 0; look < 9; look += 1) {
    expect(findPassingRows(from)).toHaveLength(0);
    expect(selectCalls(from, undefined, 10)).toEqual([]);
    expect(stepRow(from, 30, 1)).toBeUndefined();
  }
  expect(judged).toBe(60);
  flood(30);
  findPassingRows(from);
  expect(judged).toBe(90);
  flood(5000);
  findPassingRows(from);
  expect(judged).toBe(190);
});

test("the head shows the number of passing calls while there is a filter", () => {
  const wire = new WireLog({ rows: 4310, payloadBytes: 8, bytes: 8000 });
  const head = (filter: string, columns = 60, language = english): string => {
    const state = { ...firstWireState, filter: insertText(emptyLine, filter) };
    const model = screenModel({ wire, words: language });
    const [first] = buildWireLines(model, state, { columns, rows: 9, formatClock });
    return (first?.pieces ?? []).map(({ text }) => text).join("");
  };
  for (let each = 0; each < 5000; each += 1)
    wire.push({ ...call, peer: each < 4988 ? "bob" : "ann" }, undefined);
  expect(head("")).toEndWith("  5,000 calls");
  expect(head(" peer= ")).toEndWith("  5,000 calls");
  expect(head("peer=ann")).toBe(`wire  following  peer=ann${" ".repeat(18)}12 of 4,310 calls`);
  expect(head("peer=zoe")).toEndWith("  0 of 4,310 calls");
  expect(head("peer=ann", 60, chinese)).toEndWith("  4,310 次调用中 12 次");
  expect(head("peer=ann", 38)).toBe("wire  following  peer=ann  12 of 4,310");
  // The filter's text takes precedence over the number.
  expect(head("peer=ann call=recv text=something long", 60)).toMatch(
    /^wire {2}following {2}peer=ann call=.*… +0 of 4,310 calls$/,
  );
  for (let columns = 10; columns < 90; columns += 1)
    expect(measureColumns(head("peer=ann call=recv", columns))).toBeLessThanOrEqual(columns);
});
