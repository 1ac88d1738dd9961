/** The wire panel's keys, without a terminal: what is chosen, what stays in view, and how it lets go again. */

import { expect, test } from "bun:test";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import { WireLog } from "../../src/chat/log/wire-log.ts";
import { type KeyEvent, pressKey } from "../../src/input/keys/key-event.ts";
import { highlightedEntries } from "../../src/view/wire/wire-highlights.ts";
import {
  cycleWire,
  filterWire,
  pressInWire,
  scrollWire,
  type WireView,
} from "../../src/view/wire/wire-keys.ts";
import { firstWireState, type WireState } from "../../src/view/wire/wire-state.ts";
import { tracing } from "../../src/view/wire/wire-trace.ts";
import { formatTime, message, screenModel } from "../components/screen-fixture.ts";
import { english } from "../../src/words/en.ts";

const connection = 1 as ConnectionId;

/** Thirty calls of ten bytes, each of which brought two lines of five. */
function made() {
  const wire = new WireLog();
  const entries = Array.from({ length: 60 }, (_, index) =>
    message(index + 1, "bob", "four", {
      carried: {
        ranges: [{ what: "text", way: "in", on: connection, start: index * 5, end: index * 5 + 5 }],
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
    panel: { columns: 60, rows: 11, beside: true },
  };
  return { model, view, pushCall };
}

const focused: WireState = { ...firstWireState, shown: true, focus: "calls" };
const up = pressKey("up");
const down = pressKey("down");
const enter = pressKey("enter");
const escape = pressKey("escape");
const tab = pressKey("tab");

/** The state after these keys, each on what the one before it left of the conversation's place too. */
function after(view: WireView, keys: readonly KeyEvent[], from: WireState = focused) {
  let wire = from;
  let { anchor } = view;
  for (const key of keys) {
    const pressed = pressInWire(wire, key, { ...view, anchor });
    expect(pressed.used).toBe(true);
    ({ wire, anchor } = pressed);
  }
  return { wire, place: wire.place, anchor };
}

test("F2 shows the panel, then gives it the keys, then closes it", () => {
  const { view } = made();
  const shown = cycleWire(firstWireState, view).wire;
  expect([shown.shown, shown.focus]).toEqual([true, "composer"]);
  const withKeys = cycleWire(shown, view).wire;
  expect(withKeys.focus).toBe("calls");
  expect(cycleWire(withKeys, view).wire.shown).toBe(false);
  expect(after(view, [pressKey("f2")]).wire.shown).toBe(false);
});

test("the first step up chooses the newest call, and nothing moves until the top is reached", () => {
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

test("past the newest call the newest are followed again", () => {
  const { view, pushCall } = made();
  const stands = after(view, [up, up]);
  pushCall();
  expect(after(view, [down, down, down], stands.wire).place).toMatchObject({
    chosen: undefined,
    top: undefined,
  });
});

test("ends and pages, within what there is", () => {
  const { view } = made();
  expect(after(view, [pressKey("home", { ctrl: true })]).place.chosen).toBe(1);
  expect(after(view, [pressKey("home", { ctrl: true }), up]).place.chosen).toBe(undefined);
  expect(after(view, [pressKey("page-up")]).place.chosen).toBe(22);
  expect(after(view, [pressKey("page-up"), pressKey("page-down")]).place.chosen).toBeUndefined();
  expect(after(view, [up, pressKey("end", { ctrl: true })]).place.chosen).toBeUndefined();
});

test("a call opens, the next one stays open, and Escape closes before it lets go", () => {
  const { view } = made();
  const opened = after(view, [enter]);
  expect(opened.place).toMatchObject({ chosen: 30, openFrom: 0 });
  expect(after(view, [up], opened.wire).place).toMatchObject({ chosen: 29, openFrom: 0 });
  expect(after(view, [pressKey("page-down")], opened.wire).place.openFrom).toBe(0);
  const closed = after(view, [escape], opened.wire);
  expect(closed.wire).toMatchObject({ focus: "calls", place: { chosen: 30, openFrom: undefined } });
  const left = after(view, [escape], closed.wire);
  expect(left.wire).toMatchObject({ shown: true, focus: "composer", place: { chosen: undefined } });
});

test("what is typed filters, and nothing of it is a key of the panel", () => {
  const { view } = made();
  const typed = after(view, [{ type: "text", text: "call=send q f3" }]);
  expect(typed.wire.filter.text).toBe("call=send q f3");
  expect(after(view, [up], typed.wire).place.chosen).toBeUndefined();
  expect(after(view, [{ type: "paste", text: "one\ntwo", truncated: false }]).wire.filter.text).toBe("one");
  expect(filterWire(typed.wire, "").filter.text).toBe("call=send q f3");
  expect(filterWire(typed.wire, "all").filter.text).toBe("");
});

test("a chosen call lights the messages that it carried, and brings them into view", () => {
  const { model, view } = made();
  const first = after(view, [pressKey("home", { ctrl: true })]);
  expect(highlightedEntries(model, first.wire)).toEqual([1, 2] as never);
  expect(first.anchor).not.toBe("newest");
  // Letting go leads back to where the conversation was.
  expect(after({ ...view, anchor: first.anchor }, [escape], first.wire).anchor).toBe("newest");
});

test("a chosen message shows the call that carried it, and Enter goes there", () => {
  const { model, view } = made();
  const chosen = after(view, [tab, up, up, up]);
  expect(highlightedEntries(model, chosen.wire)).toEqual([58] as never);
  expect(chosen.place.chosen).toBeUndefined();
  expect(chosen.place.top).toBe(21);
  const there = after(view, [enter], chosen.wire);
  expect(there.wire).toMatchObject({ focus: "calls", place: { chosen: 29, entryId: undefined } });
});

test("in the messages the ends are the oldest and the newest", () => {
  const { model, view } = made();
  const lit = (keys: readonly KeyEvent[]) => highlightedEntries(model, after(view, keys).wire);
  expect(lit([tab, pressKey("home", { ctrl: true })])).toEqual([1] as never);
  expect(lit([tab, up, up, pressKey("end", { ctrl: true })])).toEqual([60] as never);
  expect(lit([tab, pressKey("home", { ctrl: true }), up])).toEqual([1] as never);
});

test("scrolled without the keys, a view stays where it is while more come, and follows from the end on", () => {
  const { view, pushCall } = made();
  const scrolled = scrollWire({ ...focused, focus: "composer" }, view, -5).wire;
  expect(scrolled.place).toMatchObject({ top: 16, chosen: undefined });
  pushCall();
  expect(scrollWire(scrolled, view, -1).wire.place.top).toBe(15);
  expect(scrollWire(scrolled, view, 99).wire.place.top).toBeUndefined();
  expect(scrollWire(scrolled, view, -99).wire.place.top).toBe(1);
});

test("keys that the panel has no use for are the screen's", () => {
  const { view } = made();
  for (const key of [
    pressKey("t", { ctrl: true }),
    pressKey("f1"),
    pressKey("f3"),
    pressKey("l", { ctrl: true }),
  ])
    expect([key.name, pressInWire(focused, key, view).used]).toEqual([key.name, false]);
});

test("what was chosen in one transport says nothing in the other", () => {
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

test("a line that is chosen elsewhere lights its calls, and the first of them is seen", () => {
  const { model } = made();
  const old = tracing({ ...focused, focus: "composer" }, model, 4 as never, 10);
  expect(old.place).toMatchObject({ entryId: 4, top: 2, chosen: undefined });
  expect(highlightedEntries(model, old)).toEqual([4] as never);
  const recent = tracing(focused, model, 60 as never, 10);
  expect(recent.place).toMatchObject({ entryId: 60, top: undefined });
});
