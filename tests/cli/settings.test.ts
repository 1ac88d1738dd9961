/** The config file: its settings, the command line's precedence, and the answer to each wrong line. */

import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { optionTable, settingTable } from "../../src/cli/options/option-table.ts";
import { type Options, parseOptions } from "../../src/cli/options/options.ts";
import { settingsFileMaxBytes } from "../../src/protocol/limits.ts";
import { readSettingsFile } from "../../src/cli/settings/settings-file.ts";
import { parseSettings } from "../../src/cli/settings/settings.ts";
import { Folder } from "../support/duet.ts";
import { english } from "../support/words.ts";

const source = { path: "config.toml", home: "/home/ada" };

function run(line: string, file: string): Options | string {
  const argv = line === "" ? [] : line.split(" ");
  const readSettings = () => parseSettings(file, source);
  const parsed = parseOptions(argv, { isTerminal: true, loginName: "ada", readSettings });
  if (parsed.kind === "run") return parsed.options;
  return parsed.kind === "usage-error" ? english.word(parsed.problem) : parsed.kind;
}

function refusalOf(read: ReturnType<typeof readSettingsFile>): string {
  return "problem" in read ? english.word(read.problem) : "accepted";
}

describe("settings", () => {
  test("every option has a setting, except those about the file itself, replays and one room", () => {
    const keys = settingTable.map(({ key }) => key);
    expect(optionTable.map(({ key }) => key).filter((key) => !keys.includes(key))).toEqual([
      "room",
      "password",
      "new-pass-phrase",
      "replay",
      "config",
      "no-config",
      "help",
      "version",
    ]);
    for (const { key, value } of settingTable) {
      if (value === undefined)
        expect([key, parseSettings(`${key} = true`, source)]).toEqual([key, new Map([[key, [""]]])]);
    }
  });

  test("values are those of the command line, including numbers and lists", () => {
    const file = `# mine
name = "Bo"            # a comment
theme = 'light'
bell = "both"
udp = true
crlf = false
wait = 2.5
idle-timeout = "30"
max-conns = 3
allow = ["10.0.0.0/8",
         "::1"]
deny = "192.168.0.0/16,fe80::/10"
output = "~/duet.ndjson"
hex-dump = "hex.txt"
`;
    expect(run("", file)).toMatchObject({
      name: "Bo",
      theme: "light",
      bell: "both",
      transport: "udp",
      crlf: false,
      connectTimeoutMs: 2500,
      idleTimeoutMs: 30_000,
      peersMax: 3,
      logFile: "/home/ada/duet.ndjson",
      hexLogFile: "hex.txt",
    });
    const options = run("", file) as Options;
    expect([options.allow.length, options.deny.length]).toEqual([2, 2]);
  });

  test("an empty file, comments, CRLF and a byte order mark are accepted", () => {
    for (const file of ["", "# nothing\n", '\uFEFFname = "ada"\r\nudp = false\r\n'])
      expect(run("", file)).toMatchObject({ name: "ada", transport: "tcp" });
  });
});

describe("the command line overrides", () => {
  test.each([
    ["--name eve", 'name = "bo"', { name: "eve" }],
    ["--tcp", "udp = true", { transport: "tcp" }],
    ["--no-udp", "udp = true", { transport: "tcp" }],
    ["--json", "plain = true", { output: "json" }],
    ["--duet 127.0.0.1 9", "raw = true", { raw: false, duet: true }],
    ["-4", "ipv6 = true", { family: 4 }],
    ["127.0.0.1 9", "listen = true\nlan = true", { mode: "connect", lan: false }],
    [
      "127.0.0.1 9",
      'unixsock = "/tmp/a"',
      { mode: "connect", target: { kind: "ip", host: "127.0.0.1", port: 9 } },
    ],
    ["-u", 'unixsock = "/tmp/a"', { mode: "pair", transport: "udp" }],
    ["-l", "lan = true", { mode: "listen", lan: true }],
    ["--allow 10.0.0.1", 'allow = ["::1", "::2"]', { allow: [expect.anything()] }],
    ["--no-config", 'name = "bo"', { name: "ada" }],
    ["--no-screen-reader", "screen-reader = true", { output: "screen" }],
    ["--no-udp --udp", "", { transport: "udp" }],
  ])("%p over %p", (line, file, expected) => {
    expect(run(line, file)).toMatchObject(expected);
  });

  test("an error of the command line is reported before the file is read", () => {
    expect(run("--nope", "nope")).toStartWith("unknown option");
    expect(run("--help", "nope")).toBe("help");
    expect(run("--no-wait", "")).toStartWith('unknown option "--no-wait"');
    expect(run("--no-udo", "")).toContain("--no-udp");
  });
});

describe("an error names its line", () => {
  test.each([
    [
      'name = "bo"\n\nwait = 0',
      'config.toml:3: wait = "0" is not allowed: give seconds above 0, as in wait = 2.5',
    ],
    ["# a\n\nudp = 1", 'config.toml:3: udp = "1" is not allowed: give true or false'],
    ["name = true", 'config.toml:1: name = "true" is not allowed: give text'],
    ['name = ["a", "b"]', "config.toml:1: name takes one value, and 2 were given"],
    ['name = "a\\u202eb"', "config.toml:1: name = "],
    ["max-conns = -1", 'config.toml:1: max-conns = "-1" is not allowed: give a whole number of peers'],
    ['allow = [\n  "10.0.0.0/8",\n  "10.0.0.1-9"]\n', 'config.toml:1: allow = "10.0.0.1-9" is not a range'],
    [
      'udp = true\ntheme = "blue"',
      'config.toml:2: theme = "blue" is not allowed: give auto, dark, light or plain',
    ],
    ['lang = "de"', 'config.toml:1: lang = "de" is not allowed: give en or zh'],
    ['bell = "loud"', 'config.toml:1: bell = "loud" is not allowed: give bell, osc9, both or none'],
    ['udp = true\ntrouble = "rain"', 'config.toml:2: trouble: "rain" is not a kind of trouble'],
    ['output = "a"\nexport = "a"', 'config.toml:2: -o and --export cannot both write "a"'],
    ["\n\ncolour = 1", 'config.toml:3: unknown setting "colour": --help lists'],
    ["idle_timeout = 1", 'config.toml:1: unknown setting "idle_timeout": did you mean idle-timeout?'],
    ["w = 1", 'config.toml:1: unknown setting "w": did you mean wait?'],
    ["config = 'x'", 'config.toml:1: unknown setting "config"'],
    ["[network]\nudp = true", 'config.toml:1: unknown setting "network"'],
    ["__proto__ = 1", "config.toml:1: unknown setting"],
    ["udp = true\ntcp = true", "config.toml:1: --tcp and --udp do not go together"],
    ["# one\nname = \n", "config.toml:2: this is not TOML"],
    ['udp = true\nname = "x\n', "config.toml:2: this is not TOML"],
    ["udp = true\n\nudp = false", "config.toml:3: this is not TOML: Cannot redefine key 'udp'"],
    ["name = ada", 'config.toml:1: this is not TOML: Strings must be quoted: "ada"'],
  ])("%p", (file, expected) => {
    expect(run("", file)).toStartWith(expected);
  });

  test("whatever a setting may not be, its line is named", () => {
    for (const { key, value } of settingTable) {
      if (value === undefined) continue;
      for (const word of ["", "☂", "0", "-1", "a\u0007b", "1e9", "x".repeat(200)]) {
        const file = `udp = false\n${key} = ${JSON.stringify(word)}`;
        const answer = run("", file);
        expect(typeof answer === "string" && !answer.startsWith("config.toml:2: ") ? answer : "").toBe("");
      }
    }
  });

  test("a syntax error names its line, at any line", () => {
    for (let line = 1; line <= 5; line += 1) {
      const lines = ['name = "a"', "udp = true", "allow = [", ' "::1",', "]"];
      const at = line <= 3 ? line : 6;
      const file = lines.toSpliced(at - 1, 0, "what is this").join("\n");
      expect(run("", file)).toStartWith(`config.toml:${at}: this is not TOML`);
    }
  });

  test("no text makes the parser throw, and an answer is one line without controls", () => {
    const word = fc.oneof(
      fc.constantFrom("name", "udp", "=", " ", '"', "\n", "[", "]", "true", "1", "#"),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const parsed = parseSettings(words.join(""), source);
        if ("kind" in parsed) expect(english.word(parsed.problem)).toMatch(/^[^\p{Cc}\p{Bidi_Control}]+$/u);
      }),
      { numRuns: 500 },
    );
  });
});

describe("the path", () => {
  test("is in $XDG_CONFIG_HOME, else in ~/.config; a relative one is ignored, and the file is optional", () => {
    using folder = new Folder();
    mkdirSync(folder.join(".config/duet"), { recursive: true });
    mkdirSync(folder.join("duet"));
    writeFileSync(folder.join(".config/duet/config.toml"), 'name = "home"');
    writeFileSync(folder.join("duet/config.toml"), 'name = "xdg"');
    const found = (places: Record<string, string>) => readSettingsFile(undefined, places);
    expect(found({ HOME: folder.path })).toEqual(new Map([["name", ["home"]]]));
    expect(found({ HOME: folder.path, XDG_CONFIG_HOME: folder.path })).toEqual(new Map([["name", ["xdg"]]]));
    expect(found({ HOME: folder.path, XDG_CONFIG_HOME: "duet" })).toEqual(new Map([["name", ["home"]]]));
    expect(found({ XDG_CONFIG_HOME: folder.join("none") })).toEqual(new Map());
    expect(found({})).toEqual(new Map());
  });

  test("has at most settingsFileMaxBytes, and a device without an end is no settings file", () => {
    using folder = new Folder();
    const path = folder.join("config.toml");
    const setting = 'name = "ada"\n#';
    writeFileSync(path, setting.padEnd(settingsFileMaxBytes, "#"));
    expect(readSettingsFile(path, {})).toEqual(new Map([["name", ["ada"]]]));
    writeFileSync(path, setting.padEnd(settingsFileMaxBytes + 1, "#"));
    expect(refusalOf(readSettingsFile(path, {}))).toContain("it has more than 1 MiB (EFBIG)");
    expect(refusalOf(readSettingsFile("/dev/zero", {}))).toContain("it has more than 1 MiB (EFBIG)");
    expect(readSettingsFile("/dev/null", {})).toEqual(new Map());
  });

  test("that was given must exist, and an existing file must be readable", () => {
    using folder = new Folder();
    expect(refusalOf(readSettingsFile(folder.join("none"), {}))).toContain("there is no such file (ENOENT)");
    mkdirSync(folder.join("duet/config.toml"), { recursive: true });
    expect(refusalOf(readSettingsFile(undefined, { XDG_CONFIG_HOME: folder.path }))).toContain(
      "it is a folder (EISDIR); --no-config starts without them",
    );
  });
});
