/**
 * Replays a recording up to any of its events, as a screen model. The caller decides how far; going back starts again
 * from the first event.
 */

import type { Called, ConnectionId, TransportName } from "../protocol/sockets/socket-event.ts";
import { combineSecurity } from "../chat/peer/seal.ts";
import type { StateWord } from "../chat/records/connection-state.ts";
import { describeKeyFacts } from "../chat/log/key-marks.ts";
import type { EntryId, NoticeTone } from "../chat/log/entry.ts";
import type { RecordedEvent } from "./recorded-event.ts";
import { ReplayedLedger } from "./replayed-ledger.ts";
import type { PeerModel, ScreenModel, TabModel } from "../chat/screen/screen-model.ts";
import { Scrollback } from "../chat/log/scrollback.ts";
import { getStateGlyph } from "../chat/records/connection-state.ts";
import { isKeepalive } from "../chat/log/keepalive.ts";
import { WireLog } from "../chat/log/wire-log.ts";
import { type Sentence, sentence } from "../words/sentences/sentence.ts";
import { readRecordedReason } from "./recorded-reason.ts";
import type { Words } from "../words/tables/words.ts";

type EventOf<Type extends RecordedEvent["type"]> = Extract<RecordedEvent, { readonly type: Type }>;

interface ReplayedSide {
  /** Sides that host one room share one, as in the chat that was recorded. */
  scrollback: Scrollback;
  readonly wire: WireLog;
  readonly peers: Map<string, PeerModel>;
  role: "listen" | "connect" | undefined;
  isHost: boolean;
  state: StateWord;
  local: string | undefined;
  peer: string | undefined;
  bytesIn: number;
  bytesOut: number;
}

export class Replay {
  readonly events: readonly RecordedEvent[];
  /** How many events have been shown. */
  position = 0;
  active: TransportName;
  #sides: Readonly<Record<TransportName, ReplayedSide>>;
  #ledger = new ReplayedLedger();
  #entries = 0;
  #revision = 0;
  readonly #words: Words;

  /** `events` must be in the order of their times. */
  constructor(events: readonly RecordedEvent[], words: Words) {
    this.#words = words;
    this.events = events;
    this.active = events[0]?.transport ?? "tcp";
    this.#sides = { tcp: createSide(words), udp: createSide(words) };
  }

  /** Shows exactly that many events. */
  goTo(position: number): void {
    const wanted = Math.max(0, Math.min(position, this.events.length));
    if (wanted < this.position) {
      this.#sides = { tcp: createSide(this.#words), udp: createSide(this.#words) };
      this.#ledger = new ReplayedLedger();
      this.position = 0;
      this.#entries = 0;
    }
    for (; this.position < wanted; this.position += 1) this.#apply(this.events[this.position]!);
    this.#revision += 1;
  }

  /** The number of events up to and including a moment. */
  positionAt(atMs: number): number {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.events[middle]!.atMs <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The screen model of the present position. */
  model(): ScreenModel {
    const { tcp, udp } = this.#sides;
    const side = this.#sides[this.active];
    return {
      revision: this.#revision,
      words: this.#words,
      replayed: true,
      name: this.#words.replayName,
      active: this.active,
      tabs: { tcp: makeTabModel("tcp", tcp, udp), udp: makeTabModel("udp", udp, tcp) },
      peers: listPeers(side, side === tcp ? udp : tcp),
      hubs: [],
      lan: undefined,
      trouble: undefined,
      sockets: [],
      scrollback: { tcp: tcp.scrollback, udp: udp.scrollback },
      wire: { tcp: tcp.wire, udp: udp.wire },
    };
  }

  #apply(event: RecordedEvent): void {
    const side = this.#sides[event.transport];
    switch (event.type) {
      case "state":
        return this.#state(side, event);
      case "peer":
        return this.#peer(side, event);
      case "message":
        return this.#message(side, event);
      case "call":
        return this.#call(side, event);
      case "error":
        return this.#error(side, event);
    }
    event satisfies never;
  }

  /** A listening side keeps its role while its peers change state. */
  #state(side: ReplayedSide, event: EventOf<"state">): void {
    const { atMs, transport, from, to, local, peer } = event;
    const isOpened = from === "CLOSED" && (to === "LISTEN" || to === "BOUND" || to === "CONNECTING");
    if (isOpened) this.#ledger.opened(transport);
    if (to === "LISTEN" || to === "BOUND") side.role = "listen";
    else if (to === "CONNECTING") side.role = "connect";
    this.#chooseConversation(transport, event);
    const isPeers = side.role === "listen" && peer !== undefined;
    const known = peer === undefined ? undefined : side.peers.get(peer);
    if (known !== undefined && peer !== undefined) side.peers.set(peer, { ...known, state: to });
    if (!isPeers) {
      side.state = to;
      side.local = local;
      side.peer = peer;
    }
    const who = isPeers ? (known?.name ?? peer) : undefined;
    const state = `${getStateGlyph(to)} ${to}`;
    const reason = readRecordedReason(event, this.#words.inEnglish);
    this.#notice(side, atMs, "state", sentence("state-line", { who, state, reason }));
  }

  /** A side that listens has no peer of its own; one that connects has. */
  #chooseConversation(transport: TransportName, { to, peer }: EventOf<"state">): void {
    const side = this.#sides[transport];
    const other = this.#sides[transport === "tcp" ? "udp" : "tcp"];
    if ((to === "LISTEN" || to === "BOUND") && peer === undefined) side.isHost = true;
    else if (to === "CONNECTING" || to === "BOUND") side.isHost = false;
    const isShared = side.scrollback === other.scrollback;
    if (isShared && !side.isHost) side.scrollback = new Scrollback(this.#words.word);
    if (isShared || !side.isHost || !other.isHost) return;
    other.scrollback.absorb(side.scrollback);
    other.scrollback.isOverBoth = true;
    side.scrollback = other.scrollback;
  }

  #peer(side: ReplayedSide, replayed: EventOf<"peer">): void {
    const { atMs, transport, event, peer, name } = replayed;
    if (event === "disconnected") {
      side.peers.delete(peer);
      return this.#notice(side, atMs, "left", sentence("peer-left", { name, reason: undefined }));
    }
    const known = side.peers.get(peer);
    side.peers.set(peer, makePeerModel(replayed, transport, known?.state ?? "ESTABLISHED"));
    if (known !== undefined) return;
    const address = name === peer ? undefined : peer;
    this.#notice(side, atMs, "joined", sentence("peer-here", { name, address }));
  }

  #message(side: ReplayedSide, event: EventOf<"message">): void {
    const { atMs, transport, direction, name, text, action, peer } = event;
    const id = this.#takeId();
    const entry = {
      kind: "message",
      id,
      atMs,
      direction,
      over: transport,
      name,
      colourKey: peer,
      text,
      growing: false,
      action,
      spans: this.#ledger.message(event),
    } as const;
    // The receiver of a line of our own is not recorded.
    const other = direction === "in" ? name : undefined;
    const keyRemarks = describeKeyFacts({ key: event.key, marks: event.marks ?? [] }, other);
    side.scrollback.push({
      ...entry,
      ...(event.private === true && { privateWith: "you" }),
      ...(keyRemarks.length > 0 && { keyRemarks }),
    });
  }

  #call(side: ReplayedSide, event: EventOf<"call">): void {
    this.#ledger.call(event);
    keepCall(side, event, this.#ledger.connection(event.transport, event.connection));
  }

  /** Shown as recorded, since no field of the event names its endpoint. */
  #error(side: ReplayedSide, { atMs, message, hint }: EventOf<"error">): void {
    const asWritten = (text: string): Sentence => sentence("as-written", { text });
    this.#notice(side, atMs, "error", asWritten(message), hint === "" ? undefined : asWritten(hint));
  }

  #notice(side: ReplayedSide, atMs: number, tone: NoticeTone, text: Sentence, hint?: Sentence): void {
    const words = { sentence: text, ...(hint !== undefined && { hint }) };
    const over = side === this.#sides.tcp ? "tcp" : "udp";
    side.scrollback.push({ kind: "notice", id: this.#takeId(), atMs, tone, over, ...words });
  }

  #takeId(): EntryId {
    this.#entries += 1;
    return this.#entries as EntryId;
  }
}

function createSide({ word }: Words): ReplayedSide {
  return {
    scrollback: new Scrollback(word),
    wire: new WireLog(),
    peers: new Map(),
    role: undefined,
    isHost: false,
    state: "CLOSED",
    local: undefined,
    peer: undefined,
    bytesIn: 0,
    bytesOut: 0,
  };
}

/** Payloads are present only if the recording was made with them. */
function keepCall(side: ReplayedSide, event: EventOf<"call">, connection: ConnectionId | undefined): void {
  const { atMs, call, result, offset = 0, local, peer } = event;
  const { bytes, ofBytes, payload, sealed } = splitSealed(event);
  const isOut = call === "send" || call === "sendto";
  const name = peer === undefined ? undefined : (side.peers.get(peer)?.name ?? peer);
  const moved = payload === undefined ? undefined : Buffer.from(payload, "hex");
  const address = peer ?? local;
  const kept = { atMs, call, result, connection, peer: name, address, bytes, ofBytes, offset };
  side.wire.push({ ...kept, isKeepalive: isKeepalive({ ...event, bytes }, moved) }, moved, sealed);
  if (isOut) side.bytesOut += bytes ?? 0;
  else if (call === "recv" || call === "recvfrom") side.bytesIn += bytes ?? 0;
}

/** A call as the log keeps it: of a sealed one what it opened, and beside it what crossed. */
function splitSealed(event: EventOf<"call">): Pick<EventOf<"call">, "bytes" | "ofBytes" | "payload"> & {
  readonly sealed?: Called["sealed"];
} {
  const { bytes = 0, ofBytes, payload, opened, openedPayload } = event;
  if (opened === undefined) return event;
  const crossed = Buffer.from(payload ?? "", "hex");
  return {
    ...{ bytes: opened, ofBytes: ofBytes === undefined ? undefined : opened, payload: openedPayload },
    sealed: { bytes, payload: crossed, ...(ofBytes === undefined ? {} : { ofBytes }) },
  };
}

function makePeerModel(
  { peer: address, name, kind, security }: EventOf<"peer">,
  transport: TransportName,
  state: StateWord,
): PeerModel {
  const nothing = {
    roundTripMs: undefined,
    bytesIn: 0,
    bytesOut: 0,
    queuedBytes: 0,
    link: undefined,
    addressed: false,
  };
  return { name, address, kind, transport, state, security, colourKey: address, ...nothing };
}

/** The people of a tab: of one room the peers of both sides, each name once. */
function listPeers(side: ReplayedSide, other: ReplayedSide): readonly PeerModel[] {
  const here = [...side.peers.values()];
  if (side.scrollback !== other.scrollback) return here;
  const names = new Set(here.map(({ name }) => name));
  return [...here, ...[...other.peers.values()].filter(({ name }) => !names.has(name))];
}

function makeTabModel(transport: TransportName, side: ReplayedSide, other: ReplayedSide): TabModel {
  const { role, state, local, peer, bytesIn, bytesOut } = side;
  return {
    transport,
    role,
    open: state !== "CLOSED",
    raw: false,
    state,
    local,
    peer: role === "connect" ? peer : undefined,
    security: combineSecurity(listPeers(side, other).map(({ security }) => security)),
    hasPassword: false,
    room: undefined,
    peers: listPeers(side, other).length,
    unread: 0,
    bytesIn,
    bytesOut,
    rates: [],
    privateWith: undefined,
    roundTripMs: undefined,
    loss: undefined,
    backlogBytes: 0,
    waitingLines: 0,
    invitation: undefined,
    openToNetwork: false,
    answersFromAny: false,
  };
}
