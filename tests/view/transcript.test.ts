import { expect, test } from "bun:test";
import { Scrollback } from "../../src/chat/log/scrollback.ts";
import { formatClosingLines, formatTranscript } from "../../src/view/conversation/transcript.ts";
import { formatTime, message, notice, screenModel, scrollbackOf } from "../components/screen-fixture.ts";
import { asWritten, english } from "../support/words.ts";

test("each kind of entry becomes plain lines", () => {
  const entries = [
    message(1, "bob", "hello 你好"),
    message(2, "ann", "not sent", {
      direction: "out",
      note: asWritten("not sent: the queue of bob is full"),
    }),
    message(3, "bob", "waves", { action: true }),
    message(4, "bob", "for you", { privateWith: "ann" }),
    message(5, "ann", "for bob", { direction: "out", privateWith: "bob" }),
    message(6, "bob", "one\r\ntwo\n"),
    notice(7, "error", "refused", "listen there"),
    notice(8, "joined", "carol joined"),
  ];
  expect([...formatTranscript(scrollbackOf(entries), english, formatTime)]).toEqual([
    "14:01 <bob> hello 你好",
    "14:02 <ann> not sent [not sent: the queue of bob is full]",
    "14:03 * bob waves",
    "14:04 <bob → you> for you",
    "14:05 <ann → bob> for bob",
    "14:06 <bob> one",
    "14:06 <bob> two",
    "14:07 !! refused",
    "14:07    → listen there",
    "14:08 --> carol joined",
  ]);
});

test("control characters of a peer are written out", () => {
  const entries = [message(1, "bob", "\x1b]0;title\x07\x1b[2J\u202eabc")];
  const [line] = [...formatTranscript(scrollbackOf(entries), english, formatTime)];
  expect(line).toBe("14:01 <bob> ␛]0;title␇␛[2J<U+202E>abc");
});

test("a transcript keeps tabs, and the farewell has blanks in their place", () => {
  const entries = [message(1, "bob", "\tone\n a\tb\n\n<eve> hi")];
  expect([...formatTranscript(scrollbackOf(entries), english, formatTime)]).toEqual([
    "14:01 <bob> \tone",
    "14:01 <bob>  a\tb",
    "14:01 <bob>",
    "14:01 <bob> <eve> hi",
  ]);
  expect(formatClosingLines(screenModel({ entries }), { columns: 80, rows: 9, formatTime })).toEqual([
    "14:01 <bob>         one",
    "14:01 <bob>  a      b",
    "14:01 <bob>",
    "14:01 <bob> <eve> hi",
  ]);
});

test("a transcript starts with the number of dropped entries", () => {
  const scrollback = new Scrollback(english.word, { lines: 2, units: 1000 });
  for (const id of [1, 2, 3]) scrollback.push(message(id, "bob", `line ${id}`));
  expect([...formatTranscript(scrollback, english, formatTime)]).toEqual([
    "(1 older line dropped)",
    "14:02 <bob> line 2",
    "14:03 <bob> line 3",
  ]);
});

test("the farewell is the last rows that fit, counted as the terminal wraps them; none without a message", () => {
  const shape = { columns: 20, rows: 4, formatTime };
  const entries = [1, 2, 3, 4].map((id) =>
    message(id, "bob", id === 3 ? "more than twenty columns" : `line ${id}`),
  );
  expect(formatClosingLines(screenModel({ entries }), shape)).toEqual([
    "14:02 <bob> line 2",
    "14:03 <bob> more than twenty columns",
    "14:04 <bob> line 4",
  ]);
  expect(formatClosingLines(screenModel({ entries: [notice(1, "state", "LISTEN")] }), shape)).toEqual([]);
});

test("two conversations have headings and share the rows", () => {
  const entries = [1, 2, 3].map((id) => message(id, "bob", `line ${id}`));
  const one = screenModel({ entries });
  const other = screenModel({ active: "udp", entries });
  const model = { ...one, scrollback: { tcp: one.scrollback.tcp, udp: other.scrollback.udp } };
  expect(formatClosingLines(model, { columns: 80, rows: 6, formatTime })).toEqual([
    "UDP:",
    "14:02 <bob> line 2",
    "14:03 <bob> line 3",
    "TCP:",
    "14:02 <bob> line 2",
    "14:03 <bob> line 3",
  ]);
});
