/**
 * Random events in random order: nothing throws, every bound holds, and the same events have the same
 * effects.
 */

import { commandTable } from "../../src/chat/commands/command-table.ts";
import type { Chat } from "../../src/chat/model/chat.ts";
import type { Effect } from "../../src/chat/model/effect.ts";
import type { ChatEvent } from "../../src/chat/model/event.ts";
import { createChat } from "../../src/chat/model/new-chat.ts";
import { type Peer, countEnqueuedBytes } from "../../src/chat/model/peer.ts";
import { audienceFor } from "../../src/chat/outbound/audiences.ts";
import { lineModeFor } from "../../src/chat/room/line-mode.ts";
import { mustInputWait } from "../../src/chat/outbound/recipients.ts";
import { selectNames, selectScreen } from "../../src/chat/screen/select-screen.ts";
import { update } from "../../src/chat/update.ts";
import { encodeFrame, numberLine } from "../../src/protocol/frames/frame-codec.ts";
import type { Frame } from "../../src/protocol/frames/frame.ts";
import {
  outOfOrderMaxBytes,
  remoteMembersMax,
  peersShownMax,
  receiptRangesMax,
  receiptsAwaitedMax,
  scrollbackMaxLines,
  strangerWaitingMaxBytes,
  unreportedSpansMax,
} from "../../src/protocol/limits.ts";
import type { ConnectionId, SocketEvent } from "../../src/protocol/sockets/socket-event.ts";
import { homeTarget, testConfig } from "../support/chat-world.ts";
import { loopback } from "../support/fake-network.ts";
import { findOrphanConnectionTimers } from "../support/timer-owners.ts";
import { expect, test } from "bun:test";
import fc from "fast-check";
import { anyCodePoint } from "../support/code-points.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";

const seed = 20_260_101;
const connectionsMax = 6;

interface Step {
  readonly event: ChatEvent;
  readonly afterMs: number;
}

const transport = fc.constantFrom("tcp", "udp");
const connection = fc.integer({ min: 1, max: connectionsMax }).map((id) => id as ConnectionId);
const text = fc.oneof(
  fc.string({ unit: anyCodePoint, maxLength: 30 }),
  fc.constantFrom("ann", "127.0.0.1:4001", "hi\nyou", ""),
);
const number = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer());
const key = fc.constantFrom("k".repeat(16), "0".repeat(16));

const identity = fc.constantFrom(
  undefined,
  "ez766yczclup7yhf6i62olvry4omb6qgifcmxcej7t7x2nzatt3j",
  "ez766yczclup7yhf6i62olvry4omb6qgifcmxcej7t7x2nzatt3k",
);
const epoch = fc.constantFrom(undefined, "00112233445566778899aabbccddeeff", "00");

const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({
    type: fc.constant("hello"),
    name: text,
    session: fc.constantFrom("a", "b", "c"),
    key,
    delivery: fc.constantFrom(1, undefined),
    member: fc.constantFrom(undefined, 1, 2, 3),
  }),
  fc.record({
    type: fc.constant("welcome"),
    you: number,
    key,
    members: fc.array(fc.record({ number, name: text, address: text, identity, epoch }), { maxLength: 4 }),
    rest: fc.constantFrom(undefined, 0, 1, Number.MAX_SAFE_INTEGER),
  }),
  fc.record({ type: fc.constant("joined"), number, name: text, address: text, identity, epoch }),
  fc.record({ type: fc.constant("left"), number, reason: text }),
  fc.record({ type: fc.constant("renamed"), number, name: text }),
  fc.record({
    type: fc.constant("message"),
    id: number,
    from: number,
    to: fc.oneof(fc.constant(undefined), number),
    text: fc.oneof(text, fc.constant("")),
    sealed: fc.constantFrom(undefined, undefined, "", "AAAA", "A".repeat(200)),
    part: fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 4 })),
    parts: fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 600 })),
  }),
  fc.record({ type: fc.constant("undelivered"), id: number, to: number, reason: text }),
  fc.record({
    type: fc.constant("receipt"),
    stage: fc.constantFrom("received", "read"),
    first: number,
    last: number,
    from: fc.oneof(fc.constant(undefined), number),
  }),
  fc.record({
    type: fc.constant("ack"),
    upTo: number,
    also: fc.oneof(fc.constant(undefined), fc.array(fc.tuple(number, number), { maxLength: 3 })),
    delayMs: fc.nat(50),
    busy: fc.constantFrom(true, undefined),
  }),
  fc.record({ type: fc.constant("skip"), upTo: number }),
  fc.record({ type: fc.constantFrom("ping", "pong"), number }),
  fc.record({ type: fc.constant("ping"), number, at: fc.constantFrom("127.0.0.1:8080", "x"), proof: key }),
  fc.record({
    type: fc.constant("verify"),
    step: fc.constantFrom("commit", "number", "reveal", "same", "end"),
    of: fc.constantFrom("00".repeat(8), "0a".repeat(8)),
    value: fc.constantFrom("00".repeat(32), "00".repeat(16), "x"),
    why: fc.constantFrom("late", "different", "x"),
    from: fc.constantFrom(undefined, 1, 2, 3),
    to: fc.constantFrom(undefined, 1, 2, 3),
  }),
  fc.record({ type: fc.constantFrom("goodbye", "slowed"), reason: text }),
) as fc.Arbitrary<Frame>;

/** `KEY` stands for the key that the chat sent on this connection: filled in when the step is applied. */
const line = fc.oneof(
  fc.tuple(frame, fc.boolean()).map(([one, keyed]) => encodeFrame(one, keyed ? "KEY" : undefined)),
  fc
    .tuple(
      frame,
      fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5000 })),
      fc.integer({ min: 1, max: 300 }),
    )
    .map(([one, place, transmission]) =>
      numberLine(encodeFrame(one, "KEY"), { number: place, transmission }),
    ),
  text,
  fc.constantFrom(
    "duet/1 {oops",
    'duet/2 {"type":"hello"}',
    "duet/1 x's room, 2 here. Type a line and press Enter.",
    "X",
    "duet/",
  ),
);
const bytes = fc.oneof(
  fc.tuple(line, fc.constantFrom("\n", "\n", "", "\r\n")).map(([text, end]) => Buffer.from(text + end)),
  fc.uint8Array({ maxLength: 40 }),
);
const endpoint = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 4001, max: 4005 }).map(loopback) },
  // Another machine's: a stranger.
  fc.integer({ min: 4001, max: 4002 }).map((port) => ({ ...loopback(port), address: "10.1.2.3" })),
);
const error = fc.record({
  code: fc.constantFrom("EADDRINUSE", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EADDRNOTAVAIL"),
  call: fc.constantFrom("listen", "connect", "recv"),
  target: fc.constant("127.0.0.1:8080"),
  transport,
});

/** The types are checked here, since the arbitraries below are only cast to events. */
const socketEventNamed = (...types: SocketEvent["type"][]) => fc.constantFrom(...types);
const chatEventNamed = (...types: ChatEvent["type"][]) => fc.constantFrom(...types);

const socketEvent = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: socketEventNamed("connected"),
      connection,
      isInbound: fc.boolean(),
      local: endpoint,
      peer: endpoint,
    }),
  },
  { weight: 20, arbitrary: fc.record({ type: socketEventNamed("received"), connection, bytes }) },
  fc.record({ type: socketEventNamed("peer-shut-down", "shut-down", "drained"), connection }),
  fc.record({ type: socketEventNamed("backlogged"), connection, queuedBytes: fc.nat() }),
  fc.record({ type: socketEventNamed("overflowed"), connection, bytes: fc.nat(9) }),
  fc.record({ type: socketEventNamed("listening"), local: endpoint }),
  fc.record({
    type: socketEventNamed("called"),
    call: fc.constantFrom("send", "sendto", "recv", "close"),
    result: fc.constantFrom("ok", "partial", "would-block"),
    connection,
    bytes: fc.nat(2000),
    ofBytes: fc.nat(2000),
  }),
  fc.record({
    type: socketEventNamed("sent-to-all"),
    connections: fc.array(connection, { maxLength: 4 }),
    payload: bytes,
  }),
  fc.record({ type: socketEventNamed("connecting"), target: fc.constant("127.0.0.1:8080") }),
  fc.record({ type: socketEventNamed("unreachable"), connection, error }),
  fc.record({
    type: socketEventNamed("disconnected"),
    connection,
    cause: fc.constantFrom("ours", "fin", "reset", "timed-out", "broken"),
  }),
  fc.record({
    type: socketEventNamed("turned-away"),
    peer: endpoint,
    refusal: fc.constant({ is: "full", peersMax: 2 }),
    count: fc.nat(3),
  }),
  fc.record({ type: socketEventNamed("overrun"), count: fc.nat(9) }),
  fc.record({ type: socketEventNamed("failed"), error }),
  fc.record({ type: socketEventNamed("send-failed"), connection, error, bytes: fc.nat(2000) }),
  fc.record({ type: socketEventNamed("stopped") }),
) as fc.Arbitrary<SocketEvent>;

const command = fc
  .tuple(fc.constantFrom(...commandTable.filter(({ name }) => name !== "quit").map(({ name }) => name)), text)
  .map(([name, rest]) => `/${name} ${rest}`);

const chatEvent = fc.oneof(
  { weight: 12, arbitrary: fc.record({ type: chatEventNamed("socket"), transport, event: socketEvent }) },
  fc.record({ type: chatEventNamed("typed"), text, continues: fc.boolean() }),
  fc.record({ type: chatEventNamed("commanded"), line: command }),
  fc.record({ type: chatEventNamed("commanded"), line: fc.string() }),
  fc.record({ type: chatEventNamed("piped"), bytes: fc.uint8Array({ maxLength: 9 }) }),
  fc.record({ type: chatEventNamed("switched"), to: transport }),
  fc.record({ type: chatEventNamed("focus-changed"), away: fc.boolean() }),
  fc.record({ type: chatEventNamed("overlay-changed"), covered: fc.boolean() }),
  fc.record({ type: chatEventNamed("resend-requested"), entryId: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ type: chatEventNamed("lines-waiting"), lines: fc.nat(3) }),
  fc.record({ type: chatEventNamed("input-ended") }),
  fc.record({
    type: chatEventNamed("started"),
    transport,
    request: fc.record({
      role: fc.constantFrom("listen", "connect", "pair"),
      target: fc.constant(homeTarget),
    }),
  }),
  fc.record({
    type: chatEventNamed("announcements-read"),
    transport,
    found: fc.array(fc.record({ endpoint: fc.constant(loopback(8080)), name: text }), { maxLength: 1 }),
    problems: fc.constant([]),
  }),
  fc.record({
    type: chatEventNamed("neighbours-read"),
    transport,
    found: fc.array(fc.record({ endpoint: fc.constant(loopback(8080)), name: text }), { maxLength: 1 }),
  }),
  fc.record({ type: chatEventNamed("port-holder-found"), transport, error }),
  fc.record({
    type: chatEventNamed("send-refused"),
    connection,
    why: fc.constantFrom("full", "closed"),
    bytes: fc.nat(9),
  }),
  fc.constant<ChatEvent>({ type: "noted", sentence: sentence("quit") }),
) as fc.Arbitrary<ChatEvent>;

/** Sides that listen or have connected, so that later events find peers. */
const prelude: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.constantFrom("listen", "connect", "pair", undefined), fc.boolean())
  .map(([role, both]) => {
    if (role === undefined) return [];
    return (both ? (["tcp", "udp"] as const) : (["tcp"] as const)).flatMap((name) =>
      opening(name, role).map((event) => ({ event, afterMs: 0 })),
    );
  });

function opening(name: "tcp" | "udp", role: "listen" | "connect" | "pair"): readonly ChatEvent[] {
  const started = { type: "started", transport: name, request: { role, target: homeTarget } } as const;
  const local = loopback(name === "tcp" ? 8080 : 8081);
  const listening = { type: "socket", transport: name, event: { type: "listening", local } } as const;
  if (role !== "connect") return [started, listening];
  const found = { type: "announcements-read", transport: name, found: [], problems: [] } as const;
  const connection = (name === "tcp" ? 1 : 2) as ConnectionId;
  const ends = { connection, isInbound: false, local, peer: loopback(4001) };
  return [started, found, { type: "socket", transport: name, event: { type: "connected", ...ends } }];
}

const step = fc.record({ event: chatEvent, afterMs: fc.constantFrom(0, 0, 0, 0, 0, 1, 250, 600, 5000) });

/** A duet that connects and proves its key, or (`isInbound` false) welcomes us. */
const duetConnects: fc.Arbitrary<readonly Step[]> = fc
  .tuple(transport, connection, endpoint, fc.boolean(), text, fc.constantFrom("a", "b", "c"), frame)
  .map(([name, id, peer, isInbound, wanted, session, next]) => {
    const delivery = wanted.length % 3 === 0 ? {} : ({ delivery: 1 } as const);
    const hello: Frame = { type: "hello", name: wanted, session, key: "k".repeat(16), ...delivery };
    const welcome: Frame = {
      type: "welcome",
      you: 2,
      key: "k".repeat(16),
      members: [{ number: 1, name: wanted }],
    };
    const ping: Frame = { type: "ping", number: 1 };
    const events: SocketEvent[] = [
      { type: "connected", connection: id, isInbound, local: loopback(8080), peer },
      ...[hello, isInbound ? ping : welcome, next].map((one) => ({
        type: "received" as const,
        connection: id,
        bytes: Buffer.from(`${encodeFrame(one, "KEY")}${name === "tcp" ? "\n" : ""}`),
      })),
    ];
    return events.map((event) => ({
      event: { type: "socket" as const, transport: name as "tcp" | "udp", event },
      afterMs: 0,
    }));
  });

/** A connection ends, on either transport. */
const peerDisconnects: fc.Arbitrary<readonly Step[]> = connection.map((id) =>
  (["tcp", "udp"] as const).map((name) => ({
    event: {
      type: "socket" as const,
      transport: name,
      event: { type: "disconnected" as const, connection: id, cause: "reset" as const },
    },
    afterMs: 0,
  })),
);

const longPause: fc.Arbitrary<readonly Step[]> = fc.constant([
  { event: { type: "time-reached" }, afterMs: 400_000 },
]);

const steps: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    prelude,
    fc.array(
      fc.oneof(
        { weight: 12, arbitrary: step.map((one) => [one]) },
        { weight: 3, arbitrary: duetConnects },
        { weight: 1, arbitrary: peerDisconnects },
        { weight: 1, arbitrary: longPause },
      ),
      { maxLength: 70, size: "max" },
    ),
  )
  .map(([first, rest]) => [...first, ...rest.flat()]);

/** Applies the steps to a new chat and returns its effects. `check` is called after each step. */
function run(
  applied: readonly Step[],
  headless: boolean,
  check: (chat: Chat) => void = () => {},
): readonly unknown[] {
  const reporting = {
    reportCalls: true,
    reportSpans: applied.length % 4 < 2,
    reportLines: applied.length % 3 === 0,
  };
  const config = testConfig({ headless, ...reporting, duet: applied.length % 2 === 0 });
  const chat = createChat(config, "session".padEnd(24, "0"), "secret", new Uint8Array(32));
  const out: unknown[] = [];
  const enqueued = new EnqueuedBytes(chat);
  let atMs = 1_800_000_000_000;
  const take = (event: ChatEvent) => {
    enqueued.before(event);
    const effects = update(chat, event, atMs);
    enqueued.after(effects);
    out.push(...effects);
    check(chat);
  };
  for (const { event, afterMs } of applied) {
    atMs += afterMs;
    if (afterMs > 0) take({ type: "time-reached" });
    if (isPossible(chat, event)) take(withKey(chat, event));
  }
  return out;
}

/** The effects of the steps as text. */
function runAsText(applied: readonly Step[]): string {
  return JSON.stringify(run(applied, false), (_, value: unknown) =>
    value instanceof Uint8Array ? [...value] : value,
  );
}

/** The bytes that effects enqueued for each TCP peer, compared with the chat's own count. */
class EnqueuedBytes {
  readonly #chat: Chat;
  readonly #bytes = new Map<ConnectionId, number>();
  readonly #groups = { raw: new Set<ConnectionId>(), duets: new Set<ConnectionId>() };

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  before(event: ChatEvent): void {
    const reported = event.type === "socket" ? event.event : event;
    if (reported.type === "connected") this.#bytes.set(reported.connection, 0);
    const isRefused =
      reported.type === "overflowed" || (reported.type === "send-refused" && reported.why === "full");
    if (isRefused && this.#chat.peers.get(reported.connection)?.link.endReason === undefined)
      this.#add(reported.connection, -reported.bytes);
  }

  after(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type === "send" || effect.type === "send-lent")
        for (const connection of effect.connections) this.#add(connection, effect.payload.length);
      if (effect.type === "join-fanout") this.#groups[effect.group].add(effect.connection);
      if (effect.type === "leave-fanout") this.#groups[effect.group].delete(effect.connection);
      if (effect.type === "publish")
        for (const connection of this.#groups[effect.group])
          if (connection !== effect.except) this.#add(connection, effect.payload.length);
    }
    for (const peer of this.#chat.sides.tcp.peers.values())
      if (countEnqueuedBytes(peer) !== this.#bytes.get(peer.link.connection))
        expect(countEnqueuedBytes(peer)).toBe(this.#bytes.get(peer.link.connection) ?? 0);
  }

  #add(connection: ConnectionId, bytes: number): void {
    this.#bytes.set(connection, (this.#bytes.get(connection) ?? 0) + bytes);
  }
}

/** Each peer is in the audience that its state asks for, and in no other. */
function checkAudiences(chat: Chat): void {
  for (const audience of Object.values(chat.room.audiences)) {
    const expected = new Set<Peer>();
    for (const { via } of chat.room.members.values())
      if (audienceFor(chat.room, via) === audience) expected.add(via);
    const peers = [...audience.peers];
    check(
      peers.length === expected.size && peers.every((peer) => expected.has(peer)),
      "an audience has the members that it should",
    );
  }
  for (const peer of chat.peers.values())
    check(peer.outbound.share?.group === audienceFor(chat.room, peer), "a peer shares its audience");
}

/**
 * The transports guarantee that a connection id is never reused, nor used on two transports, and that a side makes one
 * connection at a time.
 */
function isPossible(chat: Chat, event: ChatEvent): boolean {
  if (event.type !== "socket" || event.event.type !== "connected") return true;
  if (chat.peers.has(event.event.connection)) return false;
  const peers = [...chat.sides[event.transport].peers.values()];
  return event.event.isInbound || !peers.some(({ link }) => !link.isInbound);
}

function withKey(chat: Chat, event: ChatEvent): ChatEvent {
  if (event.type !== "socket" || event.event.type !== "received") return event;
  const ourKey = chat.peers.get(event.event.connection)?.handshake.ourKey ?? "none";
  const text = Buffer.from(event.event.bytes).toString("latin1").replace('"KEY"', `"${ourKey}"`);
  return { ...event, event: { ...event.event, bytes: Buffer.from(text, "latin1") } };
}

/** Throws if it does not hold. Unlike `expect` it costs nothing, and there are three million such checks. */
function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`this does not hold: ${what}`);
}

function checkBounds(chat: Chat): void {
  const {
    peers,
    room: { members },
    sides,
  } = chat;
  check(peers.size === sides.tcp.peers.size + sides.udp.peers.size, "each peer is on one side");
  check(peers.size <= connectionsMax, "few connections");
  check(members.size <= peers.size, "each member has a peer");
  check(new Set(Array.from(members.values(), ({ name }) => name)).size === members.size, "names differ");
  for (const member of members.values()) {
    check(member.paths.size > 0, "a member has a path");
    check(member.paths.has(member.via), "a member's path is one of its own");
    for (const path of member.paths) check(peers.get(path.link.connection) === path, "a path is a peer");
  }
  let units = 0;
  for (const peer of peers.values()) {
    const { hostRoom, inbound, receipts, outbound, trace } = peer;
    check(hostRoom.members.size <= remoteMembersMax, "few remote members");
    check(inbound.malformedFrames <= 11, "few malformed frames");
    check(receipts.awaited.length <= receiptsAwaitedMax, "few awaited receipts");
    check((receipts.pending?.unread.length ?? 0) <= receiptRangesMax, "few pending receipts");
    const outOfOrderBytes = outbound.delivery?.receiver.outOfOrderBytes ?? 0;
    check(outOfOrderBytes <= outOfOrderMaxBytes, "few bytes out of order");
    units += (outbound.delivery?.sender.units ?? 0) + outOfOrderBytes;
    for (const pieces of Object.values(trace?.unreported ?? {}))
      check(pieces.length <= unreportedSpansMax + 1, "few unreported spans");
    const waitingBytes = inbound.strangerThrottle?.waitingBytes ?? 0;
    check(waitingBytes <= strangerWaitingMaxBytes + 2000, "few bytes of a stranger wait");
    check(
      Bun.deepEquals(inbound.lineMode, lineModeFor(chat, peer)),
      "the line mode is that of the peer's state",
    );
  }
  check(chat.deliveryUnits === units, "the units of delivery are counted");
  checkAudiences(chat);
  for (const { conversation } of Object.values(sides))
    check(conversation.scrollback.length <= scrollbackMaxLines, "a short scrollback");
  check(chat.effects.length === 0, "all effects are returned");
  check(typeof mustInputWait(chat, { nextBytes: 0 }) === "boolean", "input waits or not");
  check(selectScreen(chat).peers.length <= peersShownMax, "few peers on the screen");
  selectNames(chat);
  check(chat.timers.all().length <= 8 * peers.size + 12, "few timers");
  check(findOrphanConnectionTimers(chat).length === 0, "each timer has an owner");
}

for (const headless of [false, true]) {
  test(`random events never throw and keep every bound (${headless ? "headless" : "screen"})`, () => {
    fc.assert(
      fc.property(steps, (applied) => void run(applied, headless, checkBounds)),
      { seed, numRuns: 600 },
    );
  });
}

test("the same events have the same effects", () => {
  fc.assert(
    fc.property(steps, (applied) => {
      expect(runAsText(applied) === runAsText(applied)).toBe(true);
    }),
    { seed, numRuns: 150 },
  );
});

test("outputs contain no control character of a peer's, except in the text of messages", () => {
  fc.assert(
    fc.property(steps, (applied) => {
      const effects = JSON.parse(runAsText(applied)) as readonly {
        readonly output?: { type: string };
      }[];
      for (const { output } of effects) {
        if (output === undefined || output.type === "bytes") continue;
        const ours: Record<string, unknown> = { ...output };
        if (output.type === "message") delete ours["text"];
        expect(Object.values(ours).filter((one) => typeof one === "string" && /\p{Cc}/u.test(one))).toEqual(
          [],
        );
      }
    }),
    { seed, numRuns: 250 },
  );
});
