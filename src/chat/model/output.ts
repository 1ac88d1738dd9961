/**
 * Outputs: reports for headless lines, NDJSON and logs (src/cli/EVENTS.md). Text is as received; the printer cleans or
 * escapes it, and words the sentences.
 */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { errorCodes } from "../../protocol/sockets/network-error.ts";
import type { ImpairmentCounts } from "../../protocol/sockets/network-impairment.ts";
import type { CallName } from "../../protocol/sockets/socket-call.ts";
import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Sentence, Word } from "../../words/sentences/sentence.ts";
import type { Security } from "../peer/seal.ts";
import type { StateWord } from "../records/connection-state.ts";
import type { NoticeTone } from "../log/entry.ts";
import type { KeyMark } from "../log/key-marks.ts";
import type { ConnectionFacts, LinkOutput } from "../records/link-measures.ts";
import type { CallLedger, MessageLedger } from "../spans/reported-spans.ts";

interface OutputBase {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly transport: TransportName;
}

/** The codes of errors: the system's, and duet's own. */
export const outputErrorCodes = [...errorCodes, "EPROTO", "EKEY", "EPASSWORD", "EROOM", "EUSAGE"] as const;

type PeerKind = "duet" | "raw";

/** An output whose reasons, errors and notices are sentences by id. */
export type Output = OutputIn<Sentence>;

/** The same, worded in one language. */
export type WordedOutput = OutputIn<string>;

/** `isCovered`: another notice says it, and the way on, to a person; programs have both. */
type OutputIn<Words> =
  | (OutputBase & {
      readonly type: "state";
      readonly from: StateWord;
      readonly to: StateWord;
      readonly local: string | undefined;
      readonly peer: string | undefined;
      readonly reason: Words;
      readonly isCovered?: boolean;
    })
  | (OutputBase & {
      readonly type: "peer";
      readonly event: "connected" | "identified" | "disconnected";
      readonly peer: string;
      readonly name: string;
      /** `raw` until the peer is recognised as a duet. */
      readonly kind: PeerKind;
      readonly security: Security;
    })
  | (OutputBase & {
      readonly type: "message";
      readonly id: number;
      readonly direction: "in" | "out";
      /** An endpoint, or `room` for several recipients. */
      readonly peer: string;
      readonly name: string;
      readonly text: string;
      readonly bytes: number;
      readonly action: boolean;
      /** The message is for us alone. */
      readonly private?: true;
      /** In a shared room: the id of its entry in the stream. */
      readonly place?: string;
      /**
       * The security of the connection; a message to several has that of the least secure. `end-to-end`: a private line that
       * its receiver alone can open.
       */
      readonly security: Security | "end-to-end";
      /** The other person's key, of a line that is sealed end to end. */
      readonly key?: string;
      /** At least one. */
      readonly marks?: readonly KeyMark[];
    } & MessageLedger)
  /** A step of a comparison of keys (`/verify`). */
  | (OutputBase & {
      readonly type: "verify";
      /** `digits`: both people compare them now. `agreed`: the other person has. */
      readonly event: "digits" | "agreed" | "verified" | "ended";
      readonly peer: string;
      readonly name: string;
      /** The key that is compared, as text. */
      readonly key: string;
      readonly digits?: string | undefined;
      /** Why it ended. */
      readonly reason?: Words | undefined;
    })
  /**
   * Many messages of one raw peer, already as formatMessage prints them, for a reader that only prints.
   */
  | (OutputBase & { readonly type: "lines"; readonly bytes: BorrowedBytes })
  /** A change in the receipt of a sent message. */
  | (OutputBase & {
      readonly type: "receipt";
      /** The id of the message. */
      readonly id: number;
      readonly stage: "queued" | "sent" | "acked" | "received" | "read" | "undelivered";
      /** Milliseconds from sending to the recipient's receipt, if the recipient sends one. */
      readonly rttMs: number | undefined;
    } & MessageLedger)
  /** Bytes of a peer with `--raw`, as received. */
  | (OutputBase & { readonly type: "bytes"; readonly peer: string; readonly bytes: BorrowedBytes })
  | (OutputBase & {
      readonly type: "call";
      readonly call: CallName;
      readonly result: string;
      readonly bytes: number | undefined;
      readonly ofBytes: number | undefined;
      /** Bytes that moved in this direction on this connection before. */
      readonly offset?: number | undefined;
      readonly local: string | undefined;
      readonly peer: string | undefined;
      readonly connection?: ConnectionId | undefined;
      /** The first wirePayloadMaxBytes of the payload, in hexadecimal. */
      readonly payload?: string | undefined;
      /** The bytes of plain text in the records that a sealed call completed; `offset` counts these. */
      readonly opened?: number;
      /** As `payload`, of the plain text. */
      readonly openedPayload?: string;
    } & CallLedger)
  | (OutputBase & {
      readonly type: "error";
      readonly code: (typeof outputErrorCodes)[number];
      readonly message: Words;
      readonly hint: Words;
      readonly isCovered?: boolean;
    })
  /** A room on several machines has another state, or other hubs. */
  | (OutputBase & {
      readonly type: "room";
      readonly room: string;
      /** `here-only`: the engine does not take lines. */
      readonly state: "shared" | "here-only";
      /** Hubs, ours included, and members of the others. */
      readonly hubs: number;
      readonly members: number;
    })
  /** Any other notice. */
  | (OutputBase & {
      readonly type: "notice";
      readonly tone: NoticeTone;
      readonly text: Words;
      readonly hint: Words | undefined;
    })
  | (OutputBase & {
      readonly type: "stats";
      readonly peers: number;
      readonly bytesIn: number;
      readonly bytesOut: number;
      /** Newcomers refused, lines of strangers that were throttled, and datagrams of strangers that were dropped. */
      readonly turnedAway: number;
      readonly slowed: number;
      readonly droppedOfStrangers: number;
      /** Datagrams that the kernel dropped because they were not read in time. */
      readonly overrun: number;
      readonly queues: readonly { readonly peer: string; readonly bytes: number }[];
      /** The kernel's view of each connection, with `-v`. */
      readonly connections?: readonly ConnectionFacts[];
      /** The impairment's counters, while one is on. */
      readonly trouble?: ImpairmentCounts;
      /** Measurements of each peer's path; a count is absent if it cannot be measured. */
      readonly links: readonly LinkOutput[];
    });

/** An output in one language's words. */
export function wordOutput(output: Output, word: Word): WordedOutput {
  switch (output.type) {
    case "state":
      return { ...output, reason: word(output.reason) };
    case "error":
      return { ...output, message: word(output.message), hint: word(output.hint) };
    case "notice":
      return { ...output, text: word(output.text), hint: output.hint && word(output.hint) };
    case "verify":
      return { ...output, reason: output.reason && word(output.reason) };
    case "room":
    case "peer":
    case "message":
    case "lines":
    case "receipt":
    case "bytes":
    case "call":
    case "stats":
      return output;
  }
}
