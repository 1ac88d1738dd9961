import { describe, expect, test } from "bun:test";
import { complete } from "../../src/input/composer/completion.ts";
import type { ComposerAction } from "../../src/input/composer/composer.ts";
import { Composer } from "../../src/input/composer/composer.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import { translateCommands } from "../../src/view/overlays/help-lines.ts";
import { english } from "../support/words.ts";

const names = ["Bertha", "bob", "bobby", "中村", "中山", "👩‍👩‍👧", "👩‍👩‍👦"];
const files = ["~/chat.txt", "~/chat logs/", "./s1.sock"];
const paths = (typed: string): string[] => files.filter((path) => path.startsWith(typed));
const hubs = (): string[] => ["ann", "bea"];
const context = { commands: translateCommands(english), names, hubs, paths };

function offered(text: string): readonly string[] {
  return complete(text, text.length, context).candidates.map((candidate) => candidate.text);
}

describe("the completions at the cursor", () => {
  test.each([
    ["are commands", "/cl", ["/close ", "/clear"]],
    ["are commands typed in capitals", "/WHO", ["/who"]],
    ["are none after a literal slash", "//cl", []],
    ["are no commands inside a line", "see /cl", []],
    [
      "are all members, for a command that takes one",
      "/msg ",
      ["Bertha ", "bob ", "bobby ", "中山 ", "中村 ", "👩‍👩‍👦 ", "👩‍👩‍👧 "],
    ],
    ["are members in a message", "/msg bob hello ber", ["Bertha "]],
    ["are not a second member, for a command that takes one", "/close bob b", []],
    ["are members anywhere in a line", "ask B", ["Bertha ", "bob ", "bobby "]],
    ["are none for an empty word", "ask ", []],
    ["are members after @ and brackets", "hi @Be", ["@Bertha "]],
    ["are members after a bracket", "(bob", ["(bob ", "(bobby "]],
    ["are members after a quote and @", "/me waves “@中", ["“@中山 ", "“@中村 "]],
    ["are all members after @ alone", "@", names.toSorted().map((name) => `@${name} `)],
    ["are none after a bracket alone", "(", []],
    ["are members by name for a command, without the @", "/msg @Ber", ["Bertha "]],
    ["are members for /verify", "/verify bo", ["bob ", "bobby "]],
    ["are answers for /verify after a member", "/verify bob ", ["same", "different", "cancel"]],
    ["are answers that begin so", "/verify bob d", ["different"]],
    ["are what /hub does", "/hub r", ["remove "]],
    ["are hubs for /hub remove", "/hub remove b", ["bea "]],
    [
      "are all settings of /trouble",
      "/trouble ",
      ["loss=20% ", "dup=5% ", "reorder=10% ", "delay=50ms ", "seed=", "off"],
    ],
    ["are settings of /trouble after another one", "/trouble loss=20% d", ["dup=5% ", "delay=50ms "]],
    ["are on and off", "/raw o", ["on", "off"]],
    ["are paths", "/save ~/ch", ["~/chat.txt", "~/chat logs/"]],
    ["are paths with spaces", "/save ~/chat l", ["~/chat logs/"]],
    ["are paths to overwrite", "/save! ~/chat.", ["~/chat.txt"]],
    ["are hosts to listen on", "/listen ", ["127.0.0.1 ", "0.0.0.0 ", "-U "]],
    ["are hosts to connect to", "/connect ", ["127.0.0.1 ", "-U "]],
    ["are ports", "/connect 127.0.0.1 ", ["8080"]],
    ["are paths of UNIX sockets to listen on", "/listen -U ./", ["./s1.sock"]],
    ["are paths of UNIX sockets to connect to", "/connect -U ", files],
    ["are not paths for another command", "/msg ~/", []],
    ["are none for a command without arguments", "/quit b", []],
    ["are none for an unknown command", "/nonsense b", []],
  ])("%s", (_, text, expected) => {
    expect(offered(text)).toEqual(expected);
  });

  test("a name typed in decomposed letters is completed", () => {
    const jose = { ...context, names: ["Jos\u00e9", "joe"] };
    const offer = (text: string) => complete(text, text.length, jose).candidates.map(({ label }) => label);
    expect(offer("Jose\u0301")).toEqual(["Jos\u00e9"]);
    expect(offer("@jos")).toEqual(["Jos\u00e9"]);
    const decomposed = { ...context, names: ["Jose\u0301"] };
    expect(complete("jos\u00e9", 4, decomposed).candidates).toHaveLength(1);
  });

  test("only the word before the cursor is completed and replaced", () => {
    expect(complete("ask bobx now", 6, context)).toMatchObject({ replaceFrom: 4, commonPrefix: "bo" + "b" });
  });

  test("the common prefix has the first candidate's spelling, and ends between graphemes", () => {
    expect(complete("BO", 2, context).commonPrefix).toBe("bob");
    expect(complete("中", 1, context).commonPrefix).toBe("中");
    expect(complete("👩", 2, context).commonPrefix).toBe("👩");
  });

  test("a command has its summary", () => {
    expect(complete("/conn", 5, context).candidates).toEqual([
      { text: "/connect ", label: "/connect HOST PORT", summary: "connect to a peer" },
    ]);
  });

  test("a name has its description", () => {
    const describeName = (name: string): string => `who ${name} is`;
    expect(complete("ask Be", 6, { ...context, describeName }).candidates).toEqual([
      { text: "Bertha ", label: "Bertha", summary: "who Bertha is" },
    ]);
  });

  test("the word after half a million characters is found at once", () => {
    const text = `${"x".repeat(500_000)} ${"y".repeat(1000)} b`;
    expect(complete(text, text.length, context).replaceFrom).toBe(text.length - 1);
  });
});

test("a completed addressee is never taken for another one: it stands in quotes where it must", () => {
  const people = { ...context, names: ["bob", "Bob the", "bobby", "old tom", "old tim", "eve:", "x'y"] };
  const offers = (text: string) => complete(text, text.length, people).candidates.map(({ text: one }) => one);
  expect(offers("/msg bo")).toEqual(['"Bob the" ', '"bob" ', "bobby "]);
  expect(offers("/msg old")).toEqual(['"old tim" ', '"old tom" ']);
  expect(offers('/msg "old to')).toEqual(['"old tom" ']);
  expect(complete('/msg "old to', 12, people).replaceFrom).toBe(5);
  expect(offers("/msg e")).toEqual(['"eve:" ']);
  expect(offers("/nick old")).toEqual(['"old tim" ', '"old tom" ']);
  // The whole argument is the name, or the line is for all.
  expect(offers("/to old")).toEqual(["old tim ", "old tom "]);
  expect(offers("old")).toEqual(["old tim ", "old tom "]);
  const composer = new Composer({ commands: translateCommands(english), names: () => people.names });
  const press = (keys: string) => {
    for (const event of new KeyDecoder().push(Buffer.from(keys))) composer.handle(event);
    return composer.snapshot().text;
  };
  expect(press("/msg o\t")).toBe('/msg "old t');
  expect(press("o\thi")).toBe('/msg "old tom" hi');
});

describe("Tab", () => {
  function press(keys: string): { composer: Composer; actions: readonly ComposerAction[] } {
    const composer = new Composer({ commands: translateCommands(english), names: () => names, paths });
    const actions = new KeyDecoder().push(Buffer.from(keys)).map((event) => composer.handle(event));
    return { composer, actions: actions.filter((action) => action !== undefined) };
  }

  test.each([
    ["completes the only candidate, with a space", "ask ber\t", "ask Bertha ", undefined],
    ["inserts the first candidate if the common prefix adds nothing", "/c\t", "/connect ", 0],
    ["inserts the next candidate at each press", "/c\t\t", "/close ", 1],
    ["wraps around", "/c\t\t\t\t", "/connect ", 0],
    ["moves back with Shift", "/c\x1b[Z", "/clear", 2],
    ["completes the common prefix first", "ask bo\t", "ask bob", undefined],
    ["does nothing without candidates", "hello \t", "hello ", undefined],
    ["keeps the text after the cursor", "b now\x01\x1b[C\t\t", "bob  now", 1],
    ["is reverted by Escape", "/c\t\t\x1b[27u", "/c", undefined],
    ["is reverted by undo", "/c\t\t\x1f", "/c", undefined],
    ["opens a menu in which ↓ moves on", "/c\t\x1b[B", "/close ", 1],
    ["opens a menu in which ↑ moves back", "/c\t\x1b[A", "/clear", 2],
    ["accepts the candidate at Enter, which sends nothing", "/c\t\t\r", "/close ", undefined],
    ["completes inside a folder that was accepted", "/save ~/chat l\t", "/save ~/chat logs/", undefined],
    ["accepts the candidate when more is typed", "/c\tx", "/connect x", undefined],
  ])("%s", (_, keys, text, selected) => {
    const { text: shown, completion } = press(keys).composer.snapshot();
    expect([shown, completion?.selected]).toEqual([text, selected]);
  });

  test("the slash of a command opens the menu, which narrows with each letter and is typed over", () => {
    const open = (keys: string): readonly [number | undefined, number | undefined] => {
      const { completion } = press(keys).composer.snapshot();
      return [completion?.candidates.length, completion?.selected];
    };
    const all = translateCommands(english).length;
    expect(open("/")).toEqual([all, undefined]);
    expect(open("/c")).toEqual([3, undefined]);
    expect(open("/cl\x7f")).toEqual([3, undefined]);
    expect(open("/quit")).toEqual([1, undefined]);
    for (const keys of ["/x", "/msg ", "//", "/usr/bin", "a/", "x\x7f", "/c\x1b[D", "/c\r", "/\x7f"])
      expect([keys, ...open(keys)]).toEqual([keys, undefined, undefined]);
    expect(press("/who\r").actions).toEqual([{ type: "submit", text: "/who" }]);
    expect(press("/\x1b[B\x1b[B\r").composer.snapshot()).toMatchObject({
      text: "/tcp",
      completion: undefined,
    });
  });

  test("Escape closes the menu of commands until another command is begun, and the history opens none", () => {
    const menuAfter = (keys: string): boolean => press(keys).composer.snapshot().completion !== undefined;
    expect(menuAfter("/c\x1b[27u")).toBe(false);
    expect(menuAfter("/c\x1b[27ul")).toBe(false);
    expect(menuAfter("/c\x1b[27u\x7f\x7f/")).toBe(true);
    expect(menuAfter("/who\r\x1b[A")).toBe(false);
  });

  test("Enter sends the line before anything is chosen", () => {
    expect(press("ask bo\t\r").actions).toEqual([{ type: "submit", text: "ask bob" }]);
    expect(press("/c\t\t\r\r").actions).toEqual([{ type: "submit", text: "/close " }]);
  });

  test("Escape without a menu is the screen's", () => {
    expect(press("/c\t\x1b[27u\x1b[27u").actions).toEqual([{ type: "unused" }]);
  });

  test("several keys from one read work, and each change notifies once", () => {
    const composer = new Composer({ commands: translateCommands(english), names: () => names });
    let changes = 0;
    const unsubscribe = composer.subscribe(() => (changes += 1));
    const events = new KeyDecoder().push(Buffer.from("helo\x1b[Dl\r\x0c"));
    const actions = events.map((event) => composer.handle(event));
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
