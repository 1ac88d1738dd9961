/** `/why` about encryption, keys, passwords and identity: a page for each refusal, in each language. */

import { describe, expect, test } from "bun:test";
import { commandTable } from "../../src/chat/commands/command-table.ts";
import { findPageOf } from "../../src/chat/report/refusal-pages.ts";
import { parseOptions } from "../../src/cli/options/options.ts";
import { complete } from "../../src/input/composer/completion.ts";
import { refusalPages } from "../../src/protocol/errors/error-advice.ts";
import { refusalAdvice } from "../../src/protocol/errors/refusal-advice.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { isSentence, sentence } from "../../src/words/sentences/sentence.ts";
import { type Duet, homeTarget, World } from "../support/chat-world.ts";
import { fakePeople } from "../support/fake-ports.ts";
import { chinese, english } from "../support/words.ts";
import { sentenceSamples } from "../words/sentence-samples.ts";

describe.each([
  ["English", english],
  ["Chinese", chinese],
])("in %s", (_language, { word }) => {
  test.each([...refusalPages])("the page %s has a meaning, the wire, causes and steps", (page) => {
    const { causes, tries } = refusalAdvice[page];
    const texts = [
      word(sentence("refusal-meaning", { page })),
      word(sentence("refusal-wire", { page })),
      ...causes.map((cause) => word(sentence("refusal-cause", { number: 1, cause }))),
      ...tries.map((step) => word(sentence("refusal-try", { step }))),
    ];
    expect(Math.min(causes.length, tries.length)).toBeGreaterThan(0);
    expect(new Set(texts).size).toBe(texts.length);
    expect(measureColumns(texts[0]!)).toBeLessThan(60);
    for (const text of texts) expect(text).not.toContain("undefined");
  });
});

test("the steps are commands that exist, and starts that the program accepts", () => {
  const names = new Set(commandTable.map(({ name }) => `/${name}`));
  for (const step of Object.values(refusalAdvice).flatMap(({ tries }) => tries)) {
    const tried = english.word(sentence("refusal-try", { step }));
    for (const [command] of tried.matchAll(/(?<![\w/])\/[a-z-]+/g)) expect(names).toContain(command);
    const [, start] = /^bun run start ((?:-{1,2}[\w-]+ |require |HOST |PORT )*)/.exec(tried) ?? [];
    if (start === undefined) continue;
    const argv = start.trim().replace("HOST", "127.0.0.1").replace("PORT", "8080").split(" ");
    const parsed = parseOptions(argv, { isTerminal: true, loginName: "ann" });
    expect([tried, parsed.kind]).toEqual([tried, "run"]);
  }
});

test("each refusal has its page, by the sentence itself or as the reason of another", () => {
  const samples = Object.entries(sentenceSamples).map(([id, params]) => ({ id, params }));
  const found = new Set<string>();
  for (const sample of samples) {
    if (!isSentence(sample)) continue;
    const page = findPageOf(sample as never);
    if (page !== undefined) found.add(page);
  }
  expect([...found].toSorted()).toEqual([...refusalPages, "PRIVATE"].toSorted());
  expect([1, 2, 3, 77].map((reason) => findPageOf(sentence("seal-refused", { reason })))).toEqual([
    "BUSY",
    "EPASSWORD",
    "HANDSHAKE",
    "HANDSHAKE",
  ]);
  const reason = sentence("session-broken", { why: "cut" });
  expect(findPageOf(sentence("peer-left", { name: "bob", reason }))).toBe("SESSION");
  expect(findPageOf(sentence("peer-left", { name: "bob", reason: undefined }))).toBeUndefined();
});

/** What `/why` says now: its first row. */
function why(duet: Duet, word = ""): string {
  const before = duet.lines().length;
  duet.command(`/why ${word}`.trim());
  return duet.lines()[before] ?? "";
}

describe("/why alone explains what was refused last", () => {
  test("a changed key, also in the hint of its row", () => {
    const world = new World();
    const person = fakePeople(50);
    person.learn(
      {
        is: "met",
        key: "a".repeat(52),
        signing: undefined,
        name: "bob",
        endpoint: "127.0.0.1:8080",
        atMs: 1,
      },
      () => {},
    );
    const host = world.duet({ name: "bob", encrypt: "require" });
    host.open({ role: "listen", target: homeTarget });
    const ann = world.duet({ name: "ann", duet: true, encrypt: "require" }, person);
    ann.open({ role: "connect", target: homeTarget });
    world.pass(1000);
    expect(ann.errors().at(-1)).toStartWith("EKEY");
    expect(why(ann)).toBe("EKEY: the peer does not prove the key that you rely on");
  });

  test("a host that only accepts encrypted duets, and then a network error that follows it", () => {
    const world = new World();
    const host = world.duet({ name: "bob", encrypt: "require" });
    host.open({ role: "listen", target: homeTarget });
    const carl = world.duet({ name: "carl", duet: true, encrypt: "off" });
    carl.open({ role: "connect", target: homeTarget });
    world.pass(10_000);
    expect(host.lines().at(-1)).toMatch(/^127\.0\.0\.1:\d+ was turned away: it does not encrypt/);
    for (const duet of [carl, host])
      expect(why(duet)).toBe("REQUIRED: one side only encrypts, and the other does not");
    host.quit();
    world.pass(5000);
    carl.command("/connect 127.0.0.1 9");
    world.pass(5000);
    expect(why(carl)).toStartWith("ECONNREFUSED (connect 127.0.0.1:9)");
  });

  test("a comparison with other digits", () => {
    const world = new World();
    const host = world.duet({ name: "bob", encrypt: "require" });
    host.open({ role: "listen", target: homeTarget });
    const ann = world.duet({ name: "ann", duet: true, encrypt: "require" });
    ann.open({ role: "connect", target: homeTarget });
    world.pass(1000);
    ann.command("/verify bob");
    world.pass(1000);
    ann.command("/verify bob different");
    world.pass(1000);
    expect(why(ann)).toStartWith("VERIFY: ");
    expect(why(host)).toStartWith("VERIFY: ");
  });
});

test("/why takes a page's word in any case, lists them all, and completes them", () => {
  const duet = new World().duet();
  expect(why(duet, "ekey")).toStartWith("EKEY: ");
  expect(why(duet, "session")).toStartWith("SESSION: ");
  duet.command("/why nosuch");
  for (const page of refusalPages) expect(duet.errors().at(-1)).toContain(page);
  const commands = commandTable.map((command) => ({ ...command, summary: "" }));
  const { candidates } = complete("/why ha", 7, { commands, names: [] });
  expect(candidates.map(({ text }) => text)).toEqual(["HANDSHAKE"]);
});
