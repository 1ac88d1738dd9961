/** The table of a language for the tour. Types only: a missing text does not compile. */

/** The two programs of the tutorial. */
export type TourEnd = "server" | "client";

/** The steps of the tour, by name. */
export type TourStepId =
  | "welcome"
  | "tcp-bind"
  | "tcp-listen"
  | "tcp-connect"
  | "tcp-accept"
  | "tcp-send"
  | "tcp-recv"
  | "tcp-answer"
  | "tcp-close"
  | "tcp-time-wait"
  | "udp-bind"
  | "udp-sendto"
  | "udp-recvfrom"
  | "udp-answer"
  | "udp-lost"
  | "udp-again"
  | "udp-close"
  | "sealed-hello"
  | "sealed-handshake"
  | "sealed-record"
  | "sealed-middle"
  | "end";

/** Results of the tour's calls; `?` for a call that has not returned. */
export interface TourFacts {
  /** `127.0.0.1:41234`. */
  readonly server: string;
  readonly client: string;
  readonly serverPort: string;
  readonly clientPort: string;
  /** Datagrams lost on purpose. */
  readonly dropped: number;
}

interface TourStepWords {
  readonly title: string;
  /** Plain text, wrapped to the width there is. */
  readonly text: (facts: TourFacts) => string;
}

export interface TourWords {
  readonly ends: Readonly<Record<TourEnd, string>>;
  readonly steps: Readonly<Record<TourStepId, TourStepWords>>;
  /** The keys, shown in place of the composer; longest form first. */
  readonly keys: readonly [string, ...string[]];
  readonly lastKeys: readonly [string, ...string[]];
  /** Precedes the keys: `tour 3/18`. */
  readonly place: (step: number, steps: number) => string;
  /** Marks that the text continues below. */
  readonly more: string;
  /** The meaning of a recv of 0 bytes. */
  readonly fin: string;
  /** The kernel's state of an end, and its unread bytes. */
  readonly kernel: (state: string, unreadBytes: number) => string;
  /** At the server's end, if a datagram was dropped. */
  readonly nothingCame: string;
}
