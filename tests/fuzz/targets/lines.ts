/** Lines of a stream, telnet and prefixed blocks: cut anywhere, the same bytes are the same lines, within the bound. */

import { LineDecoder, type DecodedLine } from "../../../src/protocol/lines/line-decoder.ts";
import { prefixLines, prefixPlain } from "../../../src/protocol/lines/plain-bytes.ts";
import { escapeTelnet, TelnetParser } from "../../../src/protocol/lines/telnet.ts";
import { copyBytes } from "../../../src/protocol/borrowed-bytes.ts";
import { decodeSimply } from "../../support/simple-lines.ts";
import { cutAnywhere, demand, demandSame, type FuzzTarget } from "../target.ts";

/** Small, so that short inputs reach it. */
const boundBytes = 24;

function run(input: Uint8Array): void {
  const whole = decode([input], false);
  demandSame(whole, decodeSimply(input, boundBytes), "the lines are those between the line ends");
  demandSame(decode(cutAnywhere(input), false), whole, "lines do not depend on the cuts");
  demandSame(decode(cutAnywhere(input), true), whole, "blocks do not depend on the cuts");
  demandSame(decode([input], true), whole, "a block has the same lines");
  checkSilence(input);
  checkTelnet(input);
  checkPrefix(input);
}

function decode(chunks: readonly Uint8Array[], inBlocks: boolean): readonly DecodedLine[] {
  const decoder = new LineDecoder(boundBytes);
  const lines: DecodedLine[] = [];
  for (const chunk of chunks) {
    if (!inBlocks) lines.push(...decoder.push(chunk));
    else {
      const { lines: first, block } = decoder.pushInBlocks(chunk);
      lines.push(...first, ...(block === undefined ? [] : decoder.splitBlock(block)));
    }
    demand(
      decoder.unfinished.length <= boundBytes,
      "an unfinished line is within the bound",
      decoder.unfinished,
    );
  }
  lines.push(...decoder.finish());
  demand(decoder.unfinishedBytes === 0, "nothing is left after the end");
  return lines;
}

/** A line that silence ends keeps an incomplete character for the bytes that follow. */
function checkSilence(input: Uint8Array): void {
  const decoder = new LineDecoder(boundBytes);
  let bytes = 0;
  for (const chunk of cutAnywhere(input)) {
    for (const line of decoder.push(chunk)) bytes += line.bytes;
    for (const line of decoder.close()) bytes += line.bytes;
    demand(decoder.unfinishedBytes <= 4, "silence leaves an incomplete character and half a line end alone");
  }
  for (const line of decoder.finish()) bytes += line.bytes;
  const halfEnd = input.length - bytes;
  demand(
    halfEnd === 0 || halfEnd === 1,
    "each byte belongs to one line, except half a line end behind the last",
  );
}

function checkTelnet(input: Uint8Array): void {
  const read = (chunks: readonly Uint8Array[]) => {
    const parser = new TelnetParser();
    const parts = chunks.map((chunk) => parser.read(chunk));
    return [
      Buffer.concat(parts.map(({ text }) => text)).toString("hex"),
      Buffer.concat(parts.map(({ answer }) => answer)).toString("hex"),
    ];
  };
  demandSame(read(cutAnywhere(input)), read([input]), "telnet does not depend on the cuts");
  demand((read([input])[1] ?? "").length / 2 <= input.length, "telnet answers no more than it receives");
  const escaped = new Uint8Array(escapeTelnet(input.filter((byte) => byte !== 0)));
  const back = new TelnetParser().read(escaped).text;
  demandSame([...back], [...input.filter((byte) => byte !== 0)], "telnet reads what it escapes");
}

function checkPrefix(input: Uint8Array): void {
  const lines = Buffer.concat([input, Buffer.from("\n")]);
  const prefix = Buffer.from("<ann> ".slice(0, input.length % 7));
  const expected = lines.toString("latin1").slice(0, -1).split("\n");
  const joined = expected.map((line) => `${prefix.toString()}${line}\n`).join("");
  const isEmpty = expected.includes("");
  const all = prefixLines(prefix, lines);
  const text = all === undefined ? undefined : Buffer.from(copyBytes(all)).toString("latin1");
  demandSame(text ?? null, isEmpty ? null : joined, "each line has the prefix");
  const plain = prefixPlain(prefix, lines);
  const isPlain = !isEmpty && /^[\x20-\x7e\n]*$/.test(joined);
  const plainText = plain === undefined ? null : Buffer.from(copyBytes(plain)).toString("latin1");
  demandSame(plainText, isPlain ? joined : null, "each plain line has the prefix");
}

export const linesTarget: FuzzTarget = {
  name: "lines",
  modules: /^src\/protocol\/lines\//,
  seeds: [
    "one\ntwo\r\nthree",
    "a line that is longer than the bound of the decoder\nnext\n",
    "\n\n\r\n",
    "one\rtwo\r\0three\r",
    "one\n\rtwo\n\ra line\rwith returns beyond\rthe bound\r",
    "é中👩\xff\xc3\n",
    Uint8Array.of(0xf0, 0x9f, 0x91, 0x0a, 0xe4, 0xb8, 0x0a, 0xed, 0xa0, 0x80),
    Uint8Array.of(255, 251, 1, 97, 255, 253, 3, 255, 250, 1, 2, 255, 240, 255, 255, 13, 0, 13, 10, 255, 241),
    Uint8Array.of(...Buffer.from("x".repeat(23)), 0xe4, 0xb8, 0xad, 0x0a),
  ],
  tokens: ["\n", "\r\n", "\r", "é", "中", "👩", "x".repeat(24), "y".repeat(23), "\ufeff"],
  run,
};
