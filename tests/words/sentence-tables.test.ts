/** The tables of sentences: every id is worded in every language, with all that it was given and nothing made up. */

import { describe, expect, test } from "bun:test";
import { sentence, wordWith, type Sentence, type SentenceId } from "../../src/words/sentences/sentence.ts";
import { sentencesEnglish } from "../../src/words/en/sentences.ts";
import { sentencesChinese } from "../../src/words/zh/sentences.ts";
import { mark, sentenceSamples } from "./sentence-samples.ts";

const ids = Object.keys(sentenceSamples) as SentenceId[];
const languages = {
  English: wordWith(sentencesEnglish, "bun run start"),
  Chinese: wordWith(sentencesChinese, "bun run start"),
};

function sampleOf(id: SentenceId): Sentence {
  return { id, params: sentenceSamples[id] } as Sentence;
}

describe.each(Object.entries(languages))("in %s", (language, word) => {
  test("every sentence has words, and none of them is a programmer's", () => {
    for (const id of ids) {
      const text = word(sampleOf(id));
      expect([id, text.trim() === "" ? "empty" : ""]).toEqual([id, ""]);
      expect(text).not.toMatch(/undefined|\[object|NaN|=>|\$\{/);
      expect(text).not.toContain("\n");
    }
  });

  test("names, paths and addresses are in the sentence as they are", () => {
    for (const id of ids) {
      const text = word(sampleOf(id));
      for (const words of markedIn(sentenceSamples[id]))
        expect([id, text]).toEqual([id, expect.stringContaining(words)]);
    }
  });

  test("another number makes another sentence", () => {
    for (const id of ids)
      for (const changed of withOtherNumbers(sentenceSamples[id]))
        expect([id, word({ id, params: changed } as Sentence)]).not.toEqual([id, word(sampleOf(id))]);
  });

  test("each sentence is worded in the language", () => {
    if (language !== "Chinese") return;
    const same = ids.filter((id) => !/\p{Script=Han}/u.test(word(sampleOf(id))));
    expect(new Set(same)).toEqual(new Set<SentenceId>(["duration", "as-written", "lan-invitation"]));
  });
});

/** Every text with the mark, however deep it stands. */
function markedIn(value: unknown): readonly string[] {
  if (typeof value === "string") return value.includes(mark) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(markedIn) : [];
}

/** The parameters with one number changed, once for each number. A row's place in its table is no figure. */
function withOtherNumbers(value: unknown): readonly unknown[] {
  if (typeof value === "number") return [value * 3 + 1];
  if (Array.isArray(value))
    return value.flatMap((one, at) => withOtherNumbers(one).map((other) => value.with(at, other)));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .filter(([key]) => key !== "at" && key !== "seed" && key !== "family")
    .flatMap(([key, one]) => withOtherNumbers(one).map((other) => ({ ...value, [key]: other })));
}

test("a name with the words of a sentence in it stays one name", () => {
  const left = sentence("peer-left", { name: "salt and pepper", reason: undefined });
  expect(languages.English(left)).toBe("salt and pepper left");
  expect(languages.Chinese(left)).toBe("salt and pepper 离开了");
  const several = sentence("several-joined", {
    names: ["salt and pepper", "nobody left: closed here"],
    more: 0,
  });
  expect(languages.English(several)).toBe("salt and pepper and nobody left: closed here joined");
  expect(languages.Chinese(several)).toBe("salt and pepper 和 nobody left: closed here 加入了");
});

test("names are counted and joined as the language does it", () => {
  const joined = (names: readonly string[], more: number) => sentence("several-joined", { names, more });
  expect(languages.English(joined(["bob", "eve"], 31))).toBe("bob, eve and 31 more joined");
  expect(languages.English(joined(["bob", "eve", "joe"], 0))).toBe("bob, eve and joe joined");
  expect(languages.Chinese(joined(["bob", "eve"], 31))).toBe("bob、eve 等又有 31 人加入了");
});

test("a sentence within a sentence is worded in the same language", () => {
  const ending = sentence("peer-left", {
    name: "bob",
    reason: sentence("unanswered-pings", { who: undefined, pings: 3 }),
  });
  expect(languages.English(ending)).toBe("bob left: answered none of 3 pings");
  expect(languages.Chinese(ending)).toBe("bob 离开了：对 3 次 ping 都没有应答");
});

test("the columns of a table line up in each language", () => {
  const table = {
    rows: [
      ["you", "10.0.0.1:9", sentence("you"), "TCP"],
      ["bob", "", sentence("kind-raw"), "TCP", "", sentence("loss", { share: 0 })],
    ],
  };
  expect([0, 1].map((at) => languages.Chinese(sentence("row", { table, at })))).toEqual([
    "you  10.0.0.1:9  你        TCP",
    "bob              普通程序  TCP    丢包 0 %",
  ]);
});

test("the name of the program is asked for", () => {
  const named = wordWith(sentencesEnglish, "bunx duet");
  const error = { code: "ECONNREFUSED", call: "connect", target: "127.0.0.1:9", transport: "udp" } as const;
  expect(named(sentence("network-hint", { error }))).toContain("bunx duet --udp -l 127.0.0.1 9");
  for (const id of ids) expect(named(sampleOf(id))).not.toContain("bun run");
});

test("trouble is told as it was meant, without what there is none of", () => {
  const nothing = { lossPercent: 0, duplicatePercent: 0, reorderPercent: 0, delayMs: 0, seed: undefined };
  const told = (trouble: typeof nothing) => languages.English(sentence("trouble", { trouble }));
  expect(told({ ...nothing, lossPercent: 20, delayMs: 50 })).toBe("loss 20% delay 50 ms");
  expect(told({ ...nothing, duplicatePercent: 5, reorderPercent: 1.5 })).toBe("dup 5% reorder 1.5%");
});
