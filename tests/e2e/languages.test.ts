/** What a person reads is in their language; what a program reads is not. */

import { expect, test } from "bun:test";
import { Folder, startDuet } from "../support/duet.ts";
import { startClient } from "../support/raw-client.ts";
import { startOnScreen } from "../support/screens.ts";

const env = { LANG: "zh_CN.UTF-8" };
const chinese = /\p{Script=Han}/u;

test("a room in Chinese: states, who comes and goes, errors and what to do next; the log is English", async () => {
  using folder = new Folder();
  const log = folder.join("events.ndjson");
  await using ann = await startOnScreen(["-l", "0", "--name", "ann", "-o", log], {
    columns: 90,
    rows: 24,
    env,
  });
  await ann.sees("已绑定，等待别人连接");
  await ann.sees("这里还没有别人。");
  const port = await ann.port();
  {
    await using bob = startDuet(["--duet", "127.0.0.1", String(port), "--name", "bob", "--plain"]);
    await ann.sees(/bob \(127\.0\.0\.1:\d+\) 加入了，是 duet/);
    await bob.waitForError(/you are bob in ann's room/);
    ann.say("你好");
    await bob.waitForLine("<ann> 你好");
    bob.signal("SIGTERM");
    await ann.sees(/bob (\S+ )?离开了：它道了别/);
  }
  using _nc = await startClient(port);
  await ann.sees("加入了");
  ann.say("/nick");
  await ann.sees("/nick 需要一个名字");
  await ann.sees("→ 用法：/nick [PEER] NAME");
  ann.type("\u0015");
  ann.say("/connect 127.0.0.1 1");
  await ann.sees("127.0.0.1:1 拒绝了连接：那个端口上无人监听。");
  await ann.sees("→ 检查主机和端口，或先在那里监听：bun run start -l 127.0.0.1 1");
  ann.type("\u0003\u0003");
  await ann.terminal.waitForExit();
  const told = await Bun.file(log).text();
  expect(told.replace(/"text":"你好"/g, "")).not.toMatch(chinese);
  expect(told).toContain("nobody listens on that port");
}, 20_000);

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
