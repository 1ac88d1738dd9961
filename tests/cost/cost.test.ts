/** Every door costs in proportion to the length of its input: four times the input costs at most five times the steps. */

import { describe, expect, test } from "bun:test";
import { complete } from "../../src/input/composer/completion.ts";
import { parseCidr } from "../../src/protocol/address/cidr.ts";
import { parseTarget } from "../../src/protocol/address/target.ts";
import { parseLanAnnouncement } from "../../src/protocol/lan/lan-announcement.ts";
import { parseGroupLine } from "../../src/protocol/lan/multicast-chat.ts";
import { TelnetParser } from "../../src/protocol/lines/telnet.ts";
import { escapeForRawPeer, toSafeJson } from "../../src/protocol/text/text.ts";
import { cutEnd, cutStart } from "../../src/protocol/text/wrap.ts";
import { parseRecorded } from "../../src/replay/recorded-event.ts";
import { parseAnnouncement } from "../../src/transport/pairing/announcement-file.ts";
import { layoutEntry } from "../../src/view/conversation/entry-rows.ts";
import { hasMention } from "../../src/view/conversation/mentions.ts";
import { markRows } from "../../src/view/conversation/row-marks.ts";
import { highlightRows } from "../../src/view/conversation/search-matches.ts";
import { translateCommands } from "../../src/view/overlays/help-lines.ts";
import { parseWireFilter } from "../../src/view/wire/wire-filter.ts";
import { formatTime, message } from "../components/screen-fixture.ts";
import { english } from "../support/words.ts";
import { findLinks } from "../../src/view/conversation/links.ts";
import { cleanText } from "../../src/protocol/text/text.ts";
import { wrapText } from "../../src/protocol/text/wrap.ts";
import { RoomNames, cleanName } from "../../src/protocol/text/nicknames.ts";
import { parseFrame } from "../../src/protocol/frames/frame-codec.ts";
import { parseSettings } from "../../src/cli/settings/settings.ts";
import { LineDecoder } from "../../src/protocol/lines/line-decoder.ts";
import { measureGrowth } from "../support/cost.ts";

const shapes: Readonly<Record<string, (size: number) => string>> = {
  "one letter": (size) => "a".repeat(size),
  "closing brackets": (size) => ")".repeat(size),
  "opening brackets": (size) => "(".repeat(size),
  "pairs of brackets": (size) => "[]".repeat(size / 2),
  "nested brackets": (size) => "(".repeat(size / 2) + ")".repeat(size / 2),
  dots: (size) => ".".repeat(size),
  URLs: (size) => "http://a ".repeat(size / 9),
  "one URL": (size) => `http://${"a".repeat(size)}`,
  "one URL with brackets": (size) => `http://a${")".repeat(size)}`,
  "one URL with both brackets": (size) => `http://a${"])".repeat(size / 2)}`,
  "many mentions": (size) => "ann ".repeat(size / 4),
  "many search terms": (size) => "a b ".repeat(size / 4),
  newlines: (size) => "\n".repeat(size),
  "lines of two words": (size) => "a b\n".repeat(size / 4),
  tabs: (size) => "\t".repeat(size),
  spaces: (size) => " ".repeat(size),
  "combining marks": (size) => "e\u0301".repeat(size / 2),
  "one letter with marks": (size) => `e${"\u0301".repeat(size)}`,
  "bidi controls": (size) => "\u202e".repeat(size),
  "joined emoji": (size) => "👩‍".repeat(size / 3),
  escapes: (size) => "\x1b[31m".repeat(size / 5),
  different: (size) =>
    Array.from({ length: size }, (_, at) => String.fromCodePoint(0x4e00 + (at % 20_000))).join(""),
  "lone surrogates": (size) => "\ud800".repeat(size),
};

/** A name in the person's own line, and many of them. */
const shape = { columns: 80, formatTime, words: english };
const context = { commands: translateCommands(english), names: ["ann", "bob"], paths: () => [] };

function showMessage(text: string): unknown {
  const entry = message(1, "bob", text);
  return markRows(entry, layoutEntry(entry, shape), "ann");
}

const doors: Readonly<Record<string, (text: string) => unknown>> = {
  "the links of a line": findLinks,
  "the cleaning of a line": cleanText,
  "the wrapping of a line": (text) => wrapText(cleanText(text), 60),
  "a message on the screen": (text) => showMessage(text),
  "a message whose first line is long": (text) => showMessage(`${text}\nmore\n`),
  "a message that is searched for": (text) => {
    const entry = message(1, "bob", text);
    return highlightRows(entry, layoutEntry(entry, shape), { term: "a", current: undefined });
  },
  "a transcript's line": escapeForRawPeer,
  "a value in JSON": (text) => toSafeJson({ text }),
  "the end of a line": (text) => cutEnd(cleanText(text), 40),
  "the beginning of a line": (text) => cutStart(cleanText(text), 40),
  "a mention": (text) => hasMention(text, "ann"),
  "a name that is mentioned": (text) => hasMention("hello ann and bob", cleanName(text)),
  "a line of a recording": (text) =>
    parseRecorded(JSON.stringify({ type: "notice", at: text, text, transport: "tcp" })),
  "a recorded message": (text) =>
    parseRecorded(
      JSON.stringify({
        type: "message",
        at: "2026-11-29T00:00:00Z",
        transport: "tcp",
        direction: "in",
        peer: "h:1",
        name: text,
        text,
      }),
    ),
  "an announcement on the network": (text) => parseLanAnnouncement(Buffer.from(text)),
  "an announcement in a file": (text) => parseAnnouncement(text),
  "a line of a group": parseGroupLine,
  "a filter of the wire panel": parseWireFilter,
  "a completion": (text) => complete(text, text.length, context),
  "a command's completion": (text) => complete(`/to ${text}`, text.length + 4, context),
  "a target": (text) => parseTarget(text.split(" "), { role: "connect", host: "127.0.0.1", port: 8080 }),
  "a range of addresses": parseCidr,
  telnet: (text) => new TelnetParser().read(Buffer.from(text)),
  "a name": cleanName,
  "a frame": (text) => parseFrame(`duet/1 {"type":"message","id":1,"text":${JSON.stringify(text)}}`),
  "a frame that is none": (text) => parseFrame(`duet/1 {${text}`),
  "a line of a stream": (text) => new LineDecoder(65_536).push(Buffer.from(`${text}\n`)),
  "a line that grows by a byte": (text) => {
    const decoder = new LineDecoder(65_536);
    for (const byte of Buffer.from(text)) decoder.push(Buffer.from([byte]));
    return decoder.unfinished;
  },
  "lines of one character": (text) => new LineDecoder(65_536).push(Buffer.from(text.replace(/./gsu, "$&\n"))),
};

describe.each(Object.entries(doors))("%s", (_door, door) => {
  test.each(Object.entries(shapes))("of %s", (_name, makeText) => {
    const run = (size: number) => {
      const text = makeText(size);
      return () => door(text);
    };
    expect(measureGrowth(run, 2048)).toBeLessThanOrEqual(5);
  });
});

test("a settings file costs in proportion to its lines, wherever its error is", () => {
  const source = { path: "config.toml", home: "/home/ann" };
  for (const last of ["nonsense\n", "unknown = 1\n", 'name = "again"\n', "multi = [\n"]) {
    const run = (size: number) => {
      const text = `name = "ann"\n${"# a comment\n\n".repeat(size / 4)}${last}`;
      return () => parseSettings(text, source);
    };
    expect(measureGrowth(run, 448)).toBeLessThanOrEqual(5);
  }
  const nested = (size: number) => {
    const text = `allow = [\n${'  "10.0.0.0/8",\n'.repeat(size)}]\nnonsense\n`;
    return () => parseSettings(text, source);
  };
  expect(measureGrowth(nested, 200)).toBeLessThanOrEqual(5);
  const open = (size: number) => {
    const text = `allow = [\n${'  "10.0.0.0/8",\n'.repeat(size)}`;
    return () => parseSettings(text, source);
  };
  expect(measureGrowth(open, 200)).toBeLessThanOrEqual(5);
});

test("as many renames among namesakes cost the same for four times as many namesakes", () => {
  // The table of lookalikes is loaded once, by the first name that needs it.
  new RoomNames().take("х");
  for (const wanted of [
    () => "x",
    (at: number) => (at % 2 === 0 ? "x" : "X"),
    (at: number) => `х${"".padEnd(at % 3)}`,
  ]) {
    const run = (size: number) => {
      const names = new RoomNames();
      const taken = Array.from({ length: size }, () => names.take("x"));
      return () => {
        for (let at = 0; at < 64; at += 1) {
          const index = (at * 7) % size;
          names.release(taken[index] ?? "");
          taken[index] = names.take(cleanName(wanted(at)));
        }
      };
    };
    expect(measureGrowth(run, 256)).toBeLessThanOrEqual(2);
  }
});
