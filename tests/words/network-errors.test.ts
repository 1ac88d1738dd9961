/** Every network error has a message and a next step in plain words. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { anyCodePoint } from "../support/code-points.ts";
import type { ErrorCode, NetworkError, PathFile } from "../../src/protocol/sockets/network-error.ts";
import { commandTable } from "../../src/chat/commands/command-table.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";
import { chinese, english } from "../support/words.ts";

/** A record, so that a new code does not compile before it is listed here. */
const codes = Object.keys({
  EADDRINUSE: 0,
  EADDRNOTAVAIL: 0,
  EACCES: 0,
  ENOTFOUND: 0,
  EAI_AGAIN: 0,
  ECONNREFUSED: 0,
  ENETUNREACH: 0,
  EHOSTUNREACH: 0,
  ETIMEDOUT: 0,
  ECONNRESET: 0,
  EPIPE: 0,
  EMSGSIZE: 0,
  ENAMETOOLONG: 0,
  ENOENT: 0,
  EMFILE: 0,
  EINVAL: 0,
  EAFNOSUPPORT: 0,
  ENODEV: 0,
  EUNKNOWN: 0,
} satisfies Record<ErrorCode, 0>) as ErrorCode[];

const calls = [
  "resolve",
  "bind",
  "listen",
  "accept",
  "connect",
  "send",
  "recv",
  "sendto",
  "recvfrom",
  "shutdown",
  "close",
] as const satisfies readonly NetworkError["call"][];

function describeError(fields: Partial<NetworkError>, { word } = english) {
  const error: NetworkError = {
    code: "EUNKNOWN",
    call: "connect",
    target: "127.0.0.1:8080",
    transport: "tcp",
    ...fields,
  };
  return {
    message: word(sentence("network-error", { error })),
    hint: word(sentence("network-hint", { error })),
  };
}

test("a UNIX path that is refused or taken is worded by its file, and only a leftover or an unknown file is offered to rm", () => {
  for (const language of [english, chinese]) {
    const word = (code: ErrorCode, call: "bind" | "connect", file: PathFile | undefined) =>
      describeError({ code, call, target: "/tmp/chat", ...(file === undefined ? {} : { file }) }, language);
    const refused = files.map((file) => word("ECONNREFUSED", "connect", file));
    expect(new Set(refused.map(({ message }) => message)).size).toBe(files.length);
    for (const { hint } of refused) expect(hint).not.toContain("rm ");
    const taken = files.map((file) => word("EADDRINUSE", "bind", file));
    expect(taken.map(({ hint }) => hint.includes("rm /tmp/chat"))).toEqual(
      files.map((file) => file === "unbound"),
    );
    expect(word("EADDRINUSE", "bind", undefined).hint).toContain("ss -xap");
  }
});

const files: readonly PathFile[] = ["no-socket", "unbound", "datagram", "stream"];

describe.each(calls)("for %s", (call) => {
  test.each(["127.0.0.1:8080", "[::1]:80", "/tmp/chat", "@chat"])(
    "each code has its own words for %s",
    (target) => {
      for (const transport of ["tcp", "udp"] as const) {
        const described = codes.map((code) => describeError({ code, call, target, transport }));
        expect(new Set(described.map(({ message }) => message)).size).toBe(codes.length);
        for (const { message, hint } of described) {
          expect(message).toContain(target);
          expect(message).toMatch(/^\S.{20,}\.$/);
          expect(hint).toMatch(/^[A-Z].{20,}$/);
          expect(`${message} ${hint}`).not.toMatch(/Error:|undefined|NaN|\n/);
        }
        const inChinese = codes.map((code) => describeError({ code, call, target, transport }, chinese));
        expect(new Set(inChinese.map(({ message }) => message)).size).toBe(codes.length);
        for (const { message, hint } of inChinese) {
          expect(message).toContain(target);
          expect(message).toMatch(/\p{Script=Han}.*。$/u);
          expect(hint).toMatch(/\p{Script=Han}/u);
          expect(`${message} ${hint}`).not.toMatch(/Error:|undefined|NaN|\n/);
        }
      }
    },
  );
});

test.each([
  [{ code: "EADDRINUSE", call: "listen" }, "bun run start -l 127.0.0.1 8081"],
  [{ code: "EADDRINUSE", call: "listen" }, "ss -tanp 'sport = :8080'"],
  [{ code: "EADDRINUSE", call: "bind", transport: "udp" }, "bun run start --udp -l 127.0.0.1 8081"],
  [{ code: "EADDRINUSE", call: "bind", transport: "udp" }, "ss -uanp 'sport = :8080'"],
  [{ code: "EADDRINUSE", call: "listen", target: "[::1]:65535" }, "bun run start -l ::1 8080"],
  [{ code: "EADDRINUSE", call: "listen", target: "/tmp/a b" }, "rm '/tmp/a b'"],
  [{ code: "EACCES", call: "listen", target: "127.0.0.1:80" }, "Choose 1024 or above"],
  [{ code: "ECONNREFUSED" }, "bun run start -l 127.0.0.1 8080"],
  [{ code: "ECONNREFUSED", target: "/tmp/chat" }, "bun run start -l -U /tmp/chat"],
  [{ code: "ENOENT", target: "/tmp/chat" }, "bun run start -l -U /tmp/chat"],
  [{ code: "EMFILE", call: "accept" }, "ulimit -n"],
  [{ code: "ETIMEDOUT" }, "-w SECONDS"],
  [{ code: "ENOTFOUND", call: "resolve", target: "exmaple.test:80" }, "getent ahosts exmaple.test"],
  [{ code: "ECONNRESET" }, "Connect again: bun run start 127.0.0.1 8080"],
] as const)("%o hints at %s", (fields, hint) => {
  expect(describeError(fields).hint).toContain(hint);
});

test("the program that holds a port is named if known", () => {
  const { message } = describeError({ code: "EADDRINUSE", call: "listen", holder: "nc (pid 4711)" });
  expect(message).toBe("127.0.0.1:8080 is in use: nc (pid 4711) has the port.");
});

test("messages name the bounds", () => {
  expect(describeError({ code: "EMSGSIZE", call: "sendto" }).message).toContain("65,507 bytes");
  expect(describeError({ code: "ENAMETOOLONG", target: "/tmp/x" }).message).toContain("107 bytes");
});

test("the runtime's message appears without class, stack and second full stop", () => {
  const detail = "TypeError: Error: Failed to listen.\n    at <anonymous> (main.ts:3)";
  expect(describeError({ call: "listen", detail }).message).toBe(
    "listen failed for 127.0.0.1:8080: Failed to listen.",
  );
});

test("the description of any error is one line without control characters", () => {
  const text = fc.string({ unit: anyCodePoint });
  const error = fc.record({
    code: fc.constantFrom(...codes),
    call: fc.constantFrom(...calls),
    target: text,
    holder: text,
    detail: text,
  });
  fc.assert(
    fc.property(error, fc.constantFrom(english, chinese), (fields, words) => {
      const { message, hint } = describeError(fields, words);
      expect(message + hint).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202E]/u);
    }),
  );
});

test("inside the chat no hint starts duet from a shell, and each command of the chat exists", () => {
  const names = new Set(commandTable.map(({ name }) => `/${name}`));
  for (const { word } of [english, chinese])
    for (const code of codes)
      for (const call of calls)
        for (const target of ["127.0.0.1:8080", "[::1]:80", "/tmp/chat", "@chat"]) {
          const error: NetworkError = { code, call, target, transport: "tcp" };
          const hint = word(sentence("network-hint", { error, isInChat: true }));
          expect(hint).not.toContain("bun run start");
          for (const [command] of hint.matchAll(/(?<![\w/~"'])\/[a-z]+(?![\w/])/g))
            expect([...names, "/tmp"]).toContain(command);
        }
});
