/**
 * The core: an input is what peers send and do, one step after each NUL. Nothing throws, memory is bounded, what
 * reaches an output or a raw peer is clean, and over TCP the same bytes cut anywhere are the same messages.
 *
 * A step is a letter, the digit of a connection, and its bytes: `c` a peer connects (1 to 3 over TCP, 4 to 6 over UDP;
 * 3 and 6 are strangers), `o` we connect, `r` bytes are received (`KEY` is our key), `f` FIN, `x` the end, `t` time,
 * `s` a line that is typed. The first byte of the input is the configuration.
 */

import type { Chat } from "../../../src/chat/model/chat.ts";
import type { Effect } from "../../../src/chat/model/effect.ts";
import type { ChatEvent } from "../../../src/chat/model/event.ts";
import type { Output } from "../../../src/chat/model/output.ts";
import { formatMessage } from "../../../src/cli/output/plain-output.ts";
import { createChat } from "../../../src/chat/model/new-chat.ts";
import { update } from "../../../src/chat/update.ts";
import { copyBytes } from "../../../src/protocol/borrowed-bytes.ts";
import {
  malformedFramesMax,
  outOfOrderMaxBytes,
  receiptRangesMax,
  receiptsAwaitedMax,
  remoteMembersMax,
  strangerWaitingMaxBytes,
} from "../../../src/protocol/limits.ts";
import type { ConnectionId, SocketEvent, TransportName } from "../../../src/protocol/sockets/socket-event.ts";
import { homeTarget, testConfig } from "../../support/chat-world.ts";
import { loopback } from "../../support/fake-network.ts";
import { findOrphanConnectionTimers } from "../../support/timer-owners.ts";
import { cutAnywhere, demand, demandSame, type FuzzTarget } from "../target.ts";
import { frameSeeds, frameTokens } from "./frames.ts";

const stepsMax = 64;
const waitsMs = [0, 1, 100, 300, 600, 1100, 6000, 400_000];

interface Step {
  readonly kind: string;
  readonly connection: ConnectionId;
  readonly transport: TransportName;
  readonly bytes: Uint8Array;
}

function readSteps(input: Uint8Array): readonly Step[] {
  const steps: Step[] = [];
  for (let start = 1; start < input.length && steps.length < stepsMax;) {
    const found = input.indexOf(0, start);
    const end = found < 0 ? input.length : found;
    const connection = (1 + ((input[start + 1] ?? 0) % 6)) as ConnectionId;
    const transport = connection <= 3 ? "tcp" : "udp";
    const kind = String.fromCharCode(input[start] ?? 0);
    if (end > start) steps.push({ kind, connection, transport, bytes: input.subarray(start + 2, end) });
    start = end + 1;
  }
  return steps;
}

/** A chat, its clock, and what has left it. */
class ChatRun {
  readonly chat: Chat;
  /** The messages, as `--plain` prints them. */
  printed = "";
  readonly #isCut: boolean;
  /** Both strangers have one address, whose lines they share. */
  readonly #isShared: boolean;
  #nowMs = 1_800_000_000_000;

  constructor(setting: number, isCut: boolean) {
    const flags = {
      headless: (setting & 1) !== 0,
      duet: (setting & 2) !== 0,
      reportLines: (setting & 4) !== 0,
    };
    this.chat = createChat(
      testConfig({ ...flags, reportSpans: (setting & 8) !== 0 }),
      "s".repeat(24),
      "secret",
      new Uint8Array(32),
    );
    this.#isCut = isCut;
    this.#isShared = sharesAddress(setting);
    const role = (setting & 16) === 0 ? "listen" : "connect";
    for (const [transport, port] of [
      ["tcp", 8080],
      ["udp", 8081],
    ] as const) {
      this.apply({ type: "started", transport, request: { role, target: homeTarget } });
      if (role === "listen")
        this.apply({ type: "socket", transport, event: { type: "listening", local: loopback(port) } });
    }
  }

  apply(event: ChatEvent): void {
    const effects = update(this.chat, event, this.#nowMs);
    checkEffects(effects);
    for (const effect of effects) if (effect.type === "report") this.print(effect.output);
    checkBounds(this.chat);
  }

  print(output: Output): void {
    if (output.type === "lines") this.printed += Buffer.from(copyBytes(output.bytes)).toString("utf8");
    else if (output.type === "message" && output.direction === "in")
      this.printed += formatMessage(output) ?? "";
  }

  take(step: Step): void {
    const { kind, connection, transport, bytes } = step;
    const isKnown = this.chat.peers.has(connection);
    const report = (event: SocketEvent): void => this.apply({ type: "socket", transport, event });
    if (kind === "c" || kind === "o") {
      const peer = {
        ...loopback(4000 + connection),
        ...(connection % 3 === 0 ? { address: `10.1.2.${this.#isShared ? 3 : connection}` } : {}),
      };
      if (!isKnown)
        report({ type: "connected", connection, isInbound: kind === "c", local: loopback(8080), peer });
    } else if (kind === "t") this.pass(waitsMs[(bytes[0] ?? 0) % waitsMs.length] ?? 0);
    else if (kind === "s") this.apply({ type: "typed", text: clean(bytes), continues: false });
    else if (!isKnown) return;
    // Only a datagram can be empty.
    else if (kind === "r" && (bytes.length > 0 || transport === "udp")) this.receive(step);
    else if (kind === "f" && transport === "tcp") report({ type: "peer-shut-down", connection });
    else if (kind === "x") report({ type: "disconnected", connection, cause: "reset" });
  }

  /** Waits until silence has ended all lines, and those of strangers have had their turns. */
  settle(): void {
    for (let ms = 0; ms < 2000 || (ms < 100_000 && this.chat.room.addresses.waitingBytes > 0); ms += 400)
      this.pass(400);
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    this.apply({ type: "time-reached" });
  }

  receive({ connection, transport, bytes }: Step): void {
    const key = this.chat.peers.get(connection)?.handshake.ourKey ?? "none";
    const keyed = Buffer.from(
      Buffer.from(bytes).toString("latin1").replaceAll('"KEY"', `"${key}"`),
      "latin1",
    );
    for (const chunk of this.#isCut && transport === "tcp" ? cutAnywhere(keyed) : [keyed])
      if (this.chat.peers.has(connection))
        this.apply({ type: "socket", transport, event: { type: "received", connection, bytes: chunk } });
  }
}

function sharesAddress(setting: number): boolean {
  return (setting & 32) !== 0;
}

function clean(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("utf8")
    .replace(/\p{Cc}/gu, " ");
}

/** A peer's controls reach no output and no other raw peer. The text of a message is cleaned where it is drawn. */
function checkEffects(effects: readonly Effect[]): void {
  for (const effect of effects) {
    if (effect.type === "publish" && effect.group === "raw") {
      const text = Buffer.from(copyBytes(effect.payload)).toString("utf8");
      demand(!/[^\P{Cc}\n\t]/u.test(text), "a relayed line has no control", text);
    }
    if (effect.type !== "report" || effect.output.type === "bytes" || effect.output.type === "lines")
      continue;
    for (const [field, value] of Object.entries(effect.output))
      if (typeof value === "string" && !(effect.output.type === "message" && field === "text"))
        demand(!/\p{Cc}/u.test(value), `the ${field} of a ${effect.output.type} has no control`, value);
  }
}

function checkBounds(chat: Chat): void {
  demand(chat.effects.length === 0, "all effects are taken");
  for (const { hostRoom, inbound, receipts, outbound } of chat.peers.values()) {
    demand(hostRoom.members.size <= remoteMembersMax, "the members of a host are bounded");
    demand(inbound.malformedFrames <= malformedFramesMax + 1, "malformed frames end a connection");
    demand(receipts.awaited.length <= receiptsAwaitedMax, "awaited receipts are bounded");
    demand((receipts.pending?.unread.length ?? 0) <= receiptRangesMax, "pending receipts are bounded");
    demand(
      (outbound.delivery?.receiver.outOfOrderBytes ?? 0) <= outOfOrderMaxBytes,
      "kept frames are bounded",
    );
    demand(
      (inbound.strangerThrottle?.waitingBytes ?? 0) <= strangerWaitingMaxBytes + 4096,
      "what waits is bounded",
    );
  }
  demand(chat.timers.all().length <= 8 * chat.peers.size + 12, "timers are bounded");
  demand(findOrphanConnectionTimers(chat).length === 0, "no timer outlives its connection");
}

function run(input: Uint8Array): void {
  const steps = readSteps(input);
  const runs = [false, true].map((isCut) => {
    const one = new ChatRun(input[0] ?? 0, isCut);
    for (const step of steps) one.take(step);
    one.settle();
    demand(!/[^\P{Cc}\n]/u.test(one.printed), "what is printed has no control", one.printed);
    return sortByAuthor(one.printed);
  });
  // Which of two lines has the turn of an address depends on when each began to grow.
  if (!sharesAddress(input[0] ?? 0)) demandSame(runs[1], runs[0], "messages do not depend on the cuts");
}

/** The lines of each author, in order: silence may end the lines of two peers in either order. */
function sortByAuthor(printed: string): readonly string[] {
  const author = (line: string): string => line.split("> ")[0] ?? "";
  return printed
    .split("\n")
    .toSorted((one, other) => (author(one) < author(other) ? -1 : author(one) > author(other) ? 1 : 0));
}

/** Steps of a duet that connects and proves its key. */
function join(connection: number, kind = "c"): string {
  const end = connection <= 3 ? "\n" : "";
  const hello = `duet/1 {"type":"hello","name":"bob${connection}","session":"s${connection}","key":"k${connection}","delivery":1}`;
  const at = connection - 1;
  return `${kind}${at}\0r${at}${hello}${end}\0r${at}duet/1 {"type":"ping","number":1,"k":"KEY"}${end}\0`;
}

const listen = "@";
const connect = "P";
const eachFrame = frameSeeds.map((seed) => seed.replaceAll('"k":"kkkk"', '"k":"KEY"'));

export const chatTarget: FuzzTarget = {
  name: "chat",
  modules: /^src\/chat\/(inbound|messages|connections|outbound|room|peer)\//,
  seeds: [
    `${listen}c0\0r0hello\nworld\0t0\x05\0r0 again\r\n\0f0\0x0`,
    `${listen}c0\0c1\0c2\0r0one\ntwo\n\0r1three\x1b[31m\n\0r2stranger\n\0s0mine\0t0\x04`,
    `A${join(1)}${join(2)}r0duet/1 {"type":"message","id":1,"text":"hi"}\n\0s0hello all\0`,
    `${listen}${join(4)}${join(5)}r3duet/1 {"type":"message","id":1,"text":"hi","k":"KEY","n":1}\0t0\x02\0r3duet/1 {"type":"ack","upTo":3,"k":"KEY"}`,
    `${listen}${join(3)}${join(6)}r2duet/1 {"type":"message","id":1,"text":"a"}\n\0t0\x05\0x5\0`,
    `\x60c2\0c5\0r2${"one\n".repeat(20)}\0r5two\0r5three\0t0\x04\0r2more\0t0\x03\0x2`,
    `${connect}o0\0r0duet/1 ann's room, 2 here. Type a line and press Enter.\n\0r0duet/1 {"type":"welcome","you":2,"key":"k","members":[{"number":1,"name":"ann"}]}\n\0`,
    `${connect}o3\0r3duet/1 {"type":"welcome","you":2,"key":"k","members":[{"number":1,"name":"ann"}],"k":"KEY","n":1}\0s0hi\0t0\x03\0t0\x06\0`,
    ...eachFrame.map((frame) => `${listen}${join(1)}${join(2)}r0${frame}\n\0t0\x04\0`),
    ...eachFrame.map(
      (frame) =>
        `${listen}${join(4)}${join(5)}r3${frame.replaceAll("\n", "\0r3").replaceAll("}", "}")}\0t0\x04\0`,
    ),
    ...eachFrame.map(
      (frame) =>
        `${connect}o0\0r0duet/1 {"type":"hello","name":"h","session":"h","key":"h"}\nduet/1 {"type":"welcome","you":2,"key":"k","members":[{"number":1,"name":"ann"},{"number":3,"name":"c"}]}\n${frame}\n\0t0\x04\0`,
    ),
    `${listen}c3\0r3X\0r3hello\0c4\0r4\0t0\x07\0r3duet/2 {"type":"hello"}\0`,
    `${listen}c0\0r0duet/2 {"type":"hello"}\n\0c1\0r1duet/1 {oops\n\0r1duet/1 {oops\n\0`,
    `${listen}c0\0r0${"line\n".repeat(20)}\0c1\0r0${"more é\n".repeat(20)}\0r0${"x".repeat(300)}\0t0\x05\0`,
    `${listen}${join(1)}${'r0duet/1 {"type":"pong"}\n\0'.repeat(12)}`,
    `D${join(1)}c1\0r1raw\npart\0r0duet/1 {"type":"goodbye","reason":"bye"}\n\0t0\x06\0`,
  ],
  tokens: [
    ...[
      "\0",
      "\0c0\0",
      "\0c1\0",
      "\0c2\0",
      "\0c3\0",
      "\0o0\0",
      "\0o3\0",
      "\0r0",
      "\0r1",
      "\0r2",
      "\0r3",
      "\0r4",
      "\0r5",
    ],
    ...[
      "\0t0\x01\0",
      "\0t0\x02\0",
      "\0t0\x05\0",
      "\0t0\x06\0",
      "\0t0\x07\0",
      "\0s0hi\0",
      "\0f0\0",
      "\0x0\0",
      "\0x3\0",
      '"k":"KEY"',
    ],
    ...[
      '"k":"KEY","n":1',
      '"k":"KEY","n":2',
      '"k":"KEY","n":4',
      "\r\n",
      "X",
      join(1),
      join(2),
      join(4),
      join(5),
    ],
    ...frameTokens,
    ...eachFrame.map((frame) => `${frame}\n`),
    ...eachFrame.map((frame) => frame.replace(/\}(?=\n|$)/, ',"k":"KEY","n":1}')),
  ],
  run,
};
