/**
 * The steps of the walk, in the tutorial's order: what each does with real sockets, and which calls it waits for. No
 * words for people, and no sockets: those who have them are told what is to be done.
 */

import type { TransportName } from "../protocol/sockets/socket-event.ts";
import type { TourEnd, TourStepId } from "../words/tour-words.ts";
import type { CallName } from "../protocol/sockets/socket-call.ts";

/** What whoever has the sockets is to do. */
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
  | "udp-close";

export interface TourStep {
  readonly id: TourStepId;
  readonly transport: TransportName;
  /** Where there is little room, this end's calls are shown first. */
  readonly end: TourEnd;
  /** Undefined: its calls have returned with those of the step before, and it only speaks of them. */
  readonly work?: TourWork;
  /** Calls that have returned once the work is done; `dropped`: the bad network has told of a loss. */
  readonly awaits: readonly `${TourEnd} ${CallName | "dropped"}`[];
  /** Of the calls in sight, the ones that it speaks of. */
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
  { id: "end", transport: "udp", end: "server", ...noCalls },
];
