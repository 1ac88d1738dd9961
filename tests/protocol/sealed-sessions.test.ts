/** Records of sealed duet/1: whatever is cut, changed, repeated or invented, nothing is opened that was not sealed. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  failedAuthenticationsMax,
  handshakeRecordMaxBytes,
  oldKeysMs,
  recordMaxBytes,
  recordPlainMaxBytes,
  rekeyBytes,
  rekeyRecords,
  replayWindow,
  sealedDatagramOverhead,
} from "../../src/protocol/limits.ts";
import { DatagramSession, readDatagramIndex } from "../../src/protocol/sealed/datagram-session.ts";
import {
  encodeFirst,
  encodeRefusal,
  encodeSecond,
  encodeStreamRecord,
  encodeThird,
  isRecordType,
  readHandshakeDatagram,
  readStreamRecord,
  recordTypes,
  refusalReasons,
} from "../../src/protocol/sealed/records.ts";
import { ReplayWindow } from "../../src/protocol/sealed/replay-window.ts";
import { KeyWear, OpeningKeys, SealingKey } from "../../src/protocol/sealed/session-keys.ts";
import { StreamSession } from "../../src/protocol/sealed/stream-session.ts";
import { seeded } from "../support/seeded.ts";

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

/** Two ends of one session over a stream. */
function streamPair(): readonly [StreamSession, StreamSession] {
  const one = new StreamSession({ sendKey: key(1), receiveKey: key(2) });
  return [one, new StreamSession({ sendKey: key(2), receiveKey: key(1) })];
}

function datagramPair(): readonly [DatagramSession, DatagramSession] {
  const one = new DatagramSession({ sendKey: key(1), receiveKey: key(2) }, { ours: 7, theirs: 9 });
  return [one, new DatagramSession({ sendKey: key(2), receiveKey: key(1) }, { ours: 9, theirs: 7 })];
}

test("a sealed stream gives the same bytes however it is cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
      (pieces, cuts) => {
        const [sender, receiver] = streamPair();
        const wire = Buffer.concat([...pieces.map((one) => sender.seal(one)), sender.sealEnd()]);
        const opened: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < wire.length; turn += 1) {
          const length = cuts[turn % cuts.length]!;
          const result = receiver.open(wire.subarray(at, at + length));
          expect(result.fault).toBeUndefined();
          opened.push(result.plain);
          at += length;
          expect(receiver.isEnded).toBe(at >= wire.length);
        }
        expect(Buffer.concat(opened)).toEqual(Buffer.concat(pieces));
      },
    ),
    { numRuns: 200 },
  );
});

test("each byte of a stream, changed, ends it before its record: nothing of it is opened, nor what follows", () => {
  const [sender] = streamPair();
  const records = ["one", "two", "three"].map((one) => sender.seal(Buffer.from(one)));
  const wire = Buffer.concat(records);
  const before = (at: number): string => {
    let end = 0;
    return ["one", "two", "three"]
      .filter((_, index) => {
        end += records[index]!.length;
        return at >= end;
      })
      .join("");
  };
  for (let at = 0; at < wire.length; at += 1)
    for (const flipped of [1, 0x80, 0xff]) {
      const [, receiver] = streamPair();
      const changed = Buffer.from(wire);
      changed[at]! ^= flipped;
      const first = receiver.open(changed);
      // A longer length waits for more bytes, which then do not authenticate.
      const second = receiver.open(new Uint8Array(recordMaxBytes));
      expect(text(first.plain) + text(second.plain)).toBe(before(at));
      expect(second.fault).toBeDefined();
    }
});

test("records of a stream that are left out, repeated or swapped end it", () => {
  const [sender] = streamPair();
  const [one, two, three] = ["one", "two", "three"].map((word) => sender.seal(Buffer.from(word))) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  for (const wire of [[two], [one, one], [one, three], [two, one], [one, two, one]]) {
    const [, receiver] = streamPair();
    const result = receiver.open(Buffer.concat(wire));
    expect(result.fault).toBe("forged");
    expect(["", "one", "onetwo"]).toContain(text(result.plain));
  }
});

test("a stream that is cut, at any place, is not at its end", () => {
  const [sender] = streamPair();
  const wire = Buffer.concat([sender.seal(Buffer.from("words")), sender.sealEnd()]);
  for (let length = 0; length <= wire.length; length += 1) {
    const [, receiver] = streamPair();
    receiver.open(wire.subarray(0, length));
    expect(receiver.isEnded).toBe(length === wire.length);
  }
  const [, receiver] = streamPair();
  const more = receiver.open(Buffer.concat([wire, Buffer.of(0)]));
  expect([more.fault, receiver.isEnded]).toEqual([undefined, false]);
});

test("a record after the end mark, one of another type and one without a type end a stream", () => {
  const [sender] = streamPair();
  const end = sender.sealEnd();
  const late = sender.seal(Buffer.from("late"));
  const open = (...wire: readonly Uint8Array[]) => streamPair()[1].open(Buffer.concat(wire));
  expect(open(end, late)).toEqual({ plain: new Uint8Array(0), fault: "after-end" });
  for (const type of [0, 0x64, recordTypes.first, recordTypes.refusal, 0xff])
    expect(open(encodeStreamRecord(type, new Uint8Array(40))).fault).toBe("malformed");
  expect(open(Buffer.of(0, 0)).fault).toBe("malformed");
});

test("a record has as much plain text as its length can say, and no more", () => {
  const [sender, receiver] = streamPair();
  const longest = new Uint8Array(recordPlainMaxBytes).fill(0x61);
  const record = sender.seal(longest);
  expect(record).toHaveLength(2 + recordMaxBytes);
  expect(receiver.open(record).plain).toEqual(Buffer.from(longest));
  expect(() => sender.seal(new Uint8Array(recordPlainMaxBytes + 1))).toThrow();
});

test("a handshake's record has a body of at most 1,024 bytes", () => {
  const longest = encodeStreamRecord(recordTypes.first, new Uint8Array(handshakeRecordMaxBytes));
  expect(readStreamRecord(longest)).toMatchObject({ type: recordTypes.first, bytes: longest.length });
  expect(readStreamRecord(longest.subarray(0, -1))).toBe("unfinished");
  expect(
    readStreamRecord(encodeStreamRecord(recordTypes.first, new Uint8Array(handshakeRecordMaxBytes + 1))),
  ).toBe("malformed");
  expect(readStreamRecord(Buffer.of(0, 0))).toBe("malformed");
});

test("handshake datagrams are read as they were written, and short ones not at all", () => {
  const message = Buffer.from("a Noise message");
  const indices = { ours: 1, theirs: 0xffff_ffff };
  const cookie = "0123456789abcdef";
  const written = {
    first: encodeFirst(5, cookie, message),
    second: encodeSecond(indices, message),
    third: encodeThird(indices, message),
    refusal: encodeRefusal(5, refusalReasons.tooMany),
  };
  expect(readHandshakeDatagram(written.first)).toEqual({
    ...{ is: "first", theirs: 5, message: new Uint8Array(message) },
    cookie: new Uint8Array(Buffer.from(cookie)),
  });
  expect(readHandshakeDatagram(written.second)).toMatchObject({ is: "second", ours: 0xffff_ffff, theirs: 1 });
  expect(readHandshakeDatagram(written.third)).toMatchObject({ is: "third", ours: 0xffff_ffff });
  expect(readHandshakeDatagram(written.refusal)).toEqual({ is: "refusal", ours: 5, reason: 1 });
  for (const bytes of Object.values(written))
    expect(readHandshakeDatagram(bytes.subarray(0, 5))).toBeUndefined();
  expect(readHandshakeDatagram(encodeFirst(0, cookie, message))).toBeUndefined();
  expect(readHandshakeDatagram(encodeFirst(5, cookie.slice(1), Buffer.of()))).toBeUndefined();
  expect(readHandshakeDatagram(encodeSecond({ ours: 0, theirs: 4 }, message))).toBeUndefined();
});

test("no type of a record is the first byte of a character in UTF-8", () => {
  for (let byte = 0; byte < 256; byte += 1)
    if (isRecordType(byte)) expect(byte >= 0x80 && byte <= 0xbf).toBe(true);
});

test("the replay window agrees with a set of all counters", () => {
  const counter = fc.oneof(fc.nat(replayWindow * 3), fc.nat(40), fc.nat(2 ** 40));
  fc.assert(
    fc.property(fc.array(counter, { maxLength: 200 }), (counters) => {
      const window = new ReplayWindow();
      const seen = new Set<number>();
      let highest = -1;
      for (const one of counters) {
        const isNew = !seen.has(one) && one > highest - replayWindow;
        expect(window.isNew(one)).toBe(isNew);
        if (!isNew) continue;
        window.note(one);
        seen.add(one);
        highest = Math.max(highest, one);
        expect(window.highest).toBe(highest);
      }
    }),
    { numRuns: 300 },
  );
});

test("a counter is taken at the window's end, and not one before it", () => {
  const window = new ReplayWindow();
  window.note(10_000);
  expect(window.isNew(10_000 - replayWindow + 1)).toBe(true);
  expect(window.isNew(10_000 - replayWindow)).toBe(false);
});

test("sealed datagrams open in any order, each once, and only the newest moves its peer", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...Array(64).keys()], { minLength: 1 }), (order) => {
      const [sender, receiver] = datagramPair();
      const sealed = [...Array(64).keys()].map((number) => sender.seal(Buffer.from(`number ${number}`)));
      let highest = -1;
      for (const number of order) {
        const opened = receiver.open(sealed[number]!, 0);
        expect(text(opened?.plain)).toBe(`number ${number}`);
        expect(opened?.isNewest).toBe(number > highest);
        highest = Math.max(highest, number);
        expect(receiver.open(sealed[number]!, 0)).toBeUndefined();
      }
    }),
    { numRuns: 50 },
  );
});

test("a datagram is 29 bytes longer when it is sealed; an empty one can be", () => {
  const [sender, receiver] = datagramPair();
  for (const length of [0, 1, 1171]) {
    const sealed = sender.seal(new Uint8Array(length));
    expect(sealed).toHaveLength(length + sealedDatagramOverhead);
    expect(receiver.open(sealed, 0)?.plain).toHaveLength(length);
  }
});

test("each bit of a datagram, changed, makes it nothing, and the right one opens after it", () => {
  const [sender, receiver] = datagramPair();
  for (let at = 0; at < 40; at += 1) {
    const sealed = sender.seal(Buffer.from("some words."));
    for (let bit = 0; bit < 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1 << bit;
      expect(receiver.open(changed, 0)).toBeUndefined();
    }
    expect(text(receiver.open(sealed, 0)?.plain)).toBe("some words.");
  }
});

test("100,000 random datagrams, most of them with the right type and index, open nothing and change nothing", () => {
  const [sender, receiver] = datagramPair();
  const chance = seeded(19);
  receiver.open(sender.seal(Buffer.from("first")), 0);
  const real = sender.seal(Buffer.from("second"));
  const bytes = new Uint8Array(64);
  let read = 0;
  for (let count = 0; count < 100_000; count += 1) {
    const datagram = bytes.subarray(0, Math.floor(chance() * 65));
    for (let at = 0; at < datagram.length; at += 1) datagram[at] = chance() * 256;
    if (datagram.length > 13 && count % 4 > 0) {
      datagram.set([0x90 + (count & 1), 0, 0, 0, 9, 0, 0, 0, 0, 0, 0]);
      if (readDatagramIndex(datagram) === 9) read += 1;
    }
    if (receiver.open(datagram, 0) !== undefined) throw new Error("a random datagram was opened");
    readHandshakeDatagram(datagram);
  }
  expect(read).toBeGreaterThan(30_000);
  expect(text(receiver.open(real, 0)?.plain)).toBe("second");
});

test("new keys over a stream: each side changes at its record, and the keys before are gone", () => {
  const [one, two] = streamPair();
  const exchange = (from: StreamSession, to: StreamSession, word: string): number | undefined => {
    const record = from.seal(Buffer.from(word));
    expect(text(to.open(record).plain)).toBe(word);
    return record[2];
  };
  for (const phase of [1, 0, 1]) {
    one.renew({ sendKey: key(10 + phase), receiveKey: key(20 + phase) }, false);
    expect(exchange(one, two, "initiator, still old")).toBe(0x91 - phase);
    two.renew({ sendKey: key(20 + phase), receiveKey: key(10 + phase) }, true);
    expect(exchange(one, two, "initiator, still old")).toBe(0x91 - phase);
    expect(exchange(two, one, "responder, new")).toBe(0x90 + phase);
    expect(exchange(one, two, "initiator, new")).toBe(0x90 + phase);
  }
  const old = new StreamSession({ sendKey: key(10), receiveKey: key(9) });
  expect(two.open(old.seal(Buffer.from("old"))).fault).toBe("forged");
});

test("new keys over UDP: late datagrams of the old phase open for a minute, and do not move the peer", () => {
  const [one, two] = datagramPair();
  const late = [one.seal(Buffer.from("late")), one.seal(Buffer.from("too late"))] as const;
  one.renew({ sendKey: key(3), receiveKey: key(4) }, false);
  two.renew({ sendKey: key(4), receiveKey: key(3) }, true);
  expect(two.open(one.seal(Buffer.from("old")), 0)?.isNewest).toBe(true);
  expect(one.open(two.seal(Buffer.from("new")), 1000)?.isNewest).toBe(true);
  expect(two.open(one.seal(Buffer.from("new")), 1000)?.isNewest).toBe(true);
  expect(two.open(late[0], 999 + oldKeysMs)).toMatchObject({ isNewest: false });
  expect(two.open(late[1], 1000 + oldKeysMs)).toBeUndefined();
});

test("a key is due for renewal after 2^24 records, at either end, and spent after twice that", () => {
  const pair = [new SealingKey(key(1)), new SealingKey(key(2))] as const;
  const [sealing, fresh] = pair;
  const idle = { isDue: false };
  const wear = new KeyWear();
  Object.defineProperty(sealing, "counter", { value: rekeyRecords - 1, configurable: true });
  expect(wear.take(sealing, idle)).toBeUndefined();
  Object.defineProperty(sealing, "counter", { value: rekeyRecords, configurable: true });
  expect([wear.take(sealing, idle), wear.take(sealing, idle)]).toEqual(["due", undefined]);
  wear.reset();
  sealing.prepare(key(3));
  expect(wear.take(sealing, idle)).toBeUndefined();
  expect(wear.take(fresh, { isDue: true })).toBe("due");
  Object.defineProperty(sealing, "counter", { value: 2 * rekeyRecords });
  expect(wear.take(sealing, idle)).toBe("spent");
});

test("what the peer has sealed wears its key too", () => {
  const opened = { phase: 0 as 0 | 1, records: 0, bytes: 0, erase: () => {} };
  const opening = new OpeningKeys(opened, 0);
  opening.noteOpened(opened, rekeyBytes - 1, 0);
  expect(opening.isDue).toBe(false);
  opening.noteOpened(opened, 1, 0);
  expect([opened.records, opening.isDue]).toEqual([2, true]);
  opening.prepare({ ...opened, phase: 1 });
  expect(opening.isDue).toBe(false);
});

test("an erased session opens and seals nothing of its own any more", () => {
  const keys = { sendKey: key(1), receiveKey: key(2) };
  const session = new DatagramSession(keys, { ours: 7, theirs: 9 });
  session.erase();
  expect([...keys.sendKey, ...keys.receiveKey].every((byte) => byte === 0)).toBe(true);
});

test("after as many datagrams as may fail to authenticate a session is spent, and not before", () => {
  const [sender] = datagramPair();
  const keys = { sendKey: key(2), receiveKey: key(1) };
  const session = new DatagramSession(keys, { ours: 9, theirs: 7 }, 3);
  const forge = (): void => {
    const forged = Buffer.from(sender.seal(Buffer.from("words")));
    forged[forged.length - 1]! ^= 1;
    expect(session.open(forged, 0)).toBeUndefined();
  };
  forge();
  forge();
  expect(session.takeWear()).toBeUndefined();
  forge();
  expect(session.takeWear()).toBe("spent");
  expect(failedAuthenticationsMax).toBe(2 ** 36);
});
