import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Entry, EntryId, MessageEntry, Notice } from "../../src/chat/log/entry.ts";
import { Scrollback } from "../../src/chat/log/scrollback.ts";
import { scrollbackMaxLines, scrollbackMaxUnits } from "../../src/protocol/limits.ts";
import { type Sentence, sentence } from "../../src/words/sentences/sentence.ts";
import { chinese, english } from "../support/words.ts";

function entry(id: number, text = "x"): MessageEntry {
  return {
    kind: "message",
    id: id as EntryId,
    atMs: 0,
    direction: "in",
    over: "tcp",
    name: "alice",
    colourKey: "a",
    text,
    growing: false,
    action: false,
  };
}

function notice(id: number, noticed: Sentence): Notice {
  return { kind: "notice", id: id as EntryId, atMs: 0, tone: "info", sentence: noticed };
}

function texts(scrollback: Scrollback): string[] {
  return Array.from({ length: scrollback.length }, (_, index) => scrollback.at(index)?.text ?? "?");
}

test("a scrollback keeps the newest lines and counts the dropped ones", () => {
  const scrollback = new Scrollback(english.word, { lines: 3, units: 100 });
  for (let id = 1; id <= 5; id += 1) scrollback.push(entry(id, `line ${id}`));
  expect(texts(scrollback)).toEqual(["line 3", "line 4", "line 5"]);
  expect(scrollback.dropped).toBe(2);
});

test("old lines are dropped when the text passes its bound, but never the newest", () => {
  const scrollback = new Scrollback(english.word, { lines: 10, units: 10 });
  scrollback.push(entry(1, "12345"));
  scrollback.push(entry(2, "12345"));
  expect(scrollback.length).toBe(2);
  scrollback.push(entry(3, "1"));
  expect(texts(scrollback)).toEqual(["12345", "1"]);
  scrollback.push(entry(4, "x".repeat(50)));
  expect(texts(scrollback)).toEqual(["x".repeat(50)]);
});

test("the default bounds are those of limits.ts", () => {
  const scrollback = new Scrollback(english.word);
  for (let id = 1; id <= scrollbackMaxLines; id += 1) scrollback.push(entry(id));
  expect([scrollback.length, scrollback.dropped]).toEqual([scrollbackMaxLines, 0]);
  scrollback.push(entry(scrollbackMaxLines + 1));
  expect([scrollback.length, scrollback.dropped]).toEqual([scrollbackMaxLines, 1]);
  scrollback.push(entry(scrollbackMaxLines + 2, "x".repeat(scrollbackMaxUnits)));
  expect(scrollback.length).toBe(1);
});

test("a line that grows in place is counted again", () => {
  const scrollback = new Scrollback(english.word, { lines: 10, units: 10 });
  const growing = entry(2, "ab");
  scrollback.push(entry(1, "123456"));
  scrollback.push(growing);
  growing.text = "abcde";
  expect(scrollback.replace(growing)).toBe(true);
  expect(texts(scrollback)).toEqual(["abcde"]);
  expect(scrollback.units).toBe(5);
});

test("a dropped line is not restored by a replacement", () => {
  const scrollback = new Scrollback(english.word, { lines: 1, units: 10 });
  scrollback.push(entry(1));
  scrollback.push(entry(2));
  expect(scrollback.replace(entry(1, "back"))).toBe(false);
  expect(texts(scrollback)).toEqual(["x"]);
});

test("a line is found by its id, though ids have gaps", () => {
  const scrollback = new Scrollback(english.word, { lines: 4, units: 100 });
  for (const id of [2, 5, 9, 10, 20, 21]) scrollback.push(entry(id));
  expect([9, 10, 20, 21].map((id) => scrollback.indexOf(id))).toEqual([0, 1, 2, 3]);
  expect(scrollback.indexOf(2)).toBe(0);
  expect(scrollback.indexOf(12)).toBe(2);
  expect(scrollback.indexOf(99)).toBe(3);
});

test("a cleared scrollback is empty and starts again", () => {
  const scrollback = new Scrollback(english.word, { lines: 2, units: 100 });
  for (let id = 1; id <= 3; id += 1) scrollback.push(entry(id));
  scrollback.clear();
  expect([scrollback.length, scrollback.dropped, scrollback.units, scrollback.indexOf(3)]).toEqual([
    0, 0, 0, 0,
  ]);
  expect(scrollback.at(0)).toBeUndefined();
  scrollback.push(entry(4, "new"));
  expect(texts(scrollback)).toEqual(["new"]);
});

test("a scrollback holds the same lines as an array cut at the same bounds", () => {
  const pushes = fc.array(fc.string({ maxLength: 8 }), { maxLength: 60 });
  fc.assert(
    fc.property(
      pushes,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 30 }),
      (lines, most, units) => {
        const scrollback = new Scrollback(english.word, { lines: most, units });
        const model: Entry[] = [];
        for (const [index, text] of lines.entries()) {
          scrollback.push(entry(index, text));
          model.push(entry(index, text));
          while (model.length > most) model.shift();
          while (model.length > 1 && model.reduce((sum, { text: kept }) => sum + kept.length, 0) > units)
            model.shift();
        }
        expect(texts(scrollback)).toEqual(model.map(({ text }) => text));
        expect(scrollback.dropped).toBe(lines.length - model.length);
        for (const [index, { id }] of model.entries()) expect(scrollback.indexOf(id)).toBe(index);
      },
    ),
  );
});

test("a notice is worded when it is added, and its id and params are kept beside", () => {
  const scrollback = new Scrollback(chinese.word);
  scrollback.push(notice(1, sentence("closed-here")));
  scrollback.push(notice(2, sentence("quit")));
  scrollback.replace({ ...notice(2, sentence("closed-here")), hint: sentence("quit") });
  expect(scrollback.at(0)).toMatchObject({ text: chinese.word(sentence("closed-here")) });
  expect(scrollback.at(1)).toEqual({
    ...{ kind: "notice", id: 2 as EntryId, atMs: 0, tone: "info" },
    ...{ text: chinese.word(sentence("closed-here")), hint: chinese.word(sentence("quit")) },
  });
  expect(scrollback.kept(1)).toMatchObject({ sentence: sentence("closed-here"), hint: sentence("quit") });
});

test("a message is not translated", () => {
  const scrollback = new Scrollback(chinese.word);
  const message = entry(1, "closed here");
  scrollback.push(message);
  expect(scrollback.at(0)).toBe(message);
});
