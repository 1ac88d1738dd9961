/** The summary printed once the screen has closed. */

import { expect, test } from "bun:test";
import { exitHangup, exitNetwork, exitOk } from "../../src/cli/process/exit-code.ts";
import { formatExitError } from "../../src/cli/screen/exit-summary.ts";
import { chinese, english } from "../support/words.ts";
import type { NetworkError } from "../../src/protocol/sockets/network-error.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";

const refused: NetworkError = {
  code: "ECONNREFUSED",
  call: "connect",
  target: "h:1",
  transport: "tcp",
};

const error = {
  type: "error",
  atMs: 0,
  transport: "tcp",
  code: "ECONNREFUSED",
  message: sentence("network-error", { error: refused }),
  hint: sentence("network-hint", { error: refused, isInChat: true }),
} as const;

test("a failure prints the last error and its next step in the person's language; other exits print nothing", () => {
  expect(formatExitError(exitNetwork, error, english)).toBe(
    `duet: h:1 refused the connection: no program listens on that port, or a firewall refuses for it.\n` +
      `      Check host and port, or listen there first: bun run start -l h 1\n`,
  );
  expect(formatExitError(exitNetwork, error, chinese)).toBe(
    "duet: h:1 拒绝了连接：那个端口上无人监听，或防火墙代为拒绝。\n      检查主机和端口，或先在那里监听：bun run start -l h 1\n",
  );
  for (const code of [exitOk, exitHangup]) expect(formatExitError(code, error, chinese)).toBe("");
  expect(formatExitError(exitNetwork, undefined, chinese)).toBe("");
});
