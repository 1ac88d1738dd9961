/** The tutorial's programs work with each other as its text describes, before they meet duet. */

import { expect, test } from "bun:test";
import { startProgram } from "./processes.ts";
import { freePort, isUdpBound, startTutorial } from "./tutorial.ts";
import { until } from "./wait.ts";

test("the tutorial's TCP server answers one client after another", async () => {
  const port = await freePort("tcp");
  await using server = startTutorial("tcp-server", port);
  await server.waitForLine("等待客户端连接");
  for (let turn = 0; turn < 2; turn++) {
    await using client = startTutorial("tcp-client", port);
    expect(await client.waitForLine(/./)).toBe("服务器发送的数据为: hello");
    expect(await client.waitForExit()).toEqual({ code: 0, signal: null });
    await server.waitForLine(/客户端地址为: \('127\.0\.0\.1', \d+\)/);
    expect(await server.waitForLine("数据")).toBe("客户端发送的数据为: 你好");
    await server.waitForLine("客户端连接关闭");
  }
});

test("the tutorial's UDP server answers its UDP client once", async () => {
  const port = await freePort("udp");
  await using server = startTutorial("udp-server", port);
  await until(() => isUdpBound(port), "the server's socket");
  await using client = startTutorial("udp-client", port);
  expect(await client.waitForLine(/./)).toBe("服务端发送的数据为: 你好");
  expect((await client.waitForExit()).code).toBe(0);
  expect(await server.waitForLine(/./)).toBe("客户端发送的数据为: 你好");
  expect((await server.waitForExit()).code).toBe(0);
});

test("a program's input, output, errors and exit are separate", async () => {
  await using program = startProgram(["sh", "-c", "read a; echo got $a; echo no >&2; cat; exit 3"]);
  program.write("one\n");
  expect(await program.waitForLine(/^got/)).toBe("got one");
  expect((await program.waitForError(/n(o)/))[1]).toBe("o");
  program.write("two\n");
  await program.waitForLine("two");
  program.end();
  expect(await program.waitForExit()).toEqual({ code: 3, signal: null });
  expect(program.lines).toEqual(["got one", "two"]);
});

test("the signal that killed a program is reported", async () => {
  await using program = startProgram(["cat"]);
  program.signal("SIGTERM");
  expect(await program.waitForExit()).toEqual({ code: null, signal: "SIGTERM" });
});
