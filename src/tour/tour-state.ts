/**
 * The progress of the tour: a key or a socket event maps to a new state, and a key also to work for the sockets. Pure.
 * A step is done when the calls that it waits for have returned, or its time is over.
 */

import type { KeyEvent } from "../input/keys/key-event.ts";
import type { Called } from "../protocol/sockets/socket-event.ts";
import { tourRowsMax, tourShownBytesMax } from "../protocol/limits.ts";
import type { TourCall } from "./tour-call.ts";
import { getChapter, type TourStep, tourSteps, type TourWork } from "./tour-steps.ts";
import type { TcpStateName } from "../protocol/sockets/tcp-facts.ts";
import type { TourEnd } from "../words/tables/tour-words.ts";

export interface TourState {
  /** The index of the step on the screen. A step that was started is shown once its calls have returned. */
  readonly shown: number;
  /** The index of the last step started. Its calls cannot be undone. */
  readonly reached: number;
  /** The newest tourRowsMax calls, in the order of their return. */
  readonly calls: readonly TourCall[];
  /** The step reached still waits for calls. */
  readonly isBusy: boolean;
  /** Datagrams that the impairment has dropped. */
  readonly dropped: number;
  /** The kernel's state of the connection, by the step in which it was read. */
  readonly kernel: Readonly<Record<number, KernelStates>>;
  /** The first visible line of the step's text, which may not fit the screen. */
  readonly textFrom: number;
}

export const firstTourState: TourState = {
  shown: 0,
  reached: 0,
  calls: [],
  isBusy: false,
  dropped: 0,
  kernel: {},
  textFrom: 0,
};

/** The ends of the connection that the kernel still has. */
type KernelStates = Readonly<
  Partial<Record<TourEnd, { readonly state: TcpStateName; readonly unreadBytes: number }>>
>;

/** An event of the tour's sockets. */
export type TourEvent =
  | {
      readonly type: "called";
      readonly end: TourEnd;
      readonly called: Called;
      readonly payload?: Uint8Array;
    }
  /** The bytes of the last recv or recvfrom of this end, which are owned. */
  | { readonly type: "received"; readonly end: TourEnd; readonly bytes: Uint8Array }
  | { readonly type: "dropped"; readonly count: number }
  | { readonly type: "kernel"; readonly states: KernelStates }
  /** tourStepMaxMs have passed: the step is done with the calls that have returned. */
  | { readonly type: "time-over" };

/** The number of lines of the step's text, and how many of them are visible. */
export interface TourTextArea {
  readonly textLines: number;
  readonly textRows: number;
}

/** The result of a key. `isUsed` false: the key is for the screen. */
interface TourPress {
  readonly isUsed: boolean;
  readonly tour: TourState;
  readonly work?: TourWork;
  readonly isLeft?: true;
}

/** The step on the screen. */
export function getShownStep({ shown }: TourState): TourStep {
  return tourSteps[shown] ?? tourSteps[0];
}

/**
 * Handles an event while the tour is shown. Ctrl and Alt chords, and events other than keys, text, pastes and the
 * wheel, are left to the screen.
 */
export function pressInTour(tour: TourState, event: KeyEvent, area: TourTextArea): TourPress {
  const stays = { isUsed: true, tour };
  if (event.type === "paste") return stays;
  if (event.type === "text") return pressText(tour, event.text, area);
  if (event.type === "mouse" && event.action.startsWith("wheel"))
    return scrollText(tour, area, event.action === "wheel-up" ? -1 : 1);
  if (event.type !== "key" || event.ctrl || event.alt) return { isUsed: false, tour };
  switch (event.name) {
    case "enter":
    case "right":
      return advance(tour, area);
    case "left":
    case "backspace":
      return { isUsed: true, tour: showStep(tour, Math.max(0, tour.shown - 1)) };
    case "up":
      return scrollText(tour, area, -1);
    case "down":
      return scrollText(tour, area, 1);
    case "page-up":
      return scrollText(tour, area, -area.textRows);
    case "page-down":
      return scrollText(tour, area, area.textRows);
    case "escape":
      return { ...stays, isLeft: true };
    default:
      return stays;
  }
}

function pressText(tour: TourState, text: string, area: TourTextArea): TourPress {
  if (text === "q" || text === "Q") return { isUsed: true, tour, isLeft: true };
  return text === " " ? advance(tour, area) : { isUsed: true, tour };
}

/**
 * Scrolls to the rest of the text; at its end, shows the next step, and after the last step reached starts a new one.
 */
function advance(tour: TourState, area: TourTextArea): TourPress {
  if (tour.textFrom + area.textRows < area.textLines) return scrollText(tour, area, area.textRows);
  if (tour.isBusy) return { isUsed: true, tour };
  if (tour.shown < tour.reached) return { isUsed: true, tour: showStep(tour, tour.shown + 1) };
  const next = tourSteps[tour.reached + 1];
  if (next === undefined) return { isUsed: true, tour, isLeft: true };
  const reached = tour.reached + 1;
  if (next.work === undefined) return { isUsed: true, tour: showStep({ ...tour, reached }, reached) };
  return { isUsed: true, tour: { ...tour, reached, isBusy: true }, work: next.work };
}

function showStep(tour: TourState, step: number): TourState {
  return { ...tour, shown: step, textFrom: 0 };
}

function scrollText(tour: TourState, { textLines, textRows }: TourTextArea, by: number): TourPress {
  const last = Math.max(0, textLines - textRows);
  return { isUsed: true, tour: { ...tour, textFrom: Math.max(0, Math.min(last, tour.textFrom + by)) } };
}

/** Applies an event of the sockets. */
export function applySocketEvent(tour: TourState, event: TourEvent): TourState {
  switch (event.type) {
    case "called": {
      const { end, called, payload } = event;
      const shownBytes = payload && { payload: payload.subarray(0, tourShownBytesMax) };
      return completeIfReturned(
        setCalls(tour, [...tour.calls, { end, step: tour.reached, called, ...shownBytes }]),
      );
    }
    case "received":
      return setCalls(tour, addPayload(tour.calls, event.end, event.bytes));
    case "dropped":
      return completeIfReturned({ ...tour, dropped: event.count });
    case "kernel":
      return { ...tour, kernel: { ...tour.kernel, [tour.reached]: event.states } };
    case "time-over":
      return tour.isBusy ? completeStep(tour) : tour;
  }
}

function setCalls(tour: TourState, calls: readonly TourCall[]): TourState {
  return { ...tour, calls: calls.slice(-tourRowsMax) };
}

/** The event of a recv precedes the one with its bytes, so these belong to the last call. */
function addPayload(calls: readonly TourCall[], end: TourEnd, bytes: Uint8Array): readonly TourCall[] {
  const index = calls.findLastIndex((call) => call.end === end);
  return calls.map((call, each) =>
    each === index ? { ...call, payload: bytes.subarray(0, tourShownBytesMax) } : call,
  );
}

function completeIfReturned(tour: TourState): TourState {
  const awaits = tourSteps[tour.reached]?.awaits ?? [];
  const hasReturned = (awaited: (typeof awaits)[number]): boolean =>
    awaited === "client dropped"
      ? tour.dropped > 0
      : tour.calls.filter(
          ({ step, end, called }) => step === tour.reached && `${end} ${called.call}` === awaited,
        ).length >= awaits.filter((each) => each === awaited).length;
  return tour.isBusy && awaits.every(hasReturned) ? completeStep(tour) : tour;
}

function completeStep(tour: TourState): TourState {
  return { ...showStep(tour, tour.reached), isBusy: false };
}

/** The calls of one end, in the chapter of the shown step. */
export function listCalls(tour: TourState, end: TourEnd): readonly TourCall[] {
  const chapter = getChapter(getShownStep(tour));
  return tour.calls.filter((call) => {
    const step = tourSteps[call.step];
    return call.end === end && step !== undefined && getChapter(step) === chapter;
  });
}

/** True if the shown step explains this call. A step without work explains calls of the step before. */
export function isExplained(tour: TourState, { step, end, called }: TourCall): boolean {
  return step === findWorkedStep(tour) && getShownStep(tour).about.includes(`${end} ${called.call}`);
}

/** The kernel's state of an end after the shown step's calls; undefined: not known. */
export function getKernelState(tour: TourState, end: TourEnd): KernelStates[TourEnd] {
  return getShownStep(tour).transport === "tcp" ? tour.kernel[findWorkedStep(tour)]?.[end] : undefined;
}

/** The last step up to the shown one that made calls. */
function findWorkedStep(tour: TourState): number {
  return tourSteps.findLastIndex((each, index) => index <= tour.shown && each.work !== undefined);
}
