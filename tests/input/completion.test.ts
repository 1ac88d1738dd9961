import { describe, expect, test } from "bun:test";
import { commandTable } from "../../src/chat/commands/command-table.ts";
import { complete } from "../../src/input/composer/completion.ts";
import type { ComposerAction } from "../../src/input/composer/composer.ts";
import { Composer } from "../../src/input/composer/composer.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";

const names = ["Bertha", "bob", "bobby", "中村", "中山", "👩‍👩‍👧", "👩‍👩‍👦"];
const files = ["~/chat.txt", "~/chat logs/", "./s1.sock"];
const paths = (typed: string): string[] => files.filter((path) => path.startsWith(typed));
const context = { commands: commandTable, names, paths };

function offered(text: string): readonly string[] {
  return complete(text, text.length, context).candidates.map((candidate) => candidate.text);
}

describe("what may stand at the cursor", () => {
  test.each([
    ["a command", "/cl", ["/close ", "/clear"]],
    ["a command in capitals", "/WHO", ["/who"]],
    ["nothing after a literal slash", "//cl", []],
    ["no command inside a line", "see /cl", []],
    [
      "all members, for a command that takes one",
      "/msg ",
      ["Bertha ", "bob ", "bobby ", "中山 ", "中村 ", "👩‍👩‍👦 ", "👩‍👩‍👧 "],
    ],
    ["a member in a message", "/msg bob hello ber", ["Bertha "]],
    ["no second member where there is one", "/close bob b", []],
    ["a member anywhere in a line", "ask B", ["Bertha ", "bob ", "bobby "]],
    ["nothing for nothing typed", "ask ", []],
    [
      "trouble, each kind of it",
      "/trouble ",
      ["loss=20% ", "dup=5% ", "reorder=10% ", "delay=50ms ", "seed=", "off"],
    ],
    ["trouble, and more of it", "/trouble loss=20% d", ["dup=5% ", "delay=50ms "]],
    ["on and off", "/raw o", ["on", "off"]],
    ["a path", "/save ~/ch", ["~/chat.txt", "~/chat logs/"]],
    ["a path with a space in it", "/save ~/chat l", ["~/chat logs/"]],
    ["a path to write over", "/save! ~/chat.", ["~/chat.txt"]],
    ["where to listen", "/listen ", ["127.0.0.1 ", "0.0.0.0 ", "-U "]],
    ["where to connect", "/connect ", ["127.0.0.1 ", "-U "]],
    ["a port", "/connect 127.0.0.1 ", ["8080"]],
    ["a socket's path", "/listen -U ./", ["./s1.sock"]],
    ["a socket's path to connect to", "/connect -U ", files],
    ["no path where none belongs", "/msg ~/", []],
    ["nothing for what takes nothing", "/quit b", []],
    ["nothing for a command that is none", "/nonsense b", []],
  ])("%s", (_, text, expected) => {
    expect(offered(text)).toEqual(expected);
  });

  test("only the word before the cursor counts, and is replaced", () => {
    expect(complete("ask bobx now", 6, context)).toMatchObject({ replaceFrom: 4, common: "bo" + "b" });
  });

  test("what they share is in the first one's spelling, and never half a grapheme", () => {
    expect(complete("BO", 2, context).common).toBe("bob");
    expect(complete("中", 1, context).common).toBe("中");
    expect(complete("👩", 2, context).common).toBe("👩");
  });

  test("a command tells what it does", () => {
    expect(complete("/conn", 5, context).candidates).toEqual([
      { text: "/connect ", label: "/connect HOST PORT", summary: "connect to a peer" },
    ]);
  });

  test("a name tells who it is", () => {
    const describeName = (name: string): string => `who ${name} is`;
    expect(complete("ask Be", 6, { ...context, describeName }).candidates).toEqual([
      { text: "Bertha ", label: "Bertha", summary: "who Bertha is" },
    ]);
  });

  test("a word of half a million characters is found at once", () => {
    const text = `${"x".repeat(500_000)} ${"y".repeat(1000)} b`;
    expect(complete(text, text.length, context).replaceFrom).toBe(text.length - 1);
  });
});

describe("Tab", () => {
  function press(keys: string): { composer: Composer; actions: readonly ComposerAction[] } {
    const composer = new Composer({ names: () => names, paths });
    const actions = new KeyDecoder().push(Buffer.from(keys)).map(composer.handle);
    return { composer, actions: actions.filter((action) => action !== undefined) };
  }

  test.each([
    ["completes the only one, with a space", "ask ber\t", "ask Bertha ", undefined],
    ["completes what all share, then walks through them", "/c\t", "/connect ", 0],
    ["goes on at each press", "/c\t\t", "/close ", 1],
    ["comes round", "/c\t\t\t\t", "/connect ", 0],
    ["goes back with Shift", "/c\x1b[Z", "/clear", 2],
    ["first what they share", "ask bo\t", "ask bob", undefined],
    ["does nothing where there is nothing", "hello \t", "hello ", undefined],
    ["keeps what is after the cursor", "b now\x01\x1b[C\t\t", "bob  now", 1],
    ["lets Escape bring the word back", "/c\t\t\x1b[27u", "/c", undefined],
    ["lets undo bring the word back", "/c\t\t\x1f", "/c", undefined],
    ["walks with the arrows too", "/c\t\x1b[B", "/close ", 1],
    ["and back", "/c\t\x1b[A", "/clear", 2],
    ["takes the chosen one with Enter, and sends nothing", "/c\t\t\r", "/close ", undefined],
    ["looks into a folder that was taken", "/save ~/chat l\t", "/save ~/chat logs/", undefined],
    ["takes the one that is there when typing goes on", "/c\tx", "/connect x", undefined],
  ])("%s", (_, keys, text, selected) => {
    const { text: shown, completion } = press(keys).composer.snapshot();
    expect([shown, completion?.selected]).toEqual([text, selected]);
  });

  test("Enter sends when nothing is chosen yet", () => {
    expect(press("ask bo\t\r").actions).toEqual([{ type: "submit", text: "ask bob" }]);
    expect(press("/c\t\t\r\r").actions).toEqual([{ type: "submit", text: "/close " }]);
  });

  test("Escape without an offer is not the composer's", () => {
    expect(press("/c\t\x1b[27u\x1b[27u").actions).toEqual([{ type: "unused" }]);
  });

  test("keys glued together compose, and each change is told once", () => {
    const composer = new Composer({ names: () => names });
    let changes = 0;
    const unsubscribe = composer.subscribe(() => (changes += 1));
    const events = new KeyDecoder().push(Buffer.from("helo\x1b[Dl\r\x0c"));
    const actions = events.map(composer.handle);
    expect(actions).toEqual([
      undefined,
      undefined,
      undefined,
      { type: "submit", text: "hello" },
      { type: "unused" },
    ]);
    expect(changes).toBe(4);
    expect(composer.snapshot()).toBe(composer.snapshot());
    unsubscribe();
    composer.handle({ type: "text", text: "x" });
    expect(changes).toBe(4);
  });
});
