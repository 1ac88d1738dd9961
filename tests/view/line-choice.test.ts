/** Alt-L chooses a message, the arrows another one, and `r` resends one that was not delivered. */

import { expect, test } from "bun:test";
import type { EntryId } from "../../src/chat/log/entry.ts";
import { type KeyEvent, pressKey } from "../../src/input/keys/key-event.ts";
import { selectRows } from "../../src/view/conversation/conversation-rows.ts";
import { firstScreenState, type ScreenState, type ScreenView } from "../../src/view/screen/screen-state.ts";
import { formatTime, message, notice, screenModel } from "../components/screen-fixture.ts";
import { pressOnScreen } from "../../src/view/screen/screen-keys.ts";
import { isTakingKeys } from "../../src/view/screen/screen-keys.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";
import { asWritten, english } from "../support/words.ts";

const entries = [
  message(1, "bob", "one"),
  message(2, "ann", "lost", {
    direction: "out",
    note: asWritten("not delivered: no answer"),
    lostFor: ["bob"],
  }),
  ...Array.from({ length: 20 }, (_, index) => message(index + 3, "bob", `line ${index}`)),
  notice(30, "info", "nothing to choose"),
];
const view: ScreenView = {
  model: screenModel({ entries }),
  shape: { columns: 70, rows: 6, formatTime, words: english },
  topRow: 1,
  panel: { columns: 70, rows: 6, isBeside: false },
  columns: 70,
};

const altL = pressKey("l", { alt: true });
const [up, down, escape] = [pressKey("up"), pressKey("down"), pressKey("escape")];
const typed = (text: string): KeyEvent => ({ type: "text", text });

function after(keys: readonly KeyEvent[], seen: ScreenView = view) {
  let result: ReturnType<typeof pressOnScreen> = { state: firstScreenState };
  for (const key of keys) result = pressOnScreen(result.state, key, seen);
  return result;
}

function shown({ anchors, choice }: ScreenState): readonly string[] {
  const request = { ...view.shape, anchor: anchors.tcp, ...(choice && { chosen: [choice.entryId] }) };
  return selectRows(view.model.scrollback.tcp, request).rows.map(
    ({ text, isChosen }) => `${isChosen === true ? "❯" : " "}${text}`,
  );
}

test("the choice starts at the newest message that was not delivered, and scrolls to it", () => {
  const { state } = after([altL]);
  expect(state.choice).toMatchObject({ entryId: 2 as EntryId, name: "ann", canResend: true });
  expect(isTakingKeys(state)).toBe(true);
  expect(shown(state)).toContain("❯lost");
});

test("otherwise it starts at the newest message in view; without any message a hint is shown", () => {
  const well = {
    ...view,
    model: screenModel({ entries: [message(1, "bob", "one"), notice(2, "info", "two")] }),
  };
  expect(after([altL], well).state.choice).toMatchObject({ entryId: 1 as EntryId, canResend: false });
  const empty = after([altL], { ...view, model: screenModel({}) }).state;
  expect([empty.choice, empty.hint]).toEqual([undefined, sentence("nobody-spoke-yet")]);
});

test("the arrows move from message to message, skip notices, and stop at the ends", () => {
  expect(after([altL, up]).state.choice?.entryId).toBe(1 as EntryId);
  expect(after([altL, up, up]).state.choice?.entryId).toBe(1 as EntryId);
  expect(after([altL, down, down]).state.choice?.entryId).toBe(4 as EntryId);
  const last = after([altL, ...Array.from({ length: 40 }, () => down)]).state;
  expect(last.choice?.entryId).toBe(22 as EntryId);
  expect(shown(last)).toContain("❯line 19");
});

test("r resends a message that was not delivered, and no other; other text does nothing", () => {
  const sent = after([altL, typed("r")]);
  expect(sent.action).toEqual({ type: "resend", entryId: 2 as EntryId });
  expect([sent.state.choice, sent.state.anchors.tcp]).toEqual([undefined, "newest"]);
  for (const keys of [
    [altL, up, typed("r")],
    [altL, typed("x")],
    [altL, typed("rr")],
  ]) {
    const { state, action } = after(keys);
    expect([action, state.choice !== undefined]).toEqual([undefined, true]);
  }
});

test("c copies the whole message as it was written, clean, and the message stays chosen", () => {
  const text = "one\ttab\x1b]52;c;eA==\x07\nand \u202Eanother line\n";
  const seen = { ...view, model: screenModel({ entries: [message(1, "bob", text)] }) };
  const { state, action } = after([altL, typed("c")], seen);
  expect(action).toEqual({ type: "copy", text: "one\ttab␛]52;c;eA==␇\nand <U+202E>another line" });
  expect(state.choice?.entryId).toBe(1 as EntryId);
  expect(after([altL, typed("cc")], seen).action).toBeUndefined();
});

test("c copies nothing of a message that was dropped meanwhile", () => {
  const { state } = after([altL, up]);
  const later = { ...view, model: screenModel({ entries: entries.slice(1) }) };
  expect(pressOnScreen(state, typed("c"), later).action).toBeUndefined();
});

test("Escape, Enter, Ctrl-C and Alt-L end the choice, and the view stays", () => {
  for (const key of [escape, pressKey("enter"), pressKey("c", { ctrl: true }), altL]) {
    const { state, action } = after([altL, key]);
    expect([state.choice, state.isQuitArmed, action]).toEqual([undefined, false, undefined]);
    expect(shown(state)).toContain(" lost");
  }
  const seen = { ...view, model: screenModel({ entries: entries.slice(0, -1) }) };
  const atEnd = after([altL, ...Array.from({ length: 40 }, () => down), escape], seen).state;
  expect(atEnd.anchors.tcp).toBe("newest");
});

test("paging and the other tab still work while a message is chosen", () => {
  expect(after([altL, pressKey("page-down")]).state.choice).toBeDefined();
  const { state, action } = after([altL, pressKey("t", { ctrl: true })]);
  expect([state.choice, action]).toEqual([undefined, { type: "switch", to: "udp" }]);
});
