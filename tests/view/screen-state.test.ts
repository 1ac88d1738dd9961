import { expect, test } from "bun:test";
import { type KeyEvent, pressKey } from "../../src/input/key-event.ts";
import { KeyDecoder } from "../../src/input/keys.ts";
import {
  afterSubmit,
  calmed,
  firstScreenState,
  pressOnScreen,
  type ScreenState,
  type ScreenView,
  showHelp,
  withHint,
} from "../../src/view/screen-state.ts";
import { formatTime, message, screenModel } from "../components/screen-fixture.ts";

const entries = Array.from({ length: 50 }, (_, index) => message(index + 1, "bob", `line ${index + 1}`));
const view: ScreenView = {
  model: screenModel({ entries }),
  shape: { columns: 40, rows: 10, formatTime },
  columns: 40,
};

const ctrlC = key("\x03");
const pageUp = pressKey("page-up");
const pageDown = pressKey("page-down");

function key(bytes: string): KeyEvent {
  return new KeyDecoder().push(Buffer.from(bytes))[0]!;
}

/** The state after these keys, and what the last one asked for. */
function after(keys: readonly KeyEvent[], from: ScreenState = firstScreenState) {
  let result: ReturnType<typeof pressOnScreen> = { state: from };
  for (const pressed of keys) result = pressOnScreen(result.state, pressed, view);
  return result;
}

test("Ctrl-C asks, a second one quits, and any key between them withdraws the question", () => {
  expect(after([ctrlC])).toMatchObject({ state: { quitArmed: true, hint: "Ctrl-C again quits" } });
  expect(after([ctrlC, ctrlC]).action).toEqual({ type: "quit" });
  expect(after([ctrlC, pageUp])).toMatchObject({ state: { quitArmed: false, hint: undefined } });
  expect(after([ctrlC, pageUp, ctrlC]).action).toBeUndefined();
  expect(calmed(after([ctrlC]).state)).toEqual(firstScreenState);
});

test("what is no key changes nothing", () => {
  const armed = after([ctrlC]).state;
  expect(pressOnScreen(armed, { type: "focus", focused: true }, view).state).toBe(armed);
  expect(calmed(firstScreenState)).toBe(firstScreenState);
});

test("Ctrl-T goes to the other transport, Alt-1 and Alt-2 to the first and the second", () => {
  expect(after([key("\x14")]).action).toEqual({ type: "switch", to: "udp" });
  expect(after([key("\x1b1")]).action).toEqual({ type: "switch", to: "tcp" });
  expect(after([key("\x1b2")]).action).toEqual({ type: "switch", to: "udp" });
  expect(after([pressKey("f1"), key("\x14")]).state.overlay).toBe("none");
});

test("Ctrl-L draws anew, Ctrl-Z suspends, and Ctrl-D says what it does not do", () => {
  expect(after([key("\x0c")]).action).toEqual({ type: "redraw" });
  expect(after([key("\x1a")]).action).toEqual({ type: "suspend" });
  expect(after([key("\x04")]).state.hint).toBe("/quit leaves, /shutdown sends FIN");
});

test("a page up is anchored, and pages down come back to the newest line", () => {
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
  // The conversation stays where it was scrolled to.
  expect(atEnd.anchors).toEqual(opened.anchors);
});

test("a line that is sent closes help, forgets the hint and shows the newest line", () => {
  const before = withHint(showHelp(after([pageUp]).state), "cut");
  expect(afterSubmit(before, "tcp")).toMatchObject({
    overlay: "none",
    hint: undefined,
    anchors: { tcp: "newest" },
  });
});
