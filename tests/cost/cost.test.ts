/** Every door costs in proportion to the length of its input: four times as much costs at most five times the steps. */

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
import { formatTime, message, recvFromBob, scrollbackOf } from "../components/screen-fixture.ts";
import { parseCommandLine } from "../../src/cli/options/command-line.ts";
import { formatJson } from "../../src/cli/output/json-output.ts";
import { formatMessage } from "../../src/cli/output/plain-output.ts";
import { formatSpoken } from "../../src/cli/output/spoken-output.ts";
import { formatHex } from "../../src/cli/logs/hex-log.ts";
import { formatNotification } from "../../src/cli/terminal/notification-sequence.ts";
import { readBackground } from "../../src/cli/terminal/terminal-colours.ts";
import { WireLog } from "../../src/chat/log/wire-log.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import { editLine } from "../../src/input/line/line-editor.ts";
import { emptyLine, insertText } from "../../src/input/line/line-state.ts";
import { selectVisible } from "../../src/input/line/line-window.ts";
import { parseIpAddress } from "../../src/protocol/address/address.ts";
import { quoteWord } from "../../src/protocol/address/target.ts";
import { encodePacketBlock } from "../../src/protocol/capture/pcapng.ts";
import { findErrorCode } from "../../src/protocol/errors/error-advice.ts";
import { cleanWords, readDetail } from "../../src/protocol/errors/error-place.ts";
import { encodeMessage, PartJoiner, UnfinishedMessages } from "../../src/protocol/frames/message-parts.ts";
import { parseImpairment } from "../../src/protocol/sockets/network-impairment.ts";
import { formatTranscript } from "../../src/view/conversation/transcript.ts";
import { openSearch } from "../../src/view/search/search.ts";
import { findPassingRows } from "../../src/view/wire/filtered-calls.ts";
import { dumpCall } from "../../src/view/wire/wire-dump.ts";
import { english } from "../support/words.ts";
import { findLinks } from "../../src/view/conversation/links.ts";
import { cleanText } from "../../src/protocol/text/text.ts";
import { wrapText } from "../../src/protocol/text/wrap.ts";
import { RoomNames, cleanName } from "../../src/protocol/text/nicknames.ts";
import { parseFrame } from "../../src/protocol/frames/frame-codec.ts";
import { parseSettings } from "../../src/cli/settings/settings.ts";
import { LineDecoder } from "../../src/protocol/lines/line-decoder.ts";
import { measureGrowth } from "../support/cost.ts";
import { shapes } from "./shapes.ts";

const shape = { columns: 80, formatTime, words: english };
const context = { commands: translateCommands(english), names: ["ann", "bob"], paths: () => [] };

const settingsSource = { path: "config.toml", home: "/home/ann" };

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
  "a settings file": (text) => parseSettings(text, settingsSource),
  "a value of a settings file": (text) => parseSettings(`name = ${JSON.stringify(text)}\n`, settingsSource),
  "the arrays of a settings file": (text) => parseSettings(`allow = [${text}`, settingsSource),
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
  "keys of a terminal": (text) => new KeyDecoder().push(Buffer.from(text)),
  "keys that are received one byte at a time": (text) => pushBytes(text),
  "a paste": (text) => new KeyDecoder().push(Buffer.from(`\x1b[200~${text}\x1b[201~`)),
  "a paste that is received one byte at a time": (text) => pushBytes(`\x1b[200~${text}`),
  "a paste whose end never comes": (text) =>
    pushBytes(`\x1b[200~${text.slice(0, text.length / 6).replace(/./gsu, "$&\x1b[201")}`),
  "a control sequence without an end": (text) => pushBytes(`\x1b[${text.replace(/[^]/gu, "1;")}`),
  "an answer of the terminal": (text) => pushBytes(`\x1b]11;rgb:${text}\x07`),
  "the background in an answer": (text) =>
    readBackground({ type: "reply", kind: "osc", body: `11;rgb:${text}` }),
  "mouse reports": (text) => pushBytes(text.replace(/[^]/gu, "\x1b[<0;1;1M").slice(0, text.length)),
  "a line that is typed and deleted by words": (text) => editWords(text),
  "a line that is drawn": (text) =>
    selectVisible(text, 0, 80).visible + selectVisible(text, text.length, 80).visible,
  "a printed message": (text) => formatMessage(outputOf(text)),
  "a message read by a screen reader": (text) => formatSpoken(outputOf(text), formatTime, english),
  "a message in NDJSON": (text) => formatJson(outputOf(text)),
  "a transcript": (text) => [
    ...formatTranscript(scrollbackOf([message(1, "bob", text)]), english, formatTime),
  ],
  "a notification": (text) => formatNotification({ name: text, text, isPrivate: true }, english),
  "a search": (text) => {
    const scrollback = scrollbackOf([message(1, "bob", text), message(2, "bob", "a b")]);
    const view = { transport: "tcp", scrollback, shape: { ...shape, rows: 20 }, anchor: "newest" } as const;
    return [openSearch(view, text), openSearch(view, text.slice(0, 1)), openSearch(view, text.slice(0, 20))];
  },
  "a call of the wire panel": (text) => {
    const wire = new WireLog();
    wire.push({ ...recvFromBob, peer: text, bytes: text.length }, Buffer.from(text));
    const filters = [`peer=${text}`, text, "call=recv a", text.slice(0, 1)].map(parseWireFilter);
    const found = filters.map((filter) => findPassingRows({ wire, filter, words: english.wire }).length);
    return [found, dumpCall(wire, wire.at(0)!, english, 80)];
  },
  "a dump of bytes": (text) => formatHex("in", "tcp", "h:1", Buffer.from(text)),
  "a packet for Wireshark": (text) => encodePacketBlock(Buffer.from(`${text}x`.repeat(3)), 1, "recv"),
  "an impairment": parseImpairment,
  "the code of an error": findErrorCode,
  "the words of an error": (text) => [cleanWords(text), readDetail(text), quoteWord(text)],
  "a word of the command line": (text) => parseCommandLine([text, `--${text}`, `-${text}`, `--name=${text}`]),
  "an address": parseIpAddress,
  "a message in parts": (text) => {
    const joiner = new PartJoiner(new UnfinishedMessages());
    for (const line of encodeMessage({ type: "message", id: 1, text: text.toWellFormed() }, 300)) {
      const parsed = parseFrame(line);
      if (parsed.kind === "frame" && parsed.frame.type === "message") joiner.join(parsed.frame, 0);
    }
  },
  "lines of one character": (text) => new LineDecoder(65_536).push(Buffer.from(text.replace(/./gsu, "$&\n"))),
};

function pushBytes(text: string): unknown {
  const decoder = new KeyDecoder();
  for (const byte of Buffer.from(text)) decoder.push(Uint8Array.of(byte));
  return decoder.flush();
}

/** The person types a text at once, walks back and forth by words, deletes a few, and takes them back. */
function editWords(text: string): unknown {
  const keys = new KeyDecoder().push(Buffer.from("\x1bb\x1bb\x1bf\x17\x1b\x7f\x17\x19\x1f\x01\x1bd\x05\x15"));
  return keys.reduce((line, key) => editLine(line, key).state, insertText(emptyLine, text));
}

function outputOf(text: string) {
  const base = { type: "message", atMs: 0, transport: "tcp", id: 1, direction: "in" } as const;
  return {
    ...base,
    peer: "h:1",
    name: "bob",
    text,
    bytes: text.length,
    action: false,
    security: "plain",
  } as const;
}

/** Doors that are entered once for each byte, so that a cost for all bytes so far shows early. */
const byteDoors = new Set([
  "a line that grows by a byte",
  "keys that are received one byte at a time",
  "a paste that is received one byte at a time",
  "a paste whose end never comes",
  "a control sequence without an end",
  "an answer of the terminal",
  "mouse reports",
]);

test("each door that is entered byte by byte is one of the doors", () => {
  expect([...byteDoors].filter((name) => !(name in doors))).toEqual([]);
});

describe.each(Object.entries(doors))("%s", (name, door) => {
  const size = byteDoors.has(name) ? 256 : 1024;

  test.each(Object.entries(shapes))("of %s", (_name, makeText) => {
    const run = (units: number) => {
      const text = makeText(units);
      return () => door(text);
    };
    expect(measureGrowth(run, size)).toBeLessThanOrEqual(5);
  });
});

test("a settings file costs in proportion to its lines, wherever its error is", () => {
  for (const last of ["nonsense\n", "unknown = 1\n", 'name = "again"\n', "multi = [\n"]) {
    const run = (size: number) => {
      const text = `name = "ann"\n${"# a comment\n\n".repeat(size / 4)}${last}`;
      return () => parseSettings(text, settingsSource);
    };
    expect(measureGrowth(run, 448)).toBeLessThanOrEqual(5);
  }
  const nested = (size: number) => {
    const text = `allow = [\n${'  "10.0.0.0/8",\n'.repeat(size)}]\nnonsense\n`;
    return () => parseSettings(text, settingsSource);
  };
  expect(measureGrowth(nested, 200)).toBeLessThanOrEqual(5);
  const open = (size: number) => {
    const text = `allow = [\n${'  "10.0.0.0/8",\n'.repeat(size)}`;
    return () => parseSettings(text, settingsSource);
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
