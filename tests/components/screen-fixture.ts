/** A made-up screen model, and the drawn screen as lines of text. */

import { renderToString } from "ink";
import type { ReactNode } from "react";
import type { EntryId, MessageEntry, NewEntry, Notice, NoticeTone } from "../../src/chat/log/entry.ts";
import type { PeerModel, ScreenModel, SocketModel, TabModel } from "../../src/chat/screen/screen-model.ts";
import { Scrollback } from "../../src/chat/log/scrollback.ts";
import { type WireCall, WireLog } from "../../src/chat/log/wire-log.ts";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import { createTheme } from "../../components/paint/theme.ts";
import { flattenRow } from "../support/flat-row.ts";
import { asWritten, english } from "../support/words.ts";

/** 14:00 plus as many minutes as the entry's id, in any time zone. */
export function formatTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 16);
}

const twoOClockMs = Date.UTC(2026, 0, 1, 14, 0);

export function message(
  id: number,
  name: string,
  text: string,
  rest: Partial<MessageEntry> = {},
): MessageEntry {
  const base = { kind: "message", direction: "in", over: "tcp", growing: false, action: false } as const;
  const atMs = twoOClockMs + id * 60_000;
  return { ...base, colourKey: name, id: id as EntryId, atMs, name, text, ...rest };
}

export function notice(id: number, tone: NoticeTone, text: string, hint?: string): Notice {
  const base = { kind: "notice", id: id as EntryId, atMs: twoOClockMs + id * 60_000, tone } as const;
  const noticed: Notice = { ...base, sentence: asWritten(text) };
  return hint === undefined ? noticed : { ...noticed, hint: asWritten(hint) };
}

export function tab(transport: "tcp" | "udp", rest: Partial<TabModel> = {}): TabModel {
  return {
    transport,
    security: undefined,
    hasPassword: false,
    role: undefined,
    open: rest.role !== undefined,
    raw: false,
    state: "CLOSED",
    local: undefined,
    peer: undefined,
    room: undefined,
    peers: 0,
    unread: 0,
    bytesIn: 0,
    bytesOut: 0,
    rates: [],
    privateWith: undefined,
    roundTripMs: undefined,
    loss: undefined,
    backlogBytes: 0,
    waitingLines: 0,
    invitation: undefined,
    openToNetwork: false,
    answersFromAny: false,
    ...rest,
  };
}

export function peer(name: string, rest: Partial<PeerModel> = {}): PeerModel {
  return {
    name,
    address: undefined,
    kind: "duet",
    security: "plain",
    transport: "tcp",
    state: "ESTABLISHED",
    colourKey: name,
    roundTripMs: undefined,
    bytesIn: 0,
    bytesOut: 0,
    queuedBytes: 0,
    link: undefined,
    addressed: false,
    ...rest,
  };
}

export function scrollbackOf(entries: readonly NewEntry[]): Scrollback {
  const scrollback = new Scrollback(english.word);
  for (const entry of entries) scrollback.push(entry);
  return scrollback;
}

export interface Moment {
  readonly tcp?: Partial<TabModel>;
  readonly udp?: Partial<TabModel>;
  readonly active?: "tcp" | "udp";
  readonly peers?: readonly PeerModel[];
  readonly hubs?: ScreenModel["hubs"];
  readonly entries?: readonly NewEntry[];
  readonly sockets?: readonly SocketModel[];
  /** The calls of TCP. */
  readonly wire?: WireLog;
  readonly lan?: ScreenModel["lan"];
  readonly trouble?: ScreenModel["trouble"];
  readonly words?: ScreenModel["words"];
  readonly replayed?: boolean;
}

export function screenModel(moment: Moment): ScreenModel {
  const { tcp, udp, active = "tcp", peers = [], entries = [], wire = new WireLog(), sockets = [] } = moment;
  const { lan, trouble, words = english, replayed = false, hubs = [] } = moment;
  const shown = scrollbackOf(entries);
  const other = new Scrollback(english.word);
  return {
    revision: 1,
    words,
    replayed,
    name: "ann",
    active,
    tabs: { tcp: tab("tcp", tcp), udp: tab("udp", udp) },
    peers,
    hubs,
    sockets,
    wire: { tcp: wire, udp: new WireLog() },
    lan,
    trouble,
    scrollback: active === "tcp" ? { tcp: shown, udp: other } : { tcp: other, udp: shown },
  };
}

/** A server with two peers and a short conversation. */
export const talk: Moment = {
  tcp: {
    role: "listen",
    state: "LISTEN",
    local: "127.0.0.1:8080",
    peers: 2,
    bytesIn: 1234,
    bytesOut: 830,
    roundTripMs: 0.31,
  },
  udp: { unread: 3 },
  peers: [
    peer("bob", { address: "127.0.0.1:51234", roundTripMs: 0.31, bytesIn: 1200, bytesOut: 800 }),
    peer("127.0.0.1:51240", { address: "127.0.0.1:51240", kind: "raw", bytesIn: 34, bytesOut: 30 }),
  ],
  entries: [
    notice(1, "state", "LISTEN on 127.0.0.1:8080: waiting for peers"),
    notice(2, "joined", "127.0.0.1:51234 is here (accept)"),
    message(3, "bob", "hello! 你好 from the other side of this terminal, can you read me?"),
    message(4, "ann", "loud and clear", { direction: "out" }),
    message(5, "127.0.0.1:51240", "plain nc here", {}),
    message(6, "bob", "waves", { action: true }),
    message(7, "bob", "only for you", { privateWith: "ann" }),
    message(8, "ann", "too long a line", {
      direction: "out",
      note: asWritten("not sent: the queue of bob is full"),
    }),
    notice(
      9,
      "error",
      "connect 127.0.0.1:9000: refused, nobody listens there",
      "start a duet there, or /listen 9000",
    ),
    notice(10, "left", "127.0.0.1:51240 is gone (FIN)"),
    message(11, "bob", "still typ", { growing: true }),
  ],
};

/** `HH:MM:SS.mmm`, independent of the time zone. */
export function formatClock(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 23);
}

/** The props that most tests do not change: the newest rows, no overlay, an empty composer. */
export const plainApp = {
  anchor: "newest",
  overlay: "none",
  composerRows: 1,
  theme: createTheme({ hasColour: true }),
  formatTime,
  formatClock,
} as const;

/** The rows of a screen, without styles. */
export function draw(element: ReactNode, columns: number): string[] {
  return renderToString(element, { columns }).split("\n").map(flattenRow);
}

/** The drawn screen in a frame that shows the ends of its rows. */
export function framed(lines: readonly string[], columns: number): string {
  const padded = lines.map((line) => `┃${line}${" ".repeat(columns - Bun.stringWidth(line))}┃`);
  return `\n${padded.join("\n")}\n`;
}

/** A recorded call: bytes received from bob. */
export const recvFromBob: WireCall = {
  atMs: Date.UTC(2026, 0, 1, 14, 3, 22, 123),
  call: "recv",
  result: "ok",
  connection: 1 as ConnectionId,
  peer: "bob",
  address: "127.0.0.1:51234",
  bytes: 6,
  ofBytes: undefined,
  offset: 0,
};
