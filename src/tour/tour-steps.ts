/**
 * The steps of the tour in the tutorial's order: the work of each with real sockets, and the calls it waits for. The
 * session does the work; src/words has the text.
 */

import type { TransportName } from "../protocol/sockets/socket-event.ts";
import type { TourEnd, TourStepId } from "../words/tables/tour-words.ts";
import type { CallName } from "../protocol/sockets/socket-call.ts";

/** The work of a step, done by the owner of the sockets. */
export type TourWork =
  | "tcp-listen"
  | "tcp-connect"
  | "tcp-send"
  | "tcp-recv"
  | "tcp-answer"
  | "tcp-close"
  | "tcp-finish"
  | "udp-bind"
  | "udp-send"
  | "udp-answer"
  | "udp-lose"
  | "udp-send-again"
  | "udp-close"
  | "sealed-hello"
  | "sealed-handshake"
  | "sealed-record"
  | "sealed-middle";

export interface TourStep {
  readonly id: TourStepId;
  readonly transport: TransportName;
  /** A chapter beside those of the transports: its calls are shown alone, and the tutorial has no lines for them. */
  readonly chapter?: "sealed";
  /** The end whose calls are shown first if there is little room. */
  readonly end: TourEnd;
  /** Undefined: the step only explains calls that the step before has made. */
  readonly work?: TourWork;
  /**
   * The step is done when these calls have returned, each as often as it is listed; `dropped`: when the impairment has
   * reported a loss.
   */
  readonly awaits: readonly `${TourEnd} ${CallName | "dropped"}`[];
  /** The calls that the step explains. */
  readonly about: readonly `${TourEnd} ${CallName}`[];
}

const noCalls = { awaits: [], about: [] } as const;

export const tourSteps: readonly [TourStep, ...TourStep[]] = [
  { id: "welcome", transport: "tcp", end: "server", ...noCalls },
  {
    id: "tcp-bind",
    transport: "tcp",
    end: "server",
    work: "tcp-listen",
    awaits: ["server bind", "server listen"],
    about: ["server bind"],
  },
  { id: "tcp-listen", transport: "tcp", end: "server", awaits: [], about: ["server listen"] },
  {
    id: "tcp-connect",
    transport: "tcp",
    end: "client",
    work: "tcp-connect",
    awaits: ["client connect", "server accept"],
    about: ["client connect"],
  },
  { id: "tcp-accept", transport: "tcp", end: "server", awaits: [], about: ["server accept"] },
  {
    id: "tcp-send",
    transport: "tcp",
    end: "client",
    work: "tcp-send",
    awaits: ["client send"],
    about: ["client send"],
  },
  {
    id: "tcp-recv",
    transport: "tcp",
    end: "server",
    work: "tcp-recv",
    awaits: ["server recv"],
    about: ["server recv"],
  },
  {
    id: "tcp-answer",
    transport: "tcp",
    end: "client",
    work: "tcp-answer",
    awaits: ["server send", "client recv"],
    about: ["server send", "client recv"],
  },
  {
    id: "tcp-close",
    transport: "tcp",
    end: "server",
    work: "tcp-close",
    awaits: ["server shutdown", "client recv"],
    about: ["server shutdown", "server close", "client recv"],
  },
  {
    id: "tcp-time-wait",
    transport: "tcp",
    end: "server",
    work: "tcp-finish",
    awaits: ["client close", "server close"],
    about: ["client shutdown", "client close", "server recv", "server close"],
  },
  {
    id: "udp-bind",
    transport: "udp",
    end: "server",
    work: "udp-bind",
    awaits: ["server bind", "client bind"],
    about: ["server bind", "client bind"],
  },
  {
    id: "udp-sendto",
    transport: "udp",
    end: "client",
    work: "udp-send",
    awaits: ["client sendto", "server recvfrom"],
    about: ["client sendto"],
  },
  { id: "udp-recvfrom", transport: "udp", end: "server", awaits: [], about: ["server recvfrom"] },
  {
    id: "udp-answer",
    transport: "udp",
    end: "client",
    work: "udp-answer",
    awaits: ["server sendto", "client recvfrom"],
    about: ["server sendto", "client recvfrom"],
  },
  {
    id: "udp-lost",
    transport: "udp",
    end: "client",
    work: "udp-lose",
    awaits: ["client sendto", "client dropped"],
    about: ["client sendto"],
  },
  {
    id: "udp-again",
    transport: "udp",
    end: "client",
    work: "udp-send-again",
    awaits: ["client sendto", "server recvfrom"],
    about: ["client sendto", "server recvfrom"],
  },
  {
    id: "udp-close",
    transport: "udp",
    end: "client",
    work: "udp-close",
    awaits: ["client close", "server close"],
    about: ["client close", "server close"],
  },
  {
    id: "sealed-hello",
    transport: "tcp",
    chapter: "sealed",
    end: "client",
    work: "sealed-hello",
    awaits: ["client connect", "server accept", "client send", "server recv", "server send", "client recv"],
    about: ["client send", "server recv", "server send", "client recv"],
  },
  {
    id: "sealed-handshake",
    transport: "tcp",
    chapter: "sealed",
    end: "client",
    work: "sealed-handshake",
    awaits: ["client send", "client send", "server recv", "server recv", "server send", "client recv"],
    about: ["client send", "server recv", "server send", "client recv"],
  },
  {
    id: "sealed-record",
    transport: "tcp",
    chapter: "sealed",
    end: "client",
    work: "sealed-record",
    awaits: ["client send", "server recv"],
    about: ["client send", "server recv"],
  },
  {
    id: "sealed-middle",
    transport: "tcp",
    chapter: "sealed",
    end: "server",
    work: "sealed-middle",
    awaits: ["client send", "server recv", "server close"],
    about: ["client send", "server recv", "server close"],
  },
  { id: "end", transport: "udp", end: "server", ...noCalls },
];

/** The steps whose calls are shown together. */
export function getChapter({ chapter, transport }: TourStep): TransportName | "sealed" {
  return chapter ?? transport;
}
