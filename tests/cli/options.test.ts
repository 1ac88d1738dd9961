/** The command line: the meaning of each argument, and the answer to each wrong one. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { anyCodePoint } from "../support/code-points.ts";
import { optionTable } from "../../src/cli/options/option-table.ts";
import { type Options, type ParsedOptions, parseOptions } from "../../src/cli/options/options.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { formatUsage, version } from "../../src/cli/options/usage.ts";
import { usageEnglish } from "../../src/words/en/usage.ts";
import { usageChinese } from "../../src/words/zh/usage.ts";
import { english, program } from "../support/words.ts";

const terminal = { isTerminal: true, loginName: "anna" };
const pipe = { isTerminal: false, loginName: "anna" };

function words(line: string): string[] {
  return line === "" ? [] : line.split(" ");
}

function run(line: string, environment = terminal): Options {
  const parsed = parseOptions(words(line), environment);
  if (parsed.kind !== "run") throw new Error(`${line}: ${JSON.stringify(parsed)}`);
  return parsed.options;
}

function refusal(argv: readonly string[]): string {
  const parsed: ParsedOptions = parseOptions(argv, terminal);
  return parsed.kind === "usage-error" ? english.word(parsed.problem) : `accepted as ${parsed.kind}`;
}

describe("the target", () => {
  test.each([
    ["", "pair", "127.0.0.1", 8080],
    ["--udp", "pair", "127.0.0.1", 8080],
    ["-6", "pair", "::1", 8080],
    ["--lan", "pair", "::", 8080],
    ["--lan -4", "pair", "0.0.0.0", 8080],
    ["127.0.0.1 9", "connect", "127.0.0.1", 9],
    ["example.test:9", "connect", "example.test", 9],
    ["[::1]:9", "connect", "::1", 9],
    ["::1 9", "connect", "::1", 9],
    ["9000", "connect", "127.0.0.1", 9000],
    ["-u 9000", "connect", "127.0.0.1", 9000],
    ["-l", "listen", "127.0.0.1", 8080],
    ["-lu", "listen", "127.0.0.1", 8080],
    ["-l 0", "listen", "127.0.0.1", 0],
    ["-l ::1 0", "listen", "::1", 0],
    ["0.0.0.0 -l 65535", "listen", "0.0.0.0", 65_535],
    ["-l localhost", "listen", "localhost", 8080],
    ["-l ::1", "listen", "::1", 8080],
    ["-l --lan 7", "listen", "::", 7],
    ["-l --lan 10.0.0.1 7", "listen", "10.0.0.1", 7],
    ["-v -- 127.0.0.1 9", "connect", "127.0.0.1", 9],
  ] as const)("%p is %s at %s port %d", (line, mode, host, port) => {
    const options = run(line);
    expect(options.mode).toBe(mode);
    expect(options.target).toMatchObject({ kind: "ip", host, port });
  });

  test("a UNIX path is connected to, or with -l listened on", () => {
    expect(run("-U /tmp/chat")).toMatchObject({
      mode: "connect",
      target: { kind: "unix", path: "/tmp/chat" },
    });
    expect(run("-lU @chat")).toMatchObject({ mode: "listen", target: { kind: "unix", path: "@chat" } });
  });

  test("the family is part of the target", () => {
    expect(run("-6 localhost 9").target).toEqual({ kind: "ip", host: "localhost", port: 9, family: 6 });
    expect(run("localhost 9").target).toEqual({ kind: "ip", host: "localhost", port: 9 });
  });
});

describe("options", () => {
  test("a command line without options has the defaults", () => {
    expect(run("")).toMatchObject({
      transport: "tcp",
      name: "anna",
      family: undefined,
      connectTimeoutMs: 10_000,
      idleTimeoutMs: undefined,
      peersMax: 1024,
      allow: [],
      deny: [],
      output: "screen",
      verbose: false,
      trouble: undefined,
    });
  });

  test("each option sets its own field", () => {
    const line = "-uvC4N --lan --raw --telnet --send-only -w 2.5 -i.5 -m 3 -o a.ndjson -x b --name Bo";
    expect(run(line)).toMatchObject({
      transport: "udp",
      verbose: true,
      trouble: undefined,
      crlf: true,
      family: 4,
      exitAfterInput: true,
      lan: true,
      raw: true,
      telnet: true,
      sendOnly: true,
      connectTimeoutMs: 2500,
      idleTimeoutMs: 500,
      peersMax: 3,
      logFile: "a.ndjson",
      hexLogFile: "b",
      name: "Bo",
    });
    expect(run("--duet --recv-only")).toMatchObject({ duet: true, recvOnly: true });
    expect(run("--tour --lang zh")).toMatchObject({ tour: true, language: "zh" });
  });

  test("the language is the locale's unless --lang sets it", () => {
    const chinese = { ...terminal, language: "zh" } as const;
    expect(run("", chinese)).toMatchObject({ language: "zh", tour: false });
    expect(run("--lang en", chinese).language).toBe("en");
    expect(run("").language).toBe("en");
    expect(refusal(["--lang", "de"])).toBe('--lang "de" is not allowed: give en or zh');
    expect(refusal(["--tour", "--json"])).toContain("the walk is for a person at a terminal");
    expect(parseOptions(["--tour"], pipe)).toMatchObject({ kind: "usage-error" });
    expect(run("--tour --screen-reader")).toMatchObject({ tour: true, output: "spoken" });
  });

  test("ranges add up, repeated or separated by commas", () => {
    const { allow, deny } = run("--allow 10.0.0.0/8,::1 --allow 192.168.1.1 --deny fe80::/10");
    expect(allow.map(({ family, prefixBits }) => `${family}/${prefixBits}`)).toEqual([
      "IPv4/8",
      "IPv6/128",
      "IPv4/32",
    ]);
    expect(deny).toHaveLength(1);
  });

  test("the output follows the flags, then the terminal", () => {
    expect(run("--plain").output).toBe("plain");
    expect(run("--json").output).toBe("json");
    expect(run("", pipe).output).toBe("plain");
    expect(run("--raw").output).toBe("screen");
    expect(run("--raw", pipe).output).toBe("raw");
    expect(run("--raw --json", pipe)).toMatchObject({ raw: true, output: "json" });
    expect(run("--raw --plain", pipe)).toMatchObject({ raw: true, output: "plain" });
  });

  test.each([
    ["anna", "anna"],
    ["", "guest"],
    ["anna  b", "anna b"],
    ["长".repeat(40), "长".repeat(16)],
  ])("the login name %p gives the name %p", (loginName, name) => {
    const parsed = parseOptions([], { isTerminal: true, loginName });
    expect(parsed).toMatchObject({ kind: "run", options: { name } });
  });

  test("control characters of a login name are removed", () => {
    const parsed = parseOptions([], { isTerminal: true, loginName: "\u001B[31mred\n" });
    expect(parsed.kind === "run" && parsed.options.name).not.toMatch(/\p{Cc}/u);
  });

  test("a name may be an emoji with joiners", () => {
    expect(run("--name 👩‍💻").name).toBe("👩‍💻");
  });

  test("--help overrides --version, and both override errors", () => {
    expect(parseOptions(words("--nope --version -h"), terminal).kind).toBe("help");
    expect(parseOptions(words("-w 0 --version"), terminal).kind).toBe("version");
    expect(parseOptions(words("-- -h"), terminal).kind).toBe("usage-error");
  });
});

test("--group is UDP with an optional address and port, and connecting to a group address joins it", () => {
  const targetOf = (line: string): unknown => {
    const parsed = parseOptions(words(line), terminal);
    if (parsed.kind !== "run") return parsed;
    const { mode, transport, target } = parsed.options;
    return [mode, transport, target.kind === "ip" ? `${target.host} ${target.port}` : target];
  };
  expect(targetOf("--group")).toEqual(["connect", "udp", "239.255.100.103 8080"]);
  expect(targetOf("--group 9999")).toEqual(["connect", "udp", "239.255.100.103 9999"]);
  expect(targetOf("--group 239.1.2.3")).toEqual(["connect", "udp", "239.1.2.3 8080"]);
  expect(targetOf("--group 239.1.2.3:9999")).toEqual(["connect", "udp", "239.1.2.3 9999"]);
  expect(targetOf("--group ff02::5%eth0 9999")).toEqual(["connect", "udp", "ff02::5%eth0 9999"]);
  expect(targetOf("-u 239.1.2.3 9999")).toEqual(["connect", "udp", "239.1.2.3 9999"]);
});

describe("wrong usage", () => {
  test.each([
    ["0", '"0" is not a port', "1 to 65535"],
    ["h 65536", '"65536" is not a port', "1 to 65535"],
    ["-l 65536", '"65536" is not a port', "0 to 65535"],
    ["h http", '"http" is not a port', "1 to 65535"],
    ["-l h http", '"http" is not a port', "0 to 65535"],
    ["h -5", '"-5" is neither an option nor a port', "number"],
    ["-l -1", '"-1" is neither an option nor a port', "number"],
    ["h", "which port of h?", "HOST and PORT"],
    ["a 1 b", '"b" is one argument too many', "HOST and PORT"],
    ["256.0.0.1 1", '"256.0.0.1" is not an IPv4 address', "0 to 255"],
    ["/tmp/chat", '"/tmp/chat" is not a host', "-U PATH"],
    ["-w 0", '-w "0"', "above 0"],
    ["-w -1", '-w "-1"', "above 0"],
    ["-i soon", '-i "soon"', "above 0"],
    ["-m -1", '-m "-1"', "from 0"],
    ["-m 1.5", '-m "1.5"', "from 0"],
    ["--allow 10.0.0.0/33", '--allow "10.0.0.0/33"', "10.0.0.0/8"],
    ["--deny 10.0.0.1-9", '--deny "10.0.0.1-9"', "10.0.0.0/8"],
    ["--name", "--name needs a value", "NAME"],
    ["--name --udp", "--name needs a value", '"--udp"'],
    ["--udp=yes", "--udp takes no value", '"yes"'],
    ["-U", "-U needs a value", "PATH"],
    ["-U /a b", "-U takes a path alone", '"b"'],
    ["-u -U /a", "--udp and -U", "leave out --udp"],
    ["-4 -U /a", "-4 and -U", "leave out -4"],
    ["-4 ::1 9", "-4 and ::1", "IPv6 address"],
    ["-6 -l 127.0.0.1", "-6 and 127.0.0.1", "IPv4 address"],
    ["-4 -6", "-4 and -6", "either"],
    ["--plain --json", "--plain and --json", "choose"],
    ["--tcp --udp", "--tcp and --udp", "one"],
    ["--raw --duet", "--raw and --duet", "frames"],
    ["--send-only --recv-only", "--send-only and --recv-only", "nothing"],
    ["--lan h 9", "--lan listens", "add -l"],
    ["--group --tcp", "--group and --tcp", "datagrams"],
    ["--group -l", "--group and -l", "nobody listens"],
    ["--group 10.0.0.1", '--group "10.0.0.1" is not a group', "224.0.0.0/4 or ff00::/8"],
    ["--group 239.1.2.3 0", "--group needs a port", "1 to 65535"],
    ["239.1.2.3 9", "239.1.2.3 is a group", "--group 239.1.2.3"],
    ["-u -l 239.1.2.3 9", "239.1.2.3 is a group", "--group 239.1.2.3"],
    ["-o log -x log", "-o and -x", "its own file"],
    ["--jsn", 'unknown option "--jsn"', "--json"],
    ["--recv", 'unknown option "--recv"', "--recv-only"],
    ["--zzz", 'unknown option "--zzz"', "--help"],
    ["-L", 'unknown option "-L"', "-l"],
    ["-lq", 'unknown option "-q" in "-lq"', "--help"],
    ["-nv", 'unknown option "-n" in "-nv"', "it is not needed"],
    ["-lnv", 'unknown option "-n" in "-lnv"', "it is not needed"],
    ["-b", 'unknown option "-b"', "/broadcast"],
    ["-t", 'unknown option "-t"', "--telnet"],
    ["-l -p 80", 'unknown option "-p"', "-l 127.0.0.1 8080"],
  ])("%p is answered with the argument and what is allowed", (line, what, allowed) => {
    const message = refusal(words(line));
    expect(message).toStartWith(what);
    expect(message).toContain(allowed);
    expect(message).not.toContain("\n");
  });

  test("an answer contains no control characters and stays short", () => {
    const message = refusal([`\u001B]0;owned\u0007\n${"x".repeat(10_000)}`, "9"]);
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(message.length).toBeLessThan(250);
  });

  test.each([["a\u0007b"], ["\u202Eanna"], ["a|b"], ["a> b"], [" "], ["\u200D"], ["x".repeat(33)]])(
    "the name %p is refused",
    (name) => {
      expect(refusal(["--name", name])).toStartWith("--name ");
    },
  );
});

test("no arguments make the parser throw, and its answer is one line", () => {
  const flags = optionTable.flatMap(({ key, short }) => [
    `--${key}`,
    `--${key}=`,
    ...(short === undefined ? [] : [`-${short}`]),
  ]);
  const word = fc.oneof(
    fc.constantFrom(...flags, "--", "-", "8080", "[::1]:80", "::", "--__proto__", "--constructor=1"),
    fc.string({ unit: anyCodePoint }),
    fc.string().map((text) => `-${text}`),
    fc.string().map((text) => `--${text}`),
  );
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 8 }),
      fc.boolean(),
      fc.string(),
      (argv, isTerminal, loginName) => {
        const parsed = parseOptions(argv, { isTerminal, loginName });
        if (parsed.kind === "usage-error") expect(english.word(parsed.problem)).toMatch(/^[^\p{Cc}]+$/u);
      },
    ),
    { numRuns: 2000 },
  );
});

describe("--help", () => {
  test("fits 80 columns, and begins with the two terminals", () => {
    const lines = formatUsage(usageEnglish, program).split("\n");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines.findIndex((line) => line.includes("bun run start"))).toBeLessThan(5);
  });

  test("names every option and exit code, and the version", () => {
    for (const { key, short } of optionTable) {
      expect(formatUsage(usageEnglish, program)).toContain(`--${key}`);
      if (short !== undefined) expect(formatUsage(usageEnglish, program)).toContain(`-${short}, `);
    }
    for (const code of [0, 1, 2, 70, 128, 129, 143])
      expect(formatUsage(usageEnglish, program)).toMatch(new RegExp(`\\b${code}\\b`));
    expect(formatUsage(usageEnglish, program)).toContain(version);
  });

  test("is complete in Chinese, with every option in its column", () => {
    const lines = formatUsage(usageChinese, program).split("\n");
    for (const line of lines) expect(measureColumns(line)).toBeLessThanOrEqual(80);
    const english = formatUsage(usageEnglish, program).split("\n");
    expect(lines).toHaveLength(english.length);
    for (const [index, line] of english.entries())
      if (/^ {2}(-\w, | {4})--/.test(line)) expect(lines[index]?.slice(0, 27)).toBe(line.slice(0, 27));
    for (const code of [0, 1, 2, 70, 128, 129, 143])
      expect(formatUsage(usageChinese, program)).toMatch(new RegExp(`\\b${code}\\b`));
  });

  test("is in the language asked for, despite other errors", () => {
    const helpOf = (line: string, language: "en" | "zh") =>
      parseOptions(words(line), { ...terminal, language });
    expect(helpOf("--help --lang zh", "en")).toEqual({ kind: "help", language: "zh" });
    expect(helpOf("--help --lang de --nonsense", "zh")).toEqual({ kind: "help", language: "zh" });
    expect(helpOf("-h", "en")).toEqual({ kind: "help", language: "en" });
  });
});

test("no letter that nc or ncat uses for something else is taken for duet's letter of the other case", () => {
  const own = new Set(optionTable.flatMap(({ short }) => short ?? []));
  // OpenBSD nc 1.219 and ncat 7.93: all their letters.
  for (const letter of "46bCDdFhIiklMmNnOPpqrSsTtUuVvWwXxZzcegGo") {
    if (own.has(letter)) continue;
    expect([letter, refusal([`-${letter}`])]).toEqual([
      letter,
      expect.not.stringMatching(/did you mean -[a-zA-Z]\?/),
    ]);
  }
});

test.each(["--encrypt=off", "--raw", "--telnet", "--group"])("--key is refused with %s", (flag) => {
  const key = "ez766yczclup7yhf6i62olvry4omb6qgifcmxcej7t7x2nzatt3j";
  const parsed = parseOptions(["--key", key, ...flag.split("=")], { isTerminal: true, loginName: "ann" });
  expect(parsed).toMatchObject({ kind: "usage-error", problem: { id: "clash", params: { one: "--key" } } });
});
