/**
 * The progress of the tour: a key or a socket event maps to a new state, and a key also to work for the sockets. Pure.
 * A step is done when the calls that it waits for have returned, or its time is over.
 */

import type { KeyEvent } from "../input/keys/key-event.ts";
import type { Called } from "../protocol/sockets/socket-event.ts";
import { tourRowsMax, tourShownBytesMax } from "../protocol/limits.ts";
import type { TourCall } from "./tour-call.ts";
import { type TourStep, tourSteps, type TourWork } from "./tour-steps.ts";
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
  readonly kernel: Readonly<Record<number, KernelSeen>>;
  /** The first visible line of the step's text, which may not fit the screen. */
  readonly wordsFrom: number;
}

export const firstTourState: TourState = {
  shown: 0,
  reached: 0,
  calls: [],
  isBusy: false,
  dropped: 0,
  kernel: {},
  wordsFrom: 0,
};

/** The ends of the connection that the kernel still has. */
type KernelSeen = Readonly<
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
  | { readonly type: "kernel"; readonly seen: KernelSeen }
  /** tourStepMaxMs have passed: the step is done with the calls that have returned. */
  | { readonly type: "time-over" };

/** The number of lines of the step's text, and how many of them are visible. */
export interface TourRoom {
  readonly wordLines: number;
  readonly wordRows: number;
}

/** The result of a key. `used` false: the key is for the screen. */
interface TourPress {
  readonly used: boolean;
  readonly tour: TourState;
  readonly work?: TourWork;
  readonly leaves?: true;
}

/** The step on the screen. */
export function shownStep({ shown }: TourState): TourStep {
  return tourSteps[shown] ?? tourSteps[0];
}

/**
 * Handles an event while the tour is shown. Ctrl and Alt chords, and events other than keys, text, pastes and the
 * wheel, are left to the screen.
 */
export function pressInTour(tour: TourState, event: KeyEvent, room: TourRoom): TourPress {
  const stays = { used: true, tour };
  if (event.type === "paste") return stays;
  if (event.type === "text") return pressText(tour, event.text, room);
  if (event.type === "mouse" && event.action.startsWith("wheel"))
    return scrolled(tour, room, event.action === "wheel-up" ? -1 : 1);
  if (event.type !== "key" || event.ctrl || event.alt) return { used: false, tour };
  switch (event.name) {
    case "enter":
    case "right":
      return goOn(tour, room);
    case "left":
    case "backspace":
      return { used: true, tour: show(tour, Math.max(0, tour.shown - 1)) };
    case "up":
      return scrolled(tour, room, -1);
    case "down":
      return scrolled(tour, room, 1);
    case "page-up":
      return scrolled(tour, room, -room.wordRows);
    case "page-down":
      return scrolled(tour, room, room.wordRows);
    case "escape":
      return { ...stays, leaves: true };
    default:
      return stays;
  }
}

function pressText(tour: TourState, text: string, room: TourRoom): TourPress {
  if (text === "q" || text === "Q") return { used: true, tour, leaves: true };
  return text === " " ? goOn(tour, room) : { used: true, tour };
}

/**
 * Scrolls to the rest of the text; at its end, shows the next step, and after the last step reached starts a new one.
 */
function goOn(tour: TourState, room: TourRoom): TourPress {
  if (tour.wordsFrom + room.wordRows < room.wordLines) return scrolled(tour, room, room.wordRows);
  if (tour.isBusy) return { used: true, tour };
  if (tour.shown < tour.reached) return { used: true, tour: show(tour, tour.shown + 1) };
  const next = tourSteps[tour.reached + 1];
  if (next === undefined) return { used: true, tour, leaves: true };
  const reached = tour.reached + 1;
  if (next.work === undefined) return { used: true, tour: show({ ...tour, reached }, reached) };
  return { used: true, tour: { ...tour, reached, isBusy: true }, work: next.work };
}

function show(tour: TourState, step: number): TourState {
  return { ...tour, shown: step, wordsFrom: 0 };
}

function scrolled(tour: TourState, { wordLines, wordRows }: TourRoom, by: number): TourPress {
  const last = Math.max(0, wordLines - wordRows);
  return { used: true, tour: { ...tour, wordsFrom: Math.max(0, Math.min(last, tour.wordsFrom + by)) } };
}

/** Applies an event of the sockets. */
export function heardOnTour(tour: TourState, event: TourEvent): TourState {
  switch (event.type) {
    case "called": {
      const { end, called, payload } = event;
      const shownBytes = payload && { payload: payload.subarray(0, tourShownBytesMax) };
      return settled(withCalls(tour, [...tour.calls, { end, step: tour.reached, called, ...shownBytes }]));
    }
    case "received":
      return withCalls(tour, withPayload(tour.calls, event.end, event.bytes));
    case "dropped":
      return settled({ ...tour, dropped: event.count });
    case "kernel":
      return { ...tour, kernel: { ...tour.kernel, [tour.reached]: event.seen } };
    case "time-over":
      return tour.isBusy ? done(tour) : tour;
  }
}

function withCalls(tour: TourState, calls: readonly TourCall[]): TourState {
  return { ...tour, calls: calls.slice(-tourRowsMax) };
}

/** The event of a recv precedes the one with its bytes, so these belong to the last call. */
function withPayload(calls: readonly TourCall[], end: TourEnd, bytes: Uint8Array): readonly TourCall[] {
  const index = calls.findLastIndex((call) => call.end === end);
  return calls.map((call, each) =>
    each === index ? { ...call, payload: bytes.subarray(0, tourShownBytesMax) } : call,
  );
}

function settled(tour: TourState): TourState {
  const awaits = tourSteps[tour.reached]?.awaits ?? [];
  const isThere = (awaited: (typeof awaits)[number]): boolean =>
    awaited === "client dropped"
      ? tour.dropped > 0
      : tour.calls.some(
          ({ step, end, called }) => step === tour.reached && `${end} ${called.call}` === awaited,
        );
  return tour.isBusy && awaits.every(isThere) ? done(tour) : tour;
}

function done(tour: TourState): TourState {
  return { ...show(tour, tour.reached), isBusy: false };
}

/** The calls of one end, over the transport of the shown step. */
export function callsOf(tour: TourState, end: TourEnd): readonly TourCall[] {
  const { transport } = shownStep(tour);
  return tour.calls.filter((call) => call.end === end && tourSteps[call.step]?.transport === transport);
}

/** True if the shown step explains this call. A step without work explains calls of the step before. */
export function isSpokenOf(tour: TourState, { step, end, called }: TourCall): boolean {
  return step === workedStep(tour) && shownStep(tour).about.includes(`${end} ${called.call}`);
}

/** The kernel's state of an end after the shown step's calls; undefined: not known. */
export function kernelOf(tour: TourState, end: TourEnd): KernelSeen[TourEnd] {
  return shownStep(tour).transport === "tcp" ? tour.kernel[workedStep(tour)]?.[end] : undefined;
}

/** The last step up to the shown one that made calls. */
function workedStep(tour: TourState): number {
  return tourSteps.findLastIndex((each, index) => index <= tour.shown && each.work !== undefined);
}
