/** The sentence tables: every id is worded in every language, with all of its parameters. */

import { describe, expect, test } from "bun:test";
import { cleanText } from "../../src/protocol/text/text.ts";
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
  test("every sentence has a text, without traces of code", () => {
    for (const id of ids) {
      const text = word(sampleOf(id));
      expect([id, text.trim() === "" ? "empty" : ""]).toEqual([id, ""]);
      expect(text).not.toMatch(/undefined|\[object|NaN|=>|\$\{/);
      expect(text).not.toContain("\n");
    }
  });

  test("names, paths and addresses appear unchanged", () => {
    for (const id of ids) {
      const text = word(sampleOf(id));
      for (const words of markedIn(sentenceSamples[id]))
        expect([id, text]).toEqual([id, expect.stringContaining(words)]);
    }
  });

  test("whatever names, paths and addresses have in them, a sentence is one line of clean text", () => {
    const hostile = `${mark}\x1b]0;title\x07\x9b31m\u202E\r\n\ud800`;
    const replaceMarks = (value: unknown): unknown =>
      typeof value === "string"
        ? value.replaceAll(mark, hostile)
        : typeof value !== "object" || value === null
          ? value
          : Array.isArray(value)
            ? value.map(replaceMarks)
            : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaceMarks(one)]));
    for (const id of ids) {
      const text = word({ id, params: replaceMarks(sentenceSamples[id]) } as Sentence);
      expect([id, cleanText(text)]).toEqual([id, text]);
    }
  });

  test("every number appears in the sentence", () => {
    for (const id of ids)
      for (const changed of withOtherNumbers(sentenceSamples[id]))
        expect([id, word({ id, params: changed } as Sentence)]).not.toEqual([id, word(sampleOf(id))]);
  });

  test("each sentence is worded in the language", () => {
    if (language !== "Chinese") return;
    const same = ids.filter((id) => !/\p{Script=Han}/u.test(word(sampleOf(id))));
    expect(new Set(same)).toEqual(
      new Set<SentenceId>(["duration", "as-written", "lan-invitation", "key-changed-reason"]),
    );
  });
});

/** Every text with the mark, at any depth. */
function markedIn(value: unknown): readonly string[] {
  if (typeof value === "string") return value.includes(mark) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(markedIn) : [];
}

/** The parameters with one number changed, once for each number but a row's index. */
function withOtherNumbers(value: unknown): readonly unknown[] {
  if (typeof value === "number") return [value * 3 + 1];
  if (Array.isArray(value))
    return value.flatMap((one, at) => withOtherNumbers(one).map((other) => value.with(at, other)));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .filter(([key]) => key !== "at" && key !== "seed" && key !== "family")
    .flatMap(([key, one]) => withOtherNumbers(one).map((other) => ({ ...value, [key]: other })));
}

test("a name that contains the words of a sentence stays one name", () => {
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

test("names are counted and joined by the rules of the language", () => {
  const joined = (names: readonly string[], more: number) => sentence("several-joined", { names, more });
  expect(languages.English(joined(["bob", "eve"], 31))).toBe("bob, eve and 31 more joined");
  expect(languages.English(joined(["bob", "eve", "joe"], 0))).toBe("bob, eve and joe joined");
  expect(languages.Chinese(joined(["bob", "eve"], 31))).toBe("bob、eve 等 33 人加入了");
});

test("a sentence within a sentence is worded in the same language", () => {
  const ending = sentence("peer-left", {
    name: "bob",
    reason: sentence("unanswered-pings", { who: undefined, pings: 3 }),
  });
  expect(languages.English(ending)).toBe("bob is gone: answered none of 3 pings");
  expect(languages.Chinese(ending)).toBe("bob 已掉线：对 3 次 ping 都没有应答");
});

test("a peer that left is named once, with the reason of its goodbye, and alone it is the peer", () => {
  const goodbye = (reason?: Sentence) => sentence("said-goodbye", { reason });
  const left = (reason?: Sentence) => sentence("peer-left", { name: "bob", reason: goodbye(reason) });
  const signal = sentence("signal-came", { signal: "SIGTERM" });
  expect([left(), left(sentence("quit")), left(signal)].map(languages.English)).toEqual([
    "bob left",
    "bob left",
    "bob left (SIGTERM)",
  ]);
  expect([left(), left(signal)].map(languages.Chinese)).toEqual(["bob 离开了", "bob 离开了（收到 SIGTERM）"]);
  expect(languages.English(goodbye(signal))).toBe("the peer left (SIGTERM)");
  expect(languages.Chinese(goodbye())).toBe("对方已离开");
  const gone = sentence("lan-gone", { name: "bob", reason: goodbye() });
  expect(languages.English(gone)).toBe("bob left the local network");
});

test("the columns of a table are aligned in each language", () => {
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

test("hints name the program that the person starts", () => {
  const named = wordWith(sentencesEnglish, "bunx duet");
  const error = { code: "ECONNREFUSED", call: "connect", target: "127.0.0.1:9", transport: "udp" } as const;
  expect(named(sentence("network-hint", { error }))).toContain("bunx duet --udp -l 127.0.0.1 9");
  for (const id of ids) expect(named(sampleOf(id))).not.toContain("bun run");
});

test("impairment is worded without the parts that are zero", () => {
  const nothing = { lossPercent: 0, duplicatePercent: 0, reorderPercent: 0, delayMs: 0, seed: undefined };
  const worded = (trouble: typeof nothing) => languages.English(sentence("trouble", { trouble }));
  expect(worded({ ...nothing, lossPercent: 20, delayMs: 50 })).toBe("loss 20% delay 50 ms");
  expect(worded({ ...nothing, duplicatePercent: 5, reorderPercent: 1.5 })).toBe("dup 5% reorder 1.5%");
});
