/**
 * What a hint asks for is possible where it is read: commands of the chat only where a person can type them, keys and
 * the composer only on the screen, and without a chat the shell's commands.
 */

import { describe, expect, test } from "bun:test";
import { commandTable } from "../../src/chat/commands/command-table.ts";
import { callNames } from "../../src/protocol/sockets/socket-call.ts";
import { errorCodes, type NetworkError } from "../../src/protocol/sockets/network-error.ts";
import { sentencesEnglish } from "../../src/words/en/sentences.ts";
import { type Sentence, sentence, type SentenceId, wordWith } from "../../src/words/sentences/sentence.ts";
import { sentencesChinese } from "../../src/words/zh/sentences.ts";
import { program } from "../support/words.ts";
import { sentenceSamples } from "./sentence-samples.ts";

const names = commandTable.map(({ name }) => name).join("|");
/** A command of the chat, not a path such as /proc/sys. */
const command = new RegExp(String.raw`(?:^|[^\w/])/(?:${names})(?![\w/-])`);
const key = /\bF[1-9]\b|\bEnter\b|\bEsc\b|\b(?:Ctrl|Alt|Shift)-|composer|回车|输入行/;

/** Answers to what a person typed as a command, or chose on the screen: no program pipes these in. */
const answers: readonly SentenceId[] = [
  ...(["usage", "unknown-command", "commands-there", "takes-no-argument", "takes-on-or-off"] as const),
  ...(["needs-name", "needs-text", "needs-name-and-text", "needs-file", "needs-bytes"] as const),
  ...([
    "needs-drawn-screen",
    "why-code-hint",
    "why-tells-more",
    "error-try",
    "refusal-try",
    "raw-off",
    "raw-off-first",
  ] as const),
  ...([
    "unix-needs-tcp",
    "group-has-no-listener",
    "group-needs-udp",
    "lan-off-hint",
    "comparison-missing",
    "trouble-hint",
  ] as const),
  ...([
    "rules-unchanged",
    "to-ends-that",
    "to-ends-private-line",
    "me-is-for-all",
    "another-of-that-name",
  ] as const),
  ...([
    "udp-has-no-reset",
    "too-much-hex",
    "duet-takes-frames",
    "buffer-size",
    "reading-stopped-hint",
  ] as const),
  ...(["broadcast-needs-network", "no-call-passes-wire-all", "quit-or-shutdown"] as const),
  ...(["identity-acts", "identity-needs-file", "renew-asks"] as const),
  ...(["hub-takes", "hub-is-ours", "hub-missing"] as const),
  // Only where a person can type: recipients.ts, presence-notices.ts.
  ...(["enter-again-hint", "reconnect-hint", "no-slash-hint", "peers-need-columns"] as const),
  // Says that it is for the screen.
  "broadcast-is-command",
];
/** They have the place as a parameter: the samples are those of the chat. */
const byParameter: readonly SentenceId[] = ["neighbour-hint", "port-kept-hint", "target-held-hint"];
/** Hints of keys on the screen itself, and two about what a later start can do. */
const ofScreen: readonly SentenceId[] = [
  ...(["ctrl-c-quits", "esc-shows-answer", "composer-full", "no-call-passes", "unsent-in-history"] as const),
  ...(["mouse-on", "peers-hidden", "copied", "clash", "tour-needs-terminal"] as const),
];

function list(word: (sentence: Sentence) => string, pattern: RegExp): readonly SentenceId[] {
  const ids = Object.keys(sentenceSamples) as SentenceId[];
  return ids.filter((id) => pattern.test(word({ id, params: sentenceSamples[id] } as Sentence)));
}

describe.each([
  ["English", sentencesEnglish],
  ["Chinese", sentencesChinese],
] as const)("in %s", (_language, table) => {
  test("without a chat no hint asks for a command of the chat", () => {
    const word = wordWith(table, program, "shell");
    const allowed = new Set<SentenceId>([...answers, ...byParameter]);
    expect(list(word, command).filter((id) => !allowed.has(id))).toEqual([]);
  });

  test.each(["lines", "shell"] as const)("with %s no hint asks for a key or the composer", (place) => {
    const word = wordWith(table, program, place);
    const allowed = new Set(ofScreen);
    expect(list(word, key).filter((id) => !allowed.has(id))).toEqual([]);
  });

  test("a parameter for the place does the same", () => {
    const word = wordWith(table, program, "shell");
    for (const id of byParameter) {
      const params = { ...sentenceSamples[id], isInChat: false, isTyped: false };
      const text = word({ id, params } as Sentence);
      expect([id, command.test(text), text.includes(program)]).toEqual([id, false, true]);
    }
  });

  test("the hint of no error asks for a command of the chat, by whatever call, over both transports", () => {
    const word = wordWith(table, program, "shell");
    for (const code of errorCodes)
      for (const call of callNames)
        for (const transport of ["tcp", "udp"] as const)
          for (const target of ["127.0.0.1:8080", "[fe80::1%eth0]:9", "/tmp/x.sock", "10.9.0.255:80"]) {
            const error: NetworkError = { code, call, target, transport };
            const hint = word(sentence("network-hint", { error }));
            // For a broadcast address it says that it is for the screen.
            const said = hint.replace(/[^;；]*\/broadcast[^;；]*/, "");
            expect([code, call, command.test(said), said]).toEqual([code, call, false, said]);
          }
  });
});

test("the pattern finds a command, and no path", () => {
  expect(
    ["/reconnect tries", "then /upgrade", "(/listen 0.0.0.0", "；/lan off"].map((text) => command.test(text)),
  ).toEqual([true, true, true, true]);
  expect(["cat /proc/sys/net", "rm /tmp/to", "a/quit"].map((text) => command.test(text))).toEqual([
    false,
    false,
    false,
  ]);
});
