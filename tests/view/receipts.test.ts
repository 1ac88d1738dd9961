/** The receipt beside a sent message: a glyph and a word if they fit, without moving the text. */

import { expect, test } from "bun:test";
import type { Receipt } from "../../src/chat/log/entry.ts";
import { selectRows } from "../../src/view/conversation/conversation-rows.ts";
import { formatReceipt } from "../../src/view/conversation/receipt-text.ts";
import { formatTime, message, scrollbackOf } from "../components/screen-fixture.ts";
import { asWritten, english } from "../support/words.ts";

const shape = { columns: 37, rows: 4, formatTime, words: english, anchor: "newest" } as const;

test("each stage has a glyph and a word, a fraction while some members lack it, and shorter forms", () => {
  const rungs: readonly Receipt[] = [
    { stage: "queued" },
    { stage: "sent" },
    { stage: "received" },
    { stage: "received", by: 2, of: 3 },
    { stage: "read" },
  ];
  const at = (columns: number) => rungs.map((receipt) => formatReceipt(receipt, english.line, columns));
  expect(at(20)).toEqual(["… queued", "› sent", "✓ received", "✓ received 2/3", "✓✓ read"]);
  expect(at(9)).toEqual(["… queued", "› sent", "✓", "✓ 2/3", "✓✓ read"]);
  expect(at(1)).toEqual(["…", "›", "✓", "", ""]);
  expect(at(0)).toEqual(["", "", "", "", ""]);
  expect(at(-3)).toEqual(["", "", "", "", ""]);
});

test("the receipt is in the last row of its message, and a new stage does not move the text", () => {
  const entry = message(1, "ann", "line 6 and twenty columns more", { direction: "out" });
  const scrollback = scrollbackOf([
    entry,
    message(2, "ann", "exactly twenty-3 cols!!", { direction: "out", receipt: { stage: "read" } }),
  ]);
  const seen = () => selectRows(scrollback, shape).rows.map(({ text, receipt = "" }) => text + receipt);
  expect(seen()).toEqual(["line 6 and twenty", "columns more", "exactly twenty-3 cols!!"]);
  for (const [receipt, shown] of [
    [{ stage: "sent" }, "columns more  › sent"],
    [{ stage: "received" }, "columns more  ✓"],
    [{ stage: "read" }, "columns more  ✓✓ read"],
  ] as const) {
    entry.receipt = receipt;
    scrollback.replace(entry);
    expect(seen()).toEqual(["line 6 and twenty", shown, "exactly twenty-3 cols!!"]);
  }
});

test("a note precedes the receipt", () => {
  const entry = message(1, "ann", "hi", {
    direction: "out",
    note: asWritten("odd"),
    receipt: { stage: "sent" },
  });
  const [row] = selectRows(scrollbackOf([entry]), shape).rows;
  expect([row?.text, row?.note, row?.receipt]).toEqual(["hi", " [odd]", "  › sent"]);
});
