/**
 * What is read from files, options and the local network: recordings, settings, announcements, addresses, filters. What
 * is parsed and written again is the same, and every string that is shown is clean.
 */

import { isUsageError } from "../../../src/cli/options/usage-refusal.ts";
import { readTrouble } from "../../../src/cli/options/option-values.ts";
import { settingTable } from "../../../src/cli/options/option-table.ts";
import { parseSettings } from "../../../src/cli/settings/settings.ts";
import { findErrorCode } from "../../../src/protocol/errors/error-advice.ts";
import { cleanWords, readDetail } from "../../../src/protocol/errors/error-place.ts";
import { parseIpAddress, formatIpAddress, toAddressBytes } from "../../../src/protocol/address/address.ts";
import { formatCidr, isInCidr, parseCidr } from "../../../src/protocol/address/cidr.ts";
import { formatEndpoint, isLoopback, makeIpEndpoint } from "../../../src/protocol/address/endpoint.ts";
import { computeBroadcastAddress } from "../../../src/protocol/address/subnet.ts";
import { parseTarget, quoteWord } from "../../../src/protocol/address/target.ts";
import { encodeLanAnnouncement, parseLanAnnouncement } from "../../../src/protocol/lan/lan-announcement.ts";
import { encodeGroupLine, isGroupAddress, parseGroupLine } from "../../../src/protocol/lan/multicast-chat.ts";
import { FateSequence, parseImpairment } from "../../../src/protocol/sockets/network-impairment.ts";
import { encodeAnnouncement, parseAnnouncement } from "../../../src/transport/pairing/announcement-file.ts";
import { parseRecorded } from "../../../src/replay/recorded-event.ts";
import { parseWireFilter } from "../../../src/view/wire/wire-filter.ts";
import { english } from "../../support/words.ts";
import { demand, demandSame, type FuzzTarget } from "../target.ts";
import { demandClean } from "./text.ts";

function run(input: Uint8Array): void {
  const text = Buffer.from(input).toString("utf8");
  checkAddress(text);
  checkTarget(text);
  checkAnnouncements(input, text);
  for (const line of text.split("\n")) checkRecorded(line);
  checkSettings(text);
  checkWords(text);
}

function checkAddress(text: string): void {
  const address = parseIpAddress(text);
  if (address !== undefined) {
    demandSame(
      parseIpAddress(formatIpAddress(address))?.value.toString(),
      address.value.toString(),
      "an address stays",
    );
    const endpoint = makeIpEndpoint(text, 1);
    demand(
      formatEndpoint(endpoint).endsWith(":1") && typeof isLoopback(endpoint) === "boolean",
      "an endpoint is formatted",
    );
    demand(
      toAddressBytes(text).length === (address.family === "IPv4" ? 4 : 16),
      "an address has bytes",
      text,
    );
    demandSame(
      isGroupAddress(text),
      isInCidr(groups, endpoint) || isInCidr(groupsV6, endpoint),
      "a group is in the range",
    );
  }
  const range = parseCidr(text);
  if (range !== undefined)
    demandSame(formatCidr(parseCidr(formatCidr(range)) ?? range), formatCidr(range), "a range stays");
  const broadcast = computeBroadcastAddress(text);
  if (broadcast !== undefined)
    demand(parseIpAddress(broadcast)?.family === "IPv4", "a broadcast address is one", broadcast);
}

const groups = parseCidr("224.0.0.0/4")!;
const groupsV6 = parseCidr("ff00::/8")!;

function checkTarget(text: string): void {
  for (const role of ["listen", "connect"] as const) {
    const target = parseTarget(text.split(" "), { role, host: "127.0.0.1", port: 8080 });
    if (!("kind" in target) || target.kind !== "ip") continue;
    const again = parseTarget([target.host, String(target.port)], { role, host: "h", port: 1 });
    demandSame(again, target, "a target stays");
    demand(target.port >= 0 && target.port <= 65_535, "a port is one", target);
  }
  demandHarmless(quoteWord(text), "a quoted word");
}

function checkAnnouncements(input: Uint8Array, text: string): void {
  const announced = parseLanAnnouncement(input);
  if (announced !== undefined) {
    demandClean(announced.name, "an announced name");
    demandSame(parseLanAnnouncement(encodeLanAnnouncement(announced)), announced, "an announcement stays");
  }
  const file = parseAnnouncement(text);
  if (file !== undefined)
    demandSame(parseAnnouncement(encodeAnnouncement(file)), file, "an announcement file stays");
  const line = parseGroupLine(text);
  if (line.name === undefined) return;
  demandClean(line.name, "a name of a group");
  // No line that a person writes ends in CR.
  const words = line.text.replace(/\r+$/, "");
  const again = parseGroupLine(encodeGroupLine({ name: line.name, text: words }));
  if (line.name.length <= 64) demandSame(again.text, words, "a group's line stays");
}

/** The texts of messages are cleaned where they are drawn; every other string of a recording is clean. */
function checkRecorded(line: string): void {
  const event = parseRecorded(line);
  if (event === undefined) return;
  for (const [field, value] of Object.entries(event))
    if (typeof value === "string" && !(event.type === "message" && field === "text"))
      demandClean(value, `the ${field} of a recorded ${event.type}`);
}

function checkSettings(text: string): void {
  const settings = parseSettings(text, { path: "config.toml", home: "/home/ann" });
  if (isUsageError(settings)) {
    const lines = text.split("\n").length;
    const words = english.word(settings.problem);
    const line = Number(/^config\.toml:(\d+): /.exec(words)?.[1]);
    demand(line >= 1 && line <= lines, "an error of the settings names a line", words);
    demandHarmless(words, "an error of the settings");
  }
}

function checkWords(text: string): void {
  const filter = parseWireFilter(text);
  demand(
    filter.text.length <= text.length + 20 && filter.peer.length <= text.length,
    "a filter is a part of its line",
  );
  demandHarmless(cleanWords(text), "the words of an error");
  demandHarmless(readDetail(text), "the detail of an error");
  findErrorCode(text);
  const trouble = readTrouble("--trouble", text);
  if (isUsageError(trouble)) demandHarmless(english.word(trouble.problem), "a refusal");
  const impairment = parseImpairment(text);
  if (impairment === undefined || "problem" in impairment) return;
  const fates = new FateSequence({ ...impairment, seed: impairment.seed ?? 1 }, "in");
  for (let count = 0; count < 8; count += 1) demand(fates.next().delayMs >= 0, "a fate has a delay");
}

/** A word of a person or of another program in our sentence: nothing in it is a control, or half of a character. */
function demandHarmless(words: string, what: string): void {
  demand(!/[\p{C}\p{Zl}\p{Zp}]/u.test(words), `${what} has no control`, words);
}

const at = '"at":"2026-11-29T00:00:00Z","transport":"tcp"';

export const documentsTarget: FuzzTarget = {
  name: "documents",
  modules:
    /^src\/(protocol\/(address|lan|errors)\/|protocol\/sockets\/network-impairment|replay\/recorded-|cli\/settings\/(settings\.|toml)|transport\/pairing\/announcement-file|view\/wire\/wire-filter)/,
  seeds: [
    ...[
      "127.0.0.1",
      "::1",
      "::ffff:10.0.0.1",
      "fe80::1%eth0",
      "10.0.0.0/8",
      "2001:db8::/32",
      "239.255.100.103",
    ],
    ...[
      "127.0.0.1 8080",
      "[::1]:8080",
      "-U /tmp/chat",
      "8080",
      "localhost:1",
      "a-b.example 0",
      "192.0.2.7/24",
    ],
    `{${at},"type":"message","direction":"in","id":1,"peer":"h:1","name":"bob","text":"hi\\u001b","bytes":3,"private":true,"carriedMore":true,"carried":[{"what":"text","call":"recv","connection":1,"peer":"h:1","start":0,"end":3}]}`,
    `{${at},"type":"state","from":"CLOSED","to":"LISTEN","local":"127.0.0.1:1","peer":"h","reason":"r"}`,
    `{${at},"type":"call","call":"recv","result":"ok","bytes":3,"ofBytes":3,"offset":0,"connection":1,"payload":"616263","carriesMore":true,"carries":[{"what":"ack","id":1,"start":0,"end":3}],"earlier":[{"what":"receipt","id":1,"start":0,"end":3}]}`,
    `{${at},"type":"peer","event":"connected","peer":"h:1","name":"x\\u202e","kind":"duet"}`,
    `{${at},"type":"error","code":"X","message":"m\\u0007","hint":"h"}`,
    'name = "ann"\nallow = ["10.0.0.0/8",\n "::1"] # note\nwait = 2.5\ntheme = "dark"\nbell = "none"\n',
    'output = "~/x"\nlang = "zh"\nmulti = """\nname\n"""\n',
    'deny = "fe80::/10"\nmax-conns = 5\nunixsock = "~/s"\nidle-timeout = 9\ntrouble = "loss=1"\nhex-dump = "x"\n',
    ...settingTable.map(({ key, value }) => `${key} = ${value === undefined ? "true" : '"1"'}\nraw = 1\n`),
    "[a]\nb = 1\nname = 1\nudp = true\ntcp = 'x'\n",
    'duet/1 {"type":"here","session":"0123456789abcdef01234567","name":"ann","listens":[["tcp",8080],["udp",1]],"asks":true,"probe":"0123456789abcdef"}',
    '{"version":1,"transport":"tcp","endpoint":{"family":"IPv4","address":"127.0.0.1","port":8080},"name":"ann","pid":1,"startTime":"1","network":"net:[1]"}',
    '{"version":1,"transport":"tcp","endpoint":{"family":"unix","path":"/tmp/x"},"name":"ann","pid":1}',
    ...[
      "<ann> hello\n",
      "* ann waves",
      "peer=ann call=send text=a b",
      "loss=20% dup=5%,reorder=1 delay=50ms seed=7",
    ],
    ...["delay=2s", "ECONNREFUSED", "off", `TypeError: ${"x".repeat(199)}👩`, `${"y".repeat(59)}👩`, "1.2.3"],
    ...[
      "1:2:3:4:5:6:1.2.3.4",
      "1::2::3",
      "[::1",
      "-U @",
      "-U",
      "8080 9 9",
      "a:b",
      "[::1] 0",
      "::1 99999",
      "name",
    ],
  ],
  tokens: [
    ...[
      "::",
      "ffff:",
      "10.",
      "/8",
      "%eth0",
      "[",
      "]:",
      ":8080",
      "-U ",
      "@",
      '"""',
      "'''",
      "\n",
      "# ",
      " = ",
      "[[a]]",
    ],
    ...[
      'name = "',
      "allow = [",
      "wait = ",
      "udp = true",
      "raw = true",
      "listen = true",
      "theme = ",
      "exec = ",
      "idle = 1",
    ],
    ...[
      '"type":"call"',
      '"type":"message"',
      '"at":',
      '"transport":"udp"',
      '"carried":[',
      '"carries":[',
      '"reason":{',
    ],
    ...[
      "\\u001b",
      "\\ud800",
      "\x1b",
      "\u202e",
      "null",
      "[]",
      "{}",
      "1e9",
      '"family":"IPv6"',
      "seed=",
      "loss=",
      "delay=",
      "text=",
    ],
  ],
  run,
};
