import { describe, expect, test } from "bun:test";
import { replyMaxMs, TerminalQueries, type TerminalQuery } from "../../src/cli/terminal/terminal-queries.ts";
import type { ReplyEvent } from "../../src/input/keys/key-event.ts";

const fence = "\x1b[c";
const fenceReply: ReplyEvent = { type: "reply", kind: "csi", body: "?62;22c" };

function askWith(queries: readonly Partial<TerminalQuery>[]) {
  let nowMs = 5000;
  const replies: string[] = [];
  const asked = queries.map((query) => ({
    moments: ["entry" as const],
    getSequence: () => "?",
    onReply: ({ body }: ReplyEvent) => void replies.push(body),
    ...query,
  }));
  const terminal = new TerminalQueries(asked, () => nowMs);
  return { terminal, replies, pass: (ms: number) => void (nowMs += ms) };
}

describe("queries to the terminal", () => {
  test("are asked at their moments, with one fence behind them", () => {
    const { terminal } = askWith([
      { getSequence: () => "<1>" },
      { getSequence: () => "<2>", moments: ["entry", "focus"] },
      { getSequence: () => "" },
    ]);
    expect(terminal.takeSequence("entry")).toBe(`<1><2>${fence}`);
    expect(terminal.takeSequence("focus")).toBe(`<2>${fence}`);
  });

  test("are not fenced where nothing is asked", () => {
    const { terminal } = askWith([{ getSequence: () => "" }]);
    expect(terminal.takeSequence("entry")).toBe("");
    expect(terminal.waitMs).toBe(0);
  });

  test("every reply but that of a fence is passed on, however late", () => {
    const { terminal, replies, pass } = askWith([{}, {}]);
    terminal.takeSequence("entry");
    pass(10 * replyMaxMs);
    terminal.onReply({ type: "reply", kind: "osc", body: "11;x" });
    terminal.onReply({ type: "reply", kind: "csi", body: ">1;2;3c" });
    terminal.onReply(fenceReply);
    expect(replies).toEqual(["11;x", "11;x", ">1;2;3c", ">1;2;3c"]);
  });

  test("may be answered until their last fence is, and for a second at most after they were written", () => {
    const { terminal, pass } = askWith([{}]);
    terminal.takeSequence("entry");
    pass(100);
    terminal.takeSequence("entry");
    pass(100);
    terminal.onSent();
    terminal.onReply(fenceReply);
    expect(terminal.waitMs).toBe(replyMaxMs);
    pass(replyMaxMs - 1);
    expect(terminal.waitMs).toBe(1);
    pass(1);
    expect(terminal.waitMs).toBe(0);
    terminal.takeSequence("entry");
    expect(terminal.waitMs).toBe(replyMaxMs);
    terminal.onReply(fenceReply);
    terminal.onReply(fenceReply);
    expect(terminal.waitMs).toBe(0);
  });

  test("settle with the last fence", async () => {
    const { terminal } = askWith([{}]);
    await terminal.settle();
    terminal.takeSequence("entry");
    let isSettled = false;
    const settled = terminal.settle().then(() => (isSettled = true));
    expect(isSettled).toBe(false);
    terminal.onReply(fenceReply);
    await settled;
    expect(isSettled).toBe(true);
  });
});
