/**
 * The wire panel on screens of all sizes: beside the conversation, instead of it, with an open call, and never too
 * wide.
 */

import { expect, test } from "bun:test";
import { Text } from "ink";
import { App } from "../../components/screen/App.tsx";
import { WireLine } from "../../components/prompt/WireLine.tsx";
import type { MessageSpans, NewEntry, EntryId } from "../../src/chat/log/entry.ts";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import { WireLog } from "../../src/chat/log/wire-log.ts";
import { firstWireState, createPlace, type WireState } from "../../src/view/wire/wire-state.ts";
import { draw, message, notice, plainApp, screenModel, talk } from "./screen-fixture.ts";
import { english } from "../support/words.ts";

const connection = 1 as ConnectionId;

/** A short conversation that includes control characters. */
function calls(): WireLog {
  const wire = new WireLog();
  const base = {
    atMs: Date.UTC(2026, 0, 1, 14, 3, 22, 5),
    result: "ok",
    connection,
    ofBytes: undefined,
    offset: 0,
  };
  const bob = { peer: "bob", address: "127.0.0.1:51234" };
  const push = (call: Parameters<WireLog["push"]>[0]["call"], text?: string, rest = {}): void => {
    const payload = text === undefined ? undefined : Buffer.from(text);
    wire.push({ ...base, ...bob, call, bytes: payload?.length, ...rest }, payload);
  };
  push("listen", undefined, { peer: undefined, address: "127.0.0.1:8080", connection: undefined });
  push("accept");
  push("recv", "hello 你好\n");
  push("recv", "\x1b[2J\x1b]52;c;aGk=\x07\u202e");
  push("send", "x".repeat(4096), { ofBytes: 65_536, result: "partial" });
  push("recv", "", { result: "FIN" });
  return wire;
}

function screen(wire: WireState, columns: number, rows: number, answersFromAny = false): string[] {
  const sockets = [{ connection, name: "bob", state: "CLOSE-WAIT", facts: undefined }];
  const carried: MessageSpans = { list: [{ what: "text", way: "in", on: connection, start: 0, end: 13 }] };
  const entries = [
    message(1, "bob", "hello 你好", { spans: carried }),
    message(2, "ann", "hi", { direction: "out" }),
  ];
  const model = screenModel({ ...talk, entries, wire: calls(), sockets });
  const tabs = { ...model.tabs, tcp: { ...model.tabs.tcp, answersFromAny } };
  const composer = <Text>{"> hello"}</Text>;
  return draw(
    <App
      {...plainApp}
      model={{ ...model, tabs }}
      composer={composer}
      wire={wire}
      columns={columns}
      rows={rows}
    />,
    columns,
  );
}

const shown: WireState = { ...firstWireState, isShown: true };

test("from 120 columns on the panel is beside the conversation, and from 160 on the peers are there, too", () => {
  expect(`\n${screen(shown, 120, 9).slice(1, 7).join("\n")}\n`).toBe(`
                                                            │ wire  following                                    6 calls
                                                            │ 03:22.005            accept 127.0.0.1:51234
                                                            │ 03:22.005 bob        recv 13 B hello 你好␊
                                                            │ 03:22.005 bob        recv 19 B ␛[2J␛]52;c;aGk=␇<U+202E>
14:01   bob │ hello 你好                                    │ 03:22.005 bob        send 4096 of 65536 B (partial) xxxxx…
14:02   ann │ hi                                            │ 03:22.005 bob        recv 0 B (FIN)
`);
  expect(screen(shown, 160, 9)[1]).toContain("2 peers here");
  expect(screen(shown, 159, 9)[1]).not.toContain("2 peers here");
});

test("below that the panel replaces the conversation, until messages are chosen", () => {
  expect(screen(shown, 80, 9)[1]).toStartWith("wire  following");
  expect(screen({ ...shown, focus: "messages" }, 80, 9)[1]).not.toContain("wire");
  expect(screen({ ...shown, focus: "messages" }, 80, 9).join("\n")).toContain("hello 你好");
});

test("a high panel has the connection's state in its head", () => {
  expect(screen(shown, 120, 16)[2]).toContain("│ CLOSE-WAIT  bob  from its calls");
});

test("the panel says that the kernel chooses the address of UDP answers, where that is so", () => {
  expect(screen(shown, 120, 16).join("\n")).not.toContain("the kernel chooses");
  expect(screen(shown, 120, 16, true)[3]).toContain("│ the kernel chooses the address of answers");
});

test("is exactly as high as the terminal and no wider, closed, open and at any size", () => {
  const open = { ...createPlace("tcp"), chosen: 4, openFrom: 0, top: 1 };
  const states: readonly WireState[] = [
    shown,
    { ...shown, focus: "calls", place: open },
    { ...shown, focus: "calls", place: { ...open, chosen: 5, openFrom: 999 } },
    { ...shown, focus: "calls", place: { ...open, chosen: 99 } },
    { ...shown, focus: "messages" },
    { ...shown, filter: { ...shown.filter, text: "\x1b[31m\u202e好".repeat(50) } },
  ];
  for (const [columns, rows] of [
    [20, 4],
    [21, 5],
    [40, 10],
    [79, 8],
    [80, 24],
    [119, 12],
    [120, 8],
    [120, 40],
    [160, 30],
    [220, 60],
  ] as const) {
    for (const wire of states) {
      const drawn = screen(wire, columns, rows);
      expect(drawn).toHaveLength(rows);
      for (const line of drawn) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
      expect(drawn.join("")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    }
  }
});

test("the line of the panel is one row at any width, and shows the typed filter", () => {
  for (const columns of [20, 40, 80, 120]) {
    for (const focus of ["calls", "messages"] as const) {
      const drawn = draw(
        <WireLine words={english.wire} state={{ ...shown, focus }} columns={columns} row={0} />,
        columns,
      );
      expect(drawn).toHaveLength(1);
      expect(Bun.stringWidth(drawn[0] ?? "")).toBeLessThanOrEqual(columns);
    }
  }
  const filter = { ...shown.filter, text: "peer=bob", cursor: 8 };
  expect(
    draw(
      <WireLine words={english.wire} state={{ ...shown, focus: "calls", filter }} columns={80} row={0} />,
      80,
    )[0],
  ).toStartWith("wire │ peer=bob ");
});

test("the answer to a command is on the status line while the calls hide the conversation", () => {
  const asked = message(1, "bob", "hello");
  const refused = notice(3, "error", "which one? Several are here", "usage: /rst [PEER]");
  const long = notice(3, "error", "nobody is called carl: there is ".padEnd(90, "x"));
  const joined = notice(2, "joined", "bob joined");
  const status = (entries: readonly NewEntry[], sentAfter: number | undefined, columns = 80): string => {
    const wire = { ...firstWireState, isShown: true };
    const model = screenModel({ ...talk, entries });
    const after = sentAfter as EntryId | undefined;
    const app = (
      <App {...{ model, columns, rows: 12, wire, ...plainApp }} sentAfter={after} composer={<Text />} />
    );
    return (draw(app, columns)[10] ?? "").trimEnd();
  };
  expect(status([asked, joined, refused], 1)).toEndWith("which one? Several are here");
  expect(status([asked, long], 1)).toEndWith("Esc shows the answer");
  expect(status([asked, long], 1, 40)).toEndWith("Esc shows the answer");
  expect(status([asked, refused, notice(4, "info", "more")], 1)).toEndWith("Esc shows the answer");
  // No answer, no line sent, or the answer is in view.
  expect(status([asked, joined], 1)).toEndWith("F1 help");
  expect(status([asked, refused], 3)).toEndWith("F1 help");
  expect(status([asked, refused], undefined)).toEndWith("F1 help");
  expect(status([asked, refused], 1, 120)).toEndWith("F1 help");
});
