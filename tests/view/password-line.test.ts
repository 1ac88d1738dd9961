/** The question for a room's password: what is shown of what was typed, and how it ends. */

import { expect, test } from "bun:test";
import { pressKey } from "../../src/input/keys/key-event.ts";
import type { KeyEvent } from "../../src/input/keys/key-event.ts";
import { secretMaxBytes } from "../../src/protocol/limits.ts";
import { pressOnScreen } from "../../src/view/screen/screen-keys.ts";
import { askPassword, drawBullets } from "../../src/view/screen/screen-password.ts";
import {
  firstScreenState,
  type PasswordRequest,
  type ScreenState,
} from "../../src/view/screen/screen-state.ts";
import { formatTime, screenModel } from "../components/screen-fixture.ts";
import { english } from "../support/words.ts";

const request: PasswordRequest = {
  ...{ type: "password", transport: "tcp", target: "127.0.0.1:8080", address: "127.0.0.1:8080" },
  isWrong: false,
};
const view = {
  model: screenModel({}),
  shape: { columns: 40, rows: 10, formatTime, words: english },
  columns: 40,
  topRow: 1,
  panel: { columns: 40, rows: 10, isBeside: false },
};

function press(state: ScreenState, ...events: readonly KeyEvent[]) {
  let result: ReturnType<typeof pressOnScreen> = { state };
  for (const event of events) result = pressOnScreen(result.state, event, view);
  return result;
}

const typed = (text: string): KeyEvent => ({ type: "text", text });
const asking = askPassword(firstScreenState, request);

test("what was typed is returned once, in NFC, and kept nowhere", () => {
  const { state, action } = press(asking, typed("cafe"), typed("\u0301"), pressKey("enter"));
  expect(action).toEqual({
    ...{ type: "password-entered", transport: "tcp", target: "127.0.0.1:8080", password: "café" },
  });
  expect(state.password).toBeUndefined();
  expect(JSON.stringify(state)).not.toContain("caf");
});

test("Esc, Ctrl-C and Ctrl-D cancel, and say how to be asked again", () => {
  for (const key of [pressKey("escape"), pressKey("c", { ctrl: true }), pressKey("d", { ctrl: true })]) {
    const { state, action } = press(asking, key);
    expect([state.password, action, state.hint?.id]).toEqual([undefined, undefined, "password-hint"]);
  }
});

test("a text that is no password is refused with its reason, and asked for again", () => {
  for (const text of ["", "a".repeat(secretMaxBytes + 1), "a\nb"]) {
    const { state, action } = press(asking, { type: "paste", text, isTruncated: false }, pressKey("enter"));
    expect([action, state.password?.text, state.hint?.id]).toEqual([undefined, "", "secret-problem"]);
  }
});

test("each character is a bullet, as many as fit", () => {
  expect(drawBullets("ae\u0301👩‍👩‍👧", 10)).toBe("•••");
  expect(drawBullets("a".repeat(100), 10)).toBe("•".repeat(10));
  expect(drawBullets("", 10)).toBe("");
});
