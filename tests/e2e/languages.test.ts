/** Text for a person is in that person's language; text for a program is English. */

import { expect, test } from "bun:test";
import { Folder, startDuet } from "../support/duet.ts";
import { startClient } from "../support/raw-client.ts";
import { findEnglish } from "../support/english-words.ts";
import { startInTerminal } from "../support/pty.ts";
import { commandOf, screenEnvironment, startOnScreen } from "../support/screens.ts";

const env = { LANG: "zh_CN.UTF-8" };
const chinese = /\p{Script=Han}/u;

test("in Chinese states, presence, errors and hints are shown in Chinese, and the log is English", async () => {
  using folder = new Folder();
  const log = folder.join("events.ndjson");
  await using ann = await startOnScreen(["-l", "0", "--name", "ann", "-o", log], {
    columns: 90,
    rows: 24,
    env,
  });
  await ann.sees(/已绑定 \S+，等待别人连接/);
  await ann.sees("这里还没有别人。");
  const port = await ann.port();
  {
    await using bob = startDuet(["--duet", "127.0.0.1", String(port), "--name", "bob", "--plain"]);
    await ann.sees(/bob \(127\.0\.0\.1:\d+\) 加入了，用的是 duet/);
    await bob.waitForError(/you are bob in ann's room/);
    ann.say("你好");
    await bob.waitForLine("<ann> 你好");
    bob.signal("SIGTERM");
    await ann.sees(/bob (\S+ )?离开了（收到 SIGTERM）/);
  }
  using _nc = await startClient(port);
  await ann.sees("加入了");
  ann.say("/nick");
  await ann.sees("/nick 需要一个名字");
  await ann.sees("→ 用法：/nick [PEER] NAME");
  ann.type("\u0015");
  ann.say("/connect 127.0.0.1 1");
  await ann.sees("127.0.0.1:1 拒绝了连接：那个端口上无人监听，");
  await ann.sees("→ 检查主机和端口，或先在那里监听：/listen 127.0.0.1 1");
  ann.type("\u0003\u0003");
  await ann.terminal.waitForExit();
  const logged = await Bun.file(log).text();
  expect(logged.replace(/"text":"你好"/g, "")).not.toMatch(chinese);
  expect(logged).toContain("no program listens on that port");
});

test("receipts, tables, calls, the window title and the farewell are Chinese, too", async () => {
  await using ann = await startOnScreen(["-l", "0", "--name", "ann"], { columns: 120, rows: 30, env });
  const port = await ann.port();
  using _nc = await startClient(port);
  await using bob = startDuet(["--duet", "127.0.0.1", String(port), "--name", "bob", "--plain"]);
  await ann.sees("2 人在这里");
  ann.say("你好");
  await bob.waitForLine("<ann> 你好");
  await ann.sees("你好  ✓ 已收到 1/2");
  ann.say("/msg bob 你好");
  await ann.sees("→ bob │ 你好  ✓ 已收到");
  ann.say("/who");
  await ann.sees(/bob +127\.0\.0\.1:\d+  duet  TCP ● ESTABLISHED/);
  ann.say("/stats");
  await ann.sees(/ bob：ESTABLISHED，往返时间 [\d.]+ [mµ]s，重传 0，未确认 0 B/);
  expect(ann.terminal.title()).toBe("duet: TCP LISTEN，对方 2 人");
  for (const row of ann.terminal.screen())
    expect([row, findEnglish(row, ["ann", "bob", "ada"])]).toEqual([row, []]);
  ann.type("\x1bOQ");
  await ann.sees("次调用");
  ann.type("\u0003\u0003");
  await ann.terminal.waitForExit();
  for (const row of ann.terminal.screen()) expect([row, findEnglish(row, ["ann", "bob"])]).toEqual([row, []]);
});

test("errors of replays, logs and /save are Chinese", async () => {
  using folder = new Folder();
  const command = commandOf(["--replay", folder.join("none.ndjson")]);
  await using terminal = await startInTerminal(command, {
    env: screenEnvironment(folder, env),
    columns: 150,
  });
  expect(await terminal.waitForExit()).toMatchObject({ code: 1 });
  expect(terminal.screen()[0]).toMatch(/^duet: 无法读取记录 \S+none\.ndjson（ENOENT）：/);
  await using ann = await startOnScreen(["-l", "0", "-o", folder.join("no/log.txt")], { columns: 150, env });
  await ann.sees("（ENOENT）：请换一个目录存在、你有写权限的路径");
  ann.say(`/save ${folder.join("no/talk.txt")}`);
  await ann.sees("没有写入：没有");
});

test.each(["--json", "--plain"])("%s prints the same in every language", async (output) => {
  const printed: string[] = [];
  for (const LANG of ["C.UTF-8", "zh_CN.UTF-8"]) {
    await using duet = startDuet(["127.0.0.1", "1", output], { env: { LANG } });
    await duet.waitForExit();
    printed.push((duet.output + duet.errors).replace(/"at":"[^"]*"/g, ""));
  }
  expect(printed[0]).toContain("refused the connection");
  expect(printed[1]).toBe(printed[0]!);
});
