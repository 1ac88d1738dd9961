/** Nicknames: how they are cleaned, what they cannot imitate, and which look alike. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { nameMaxColumns } from "../../src/protocol/limits.ts";
import { cleanName, formatActor, namelessName, RoomNames } from "../../src/protocol/text/nicknames.ts";
import { cleanText } from "../../src/protocol/text/text.ts";
import { hostileText, naughtyStrings } from "../support/hostile-text.ts";

describe("cleanName", () => {
  const cases: readonly [string, string, string][] = [
    ["a plain name stays", "Ada Lovelace", "Ada Lovelace"],
    ["a name in any script stays", "李小龍 Ольга नेहा", "李小龍 Ольга नेहा"],
    ["blanks in a row are one space, none at the ends", " \ta \r\n\u00A0\u3000 b\u2800\u2003", "a b"],
    ["brackets cannot end duet's own", "<root> hi", "(root) hi"],
    ["doubles of brackets cannot either", "‹a› 〈b〉 ＜c＞ «d»", "(a) (b) (c) (d)"],
    ["arrows cannot make `bob → you`", "bob → you ➡️ a⟶b", "bob - you - a-b"],
    ["bars, boxes and blocks cannot make a gutter", "│ | ▌ ═", "! ! ! !"],
    ["double quotes cannot end a quoted name", 'a" b', "a' b"],
    ["controls are shown", "\x1b[31mred", "␛[31mred"],
    ["the invisible is shown", "a\u200Bb\u202E", "a(U+200B)b(U+202E)"],
    ["a mark has no base at the start, and gets one", " \u0301a", "\u25CC\u0301a"],
    ["an empty name becomes the nameless one", "", namelessName],
    ["a name of blanks becomes the nameless one", " \t\u3000\u2800", namelessName],
  ];
  test.each(cases)("%s", (_, name, clean) => {
    expect(cleanName(name)).toBe(clean);
    expect(cleanName(clean)).toBe(clean);
  });

  test("a name of nameMaxColumns is kept, one column more is cut off", () => {
    const full = "x".repeat(nameMaxColumns);
    expect(cleanName(full)).toBe(full);
    expect(cleanName(`${full}y`)).toBe(full);
  });

  test("a wide character or an emoji across the bound is cut off as a whole", () => {
    expect(cleanName(`${"x".repeat(nameMaxColumns - 1)}你`)).toBe("x".repeat(nameMaxColumns - 1));
    expect(cleanName("👩‍👩‍👧".repeat(nameMaxColumns))).toBe("👩‍👩‍👧".repeat(nameMaxColumns / 2));
  });

  test("no space or joiner stays where a name was cut", () => {
    expect(cleanName(`${"x".repeat(nameMaxColumns - 1)} y`)).toBe("x".repeat(nameMaxColumns - 1));
    expect(cleanName(`${"ی".repeat(nameMaxColumns)}\u200Cی`)).toBe("ی".repeat(nameMaxColumns));
  });

  test("any cleaned name is one clean line within the bound, and cleaning is idempotent", () => {
    const names = fc.oneof(hostileText, fc.constantFrom(...naughtyStrings));
    fc.assert(
      fc.property(names, (name) => {
        const clean = cleanName(name);
        expect(cleanText(clean)).toBe(clean);
        expect(cleanName(clean)).toBe(clean);
        expect(Bun.stringWidth(clean)).toBeLessThanOrEqual(nameMaxColumns);
        expect(clean).not.toMatch(/[<>|"]|^\s|\s$|^$/);
      }),
      { seed: 8083, numRuns: 5000 },
    );
  });
});

describe("the author of /me", () => {
  test.each(["ann", "ann~2", "a.b-c_d", "你好", "Ольга", "नेहा", "🦊", "👩‍👩‍👧", "jane@home"])(
    "%s stands alone",
    (name) => {
      expect(formatActor(name)).toBe(name);
    },
  );

  test.each(["bob says", "bob:", "bobː", "bob,", "*", "127.0.0.1:8080", "«bob»"])(
    "%s has brackets",
    (name) => {
      expect(formatActor(name)).toBe(`<${name}>`);
    },
  );

  test("no name with its /me is another name with its /me", () => {
    const word = fc.constantFrom("bob", "says", "bob says", "hi", "*", "<bob>", "bob:");
    fc.assert(
      fc.property(fc.array(word, { maxLength: 3 }), word, word, (words, one, other) => {
        const [name, another] = [cleanName(one), cleanName(other)];
        if (name === another) return;
        const line = `${formatActor(name)} ${words.join(" ")}`;
        expect(line.startsWith(`${formatActor(another)} `)).toBe(false);
      }),
      { seed: 8084, numRuns: 2000 },
    );
  });
});

/** The name that `wanted` becomes if these are in use. */
function takeName(wanted: string, taken: Iterable<string>): string {
  const names = new RoomNames();
  for (const name of taken) names.add(name);
  return names.take(wanted);
}

describe("RoomNames", () => {
  test("a free name is kept", () => {
    expect(takeName("bob", [])).toBe("bob");
    expect(takeName("bob", ["alice", "bobby"])).toBe("bob");
  });

  test("a name in use gets the first free number", () => {
    expect(takeName("bob", ["bob"])).toBe("bob~2");
    expect(takeName("bob", ["bob~2", "bob", "bob~4"])).toBe("bob~3");
  });

  const confusables: readonly [string, string, string][] = [
    ["case", "Bob", "bOB"],
    ["case of other scripts", "Вася", "вася"],
    ["sharp s", "straße", "STRASSE"],
    ["digits like letters", "b0b1", "bobl"],
    ["capital I and small l", "Ian", "lan"],
    ["Cyrillic like Latin", "аlіcе", "alice"],
    ["Cyrillic capitals like Latin", "ВОВ", "BOB"],
    ["small letters of Cyrillic capitals like Latin", "ьob", "bob"],
    ["small letters of other such capitals", "ƅob", "Bob"],
    ["Greek like Latin", "Αlοn", "Alon"],
    ["compatibility forms", "ａｌｉｃｅ", "alice"],
    ["mathematical letters", "𝐚𝓵𝗶𝖈𝚎", "alice"],
    ["a small capital u", "hᴜb", "hub"],
    ["a small capital h", "ʜub", "hub"],
    ["a Cherokee letter", "Ꮋub", "hub"],
    ["Cyrillic and Tai Le letters", "һᥙb", "hub"],
    ["Armenian like Latin", "ցօո", "gon"],
    ["letters of two scripts, neither Latin", "ΑΒ", "АВ"],
    ["accents", "josé", "jose"],
    ["composed and decomposed", "e\u0301va", "éva"],
    ["spaces", "a lice", "alice"],
    ["joiners", "می\u200Cخواهم", "میخواهم"],
  ];
  test.each(confusables)("names that differ only in %s look alike", (_, one, other) => {
    expect(takeName(one, [other])).toBe(`${one}~2`);
    expect(takeName(other, [one])).toBe(`${other}~2`);
  });

  test("vowel signs that make different words make different names", () => {
    expect(takeName("राम", ["रमा"])).toBe("राम");
  });

  test.each([
    ...["you", "You", "y ou", "Yоu", "你", "duet", "DUET", "duеt", "ｄｕｅｔ"],
    ...[
      "127.0.0.1",
      "127.0.0.1:8080",
      "l27.0.0.1:80",
      "１２７．０．０．１：８０",
      "[::1]:8080",
      "fe80::1%eth0",
    ],
    ...["192.0.2.7 8080", "/run/chat#3", "@chat#3"],
  ])("%s is reserved, and is renamed, not refused", (name) => {
    expect(takeName(name, [])).toBe(`${name}~2`);
    expect(takeName(name, [`${name}~2`])).toBe(`${name}~3`);
  });

  test("a peer without a name has its own address, as often as it is free", () => {
    const names = new RoomNames();
    expect(names.takeAddress("127.0.0.1:8080")).toBe("127.0.0.1:8080");
    expect(names.takeAddress("127.0.0.1:8080")).toBe("127.0.0.1:8080~2");
    expect(names.take("127.0.0.1:8080")).toBe("127.0.0.1:8080~3");
  });

  test.each(["@ann", "lol", "10:30", "youth", "duets", "1.2", "/me", "a.b.c.d"])("%s is free", (name) => {
    expect(takeName(name, [])).toBe(name);
  });

  test("a name at the bound is cut to make room for its number", () => {
    const full = "x".repeat(nameMaxColumns);
    expect(takeName(full, [full])).toBe(`${"x".repeat(nameMaxColumns - 2)}~2`);
    const wide = "你".repeat(nameMaxColumns / 2);
    expect(takeName(wide, [wide])).toBe(`${"你".repeat(nameMaxColumns / 2 - 1)}~2`);
  });

  test("a hundred members with one name get distinct names within the bound", () => {
    const taken = new Set<string>();
    for (let count = 0; count < 100; count++) taken.add(takeName("x".repeat(nameMaxColumns), taken));
    expect(taken.size).toBe(100);
    for (const name of taken) expect(Bun.stringWidth(name)).toBeLessThanOrEqual(nameMaxColumns);
  });

  test("a released name is free again once every holder has released it", () => {
    const names = new RoomNames();
    expect([names.take("bob"), names.take("bob"), names.take("bob")]).toEqual(["bob", "bob~2", "bob~3"]);
    names.release("bob~2");
    expect(names.take("Bob")).toBe("Bob~2");
    names.add("bob");
    names.release("bob");
    expect(names.take("bob")).toBe("bob~4");
    names.release("bob");
    expect(names.take("bob")).toBe("bob");
  });
});
