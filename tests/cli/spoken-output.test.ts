import { expect, test } from "bun:test";
import { commandTable } from "../../src/chat/commands/command-table.ts";
import type { Output } from "../../src/chat/model/output.ts";
import { formatSpoken, formatSpokenHelp } from "../../src/cli/output/spoken-output.ts";
import { asWritten, chinese, english } from "../support/words.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";

const base = { atMs: 0, transport: "tcp" } as const;
const message = {
  type: "message",
  id: 1,
  direction: "in",
  peer: "h:1",
  name: "bob",
  bytes: 2,
  action: false,
} as const;

function spoken(output: Partial<Output> & Pick<Output, "type">): string | undefined {
  return formatSpoken({ ...base, ...output } as Output, () => "14:03", english);
}

test.each([
  [{ ...message, text: "hello" }, "14:03 bob says: hello\n"],
  [{ ...message, text: "one\ntwo\n" }, "14:03 bob says: one\n14:03 bob says: two\n"],
  [{ ...message, text: "waves", action: true }, "14:03 bob does: waves\n"],
  [{ ...message, text: "psst", private: true }, "14:03 bob says to you alone: psst\n"],
  [{ ...message, text: "\x1b[2Jx\r\n" }, "14:03 bob says: ␛[2Jx\n"],
  [{ ...message, name: "error: lost", text: "x" }, '14:03 "error: lost" says: x\n'],
  [{ ...message, name: "127.0.0.1:5", text: "x" }, "14:03 127.0.0.1:5 says: x\n"],
  [
    { ...message, text: "x", private: true, key: "ez76", marks: ["introduced", "another-key"] },
    "14:03 warning: only the host says whose key this is\n" +
      "14:03 warning: another key than the bob you know\n14:03 bob says to you alone: x\n",
  ],
  [
    { ...message, direction: "out", text: "ours", marks: ["host-reads"] },
    "14:03 warning: not encrypted end to end: the host can read it\n",
  ],
  [{ ...message, direction: "out", text: "ours" }, undefined],
  [
    {
      type: "state",
      from: "CLOSED",
      to: "LISTEN",
      local: "h:8080",
      peer: "h:8080",
      reason: asWritten("h:8080 is ours"),
    },
    "14:03 duet: TCP is now LISTEN, was CLOSED: h:8080 is ours\n",
  ],
  [
    {
      type: "state",
      from: "CONNECTING",
      to: "REFUSED",
      local: undefined,
      peer: "h:9",
      reason: asWritten("nobody listens"),
    },
    "14:03 duet: TCP h:9 is now REFUSED, was CONNECTING: nobody listens\n",
  ],
  [
    { type: "notice", tone: "joined", text: asWritten("bob joined"), hint: undefined },
    "14:03 duet: bob joined\n",
  ],
  [
    { type: "notice", tone: "warning", text: asWritten("slow."), hint: asWritten("wait") },
    "14:03 warning: slow. Next: wait\n",
  ],
  [
    { type: "notice", tone: "info", text: asWritten("bob    h:9  raw  TCP ● ESTABLISHED"), hint: undefined },
    "14:03 duet: bob, h:9, raw, TCP ESTABLISHED\n",
  ],
  [
    { type: "error", code: "EUSAGE", message: asWritten("no such peer."), hint: asWritten("/who") },
    "14:03 error: no such peer. Next: /who\n",
  ],
  [{ type: "stats", peers: 0, bytesIn: 0, bytesOut: 0, queues: [] }, undefined],
] as [Partial<Output> & Pick<Output, "type">, string | undefined][])("%j is %j", (output, line) => {
  expect(spoken(output)).toBe(line as string);
});

test("help has a line for each command that needs no drawn screen", () => {
  const lines = formatSpokenHelp(english).trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(10);
  const names: readonly string[] = commandTable.map(({ name }) => name);
  for (const line of lines) expect(names).toContain(/^\/([\w-]+)/.exec(line)?.[1] ?? "");
  expect(formatSpokenHelp(english)).not.toContain("/mouse");
});

test("in Chinese whole sentences are Chinese, and messages are not translated", () => {
  const inChinese = (output: Partial<Output> & Pick<Output, "type">) =>
    formatSpoken({ ...base, ...output } as Output, () => "14:03", chinese);
  expect(inChinese({ ...message, text: "hello" })).toBe("14:03 bob 说：hello\n");
  expect(inChinese({ ...message, text: "psst", private: true })).toBe("14:03 bob 只对你说：psst\n");
  expect(inChinese({ ...message, name: "错误：全丢了", text: "x" })).toBe('14:03 "错误：全丢了" 说：x\n');
  const error = { code: "ECONNREFUSED", call: "connect", target: "127.0.0.1:9", transport: "tcp" } as const;
  expect(
    inChinese({
      type: "error",
      code: "ECONNREFUSED",
      message: sentence("network-error", { error }),
      hint: sentence("network-hint", { error }),
    }),
  ).toBe(
    "14:03 错误：127.0.0.1:9 拒绝了连接：那个端口上无人监听，或防火墙代为拒绝。下一步：检查主机和端口，或先在那里监听：bun run start -l 127.0.0.1 9\n",
  );
  expect(
    inChinese({
      type: "state",
      from: "CLOSED",
      to: "LISTEN",
      local: "h:1",
      peer: undefined,
      reason: sentence("closed-here"),
    }),
  ).toBe("14:03 duet：TCP 现在是 LISTEN，之前是 CLOSED：本端已关闭\n");
  expect(formatSpokenHelp(chinese)).toContain("/who：谁在这里");
});
