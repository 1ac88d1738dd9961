/** The keys of the wire panel, without a terminal: what they choose, what stays in view, and how the panel closes. */

import { expect, test } from "bun:test";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import { WireLog } from "../../src/chat/log/wire-log.ts";
import { type KeyEvent, pressKey } from "../../src/input/keys/key-event.ts";
import { findHighlightedEntries } from "../../src/view/wire/wire-highlights.ts";
import {
  cycleWire,
  filterWire,
  pressInWire,
  scrollWire,
  type WireView,
} from "../../src/view/wire/wire-keys.ts";
import { firstWireState, type WireState } from "../../src/view/wire/wire-state.ts";
import { traceEntry } from "../../src/view/wire/wire-trace.ts";
import { formatTime, message, screenModel } from "../components/screen-fixture.ts";
import { english } from "../support/words.ts";

const connection = 1 as ConnectionId;

/** Thirty calls of ten bytes; each received two lines of five. */
function made() {
  const wire = new WireLog();
  const entries = Array.from({ length: 60 }, (_, index) =>
    message(index + 1, "bob", "four", {
      spans: {
        list: [{ what: "text", way: "in", on: connection, start: index * 5, end: index * 5 + 5 }],
      },
    }),
  );
  const pushCall = (): void => {
    const base = {
      atMs: 0,
      result: "ok",
      connection,
      peer: "bob",
      address: "127.0.0.1:9",
      ofBytes: undefined,
    };
    wire.push({ ...base, call: "recv", bytes: 10, offset: wire.count * 10 }, Buffer.from("four\nfour\n"));
  };
  for (let call = 0; call < 30; call += 1) pushCall();
  const model = screenModel({ entries, wire });
  const view: WireView = {
    transport: "tcp",
    wire,
    scrollback: model.scrollback.tcp,
    shape: { columns: 40, rows: 10, formatTime, words: english },
    words: english,
    anchor: "newest",
    panel: { columns: 60, rows: 11, isBeside: true },
  };
  return { model, view, pushCall };
}

const focused: WireState = { ...firstWireState, isShown: true, focus: "calls" };
const up = pressKey("up");
const down = pressKey("down");
const enter = pressKey("enter");
const escape = pressKey("escape");
const tab = pressKey("tab");

/** The state after these keys, each applied to the state and anchor that the previous one left. */
function after(view: WireView, keys: readonly KeyEvent[], from: WireState = focused) {
  let wire = from;
  let { anchor } = view;
  for (const key of keys) {
    const pressed = pressInWire(wire, key, { ...view, anchor });
    expect(pressed.isUsed).toBe(true);
    ({ wire, anchor } = pressed);
  }
  return { wire, place: wire.place, anchor };
}

test("F2 opens the panel, then focuses it, then closes it", () => {
  const { view } = made();
  const shown = cycleWire(firstWireState, view).wire;
  expect([shown.isShown, shown.focus]).toEqual([true, "composer"]);
  const withKeys = cycleWire(shown, view).wire;
  expect(withKeys.focus).toBe("calls");
  expect(cycleWire(withKeys, view).wire.isShown).toBe(false);
  expect(after(view, [pressKey("f2")]).wire.isShown).toBe(false);
});

test("the first step up chooses the newest call, and the list scrolls only at its top", () => {
  const { view } = made();
  expect(after(view, [up]).place).toMatchObject({ chosen: 30, top: 21 });
  expect(
    after(
      view,
      Array.from({ length: 10 }, () => up),
    ).place,
  ).toMatchObject({ chosen: 21, top: 21 });
  expect(
    after(
      view,
      Array.from({ length: 11 }, () => up),
    ).place,
  ).toMatchObject({ chosen: 20, top: 20 });
});

test("a step past the newest call follows new calls again", () => {
  const { view, pushCall } = made();
  const stands = after(view, [up, up]);
  pushCall();
  expect(after(view, [down, down, down], stands.wire).place).toMatchObject({
    chosen: undefined,
    top: undefined,
  });
});

test("Home, End and pages stay within the log", () => {
  const { view } = made();
  expect(after(view, [pressKey("home", { ctrl: true })]).place.chosen).toBe(1);
  expect(after(view, [pressKey("home", { ctrl: true }), up]).place.chosen).toBe(undefined);
  expect(after(view, [pressKey("page-up")]).place.chosen).toBe(22);
  expect(after(view, [pressKey("page-up"), pressKey("page-down")]).place.chosen).toBeUndefined();
  expect(after(view, [up, pressKey("end", { ctrl: true })]).place.chosen).toBeUndefined();
});

test("a call opens, the next one stays open, and Escape closes it before it leaves the panel", () => {
  const { view } = made();
  const opened = after(view, [enter]);
  expect(opened.place).toMatchObject({ chosen: 30, openFrom: 0 });
  expect(after(view, [up], opened.wire).place).toMatchObject({ chosen: 29, openFrom: 0 });
  expect(after(view, [pressKey("page-down")], opened.wire).place.openFrom).toBe(0);
  const closed = after(view, [escape], opened.wire);
  expect(closed.wire).toMatchObject({ focus: "calls", place: { chosen: 30, openFrom: undefined } });
  const left = after(view, [escape], closed.wire);
  expect(left.wire).toMatchObject({ isShown: true, focus: "composer", place: { chosen: undefined } });
});

test("typed text is the filter, and never a key of the panel", () => {
  const { view } = made();
  const typed = after(view, [{ type: "text", text: "call=send q f3" }]);
  expect(typed.wire.filter.text).toBe("call=send q f3");
  expect(after(view, [up], typed.wire).place.chosen).toBeUndefined();
  expect(after(view, [{ type: "paste", text: "one\ntwo", isTruncated: false }]).wire.filter.text).toBe("one");
  expect(filterWire(typed.wire, "").filter.text).toBe("call=send q f3");
  expect(filterWire(typed.wire, "all").filter.text).toBe("");
});

test("a chosen call highlights its messages, and scrolls to them", () => {
  const { model, view } = made();
  const first = after(view, [pressKey("home", { ctrl: true })]);
  expect(findHighlightedEntries(model, first.wire)).toEqual([1, 2] as never);
  expect(first.anchor).not.toBe("newest");
  // Leaving the panel restores the conversation's position.
  expect(after({ ...view, anchor: first.anchor }, [escape], first.wire).anchor).toBe("newest");
});

test("a chosen message scrolls to its call, and Enter chooses that", () => {
  const { model, view } = made();
  const chosen = after(view, [tab, up, up, up]);
  expect(findHighlightedEntries(model, chosen.wire)).toEqual([58] as never);
  expect(chosen.place.chosen).toBeUndefined();
  expect(chosen.place.top).toBe(21);
  const there = after(view, [enter], chosen.wire);
  expect(there.wire).toMatchObject({ focus: "calls", place: { chosen: 29, entryId: undefined } });
});

test("among messages, Home and End are the oldest and the newest", () => {
  const { model, view } = made();
  const highlighted = (keys: readonly KeyEvent[]) => findHighlightedEntries(model, after(view, keys).wire);
  expect(highlighted([tab, pressKey("home", { ctrl: true })])).toEqual([1] as never);
  expect(highlighted([tab, up, up, pressKey("end", { ctrl: true })])).toEqual([60] as never);
  expect(highlighted([tab, pressKey("home", { ctrl: true }), up])).toEqual([1] as never);
});

test("scrolled without focus, the list stays while calls are added, and follows again at its end", () => {
  const { view, pushCall } = made();
  const scrolled = scrollWire({ ...focused, focus: "composer" }, view, -5).wire;
  expect(scrolled.place).toMatchObject({ top: 16, chosen: undefined });
  pushCall();
  expect(scrollWire(scrolled, view, -1).wire.place.top).toBe(15);
  expect(scrollWire(scrolled, view, 99).wire.place.top).toBeUndefined();
  expect(scrollWire(scrolled, view, -99).wire.place.top).toBe(1);
});

test("keys that the panel does not use are the screen's", () => {
  const { view } = made();
  for (const key of [
    pressKey("t", { ctrl: true }),
    pressKey("f1"),
    pressKey("f3"),
    pressKey("l", { ctrl: true }),
  ])
    expect([key.name, pressInWire(focused, key, view).isUsed]).toEqual([key.name, false]);
});

test("a choice in one transport does not affect the other", () => {
  const { view } = made();
  const chosen = after(view, [up]).wire;
  const there = pressInWire(chosen, down, { ...view, transport: "udp", wire: new WireLog() });
  expect(there.wire.place).toMatchObject({ transport: "tcp", chosen: 30 });
  expect(
    pressInWire(chosen, up, { ...view, transport: "udp", wire: new WireLog() }).wire.place,
  ).toMatchObject({
    transport: "udp",
    chosen: undefined,
  });
});

test("a message chosen outside the panel highlights its calls, and the first one is in view", () => {
  const { model } = made();
  const old = traceEntry({ ...focused, focus: "composer" }, model, 4 as never, 10);
  expect(old.place).toMatchObject({ entryId: 4, top: 2, chosen: undefined });
  expect(findHighlightedEntries(model, old)).toEqual([4] as never);
  const recent = traceEntry(focused, model, 60 as never, 10);
  expect(recent.place).toMatchObject({ entryId: 60, top: undefined });
});
