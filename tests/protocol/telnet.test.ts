/** Telnet commands are removed wherever they are split, and every option request is refused. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { escapeTelnet, TelnetParser } from "../../src/protocol/lines/telnet.ts";

/** Text as its characters' codes, commands as numbers. */
function bytes(...parts: readonly (string | number)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === "number" ? [part] : [...Buffer.from(part)])),
  );
}

const wire = bytes("a", 255, 251, 31, "b", 255, 253, 1, 255, 252, 2, 255, 254, 3, 255, 255, 255, 241);

const negotiation = bytes("c", 255, 250, 24, 0, 255, 255, "x", 255, 240, "\r\0d\r\n", 255, 246, "é");

test("every command is removed, requests are refused, IAC IAC is one byte and CR NUL is CR", () => {
  const parser = new TelnetParser();
  expect(parser.read(wire)).toEqual({ text: bytes("ab", 255), answer: bytes(255, 254, 31, 255, 252, 1) });
  expect(parser.read(negotiation)).toEqual({ text: bytes("c\rd\r\né"), answer: bytes() });
});

test("split at every byte, text and answers are the same", () => {
  const whole = new TelnetParser().read(Buffer.concat([wire, negotiation]));
  const parser = new TelnetParser();
  const parts = [...wire, ...negotiation].map((byte) => parser.read(Uint8Array.of(byte)));
  expect(Buffer.concat(parts.map(({ text }) => text))).toEqual(Buffer.from(whole.text));
  expect(Buffer.concat(parts.map(({ answer }) => answer))).toEqual(Buffer.from(whole.answer));
});

test("escaped bytes parse to themselves, and are never answered", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (any) => {
      const plain = any.filter((byte, index) => !(byte === 0 && any[index - 1] === 13));
      const { text, answer } = new TelnetParser().read(escapeTelnet(plain));
      expect([...text]).toEqual([...plain]);
      expect(answer).toHaveLength(0);
    }),
    { seed: 7 },
  );
});

test("the answer is never longer than the request", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(255, 253, 251, 250, 240, 0, 1, 65)), (any) => {
      expect(new TelnetParser().read(Uint8Array.from(any)).answer.length).toBeLessThanOrEqual(any.length);
    }),
    { seed: 7 },
  );
});
