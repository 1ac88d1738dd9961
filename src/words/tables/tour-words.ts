/** What each language's table of the walk has to say. Types only: a word that is missing is an error of types. */

/** The two programs of the tutorial. */
export type TourEnd = "server" | "client";

/** The steps of the walk, by name. */
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
  | "end";

/** What was seen while the walk was made; a question mark stands for what has not returned. */
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
  /** In the composer's place, the longest first: what the keys do. */
  readonly keys: readonly [string, ...string[]];
  readonly lastKeys: readonly [string, ...string[]];
  /** Before them: `tour 3/18`. */
  readonly place: (step: number, steps: number) => string;
  /** More words are below. */
  readonly more: string;
  /** What a recv of 0 bytes means. */
  readonly fin: string;
  /** What the kernel has of an end; bytes that nobody has read. */
  readonly kernel: (state: string, unreadBytes: number) => string;
  /** At the server's end, of a datagram that was dropped. */
  readonly nothingCame: string;
}
