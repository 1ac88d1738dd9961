/**
 * The table of a language for the screen. Types only: a missing text does not compile. Names of calls, states, keys and
 * commands are the same in every language.
 */

import type { Word } from "../sentences/sentence.ts";
import type { CommandName, KeyLabel, ReplayKeyLabel } from "../parts/names.ts";

/** Forms of one text, longest first; the first that fits is shown. */
export type Forms = readonly [string, ...string[]];

interface CalendarDay {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  /** From 0, Sunday. */
  readonly weekday: number;
}

export interface Words {
  /** Words a sentence in the person's language. */
  readonly word: Word;
  /** Words a sentence in English, for reasons in frames and for logs. */
  readonly inEnglish: Word;
  /** The command that starts duet: `bun run start`. */
  readonly program: string;
  readonly commandSummaries: Readonly<Record<CommandName, string>>;
  /** undefined: the English summaries of the key tables. */
  readonly keySummaries: Readonly<Record<KeyLabel, string>> | undefined;
  readonly replayKeySummaries: Readonly<Record<ReplayKeyLabel, string>> | undefined;
  readonly helpMore: (lines: number) => string;
  readonly tooSmall: (size: string, needed: string) => string;
  /** On the divider before the first entry of a day. */
  readonly day: (day: CalendarDay) => string;
  /** On the divider before the first unread entry. */
  readonly newLines: string;
  readonly line: LineWords;
  readonly bar: BarWords;
  readonly window: WindowWords;
  readonly welcome: WelcomeWords;
  readonly peers: PeersWords;
  readonly composer: ComposerWords;
  readonly search: SearchWords;
  readonly lan: LanWords;
  readonly questions: QuestionsWords;
  readonly password: PasswordWords;
  readonly wire: WireWords;
  readonly choice: ChoiceWords;
  readonly spoken: SpokenWords;
  /** Shown in a recording in place of the person's name. */
  readonly replayName: string;
  /** The keys of a recording. */
  readonly replayKeys: Forms;
}

/** Beside a line of the conversation. */
export interface LineWords {
  /** The stages of receipts. */
  readonly receipts: Readonly<Record<"queued" | "sent" | "acked" | "received" | "read", string>>;
  /** The addressee of a private line for the person. */
  readonly you: string;
  /** The keys that send an undelivered line again. */
  readonly resend: string;
  /** Above a conversation that has lost its oldest lines. */
  readonly olderDropped: (lines: number) => string;
}

/** In the window's title and in desktop notifications. */
interface WindowWords {
  /** Follows the state: a peer's name, or the number of peers. */
  readonly whom: (whom: string) => string;
  /** Follows the author of a private message. */
  readonly toYou: string;
}

/** `hubs`, `members`: ours and the person included. */
interface SharedRoomFacts {
  readonly name: string;
  readonly hubs: number;
  readonly members: number;
}

export interface BarWords {
  readonly roles: Readonly<Record<"listen" | "connect" | "pair" | "group", string>>;
  readonly peers: (count: number) => string;
  /** A room on several machines, with its hubs and all its members; the widest text first. */
  readonly room: (room: SharedRoomFacts) => readonly [string, string, string];
  /** The engine of the room is away since that time (HH:MM); the widest text first. */
  readonly hereOnly: (since: string) => readonly [string, string];
  /** Entries below the view. */
  readonly below: (count: number) => string;
  readonly newBelow: (count: number) => string;
  readonly openToNetwork: readonly [string, string, string];
  /** Raw mode: text is sent unchanged. */
  readonly raw: string;
  /** Impairment is on. */
  readonly troubleSign: string;
  readonly trouble: (dropped: number, doubled: number, delayed: number) => string;
  readonly troubleDropped: (dropped: number) => string;
  readonly backlog: (bytes: string) => string;
  readonly roundTrip: (time: string) => string;
  readonly loss: (percent: string) => string;
  readonly oldDropped: (lines: number) => string;
  readonly keys: {
    /** The transport that Ctrl-T shows. */
    readonly otherTab: (other: string) => string;
    readonly help: string;
    /** F2, by the state of the wire panel. */
    readonly wire: Readonly<Record<"hidden" | "shown" | "focused", Forms>>;
  };
}

export interface WelcomeWords {
  /** How to choose another name, the widest text first. */
  readonly youAre: (name: string) => readonly [string, ...string[]];
  readonly joinsHere: string;
  readonly joins: string;
  readonly nobodyYet: string;
  readonly anyProgram: string;
  readonly thenType: (other: string) => string;
  readonly thenTypeShort: string;
  readonly noSocket: (transport: string) => string;
  readonly listen: string;
  readonly connect: string;
  readonly help: string;
}

interface PeersWords {
  readonly nobody: string;
  /** The kinds of peers. */
  readonly kinds: Readonly<Record<"duet" | "raw", string>>;
  readonly here: (count: number) => string;
  readonly more: (count: number) => string;
  /** In a room on several machines: the other members here, and those of another hub. */
  readonly atThisHub: (count: number) => string;
  readonly atHub: (hub: string, count: number) => string;
  readonly memberOfHub: (hub: string) => string;
  readonly throughHost: string;
  readonly inRoomThroughHost: string;
  readonly waits: (bytes: string) => string;
  /** Datagrams of a peer: retransmitted by us, received twice, received out of order. */
  readonly again: (count: number) => string;
  readonly double: (count: number) => string;
  readonly late: (count: number) => string;
  readonly at: (address: string) => string;
}

export interface ComposerWords {
  readonly placeholder: string;
  readonly waiting: (lines: number) => string;
  /** The question about a paste that is too long for the composer; `isCut`: its end is cut. */
  readonly paste: (paste: PasteFacts) => string;
  readonly pasteShort: (paste: PasteFacts) => string;
  /** The page of a menu: `1–6 of 27`. */
  readonly place: (first: number, last: number, all: number) => string;
}

interface PasteFacts {
  readonly lines: number;
  readonly characters: number;
  readonly isCut: boolean;
}

export interface SearchWords {
  readonly prompt: string;
  readonly keys: Forms;
  readonly notFound: string;
}

interface LanWords {
  readonly title: string;
  readonly interfaces: string;
  readonly nobody: string;
  readonly joined: string;
  /** Beside a known person who is not VERIFIED. */
  readonly known: string;
  readonly prompt: string;
  readonly keys: Forms;
}

export interface QuestionAsked {
  readonly subject: string;
  readonly asked: string;
  readonly refused: string;
}

/** The question for a room's password. */
export interface PasswordWords {
  readonly asked: (address: string) => Forms;
  /** The one before was wrong. */
  readonly wrong: (address: string) => Forms;
  readonly keys: Forms;
}

export interface QuestionsWords {
  readonly overwrite: (path: string) => QuestionAsked;
  readonly leaveRoom: (members: number) => QuestionAsked;
  readonly broadcast: (endpoint: string) => QuestionAsked;
}

export interface WireWords {
  readonly title: string;
  readonly callKeys: Forms;
  readonly openKeys: Forms;
  readonly messageKeys: Forms;
  readonly placeholders: Forms;
  readonly following: string;
  readonly stopped: string;
  readonly paused: (passedOver: number) => string;
  readonly calls: (count: number) => string;
  /** Number of calls that pass the filter, and of calls kept. */
  readonly callsPassing: (passing: number, kept: number) => readonly [string, string];
  /** A partial call: bytes moved, of all. */
  readonly bytesOf: (bytes: number, all: number) => string;
  /** `size`: of the records that crossed, as `214 B`. */
  readonly sealed: (size: string) => string;
  /** Further pings and pongs that a row counts. */
  readonly keepalives: (count: number) => string;
  /** The result of a call, in brackets. Codes and flags keep their names. */
  readonly ended: (result: string) => string;
  readonly retransmits: (count: number) => string;
  /** The source of a state that was not read from the socket itself. */
  readonly fromCalls: string;
  readonly fromTable: string;
  /** Of a UDP listener at every address, long and short. */
  readonly answersFromAny: readonly [string, string];
  readonly unacked: (bytes: string) => string;
  readonly unsent: (bytes: string) => string;
  readonly unread: (bytes: string) => string;
  readonly theirWindow: (bytes: string) => string;
  /** Marks a call that moved a receipt of the chosen message, or over UDP its acknowledgement. */
  readonly word: Readonly<Record<"receipt" | "ack", string>>;
  /** For a chosen message over TCP: acked, as the kernel reports and no call. */
  readonly ackedByNoCall: readonly [string, string];
}

/** Text for a screen reader: whole sentences without symbols. */
export interface SpokenWords {
  readonly welcome: string;
  /** Follows the subject of a line: `error: `. */
  readonly colon: string;
  /** Between the cells of a row. */
  readonly comma: string;
  /** Follows a title. */
  readonly stop: string;
  /** Precedes a message: `bob says`. */
  readonly says: (who: string, isPrivate: boolean) => string;
  readonly does: (who: string, isPrivate: boolean) => string;
  readonly state: (who: string, to: string, from: string, reason: string) => string;
  /** Precedes a notice. */
  readonly tones: Readonly<Record<"duet" | "warning" | "error", string>>;
  readonly next: (text: string, hint: string) => string;
  readonly notSent: (text: string) => string;
  readonly askedFirst: string;
  readonly tourKeys: string;
  readonly tourOver: string;
}

export interface ChoiceWords {
  readonly whose: (name: string) => string;
  readonly keys: Forms;
  /** For a line that can be sent again. */
  readonly resendKeys: Forms;
}

/** The part of the table that does not depend on the program's name. */
export type WordsTable = Omit<Words, "word" | "inEnglish" | "program">;
