/** Settings and attention on real terminals: the config file, colours, terminal queries, the title and links. */

import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { alertIntervalMs } from "../../src/view/conversation/alerts.ts";
import { Folder, startDuet } from "../support/duet.ts";
import { startInTerminal } from "../support/pty.ts";
import { startClient } from "../support/raw-client.ts";
import { commandOf, screenEnvironment, type ScreenDuet, startOnScreen } from "../support/screens.ts";

const listening = ["-l", "127.0.0.1", "0", "--name", "ann"];
const blurred = "\x1b[O";
const focused = "\x1b[I";

function writeSettings(folder: Folder, text: string): void {
  mkdirSync(folder.join("config/duet"), { recursive: true });
  writeFileSync(folder.join("config/duet/config.toml"), text);
}

/** Takes the focus from the terminal, and returns once duet has read that: a key after it is shown. */
async function blur(duet: ScreenDuet): Promise<void> {
  duet.type(`${blurred}.`);
  await duet.composes(".");
}

/** The colour of the run that is exactly this text. */
function foregroundOf({ terminal }: ScreenDuet, text: string): number | string | undefined {
  return terminal
    .styledScreen()
    .flat()
    .find((run) => run.text.trim() === text)?.foreground;
}

/** Makes escapes visible. */
function readable(output: string): string {
  return output.replaceAll("\x1b", "<ESC>");
}

describe("the config file", () => {
  test("sets defaults on the screen, and the command line overrides them", async () => {
    using folder = new Folder();
    writeSettings(folder, 'name = "filed"\ntheme = "plain"\nudp = true\n');
    await using duet = await startOnScreen(["-l", "127.0.0.1", "0"], { folder });
    await duet.sees("◎ BOUND");
    await duet.sees(/filed │/);
    expect(duet.terminal.output()).not.toContain("38;5;");
    await using other = await startOnScreen([...listening, "--no-udp", "--theme", "dark"], { folder });
    await other.sees("◎ LISTEN");
    await other.sees(/ann │/);
    expect(other.terminal.output()).toContain("38;5;");
  });

  test("with a bad value is reported with its line and exit code 2, and --no-config ignores it", async () => {
    using folder = new Folder();
    writeSettings(folder, '# mine\nname = "x"\n\nwait = "soon"\n');
    const sentence = /config\/duet\/config\.toml:4: wait = "soon" is not allowed: give seconds above 0/;
    await using terminal = await startInTerminal(commandOf([]), {
      env: screenEnvironment(folder),
      columns: 200,
    });
    expect((await terminal.waitForExit()).code).toBe(2);
    expect(terminal.screen().join("")).toMatch(sentence);
    await using duet = startDuet(["-l", "0", "--plain"], { folder });
    expect((await duet.waitForExit()).code).toBe(2);
    expect(duet.errors).toMatch(sentence);
    await using without = startDuet(["-l", "0", "--plain", "--no-config"], { folder });
    expect(await without.port()).toBeGreaterThan(0);
  });

  test("can be chosen with --config, and must exist", async () => {
    using folder = new Folder();
    writeFileSync(folder.join("my.toml"), 'name = "mine"\njson = true\n');
    await using host = startDuet(["-l", "0", "--json"], { folder });
    const port = String(await host.port());
    await using guest = startDuet(["--config", folder.join("my.toml"), "--duet", "127.0.0.1", port], {
      folder,
    });
    await host.waitForEvent({ type: "peer", event: "identified", name: "mine" });
    await guest.waitForEvent({ type: "state", to: "ESTABLISHED" });
    await using lost = startDuet(["--config", folder.join("none.toml")], { folder });
    expect((await lost.waitForExit()).code).toBe(2);
    expect(lost.errors).toContain("there is no such file (ENOENT)");
  });
});

const clockPath = new URL("../support/fixtures/fast-clock.ts", import.meta.url).pathname;

describe("colours", () => {
  test("the first frame waits for no answer; a later answer repaints it and is not typed", async () => {
    await using duet = await startOnScreen(listening);
    expect(duet.terminal.output()).toContain("\x1b]11;?\x1b\\");
    await duet.sees("◎ LISTEN");
    expect(foregroundOf(duet, "--")).toBe(30);
    duet.type("\x1b]11;rgb:ffff/ffff/ffff\x1b\\");
    await duet.terminal.waitFor(() => foregroundOf(duet, "--") === 23, "the colours of a light terminal");
    duet.type(`${focused}\x1b]11;rgb:1c1c/1c1c/1c1c\x07typed`);
    await duet.terminal.waitFor(() => foregroundOf(duet, "--") === 80, "the colours of a dark terminal");
    await duet.composes("typed");
  });

  test("an answer that arrives while duet exits is not typed into the shell", async () => {
    using taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    using folder = new Folder();
    // duet waits 100 ms for the answer: ten seconds here, as a busy machine may take so long to give it.
    const slow = { bunOptions: ["--preload", clockPath], env: { DUET_TEST_CLOCK: "0.01" } };
    const command = commandOf(["-l", "127.0.0.1", String(taken.port)], slow);
    await using terminal = await startInTerminal(command, { env: screenEnvironment(folder, slow.env) });
    await terminal.waitFor((seen) => seen.output().includes("\x1b]11;?"), "the question");
    terminal.write("\x1b]11;rgb:ffff/ffff/ffff\x1b\\");
    expect((await terminal.waitForExit()).code).toBe(1);
    expect(terminal.screen().join("\n")).not.toContain("rgb");
  });

  test("COLORFGBG is the first guess, and --theme sends no query", async () => {
    await using light = await startOnScreen(listening, { env: { COLORFGBG: "0;15" } });
    await light.sees("◎ LISTEN");
    expect(foregroundOf(light, "--")).toBe(23);
    await using dark = await startOnScreen([...listening, "--theme", "dark"], { env: { NO_COLOR: "1" } });
    await dark.sees("◎ LISTEN");
    expect(foregroundOf(dark, "--")).toBe(80);
    expect(dark.terminal.output()).not.toContain("\x1b]11;");
  });
});

describe("attention", () => {
  /** A BEL outside our escape sequences: duet ends its own with ST. */
  const bells = ({ terminal }: ScreenDuet): number => terminal.output().split("\x07").length - 1;

  test("a mention is highlighted, and rings only while unfocused, at most once in ten seconds", async () => {
    await using duet = await startOnScreen([...listening, "--theme", "dark"]);
    using client = await startClient(await duet.port());
    client.write("hello Ann, seen\n");
    await duet.sees("hello Ann, seen");
    expect(foregroundOf(duet, "Ann")).toBe(220);
    await blur(duet);
    client.write("nobody in particular\n");
    await duet.terminal.waitFor(
      (seen) => seen.title().startsWith("(1) duet: TCP LISTEN with"),
      "one in the title",
    );
    expect(bells(duet)).toBe(0);
    const sinceMs = performance.now();
    client.write("ann: look\n");
    await duet.terminal.waitFor(() => bells(duet) === 1, "the bell");
    client.write("ann: and again\n");
    await duet.terminal.waitFor((seen) => seen.title().startsWith("(3) "), "three in the title");
    const intervals = Math.floor((performance.now() - sinceMs) / alertIntervalMs);
    expect(bells(duet)).toBeLessThanOrEqual(1 + intervals);
    duet.type(focused);
    await duet.terminal.waitFor((seen) => seen.title().startsWith("duet: "), "a title without a number");
  });

  test("--bell osc9 notifies with cleaned text and without a bell", async () => {
    await using duet = await startOnScreen([...listening, "--bell", "osc9"]);
    using client = await startClient(await duet.port());
    await blur(duet);
    client.write("ann \x1b]0;owned\x07 \x1b[31m\n");
    const notification = /<ESC>\]9;duet: 127\.0\.0\.1:\d+: ann ␛\]0;owned␇ ␛\[31m<ESC>\\/;
    await duet.terminal.waitFor((seen) => notification.test(readable(seen.output())), "the notification");
    expect(bells(duet)).toBe(0);
  });

  test("the title is saved, set and restored", async () => {
    await using duet = await startOnScreen(listening);
    await duet.terminal.waitFor((seen) => seen.title() === "duet: TCP LISTEN", "the title");
    duet.say("/quit");
    await duet.ends(0);
    const output = duet.terminal.output();
    expect(output.indexOf("\x1b[22;2t")).toBeLessThan(output.indexOf("\x1b]2;"));
    expect(output.lastIndexOf("\x1b[23;2t")).toBeGreaterThan(output.lastIndexOf("\x1b]2;"));
  });
});

describe("links", () => {
  const opened = /<ESC>\]8;id=([^;]+);([^<]+)<ESC>\\/g;

  test("an address becomes a link without changing the rows; a peer's own link is text", async () => {
    await using duet = await startOnScreen(listening, { columns: 60 });
    using client = await startClient(await duet.port());
    const url = `https://example.org/${"path/".repeat(15)}end`;
    client.write(`at ${url}, 你好\n\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\\n`);
    await duet.sees("␛]8;;https://evil.example␛");
    const links = [...readable(duet.terminal.output()).matchAll(opened)].map(([, id, target]) => ({
      id,
      target,
    }));
    const whole = links.filter(({ target }) => target === url);
    expect(whole.length).toBeGreaterThanOrEqual(2);
    expect(new Set(whole.map(({ id }) => id)).size).toBe(1);
    const rows = duet.terminal.screen().map((row) => row.replace(/^.{0,24}│ /, ""));
    expect(rows.join("")).toContain(url);
    await duet.sees(/end, 你好$/);
  });

  test("the Linux console receives neither links nor queries", async () => {
    await using duet = await startOnScreen(listening, { env: { TERM: "linux" } });
    using client = await startClient(await duet.port());
    client.write("https://example.org/\n");
    await duet.sees("https://example.org/");
    expect(readable(duet.terminal.output())).not.toMatch(/<ESC>\](8|11);/);
  });
});
