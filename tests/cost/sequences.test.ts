/** Many inputs of a kind cost in proportion to their number: four times as many cost at most five times the steps. */

import { describe, expect, test } from "bun:test";
import { LanRoster } from "../../src/chat/records/lan-roster.ts";
import { WireLog } from "../../src/chat/log/wire-log.ts";
import { rememberLine } from "../../src/input/line/input-history.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import { DeliveryReceiver } from "../../src/protocol/delivery/receiver.ts";
import { RoundTrip } from "../../src/protocol/delivery/round-trip.ts";
import { DeliverySender } from "../../src/protocol/delivery/sender.ts";
import { parseRecorded } from "../../src/replay/recorded-event.ts";
import { Replay } from "../../src/replay/recording.ts";
import { encodeFrame, numberLine, parseFrame } from "../../src/protocol/frames/frame-codec.ts";
import type { Frame } from "../../src/protocol/frames/frame.ts";
import { inputHistoryMax, lanPlacesMax } from "../../src/protocol/limits.ts";
import { PartJoiner, UnfinishedMessages } from "../../src/protocol/frames/message-parts.ts";
import { complete } from "../../src/input/composer/completion.ts";
import { openSearch } from "../../src/view/search/search.ts";
import { formatTranscript } from "../../src/view/conversation/transcript.ts";
import { findPassingRows } from "../../src/view/wire/filtered-calls.ts";
import { parseWireFilter } from "../../src/view/wire/wire-filter.ts";
import { translateCommands } from "../../src/view/overlays/help-lines.ts";
import { formatTime, message, recvFromBob, scrollbackOf } from "../components/screen-fixture.ts";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import { measureGrowth } from "../support/cost.ts";
import { Core, makeClient, makeRoom } from "./core.ts";
import { english } from "../support/words.ts";

function list<Item>(count: number, make: (index: number) => Item): readonly Item[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

const frames: Readonly<Record<string, (index: number) => Frame>> = {
  message: (index) => ({ type: "message", id: index, text: `line ${index}` }),
  "message in parts": (index) => ({
    type: "message",
    id: index >> 1,
    text: "x",
    part: 1 + (index & 1),
    parts: 2,
  }),
  "message without its other parts": (index) => ({
    type: "message",
    id: index,
    text: "x",
    part: 1,
    parts: 2,
  }),
  renamed: (index) => ({ type: "renamed", name: `bob${index % 7}` }),
  receipt: (index) => ({ type: "receipt", stage: "read", first: index, last: index + 1000, from: 1 }),
  undelivered: (index) => ({ type: "undelivered", id: index, to: 1, reason: "full" }),
  ping: (number) => ({ type: "ping", number }),
  pong: (number) => ({ type: "pong", number }),
  slowed: () => ({ type: "slowed", reason: "wait" }),
  joined: (index) => ({ type: "joined", number: 3 + index, name: `eve${index}` }),
  "joined by namesakes": (index) => ({ type: "joined", number: 3 + index, name: "eve" }),
  left: (index) => ({ type: "left", number: 3 + (index % 9), reason: "left" }),
  "renamed member": (index) => ({ type: "renamed", number: 3 + (index % 9), name: "eve" }),
  "private message": (index) => ({ type: "message", id: index, from: 3, to: 2, text: "psst" }),
  ack: (upTo) => ({ type: "ack", upTo, also: [[upTo + 2, upTo + 3]], delayMs: 1 }),
  skip: (upTo) => ({ type: "skip", upTo }),
};

describe.each(Object.entries(frames))("frames: %s", (_name, makeFrame) => {
  test.each(["one recv", "a recv each"])("from a member, in %s", (how) => {
    expect(growthOfFrames(makeRoom, makeFrame, how === "one recv")).toBeLessThanOrEqual(5);
  });
  test.each(["one recv", "a recv each"])("from the host, in %s", (how) => {
    expect(growthOfFrames(makeClient, makeFrame, how === "one recv")).toBeLessThanOrEqual(5);
  });
  test("from a member over UDP, in any order", () => {
    const run = (size: number) => {
      const core = new Core().duet(1, "udp");
      const key = core.keyFor(1);
      const numbers = list(size, (index) => (index % 2 === 0 ? index + 2 : index));
      const lines = numbers.map((number) =>
        numberLine(encodeFrame(makeFrame(number), key), { number, transmission: 1 }),
      );
      return () => lines.forEach((line) => core.receive(1, line, "udp"));
    };
    expect(measureGrowth(run, 64)).toBeLessThanOrEqual(5);
  });
});

function growthOfFrames(make: () => Core, makeFrame: (index: number) => Frame, isOneRecv: boolean): number {
  const run = (size: number) => {
    const core = make();
    const lines = list(size, (index) => `${encodeFrame(makeFrame(index))}\n`);
    const chunks = isOneRecv ? [lines.join("")] : lines;
    return () => chunks.forEach((chunk) => core.receive(1, chunk));
  };
  return measureGrowth(run, 64);
}

/** Enqueues frames, and acknowledges every other one beyond each gap. */
function exchangeFrames(sender: DeliverySender<number>, count: number): void {
  for (let tag = 1; tag <= count; tag += 1) sender.enqueue("duet/1 {}", 0, tag);
  for (let upTo = 0; upTo <= count; upTo += 4) {
    sender.transmit(upTo);
    const also = list(32, (at) => [upTo + 2 * at, upTo + 2 * at] as const);
    sender.onAcknowledged({ upTo, also, delayMs: 0 }, upTo);
  }
}

/** Each makes `size` inputs, and returns the work on them. */
const doors: Readonly<Record<string, (size: number) => () => unknown>> = {
  "lines of a raw peer": (size) => {
    const core = makeRoom();
    return () => core.receive(2, "line\n".repeat(size));
  },
  "empty lines of a raw peer": (size) => {
    const core = makeRoom();
    return () => core.receive(2, "\n".repeat(size));
  },
  "lines of a stranger, one recv each": (size) => {
    const core = makeRoom();
    return () => list(size, (index) => core.receive(2, `${index}\n`));
  },
  "a line that grows": (size) => {
    const core = makeRoom();
    return () => list(size, () => core.receive(2, "x"));
  },
  "datagrams of a raw peer": (size) => {
    const core = new Core().connect(1, "udp");
    return () => list(size, (index) => core.receive(1, `line ${index}`, "udp"));
  },
  "forged datagrams": (size) => {
    const core = new Core().duet(1, "udp");
    return () => list(size, () => core.receive(1, 'duet/1 {"type":"ping","number":1,"k":"none"}', "udp"));
  },
  // The members do not grow in number here, since each is told of every newcomer.
  "hellos that are repeated": (size) => {
    const core = new Core();
    for (let id = 1; id <= 16; id += 1) core.duet(id, "udp");
    const hello = { type: "hello", name: "bob", session: "session1", key: "key1", delivery: 1 } as const;
    return () => list(size, () => core.receive(1, encodeFrame(hello), "udp"));
  },
  "connections that end at once": (size) => {
    const core = new Core();
    return () =>
      list(size, (index) => {
        const connection = (index + 1) as ConnectionId;
        core.connect(index + 1).receive(index + 1, "x\n");
        core.apply({
          type: "socket",
          transport: "tcp",
          event: { type: "disconnected", connection, cause: "reset" },
        });
      });
  },
  "the members of a welcome": (size) => {
    const core = new Core("connect").connect(1, "tcp", false);
    core.receive(1, `${encodeFrame({ type: "hello", name: "host", session: "host", key: "hostkey" })}\n`);
    const members = list(size, (index) => ({ number: index + 3, name: `eve${index % 5}` }));
    const welcome = encodeFrame({ type: "welcome", you: 2, key: "k", members });
    return () => core.receive(1, `${welcome}\n`);
  },
  "numbered frames that arrive backwards": (size) => {
    const receiver = new DeliveryReceiver<number>();
    return () =>
      list(size, (index) => {
        receiver.accept({ number: size - index, transmission: 1 }, index, 10, index);
        return receiver.takeAck(index, true);
      });
  },
  "every other numbered frame, then the rest": (size) => {
    const receiver = new DeliveryReceiver<number>();
    const order = [...list(size, (index) => 2 * index + 2), ...list(size, (index) => 2 * index + 1)];
    return () =>
      order.map((number, index) => {
        receiver.accept({ number, transmission: 1 }, number, 10, index);
        return receiver.takeAck(index, true);
      });
  },
  "a skip over every other frame": (size) => {
    const receiver = new DeliveryReceiver<number>();
    for (const number of list(size, (index) => 2 * index + 2))
      receiver.accept({ number, transmission: 1 }, number, 10, 0);
    return () => receiver.skip(2 * size, 1);
  },
  // Many windows of frames: while the first one opens, fewer are in flight.
  "frames that are enqueued, sent and acknowledged": (size) => {
    const sender = new DeliverySender<number>(new RoundTrip());
    return () => exchangeFrames(sender, 4 * size);
  },
  "frames that are given up": (size) => {
    const sender = new DeliverySender<number>(new RoundTrip());
    for (let tag = 1; tag <= size; tag += 1) sender.enqueue("duet/1 {}", 0, tag);
    sender.transmit(0);
    return () => sender.onTimeReached(100_000);
  },
  "parts of messages": (size) => {
    const joiner = new PartJoiner(new UnfinishedMessages());
    const parts = list(
      size,
      (index) =>
        ({ type: "message", id: index % 5, text: "x", part: 1 + (index % 400), parts: 512 }) as const,
    );
    return () => parts.map((part, index) => joiner.join(part, index));
  },
  "announcements of the local network, when the list is full": (size) => {
    const roster = new LanRoster();
    const makeOne = (index: number) =>
      ({
        type: "here",
        session: `s${index}`,
        name: "x",
        services: [{ transport: "tcp", port: 1 }],
        isQuery: false,
        probe: "p",
        also: [],
      }) as const;
    const receiveOne = (index: number) =>
      roster.receive(makeOne(index), `10.0.${index >> 8}.${index & 255}`, index);
    list(lanPlacesMax, receiveOne);
    return () => list(size, (index) => receiveOne(lanPlacesMax + index));
  },
  "events of a recording": (size) => {
    const lines = list(size, (index) =>
      JSON.stringify({
        ...{ at: "2026-11-29T00:00:00Z", transport: "tcp", type: index % 2 === 0 ? "message" : "call" },
        ...{
          direction: "in",
          id: index,
          peer: `h:${index % 50}`,
          name: "bob",
          text: "x",
          call: "recv",
          result: "ok",
          connection: 1,
          bytes: 3,
        },
        ...{ carries: [{ what: "text", id: index, start: 0, end: 3 }], offset: 3 * index },
      }),
    );
    return () => {
      const replay = new Replay(
        lines.flatMap((line) => parseRecorded(line) ?? []),
        english,
      );
      replay.goTo(size);
      return replay.model();
    };
  },
  "calls in the wire panel": (size) => {
    const wire = new WireLog();
    return () => {
      const from = { wire, filter: parseWireFilter("peer=bob x"), words: english.wire };
      return list(size, () => {
        wire.push({ ...recvFromBob, bytes: 2 }, Buffer.from("xy"));
        return findPassingRows(from).length;
      });
    };
  },
  "lines of a conversation that is searched": (size) => {
    const scrollback = scrollbackOf(list(size, (index) => message(index + 1, "bob", `line ${index}`)));
    const shape = { columns: 80, rows: 20, formatTime, words: english };
    const view = { transport: "tcp", scrollback, shape, anchor: "newest" } as const;
    return () => [openSearch(view, "line"), openSearch(view, "none")];
  },
  "lines of a transcript": (size) => {
    const scrollback = scrollbackOf(list(size, (index) => message(index + 1, "bob", `line ${index}`)));
    return () => [...formatTranscript(scrollback, english, formatTime)];
  },
  "names to complete": (size) => {
    const context = {
      commands: translateCommands(english),
      names: list(size, (index) => `bob${index}`),
      paths: () => [],
    };
    return () => [complete("/msg b", 6, context), complete("b", 1, context)];
  },
  "members to find by name": (size) => {
    const core = new Core();
    for (let id = 1; id <= size; id += 1) core.connect(id).receive(id, "hi\n");
    return () => {
      core.apply({ type: "commanded", line: "/msg a b c d e f g h" });
      core.apply({ type: "commanded", line: "/who" });
      core.apply({ type: "commanded", line: "/to 127.0.0.1:4001" });
    };
  },
  "lines that are remembered, when the history is full": (size) => {
    const history = list(inputHistoryMax, (index) => `older ${index}`);
    return () => list(size, (index) => `line ${index}`).reduce(rememberLine, history);
  },
  "keys that are pressed": (size) => {
    const decoder = new KeyDecoder();
    return () => list(size, () => decoder.push(Buffer.from("\x1b[<0;1;1M\x1b[Ax")));
  },
  "frames that are no JSON": (size) => () => list(size, () => parseFrame("duet/1 {oops")),
};

test.each(Object.entries(doors))("%s", (_name, run) => {
  expect(measureGrowth(run, 200)).toBeLessThanOrEqual(5);
});
