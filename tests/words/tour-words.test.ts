/** The texts of the tour in each language; that none is missing is a matter of types. */

import { describe, expect, test } from "bun:test";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { tourSteps } from "../../src/tour/tour-steps.ts";
import { languages, localeLanguage } from "../../src/words/parts/language.ts";
import { loadTourWords } from "../../src/words/load-words.ts";

const facts = {
  server: "127.0.0.1:40001",
  client: "127.0.0.1:40002",
  serverPort: "40001",
  clientPort: "40002",
  dropped: 1,
};

describe.each([...languages])("in %s", (language) => {
  test("every step has a title of its own, and a text in whole sentences", async () => {
    const words = await loadTourWords(language);
    const titles = tourSteps.map(({ id }) => words.steps[id].title);
    expect(new Set(titles).size).toBe(tourSteps.length);
    for (const { id } of tourSteps) {
      const text = words.steps[id].text(facts);
      expect(text).toMatch(/^\S.*[.。）)]$/);
      expect(text).not.toMatch(/undefined|\s\s/);
      expect(measureColumns(words.steps[id].title)).toBeLessThanOrEqual(38);
    }
  });

  test("each step names the same facts as in English", async () => {
    const [words, english] = await Promise.all([loadTourWords(language), loadTourWords("en")]);
    const named = (text: string) => (text.match(/127\.0\.0\.1:\d+|\b4000[12]\b/g) ?? []).toSorted();
    for (const { id } of tourSteps)
      expect([id, named(words.steps[id].text(facts))]).toEqual([id, named(english.steps[id].text(facts))]);
  });

  test("the calls and states keep their names", async () => {
    const words = await loadTourWords(language);
    for (const [id, name] of [
      ["tcp-bind", "bind"],
      ["tcp-listen", "LISTEN"],
      ["tcp-connect", "SYN+ACK"],
      ["tcp-time-wait", "TIME-WAIT"],
      ["udp-lost", "sendto"],
    ] as const)
      expect(words.steps[id].text(facts)).toContain(name);
  });

  test("the keys have a form for every width", async () => {
    const words = await loadTourWords(language);
    for (const keys of [words.keys, words.lastKeys]) {
      const widths = keys.map((each) => measureColumns(`${words.place(18, 18)} │ ${each}`));
      expect(widths).toEqual(widths.toSorted((one, other) => other - one));
      expect(widths.at(-1)).toBeLessThanOrEqual(20);
    }
  });
});

test("Chinese texts have no English words and no half-width punctuation", async () => {
  const words = await loadTourWords("zh");
  for (const { id } of tourSteps) {
    const text = words.steps[id].text(facts);
    expect(text).toMatch(/\p{Script=Han}{2}/u);
    expect(text).not.toMatch(/\p{Script=Han}[,.;:!?]/u);
    expect(text).not.toMatch(/\b(the|and|is|with)\b/);
  }
});

test("LC_ALL precedes LC_MESSAGES and LANG, and an empty variable counts as unset", () => {
  expect(localeLanguage({ LANG: "zh_CN.UTF-8" })).toBe("zh");
  expect(localeLanguage({ LANG: "zh_CN.UTF-8", LC_MESSAGES: "de_DE" })).toBe("en");
  expect(localeLanguage({ LANG: "C", LC_MESSAGES: "", LC_ALL: "zh-Hans" })).toBe("zh");
  expect(localeLanguage({ LC_ALL: "C.UTF-8", LANG: "zh_CN" })).toBe("en");
  expect(localeLanguage({ LANG: "zhx" })).toBe("en");
  expect(localeLanguage({ LANG: "zh" })).toBe("zh");
  expect(localeLanguage({})).toBe("en");
});
