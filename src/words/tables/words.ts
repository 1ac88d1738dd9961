/**
 * What each language's table of the screen has to say. Types only: a word that is missing is an error of types. Names of
 * calls, states, keys and commands are the same in every language.
 */

import type { Word } from "../sentences/sentence.ts";
import type { CommandName, KeyLabel, ReplayKeyLabel } from "../parts/names.ts";

/** Forms of the same words, the longest first: the first that fits is shown. */
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
  /** Words a sentence for the person. */
  readonly word: Word;
  /** For peers and programs, which read English: reasons in frames, and logs. */
  readonly inEnglish: Word;
  /** What the person types to start duet: `bun run start`. */
  readonly program: string;
  /** undefined: the table's own, which are English. */
  readonly commandSummaries: Readonly<Record<CommandName, string>> | undefined;
  readonly keySummaries: Readonly<Record<KeyLabel, string>> | undefined;
  readonly replayKeySummaries: Readonly<Record<ReplayKeyLabel, string>> | undefined;
  readonly helpMore: (lines: number) => string;
  readonly tooSmall: (size: string, needed: string) => string;
  /** On the rule where a day begins. */
  readonly day: (day: CalendarDay) => string;
  /** On the rule above what was not read. */
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
  readonly wire: WireWords;
  readonly choice: ChoiceWords;
  readonly spoken: SpokenWords;
  /** Who a recording is shown by, where else a person's name stands. */
  readonly replayName: string;
  /** What the keys do while a recording is shown. */
  readonly replayKeys: Forms;
}

/** Beside a line of the conversation. */
export interface LineWords {
  /** How far a line of ours is known to have come. */
  readonly receipts: Readonly<Record<"queued" | "sent" | "acked" | "received" | "read", string>>;
  /** Whom a private line is for. */
  readonly you: string;
  /** How a line that was not delivered is sent again. */
  readonly resend: string;
  /** Above a conversation whose beginning is not kept. */
  readonly olderDropped: (lines: number) => string;
}

/** On the terminal's window, and in a notification of the desktop. */
interface WindowWords {
  /** Behind the state: with whom; a name, or so many. */
  readonly whom: (whom: string) => string;
  /** Behind the name of who calls. */
  readonly toYou: string;
}

export interface BarWords {
  readonly roles: Readonly<Record<"listen" | "connect" | "pair" | "group", string>>;
  readonly peers: (count: number) => string;
  /** Entries below the view. */
  readonly below: (count: number) => string;
  readonly newBelow: (count: number) => string;
  readonly openToNetwork: readonly [string, string, string];
  /** What is typed goes out as it is. */
  readonly raw: string;
  /** The network is made bad on purpose. */
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
    /** F2, by what the wire panel is. */
    readonly wire: Readonly<Record<"hidden" | "shown" | "focused", Forms>>;
  };
}

export interface WelcomeWords {
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
  /** What somebody speaks. */
  readonly kinds: Readonly<Record<"duet" | "raw", string>>;
  readonly here: (count: number) => string;
  readonly more: (count: number) => string;
  readonly throughHost: string;
  readonly inRoomThroughHost: string;
  readonly waits: (bytes: string) => string;
  /** What UDP did to one: repeated by us, come twice, overtaken. */
  readonly again: (count: number) => string;
  readonly double: (count: number) => string;
  readonly late: (count: number) => string;
  readonly at: (address: string) => string;
}

export interface ComposerWords {
  readonly placeholder: string;
  readonly waiting: (lines: number) => string;
  /** `edits`: the paste can be edited; `isCut`: its end was too much. */
  readonly paste: (paste: PasteFacts) => string;
  readonly pasteShort: (paste: PasteFacts) => string;
  /** The page of a menu: `1–6 of 27`. */
  readonly place: (first: number, last: number, all: number) => string;
}

interface PasteFacts {
  readonly lines: number;
  readonly characters: number;
  readonly isCut: boolean;
  readonly edits: boolean;
}

export interface SearchWords {
  readonly prompt: string;
  readonly keys: Forms;
  readonly notFound: string;
}

export interface LanWords {
  readonly title: string;
  readonly interfaces: string;
  readonly nobody: string;
  readonly joined: string;
  readonly prompt: string;
  readonly keys: Forms;
}

export interface QuestionAsked {
  readonly subject: string;
  readonly asked: string;
  readonly refused: string;
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
  readonly standing: string;
  readonly paused: (passedOver: number) => string;
  readonly calls: (count: number) => string;
  /** Of so many kept so many pass the filter. */
  readonly callsPassing: (passing: number, kept: number) => readonly [string, string];
  /** A call moved some of its bytes. */
  readonly bytesOf: (bytes: number, all: number) => string;
  /** How a call ended, if not well: with its brackets. Codes and flags keep their names. */
  readonly ended: (result: string) => string;
  readonly retransmits: (count: number) => string;
  /** Where a state is from, if not from its very socket. */
  readonly fromCalls: string;
  readonly fromTable: string;
  readonly unacked: (bytes: string) => string;
  readonly unsent: (bytes: string) => string;
  readonly unread: (bytes: string) => string;
  readonly theirWindow: (bytes: string) => string;
  /** Of a call that moved word of the chosen message: a receipt, or over UDP an acknowledgement. */
  readonly word: Readonly<Record<"receipt" | "ack", string>>;
  /** Of a chosen message that is known to be acked: no call brought that. */
  readonly ackedByNoCall: readonly [string, string];
}

/** What is read aloud: whole sentences, no signs. */
export interface SpokenWords {
  readonly welcome: string;
  /** Behind who or what a line is of: `error: `. */
  readonly colon: string;
  /** Between the cells of a row. */
  readonly comma: string;
  /** Behind a title. */
  readonly stop: string;
  /** Before what somebody said: `bob says`. */
  readonly says: (who: string, isPrivate: boolean) => string;
  readonly does: (who: string, isPrivate: boolean) => string;
  readonly state: (who: string, to: string, from: string, reason: string) => string;
  /** Before a line of duet's own. */
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
  /** Of a line that can be sent again. */
  readonly resendKeys: Forms;
}

/** What a language's table has, before it is known how the program was started. */
export type WordsTable = Omit<Words, "word" | "inEnglish" | "program">;
