import { describe, expect, test } from "bun:test";
import { type KeyEvent, pressKey } from "../../src/input/keys/key-event.ts";
import { tourRowsMax, tourShownBytesMax } from "../../src/protocol/limits.ts";
import type { Called } from "../../src/protocol/sockets/socket-event.ts";
import {
  listCalls,
  firstTourState,
  applySocketEvent,
  isExplained,
  pressInTour,
  getShownStep,
  type TourState,
} from "../../src/tour/tour-state.ts";
import { tourSteps } from "../../src/tour/tour-steps.ts";
import type { TourEnd, TourStepId } from "../../src/words/tables/tour-words.ts";

const allInSight = { textLines: 3, textRows: 3 };
const enter = pressKey("enter");

function press(tour: TourState, event: KeyEvent, room = allInSight) {
  return pressInTour(tour, event, room);
}

function called(end: TourEnd, call: Called["call"], rest: Partial<Called> = {}) {
  return { type: "called", end, called: { type: "called", call, result: "ok", ...rest } } as const;
}

/** The tour at a step whose calls have all returned. */
function walkedTo(id: TourStepId): TourState {
  let tour = firstTourState;
  while (getShownStep(tour).id !== id) tour = settled(press(tour, enter).tour);
  return tour;
}

function settled(tour: TourState): TourState {
  if (!tour.isBusy) return tour;
  let now = tour;
  for (const awaited of tourSteps[tour.reached]!.awaits) {
    const [end, call] = awaited.split(" ") as [TourEnd, Called["call"] | "dropped"];
    now = applySocketEvent(now, call === "dropped" ? { type: "dropped", count: 1 } : called(end, call));
  }
  return now;
}

describe("Enter", () => {
  test("starts the next step, returns its work, and waits until its calls have returned", () => {
    const begun = press(firstTourState, enter);
    expect(begun).toMatchObject({
      isUsed: true,
      work: "tcp-listen",
      tour: { shown: 0, reached: 1, isBusy: true },
    });
    expect(press(begun.tour, enter)).toEqual({ isUsed: true, tour: begun.tour });
    const bound = applySocketEvent(begun.tour, called("server", "bind"));
    expect(bound.isBusy).toBe(true);
    const listening = applySocketEvent(bound, called("server", "listen"));
    expect(listening).toMatchObject({ shown: 1, isBusy: false });
    expect(press(listening, enter)).toMatchObject({ tour: { shown: 2, isBusy: false } });
    expect(press(listening, enter).work).toBeUndefined();
  });

  test("continues after a step that timed out, with the calls that returned", () => {
    const begun = press(firstTourState, enter).tour;
    const over = applySocketEvent(begun, { type: "time-over" });
    expect(over).toMatchObject({ shown: 1, isBusy: false });
    expect(press(over, enter).tour.shown).toBe(2);
    expect(applySocketEvent(over, { type: "time-over" })).toBe(over);
  });

  test("scrolls to the rest of the text first", () => {
    const room = { textLines: 8, textRows: 3 };
    const places: number[] = [];
    let tour = firstTourState;
    for (let times = 0; times < 3; times += 1) {
      tour = settled(press(tour, enter, room).tour);
      places.push(tour.shown, tour.textFrom);
    }
    expect(places).toEqual([0, 3, 0, 5, 1, 0]);
  });

  test("reaches every step once, does its work once, and leaves at the end", () => {
    const works: string[] = [];
    let tour = firstTourState;
    for (let index = 1; index < tourSteps.length; index += 1) {
      const pressed = press(tour, enter);
      if (pressed.work !== undefined) works.push(pressed.work);
      tour = settled(pressed.tour);
      expect([index, tour.shown, tour.isBusy]).toEqual([index, index, false]);
    }
    expect(works).toEqual(tourSteps.flatMap(({ work }) => work ?? []));
    expect(new Set(works).size).toBe(works.length);
    expect(press(tour, enter)).toMatchObject({ isUsed: true, isLeft: true });
  });
});

describe("going back", () => {
  test("changes only the text: no call is made again on the way forward", () => {
    const tour = walkedTo("tcp-accept");
    const back = press(press(tour, pressKey("left")).tour, pressKey("backspace")).tour;
    expect(getShownStep(back).id).toBe("tcp-listen");
    expect(back.calls).toBe(tour.calls);
    const forward = press(back, enter);
    expect(forward.work).toBeUndefined();
    expect(getShownStep(forward.tour).id).toBe("tcp-connect");
    expect(press(firstTourState, pressKey("left")).tour.shown).toBe(0);
  });
});

test("Esc and q leave; other letters, pastes and keys do nothing; Ctrl and Alt chords are the screen's", () => {
  const tour = walkedTo("tcp-bind");
  expect(press(tour, pressKey("escape"))).toMatchObject({ isUsed: true, isLeft: true });
  expect(press(tour, { type: "text", text: "q" })).toMatchObject({ isUsed: true, isLeft: true });
  for (const event of [
    { type: "text", text: "quit" },
    { type: "paste", text: "q", isTruncated: false },
    pressKey("tab"),
    pressKey("f1"),
  ] as const)
    expect(press(tour, event)).toEqual({ isUsed: true, tour });
  expect(press(tour, pressKey("c", { ctrl: true })).isUsed).toBe(false);
  expect(press(tour, pressKey("1", { alt: true })).isUsed).toBe(false);
  expect(press(tour, { type: "focus", isFocused: true }).isUsed).toBe(false);
});

test("the text scrolls by a line, by a page and by the wheel, and not beyond its ends", () => {
  const room = { textLines: 10, textRows: 4 };
  const after = (events: readonly KeyEvent[]) =>
    events.reduce((tour, event) => press(tour, event, room).tour, firstTourState).textFrom;
  const wheel = { type: "mouse", action: "wheel-down", button: 3, column: 0, row: 0 } as const;
  const held = { ctrl: false, alt: false, shift: false };
  expect(after([pressKey("down")])).toBe(1);
  expect(after([pressKey("down"), pressKey("up"), pressKey("up")])).toBe(0);
  expect(after([pressKey("page-down"), pressKey("page-down")])).toBe(6);
  expect(after([{ ...wheel, ...held }])).toBe(1);
});

describe("the calls", () => {
  test("belong to the step in which they returned, and to their end", () => {
    const tour = walkedTo("tcp-recv");
    expect(listCalls(tour, "client").map((call) => call.called.call)).toEqual(["connect", "send"]);
    const spoken = tour.calls.filter((call) => isExplained(tour, call));
    expect(spoken.map(({ end, called: { call } }) => `${end} ${call}`)).toEqual(["server recv"]);
  });

  test("of a step without work are those of the step before, and UDP's are not shown with TCP's", () => {
    const accepted = walkedTo("tcp-accept");
    expect(accepted.calls.filter((call) => isExplained(accepted, call))).toHaveLength(1);
    expect(listCalls(walkedTo("udp-bind"), "server").map(({ called: { call } }) => call)).toEqual(["bind"]);
    expect(listCalls(walkedTo("sealed-hello"), "server").map(({ called: { call } }) => call)).toEqual([
      "accept",
      "recv",
      "send",
    ]);
  });

  test("get their bytes, up to the number that is shown", () => {
    const tour = applySocketEvent(walkedTo("tcp-recv"), called("server", "recv", { bytes: 6 }));
    const bytes = new Uint8Array(tourShownBytesMax + 1).fill(7);
    const exact = applySocketEvent(tour, { type: "received", end: "server", bytes: bytes.subarray(1) });
    expect(exact.calls.at(-1)?.payload).toHaveLength(tourShownBytesMax);
    const over = applySocketEvent(tour, { type: "received", end: "server", bytes });
    expect(over.calls.at(-1)?.payload).toHaveLength(tourShownBytesMax);
    expect(over.calls.filter(({ payload }) => payload !== undefined)).toHaveLength(1);
  });

  test("are kept up to a limit, the newest", () => {
    let tour = firstTourState;
    for (let index = 0; index < tourRowsMax; index += 1)
      tour = applySocketEvent(tour, called("server", "recvfrom", { bytes: index }));
    expect([tour.calls.length, tour.calls[0]?.called.bytes]).toEqual([tourRowsMax, 0]);
    tour = applySocketEvent(tour, called("server", "recvfrom", { bytes: tourRowsMax }));
    expect([tour.calls.length, tour.calls[0]?.called.bytes]).toEqual([tourRowsMax, 1]);
  });
});

test("a step waits for each call as often as it is listed", () => {
  const { awaits } = tourSteps.find(({ id }) => id === "sealed-handshake")!;
  expect(awaits.filter((awaited) => awaited === "client send")).toHaveLength(2);
  let tour = press(walkedTo("sealed-hello"), enter).tour;
  for (const [index, awaited] of awaits.entries()) {
    expect([index, tour.isBusy]).toEqual([index, true]);
    const [end, call] = awaited.split(" ") as [TourEnd, Called["call"]];
    tour = applySocketEvent(tour, called(end, call));
  }
  expect(tour.isBusy).toBe(false);
});

test("a step with a deliberate loss waits until the loss is reported", () => {
  const before = walkedTo("udp-answer");
  const begun = press(before, enter).tour;
  const sent = applySocketEvent(begun, called("client", "sendto", { bytes: 6 }));
  expect(sent.isBusy).toBe(true);
  expect(applySocketEvent(sent, { type: "dropped", count: 1 })).toMatchObject({ isBusy: false, dropped: 1 });
});
