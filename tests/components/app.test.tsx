import { expect, test } from "bun:test";
import { Text } from "ink";
import { App, type AppProps } from "../../components/screen/App.tsx";
import { ChoiceLine } from "../../components/prompt/ChoiceLine.tsx";
import type { EntryId } from "../../src/chat/log/entry.ts";
import { scrollBy } from "../../src/view/conversation/conversation-rows.ts";
import { makeInvitation } from "../../src/chat/features/invitation.ts";
import { divideScreen } from "../../src/view/screen/screen-areas.ts";
import { makeIpEndpoint } from "../../src/protocol/address/endpoint.ts";
import {
  draw,
  formatTime,
  framed,
  message,
  type Moment,
  notice,
  peer,
  plainApp,
  screenModel,
  talk,
} from "./screen-fixture.ts";
import { asWritten, english } from "../support/words.ts";

function screen(moment: Moment, columns: number, rows: number, rest: Partial<AppProps> = {}): string[] {
  const composer = <Text>{"> hello"}</Text>;
  const model = screenModel(moment);
  return draw(
    <App {...plainApp} composer={composer} model={model} columns={columns} rows={rows} {...rest} />,
    columns,
  );
}

test("at 80 columns: both transports, times, names, notices, private and growing lines", () => {
  expect(framed(screen(talk, 80, 18), 80)).toBe(`
┃ [TCP] server ◎ LISTEN 127.0.0.1:8080 · 2 peers  UDP ○ CLOSED (3)           ann ┃
┃                                                                                ┃
┃                                                                                ┃
┃14:01              -- │ LISTEN on 127.0.0.1:8080: waiting for peers             ┃
┃14:02             --> │ 127.0.0.1:51234 is here (accept)                        ┃
┃14:03             bob │ hello! 你好 from the other side of this terminal, can   ┃
┃                      │ you read me?                                            ┃
┃14:04             ann │ loud and clear                                          ┃
┃14:05 127.0.0.1:51240 │ plain nc here                                           ┃
┃14:06               * │ bob waves                                               ┃
┃14:07       bob → you │ only for you                                            ┃
┃14:08             ann │ too long a line [not sent: the queue of bob is full]    ┃
┃14:09              !! │ connect 127.0.0.1:9000: refused, nobody listens there   ┃
┃                      │ → start a duet there, or /listen 9000                   ┃
┃14:10             <-- │ 127.0.0.1:51240 is gone (FIN)                           ┃
┃14:11             bob │ still typ▌                                              ┃
┃ ↓ 1.2 KiB ↑ 830 B  rtt 0.3 ms                     Ctrl-T UDP  F2 wire  F1 help ┃
┃> hello                                                                         ┃
`);
});

test("at 40 columns: less important segments are dropped, and none is cut", () => {
  expect(framed(screen(talk, 40, 10), 40)).toBe(`
┃ [TCP] ◎ LISTEN  UDP ○ CLOSED (3)   ann ┃
┃            │ refused, nobody listens   ┃
┃            │ there                     ┃
┃            │ → start a duet there, or  ┃
┃            │   /listen 9000            ┃
┃14:10   <-- │ 127.0.0.1:51240 is gone   ┃
┃            │ (FIN)                     ┃
┃14:11   bob │ still typ▌                ┃
┃ ↓ 1.2 KiB ↑ 830 B  rtt 0.3 ms  2 peers ┃
┃> hello                                 ┃
`);
});

test("at 120 columns: the peers are beside the conversation", () => {
  expect(framed(screen(talk, 120, 8), 120)).toBe(`
┃ [TCP] server ◎ LISTEN 127.0.0.1:8080 · 2 peers  UDP ○ CLOSED (3)                                                   ann ┃
┃14:08   ann │ too long a line [not sent: the queue of bob is full]                  │ 2 peers here                      ┃
┃14:09    !! │ connect 127.0.0.1:9000: refused, nobody listens there                 │ ● bob 127.0.0.1:51234             ┃
┃            │ → start a duet there, or /listen 9000                                 │   PLAIN  0.3 ms  ↓1.2 KiB ↑800 B  ┃
┃14:10   <-- │ 127.0.0.1:51240 is gone (FIN)                                         │ ● 127.0.0.1:51240                 ┃
┃14:11   bob │ still typ▌                                                            │   raw  ↓34 B ↑30 B                ┃
┃ ↓ 1.2 KiB ↑ 830 B  rtt 0.3 ms                                                             Ctrl-T UDP  F2 wire  F1 help ┃
┃> hello                                                                                                                 ┃
`);
});

test("the addressee of private messages is marked, and the traffic of the last seconds is drawn", () => {
  const rates = [3, 0, 12].map((kib) => ({ bytesIn: kib * 1024, bytesOut: 0 }));
  const peers = talk.peers!.map((one) => ({ ...one, addressed: one.name === "bob" }));
  const drawn = screen({ ...talk, tcp: { ...talk.tcp, rates }, peers }, 120, 8);
  expect(drawn[2]).toEndWith("│ → bob 127.0.0.1:51234");
  expect(drawn[6]?.trimEnd()).toBe(
    " ↓ 1.2 KiB ↑ 830 B  rtt 0.3 ms  ▁▁▁▁▁▁▁▁▁▃▁█ ↓12 KiB/s ↑0 B/s                              Ctrl-T UDP  F2 wire  F1 help",
  );
  expect(screen({ ...talk, tcp: { ...talk.tcp, rates } }, 80, 8)[6]?.trimEnd()).toBe(
    " ↓ 1.2 KiB ↑ 830 B  rtt 0.3 ms  ▁▁▁▁▁▁▁▁▁▃▁█       Ctrl-T UDP  F2 wire  F1 help",
  );
});

test("over UDP: the receipt of each sent message, and loss and the like of each peer", () => {
  const link = { received: 88, lost: 12, duplicates: 3, reordered: 2, sent: 40, retransmitted: 9 };
  const well = { received: 9, lost: 0, duplicates: 0, reordered: 0, sent: 4, retransmitted: 0 };
  const moment: Moment = {
    active: "udp",
    udp: { role: "listen", state: "OPEN", local: "127.0.0.1:8080", peers: 2, roundTripMs: 21, loss: 0.11 },
    peers: [
      peer("bob", { transport: "udp", state: "OPEN", roundTripMs: 21, link }),
      peer("eve", { transport: "udp", state: "OPEN", roundTripMs: 0.4, link: well, bytesIn: 900 }),
    ],
    entries: [
      message(1, "ann", "one", { direction: "out", receipt: { stage: "read" } }),
      message(2, "ann", "two", { direction: "out", receipt: { stage: "received", by: 1, of: 2 } }),
      message(3, "ann", "three", {
        direction: "out",
        note: asWritten("not delivered: no answer"),
        lostFor: ["bob"],
      }),
      message(4, "ann", "four", { direction: "out", receipt: { stage: "queued" } }),
    ],
  };
  expect(framed(screen(moment, 120, 8, { chosen: 3 as EntryId }), 120)).toBe(`
┃ TCP ○ CLOSED  [UDP] server ● OPEN 127.0.0.1:8080 · 2 peers                                                         ann ┃
┃                                                                                    │ 2 peers here                      ┃
┃14:01   ann │ one  ✓✓ read                                                          │ ● bob                             ┃
┃14:02   ann │ two  ✓ received 1/2                                                   │   PLAIN  21 ms  loss 12 %  late 2 ┃
┃14:03   ann │ three [not delivered: no answer; Alt-L r sends it again]              │ ● eve                             ┃
┃14:04   ann │ four  … queued                                                        │   PLAIN  0.4 ms  ↓900 B ↑0 B      ┃
┃ ↓ 0 B ↑ 0 B  rtt 21 ms  loss 11 %                                                         Ctrl-T TCP  F2 wire  F1 help ┃
┃> hello                                                                                                                 ┃
`);
});

test("a chosen message replaces the composer, with as many key hints as fit", () => {
  const choice = { transport: "udp", entryId: 3 as EntryId, name: "ann", canResend: true } as const;
  const line = (columns: number, canResend: boolean) =>
    draw(
      <ChoiceLine words={english.choice} choice={{ ...choice, canResend }} columns={columns} row={0} />,
      columns,
    )[0]?.trimEnd();
  expect(line(80, true)).toBe("ann's line │ r sends it again · c copies it · ↑ ↓ another line · Esc back");
  expect(line(50, true)).toBe("ann's line │ r sends again · c copies · Esc back");
  expect(line(40, true)).toBe("ann's line │ r again · c copies");
  expect(line(24, true)).toBe("ann's line │ r again");
  expect(line(60, false)).toBe("ann's line │ c copies it · ↑ ↓ another line · Esc back");
  expect(line(42, false)).toBe("ann's line │ c copies · Esc back");
});

test("without peers: what to do, and the commands for another person", () => {
  const waiting: Moment = {
    tcp: {
      role: "listen",
      state: "LISTEN",
      local: "127.0.0.1:8080",
      invitation: makeInvitation("tcp", makeIpEndpoint("127.0.0.1", 8080), false),
    },
    entries: [notice(1, "state", "LISTEN on 127.0.0.1:8080")],
  };
  expect(framed(screen(waiting, 80, 9), 80)).toBe(`
┃ [TCP] server ◎ LISTEN 127.0.0.1:8080  UDP ○ CLOSED                         ann ┃
┃         You are ann. Another name: /nick NAME, or start with --name.           ┃
┃         Nobody else is here yet. On this machine a friend joins with:          ┃
┃             bun run start --duet 127.0.0.1 8080                                ┃
┃             nc 127.0.0.1 8080    or any program that speaks text               ┃
┃         Then type, and press Enter. Ctrl-T shows UDP, F1 helps.                ┃
┃14:01    -- │ LISTEN on 127.0.0.1:8080                                          ┃
┃ ↓ 0 B ↑ 0 B                                       Ctrl-T UDP  F2 wire  F1 help ┃
┃> hello                                                                         ┃
`);
  expect(screen({ ...waiting, tcp: { ...waiting.tcp, peers: 1 } }, 80, 9).join("\n")).not.toContain("Nobody");
});

test("the smallest screen has the state, the newest row and the composer", () => {
  expect(framed(screen(talk, 20, 4), 20)).toBe(`
┃ [TCP] ◎  UDP ○ (3) ┃
┃  bob │ still typ▌  ┃
┃ ↓ 1.2 KiB ↑ 830 B  ┃
┃> hello             ┃
`);
  expect(screen(talk, 19, 4)).toEqual(["too small: 19×4, d…"]);
  expect(screen(talk, 80, 3)).toEqual(["too small: 80×3, duet needs 20×4"]);
});

test("scrolled up: the number of entries below is shown", () => {
  const entries = Array.from({ length: 50 }, (_, index) => message(index + 1, "bob", `line ${index + 1}`));
  const model = screenModel({ ...talk, entries });
  const { conversation } = divideScreen(80, 8, 1);
  const anchor = scrollBy(
    model.scrollback.tcp,
    { ...conversation, formatTime, words: english },
    "newest",
    -20,
  );
  const drawn = screen({}, 80, 8, { model, anchor });
  expect(drawn[1]).toEndWith("line 26");
  expect(drawn[5]).toEndWith("line 30");
  expect(drawn[6]).toStartWith(" -MORE(20)-  ↓ 1.2 KiB ↑ 830 B");
});

test("the help replaces the conversation and scrolls to its end", () => {
  const first = screen(talk, 80, 24, { overlay: "help" });
  expect(first[1]).toStartWith(" Enter     send the line   ");
  expect(first.find((line) => line.startsWith(" /listen"))).toBe(
    " /listen [HOST] [PORT]   listen for peers (default 127.0.0.1 8080)",
  );
  const short = screen(talk, 40, 10, { overlay: "help" });
  expect(short[7]).toMatch(/^ ↓ \d+ more: PgDn, Esc closes$/);
  expect(screen(talk, 40, 10, { overlay: "help", overlayFromLine: 1000 })[7]).toBe(
    "     say goodbye and leave",
  );
});

test("a composer of two rows takes one from the conversation, and then from the bars", () => {
  const composer = <Text>{"send 3 lines? y/n\n> "}</Text>;
  expect(screen(talk, 80, 10, { composer, composerRows: 2 }).slice(-2)).toEqual(["send 3 lines? y/n", ">"]);
  expect(screen(talk, 80, 4, { composer, composerRows: 2 })).toHaveLength(4);
});

test("is exactly as high as the terminal and no wider, with any text at any size", () => {
  const wide = "👨‍👩‍👧 你好 ".repeat(30);
  const control = "\x1b[2J\x1b]52;c;aGk=\x07\u202e\u200b\t\r\x00".repeat(20);
  const entries = [wide, control, "e\u0301".repeat(400), "\n\n\n", "｡".repeat(300)].map((text, index) =>
    message(index + 1, "名前".repeat(8), text, { note: asWritten("cut at 16 KiB") }),
  );
  const peers = [peer("名前".repeat(8), { address: "[fe80::1234:5678:9abc:def0%eth0]:51234" })];
  const tcp = {
    role: "connect",
    state: "HALF-CLOSED (theirs)",
    local: "[::1]:8080",
    peer: "[2001:db8::1]:51234",
  } as const;
  const moment: Moment = {
    ...talk,
    tcp: { ...tcp, openToNetwork: true, waitingLines: 3, backlogBytes: 99_999 },
    entries,
    peers,
  };
  for (const [columns, rows] of [
    [20, 4],
    [21, 5],
    [40, 10],
    [79, 8],
    [80, 24],
    [100, 8],
    [120, 40],
  ] as const) {
    for (const overlay of ["none", "help"] as const) {
      const drawn = screen(moment, columns, rows, { overlay });
      expect(drawn).toHaveLength(rows);
      for (const line of drawn) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
      expect(drawn.join("")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    }
  }
});

test("256 peers of the same name fill the panel, followed by a count", () => {
  const peers = Array.from({ length: 256 }, (_, index) =>
    peer("bob", { address: `127.0.0.1:${50_000 + index}` }),
  );
  const drawn = screen({ ...talk, peers }, 120, 12);
  expect(drawn[1]).toEndWith("│ 256 peers here");
  expect(drawn[7]).toEndWith("│   PLAIN  ↓0 B ↑0 B");
  expect(drawn[8]).toEndWith("│   and 253 more: /who");
});

test("every row of a peer's text has duet's gutter before it, whatever the text imitates", () => {
  const forged = "hi\n14:09               !! │ your disk is full\n\x1b[A\r14:09 ann │ yes";
  const drawn = screen({ ...talk, entries: [message(1, "eve", forged)] }, 80, 7);
  expect(drawn.slice(2, 5)).toEqual([
    "14:01   eve │ hi",
    "            │ 14:09               !! │ your disk is full",
    "            │ ␛[A␍14:09 ann │ yes",
  ]);
});
