/**
 * Every error has its page, and each error that loopback can cause is caused and explained by /why. tests/transport
 * causes EMFILE, EHOSTUNREACH, EAFNOSUPPORT and ENODEV, which need limits, a network or a socket of its own.
 */

import { expect, test } from "bun:test";
import { commandTable } from "../../src/chat/commands/command-table.ts";
import { parseOptions } from "../../src/cli/options/options.ts";
import { errorAdvice, errorCodes, findErrorCode } from "../../src/protocol/errors/error-advice.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { fullListener } from "../transport/full-listener.ts";
import { World } from "../support/chat-world.ts";
import { Folder } from "../support/duet.ts";
import { LiveChat } from "../support/live-chat.ts";
import { freePort } from "../support/tutorial.ts";
import type { ErrorCode } from "../../src/protocol/sockets/network-error.ts";
import { whyEnglish } from "../../src/words/en/why.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";
import { english } from "../support/words.ts";

/** The page of a code, in English. */
function pageOf(code: ErrorCode) {
  const { causes, tries } = errorAdvice[code];
  return {
    meaning: whyEnglish.meanings[code],
    wire: whyEnglish.wires[code],
    causes: causes.map((cause) => whyEnglish.causes[cause]),
    tries: tries.map((step) => english.word(sentence("error-try", { step }))),
  };
}

/** Waits for an error with one of these codes, runs /why, and reads the page. */
async function explains(chat: LiveChat, ...codes: readonly string[]): Promise<void> {
  await chat.until(codes.join(" or "), () => codes.includes(chat.session.chat.lastError?.code ?? ""));
  const { code, call } = chat.session.chat.lastError!;
  const before = chat.lines().length;
  chat.command("/why");
  const page = chat.lines().slice(before);
  expect(page[0]).toStartWith(`${code} (${call} `);
  const expected = pageOf(code);
  expect(page[1]).toBe(`on the wire: ${expected.wire}`);
  expect(page[2]).toBe(`cause 1: ${expected.causes[0]}`);
  expect(page.slice(3).join("\n")).toContain(expected.tries[0]!);
  const tries = page.filter((line) => line.startsWith("try ")).map((line) => line.slice("try 1: ".length));
  expect(
    tries.filter((one, index) => tries.some((other, at) => at !== index && other.includes(one))),
  ).toEqual([]);
  chat.session.chat.lastError = undefined;
}

test("EADDRINUSE, EADDRNOTAVAIL and EINVAL are explained for endpoints that cannot be used", async () => {
  await using chat = new LiveChat("tcp");
  await chat.port();
  using taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  chat.command(`/listen 127.0.0.1 ${taken.port}`);
  await explains(chat, "EADDRINUSE");
  chat.command("/listen 192.0.2.1 8080");
  await explains(chat, "EADDRNOTAVAIL");
  chat.command("/connect fe80::1 9");
  await explains(chat, "EINVAL", "ENETUNREACH", "EHOSTUNREACH");
});

test("ECONNREFUSED, ETIMEDOUT and EACCES are explained for endpoints that do not answer", async () => {
  await using chat = new LiveChat("tcp", { connectTimeoutMs: 200 });
  await chat.port();
  chat.command(`/connect 127.0.0.1 ${await freePort("tcp")}`);
  await explains(chat, "ECONNREFUSED");
  using full = await fullListener();
  chat.command(`/connect 127.0.0.1 ${full.port}`);
  await explains(chat, "ETIMEDOUT");
  chat.command("/connect 255.255.255.255 9");
  await explains(chat, "EACCES", "ENETUNREACH");
});

test("ENOTFOUND or EAI_AGAIN is explained for an unknown name", async () => {
  await using chat = new LiveChat("tcp");
  await chat.port();
  chat.command("/connect nobody.invalid 80");
  await explains(chat, "ENOTFOUND", "EAI_AGAIN");
});

test("ENOENT and ENAMETOOLONG are explained for paths without a possible socket", async () => {
  using folder = new Folder();
  await using chat = new LiveChat("tcp");
  await chat.port();
  chat.command(`/connect -U ${folder.path}/nobody`);
  await explains(chat, "ENOENT");
  chat.command(`/listen -U ${folder.path}/${"x".repeat(108)}`);
  await explains(chat, "ENAMETOOLONG");
});

test("ECONNRESET and EPIPE are explained for a reset peer and one that closed before a write", async () => {
  const ends: Bun.Socket[] = [];
  using server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    allowHalfOpen: true,
    socket: { open: (socket) => void ends.push(socket), data() {}, error() {} },
  });
  await using chat = new LiveChat("tcp", { raw: true });
  await chat.port();
  chat.command(`/connect 127.0.0.1 ${server.port}`);
  await chat.until("a connection", () => chat.side.socket.state === "ESTABLISHED" && ends.length === 1);
  ends[0]!.terminate();
  await explains(chat, "ECONNRESET");
  chat.command(`/connect 127.0.0.1 ${server.port}`);
  await chat.until("another connection", () => chat.side.socket.state === "ESTABLISHED" && ends.length === 2);
  ends[1]!.end();
  await chat.until("its FIN", () => chat.side.socket.state === "HALF-CLOSED (theirs)");
  chat.session.enqueueText("anybody?");
  await explains(chat, "EPIPE", "ECONNRESET");
});

test("EMSGSIZE and ECONNREFUSED are explained for an oversized datagram and one to an unbound port", async () => {
  await using chat = new LiveChat("udp");
  await chat.port();
  const port = await freePort("udp");
  chat.command(`/connect 127.0.0.1 ${port}`);
  await chat.until("somebody chosen", () => chat.side.peers.size === 1);
  chat.session.enqueueText("x".repeat(65_508));
  await explains(chat, "EMSGSIZE");
  chat.session.enqueueText("anybody?");
  await explains(chat, "ECONNREFUSED");
});

test("each page has a meaning, causes, and steps to try that the program accepts", () => {
  const names = new Set(commandTable.map(({ name }) => `/${name}`));
  for (const code of errorCodes) {
    const { meaning, wire, causes, tries } = pageOf(code);
    // A command that lists one transport's sockets omits the other's, and these pages are for both.
    for (const listing of tries.filter((tried) => tried.startsWith("ss -l")))
      expect(listing).toStartWith("ss -ltun");
    for (const words of [meaning, wire, ...causes]) expect([code, words.length > 10]).toEqual([code, true]);
    expect(causes.length).toBeGreaterThan(0);
    for (const tried of tries) {
      const command = /^\/[\w-]+(?!\/)/.exec(tried)?.[0];
      if (command !== undefined) expect(names).toContain(command);
      const [, start] = /^bun run start ((?:-\w+ ?|\d+ ?|[A-Z]+ ?)*)/.exec(tried) ?? [];
      if (start === undefined) continue;
      const argv = start.trim().replace("HOST", "127.0.0.1").replace("PORT", "8080").split(" ");
      expect([tried, parseOptions(argv, { isTerminal: true, loginName: "ann" }).kind]).toEqual([
        tried,
        "run",
      ]);
    }
    expect(measureColumns(meaning)).toBeLessThan(60);
  }
});

test("/why accepts any code in any case, and lists them", () => {
  const duet = new World().duet();
  duet.command("/why");
  // That is no error: the line is done and is not returned.
  expect(duet.lines().at(-1)).toContain("nothing has gone wrong yet");
  expect([duet.errors(), duet.returnedLines]).toEqual([[], []]);
  duet.command("/why econnreset");
  expect(duet.lines()).toContain("ECONNRESET: the peer reset the connection");
  duet.command("/why toString");
  expect(duet.errors().at(-1)).toContain("no page for toString: there is EADDRINUSE");
  expect(findErrorCode("epipe")).toBe("EPIPE");
});
