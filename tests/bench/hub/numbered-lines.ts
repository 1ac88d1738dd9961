/**
 * Lines of one length that contain their sender, a number and the time, made and read fast enough for millions a second:
 * `#03:0000001234:00012345678#xxx…`. A hub may put a prefix before each. A duet's line is in a frame. No sockets.
 */

const senderDigits = 2;
const numberDigits = 10;
const microsDigits = 11;
const hash = 0x23;
const zero = 0x30;
const newline = 0x0a;
/** The frame around a duet's line. Its id has as many digits as the number, and is that much larger. */
const frameStart = 'duet/1 {"type":"message","id":';
const frameMiddle = ',"text":"';
const frameEnd = '"}\n';
const firstId = 10 ** (numberDigits - 1);
/** Offsets from the first `#`. */
const numberAt = senderDigits + 2;
const microsAt = numberAt + numberDigits + 1;
const latenciesMax = 200_000;

function writeDigits(to: Uint8Array, at: number, digits: number, value: number): void {
  let rest = value;
  for (let place = at + digits - 1; place >= at; place -= 1) {
    to[place] = zero + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

function readDigits(from: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let place = at; place < at + digits; place += 1) value = value * 10 + (from[place] ?? zero) - zero;
  return value;
}

function nowMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000) % 10 ** microsDigits;
}

/** One sender's lines. */
export class LineMaker {
  readonly #line: Uint8Array;
  readonly #isFramed: boolean;
  /** Where the text begins. */
  readonly #start: number;
  /** The number of the next line. */
  next = 0;

  /** `lineBytes` includes the newline, and no frame; at least 32. */
  constructor(sender: number, lineBytes: number, isFramed = false) {
    const text = `#${"0".repeat(senderDigits)}:`.padEnd(lineBytes - 1, "x");
    const before = isFramed ? frameStart + "0".repeat(numberDigits) + frameMiddle : "";
    this.#isFramed = isFramed;
    this.#start = before.length;
    this.#line = Buffer.from(before + text + (isFramed ? frameEnd : "\n"));
    writeDigits(this.#line, this.#start + 1, senderDigits, sender);
    for (const at of [numberAt - 1, microsAt - 1]) this.#line[this.#start + at] = ":".charCodeAt(0);
    this.#line[this.#start + microsAt + microsDigits] = hash;
  }

  /** The next `count` lines. */
  make(count: number): Uint8Array {
    const line = this.#line;
    const made = new Uint8Array(line.length * count);
    writeDigits(line, this.#start + microsAt, microsDigits, nowMicros());
    for (let index = 0; index < count; index += 1) {
      writeDigits(line, this.#start + numberAt, numberDigits, this.next);
      if (this.#isFramed) writeDigits(line, frameStart.length, numberDigits, firstId + this.next);
      this.next += 1;
      made.set(line, index * line.length);
    }
    return made;
  }
}

/** Reads every line that one client receives. */
export class Observer {
  /** From the text's first byte to the end of the line. */
  readonly #lineBytes: number;
  readonly #timedEvery: number;
  /** Next number expected from each sender. */
  readonly #expected: number[];
  #rest = new Uint8Array(0);
  /** Length of a received line with the hub's prefix; undefined until one is received. */
  lineLength: number | undefined;
  repeated = 0;
  reordered = 0;
  torn = 0;
  /** Numbered lines that were received. */
  count = 0;
  #skipped = 0;
  readonly latenciesMs: number[] = [];

  readonly #own: number | undefined;

  /** One line in `timedEvery` is timed. `own`: the sender that is the observer itself, and is not sent its lines. */
  constructor(lineBytes: number, senders: number, timedEvery: number, isFramed = false, own?: number) {
    this.#own = own;
    this.#timedEvery = timedEvery;
    this.#lineBytes = isFramed ? lineBytes - 1 + frameEnd.length : lineBytes;
    this.#expected = Array.from({ length: senders }, () => 0);
  }

  read(received: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? received : Buffer.concat([this.#rest, received]);
    let start = 0;
    for (;;) {
      const end = this.#endOfLine(bytes, start);
      if (end === 0) break;
      this.#readLine(bytes, start, end);
      start = end;
    }
    this.#rest = bytes.slice(start);
  }

  /** Lines that were not received; to be asked when none is under way. */
  missing(makers: readonly LineMaker[]): number {
    let tail = 0;
    for (const [sender, { next }] of makers.entries())
      if (sender !== this.#own) tail += next - (this.#expected[sender] ?? 0);
    return this.#skipped - this.reordered + tail;
  }

  /** Offset after the newline; 0 if the line is incomplete. */
  #endOfLine(bytes: Uint8Array, start: number): number {
    const guess = start + (this.lineLength ?? 0);
    // Several short lines may have the same length together, but no hash at this offset.
    const isLine = bytes[guess - 1] === newline && bytes[guess - this.#lineBytes] === hash;
    if (guess > start && isLine) return guess;
    return bytes.indexOf(newline, start) + 1;
  }

  #readLine(bytes: Uint8Array, start: number, end: number): void {
    const at = end - this.#lineBytes;
    if (at < start || bytes[at] !== hash) {
      // The first lines of the other clients have no number.
      if (end - start >= this.#lineBytes) this.torn += 1;
      return;
    }
    this.lineLength = end - start;
    this.count += 1;
    const sender = readDigits(bytes, at + 1, senderDigits);
    const number = readDigits(bytes, at + numberAt, numberDigits);
    this.#count(sender, number);
    if (number % this.#timedEvery !== 0 || this.latenciesMs.length >= latenciesMax) return;
    this.latenciesMs.push((nowMicros() - readDigits(bytes, at + microsAt, microsDigits)) / 1000);
  }

  #count(sender: number, number: number): void {
    const expected = this.#expected[sender] ?? 0;
    if (number === expected) this.#expected[sender] = number + 1;
    else if (number > expected) {
      this.#skipped += number - expected;
      this.#expected[sender] = number + 1;
    } else if (this.reordered < this.#skipped) this.reordered += 1;
    else this.repeated += 1;
  }
}
