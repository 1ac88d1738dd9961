import { expect, test } from "bun:test";
import { type KeyEvent, type MouseEvent, pressKey } from "../../src/input/keys/key-event.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import { firstScreenState, type ScreenState, type ScreenView } from "../../src/view/screen/screen-state.ts";
import { ask } from "../../src/view/screen/screen-question.ts";
import { clearHint, showHint } from "../../src/view/screen/screen-hint.ts";
import { formatTime, message, screenModel } from "../components/screen-fixture.ts";
import { onLineSent } from "../../src/view/screen/screen-overlays.ts";
import { showHelp } from "../../src/view/screen/screen-overlays.ts";
import { divideScreen } from "../../src/view/screen/screen-areas.ts";
import { pressOnScreen } from "../../src/view/screen/screen-keys.ts";
import { isTakingKeys } from "../../src/view/screen/screen-keys.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";
import { english } from "../support/words.ts";

const entries = Array.from({ length: 50 }, (_, index) => message(index + 1, "bob", `line ${index + 1}`));
const view: ScreenView = {
  model: screenModel({ entries }),
  shape: { columns: 40, rows: 10, formatTime, words: english },
  columns: 40,
  topRow: 1,
  panel: { columns: 40, rows: 10, isBeside: false },
};

const ctrlC = key("\x03");
const pageUp = pressKey("page-up");
const pageDown = pressKey("page-down");

function key(bytes: string): KeyEvent {
  return new KeyDecoder().push(Buffer.from(bytes))[0]!;
}

/** The state after these keys, and the action of the last one. */
function after(keys: readonly KeyEvent[], from: ScreenState = firstScreenState) {
  let result: ReturnType<typeof pressOnScreen> = { state: from };
  for (const pressed of keys) result = pressOnScreen(result.state, pressed, view);
  return result;
}

test("Ctrl-C asks, a second one quits, and another key in between cancels", () => {
  expect(after([ctrlC])).toMatchObject({ state: { isQuitArmed: true, hint: sentence("ctrl-c-quits") } });
  expect(after([ctrlC, ctrlC]).action).toEqual({ type: "quit" });
  expect(after([ctrlC, pageUp])).toMatchObject({ state: { isQuitArmed: false, hint: undefined } });
  expect(after([ctrlC, pageUp, ctrlC]).action).toBeUndefined();
  expect(clearHint(after([ctrlC]).state)).toEqual(firstScreenState);
});

test("events other than keys change nothing", () => {
  const armed = after([ctrlC]).state;
  expect(pressOnScreen(armed, { type: "focus", isFocused: true }, view).state).toBe(armed);
  expect(clearHint(firstScreenState)).toBe(firstScreenState);
});

test("Ctrl-T switches to the other transport, Alt-1 to TCP and Alt-2 to UDP", () => {
  expect(after([key("\x14")]).action).toEqual({ type: "switch", to: "udp" });
  expect(after([key("\x1b1")]).action).toEqual({ type: "switch", to: "tcp" });
  expect(after([key("\x1b2")]).action).toEqual({ type: "switch", to: "udp" });
  expect(after([pressKey("f1"), key("\x14")]).state.overlay).toBe("none");
});

test("Ctrl-L redraws, Ctrl-Z suspends, and Ctrl-D shows a hint", () => {
  expect(after([key("\x0c")]).action).toEqual({ type: "redraw" });
  expect(after([key("\x1a")]).action).toEqual({ type: "suspend" });
  expect(after([key("\x04")]).state.hint).toEqual(sentence("quit-or-shutdown"));
});

test("a page up anchors the view, and pages down return to the newest row", () => {
  const up = after([pageUp, pageUp]).state;
  expect(up.anchors.tcp).not.toBe("newest");
  expect(up.anchors.udp).toBe("newest");
  expect(after([pageDown, pageDown], up).state.anchors.tcp).toBe("newest");
  expect(after([key("\x1b[1;5H"), key("\x1b[1;5F")]).state.anchors.tcp).toBe("newest");
});

test("help opens at its top, stops at its end, and F1 or Escape closes it", () => {
  const opened = showHelp(after([pageUp]).state);
  expect(opened).toMatchObject({ overlay: "help", overlayFromLine: 0 });
  const atEnd = after(
    Array.from({ length: 99 }, () => pageDown),
    opened,
  ).state;
  expect(after([pageDown], atEnd).state.overlayFromLine).toBe(atEnd.overlayFromLine);
  expect(after([pageUp], atEnd).state.overlayFromLine).toBe(atEnd.overlayFromLine - 9);
  expect(after([pressKey("f1")], opened).state.overlay).toBe("none");
  expect(after([pressKey("escape")], opened).state.overlay).toBe("none");
  // The conversation's position is kept.
  expect(atEnd.anchors).toEqual(opened.anchors);
});

test("sending a line closes the help, clears the hint and shows the newest row", () => {
  const before = showHint(showHelp(after([pageUp]).state), sentence("mouse-on"));
  expect(onLineSent(before, view)).toMatchObject({
    overlay: "none",
    hint: undefined,
    anchors: { tcp: "newest" },
    sentAfter: 50,
  });
  expect(clearHint(onLineSent(before, view)).sentAfter).toBeUndefined();
});

test("F4 hides the peers' panel, whose columns the conversation gets, and on a narrow screen explains itself", () => {
  const wide = { ...view, columns: 120 };
  const hidden = pressOnScreen(firstScreenState, pressKey("f4"), wide).state;
  expect(hidden).toMatchObject({ arePeersHidden: true, hint: sentence("peers-hidden") });
  for (const columns of [100, 120, 200]) {
    const areas = divideScreen(columns, 30, 1, columns === 200, true);
    expect([areas.panelColumns, divideScreen(columns, 30, 1).panelColumns > 0]).toEqual([0, true]);
    const taken = areas.conversation.columns + (areas.wire.isBeside ? areas.wire.columns + 1 : 0);
    expect(taken).toBe(columns);
  }
  const shown = pressOnScreen(hidden, pressKey("f4"), wide).state;
  expect(shown).toMatchObject({ arePeersHidden: false, hint: undefined });
  const narrow = pressOnScreen(firstScreenState, pressKey("f4"), { ...view, columns: 99 }).state;
  expect(narrow).toMatchObject({ arePeersHidden: false, hint: { id: "peers-need-columns" } });
});

test("Ctrl-R opens the search, keys of the screen still work, and another tab closes it", () => {
  const found = after([key("\x12"), { type: "text", text: "line 4" }]).state;
  expect(found.search).toMatchObject({ position: 11, count: 11 });
  expect(isTakingKeys(found)).toBe(true);
  const scrolled = after([pageUp], found).state;
  expect(scrolled.search).toEqual(found.search);
  expect(scrolled.anchors).not.toEqual(found.anchors);
  expect(after([key("\x14")], found)).toMatchObject({
    state: { search: undefined },
    action: { type: "switch" },
  });
  expect(after([pressKey("f1")], found).state).toMatchObject({ search: undefined, overlay: "help" });
  const ended = after([key("\r")], found).state;
  expect(ended).toMatchObject({ search: undefined, searchedTerm: "line 4" });
  expect(after([key("\x12"), key("\x12")], ended).state.search).toMatchObject({ count: 11 });
});

test("a question waits for y or n, and other keys do nothing", () => {
  const asked = ask(firstScreenState, { type: "overwrite", path: "/tmp/chat.txt" });
  const typed = (text: string): KeyEvent => ({ type: "text", text });
  expect(isTakingKeys(asked)).toBe(true);
  expect(after([typed("x"), key("\r"), key("\x14"), pageUp, pressKey("f1")], asked).state).toEqual(asked);
  expect(after([typed("Y")], asked)).toMatchObject({
    state: { question: undefined },
    action: { type: "overwrite", path: "/tmp/chat.txt" },
  });
  for (const no of [typed("n"), pressKey("escape"), ctrlC, key("\x07")]) {
    const answered = after([no], asked);
    expect(answered.state).toMatchObject({
      question: undefined,
      hint: sentence("as-written", { text: "kept as it was: nothing was saved" }),
    });
    expect(answered.action).toBeUndefined();
  }
});

test("the wheel scrolls the conversation or the help, and a press on a tab switches to it", () => {
  const mouse = (action: MouseEvent["action"], column = 5, row = 5): MouseEvent => ({
    ...{ type: "mouse", action, button: 0, column, row },
    ...{ ctrl: false, alt: false, shift: false },
  });
  const up = after([mouse("wheel-up")]).state;
  expect(up.anchors.tcp).not.toBe("newest");
  expect(after([mouse("wheel-down")], up).state.anchors.tcp).toBe("newest");
  expect(after([mouse("wheel-down")], showHelp(firstScreenState)).state.overlayFromLine).toBe(3);
  const places = Array.from({ length: 40 }, (_, column) => after([mouse("press", column, 0)]).action);
  // ` [TCP] ○ CLOSED  UDP ○ CLOSED`
  expect(places.map((action) => (action === undefined ? "·" : "U")).join("")).toBe(
    `${"·".repeat(15)}${"U".repeat(14)}${"·".repeat(11)}`,
  );
  expect(after([mouse("press", 18, 1)]).action).toBeUndefined();
  expect(after([mouse("release", 18, 0)]).action).toBeUndefined();
});
