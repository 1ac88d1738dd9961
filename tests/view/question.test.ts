import { expect, test } from "bun:test";
import { pressKey } from "../../src/input/keys/key-event.ts";
import { readAnswer, type Question, wordQuestion } from "../../src/view/overlays/question.ts";
import { firstScreenState } from "../../src/view/screen/screen-state.ts";
import { ask } from "../../src/view/screen/screen-question.ts";
import { formatTime, screenModel } from "../components/screen-fixture.ts";
import { pressOnScreen } from "../../src/view/screen/screen-keys.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";
import { english } from "../support/words.ts";

/** The area of the wire panel. */
const panel = { columns: 40, rows: 10, isBeside: false };

const wish = { text: "hi", address: "192.0.2.255", port: 8080, forced: false };
const questions: readonly (readonly [Question, string])[] = [
  [{ type: "overwrite", path: "/tmp/\u001ba" }, "/tmp/␛a exists: y overwrites, n keeps "],
  [{ type: "broadcast", wish }, "everybody at 192.0.2.255:8080 receives it: y sends, n does not "],
  [{ type: "leave-room", key: "1 tcp", members: 2 }, "your room of 3 will close: y joins, n stays "],
];

test.each(questions)(
  "%p is asked in clean text, and returned as the action after a yes",
  (question, words) => {
    const { subject, asked } = wordQuestion(question, english.questions);
    expect(subject + asked).toBe(words);
    const view = {
      model: screenModel({}),
      shape: { columns: 40, rows: 10, formatTime, words: english },
      columns: 40,
      topRow: 1,
      panel,
    };
    const asking = ask(firstScreenState, question);
    expect(pressOnScreen(asking, { type: "text", text: "y" }, view)).toMatchObject({
      state: { question: undefined },
      action: question,
    });
    const refused = pressOnScreen(asking, { type: "text", text: "n" }, view);
    expect(refused.action).toBeUndefined();
    const { refused: text } = wordQuestion(question, english.questions);
    expect(refused.state.hint).toEqual(sentence("as-written", { text }));
  },
);

test("y and n alone answer in either case, Escape, Ctrl-C and Ctrl-G mean no, and other keys do not answer", () => {
  const read = (text: string, isAlone = true): unknown => readAnswer({ type: "text", text }, isAlone);
  expect(["y", "Y", "n", "N"].map((text) => read(text))).toEqual(["yes", "yes", "no", "no"]);
  expect(["yes", "yy", "not", ""].map((text) => read(text))).toEqual(Array(4).fill(undefined));
  expect(["y", "n"].map((text) => read(text, false))).toEqual([undefined, undefined]);
  const no = [pressKey("escape"), pressKey("c", { ctrl: true }), pressKey("g", { ctrl: true })];
  expect(no.map((event) => readAnswer(event, false))).toEqual(["no", "no", "no"]);
  const neither = [pressKey("enter"), pressKey("c"), { type: "text", text: "j" } as const];
  expect(neither.map((event) => readAnswer(event, true))).toEqual([undefined, undefined, undefined]);
});
