/** The screen in Chinese: characters are two columns wide, and nothing is displaced. */

import { expect, test } from "bun:test";
import { Text } from "ink";
import { App, type AppProps } from "../../components/screen/App.tsx";
import { makeInvitation } from "../../src/chat/features/invitation.ts";
import { makeIpEndpoint } from "../../src/protocol/address/endpoint.ts";
import { draw, framed, type Moment, plainApp, screenModel, talk } from "./screen-fixture.ts";
import { chinese } from "../support/words.ts";

function screen(moment: Moment, columns: number, rows: number, rest: Partial<AppProps> = {}): string[] {
  const composer = <Text>{"> "}</Text>;
  const model = screenModel({ ...moment, words: chinese });
  return draw(
    <App {...plainApp} composer={composer} model={model} columns={columns} rows={rows} {...rest} />,
    columns,
  );
}

const alone: Moment = {
  tcp: {
    role: "listen",
    state: "LISTEN",
    local: "127.0.0.1:8080",
    invitation: makeInvitation("tcp", makeIpEndpoint("127.0.0.1", 8080), false),
  },
};

test("bars and peers are translated, and stay in their columns", () => {
  expect(framed(screen(talk, 120, 6), 120)).toBe(`
┃ [TCP] 服务器 ◎ LISTEN 127.0.0.1:8080 · 2 人  UDP ○ CLOSED (3)                                                      ann ┃
┃            │ → start a duet there, or /listen 9000                                 │ 2 人在这里                        ┃
┃14:10   <-- │ 127.0.0.1:51240 is gone (FIN)                                         │   还有 2 人：/who                 ┃
┃14:11   bob │ still typ▌                                                            │                                   ┃
┃ ↓ 1.2 KiB ↑ 830 B  往返 0.3 ms                                                            Ctrl-T UDP  F2 调用  F1 帮助 ┃
┃>                                                                                                                       ┃
`);
});

test("a lone listener sees how another person joins", () => {
  expect(framed(screen(alone, 80, 8), 80)).toBe(`
┃ [TCP] 服务器 ◎ LISTEN 127.0.0.1:8080  UDP ○ CLOSED                         ann ┃
┃               你叫 ann。换名字：/nick NAME，或启动时用 --name。                ┃
┃               这里还没有别人。在这台机器上，朋友这样加入：                     ┃
┃                   bun run start --duet 127.0.0.1 8080                          ┃
┃                   nc 127.0.0.1 8080    或任何能收发文本的程序                  ┃
┃               然后输入，按回车。Ctrl-T 切换到 UDP，F1 帮助。                   ┃
┃ ↓ 0 B ↑ 0 B                                       Ctrl-T UDP  F2 调用  F1 帮助 ┃
┃>                                                                               ┃
`);
});

test("help at 40 columns", () => {
  const drawn = framed(screen(alone, 40, 8, { overlay: "help" }), 40);
  expect(drawn.replace(/\d{3} 行/, "nnn 行")).toBe(`
┃ [TCP] ◎ LISTEN 127.0.0.1:8080  UDP ○   ┃
┃ Enter     发送这一行                   ┃
┃ Alt-Enter 换行                         ┃
┃ Tab       补全                         ┃
┃ ↑ ↓       以前的输入                   ┃
┃ ↓ 还有 nnn 行：PgDn 翻页，Esc 关闭     ┃
┃ ↓ 0 B ↑ 0 B  0 人  Ctrl-T UDP  F1 帮助 ┃
┃>                                       ┃
`);
});

test("nothing is wider than the screen, at any size", () => {
  for (const columns of [20, 40, 80, 120])
    for (const overlay of ["none", "help", "lan"] as const)
      for (const line of screen(alone, columns, 12, { overlay }))
        expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
});
