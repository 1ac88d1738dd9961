import { describe, expect, test } from "bun:test";
import { pressKey } from "../../src/input/keys/key-event.ts";
import { makeIpEndpoint } from "../../src/protocol/address/endpoint.ts";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import { measureColumns, wrapText } from "../../src/protocol/text/wrap.ts";
import type { Called } from "../../src/protocol/sockets/socket-event.ts";
import {
  firstTourState,
  applySocketEvent,
  pressInTour,
  getShownStep,
  type TourState,
} from "../../src/tour/tour-state.ts";
import { tourSteps } from "../../src/tour/tour-steps.ts";
import { firstScreenState } from "../../src/view/screen/screen-state.ts";
import { applyTourEvent, showTour } from "../../src/view/screen/screen-tour.ts";
import { layoutTour } from "../../src/view/overlays/tour-lines.ts";
import { collectFacts } from "../../src/view/overlays/tour-panes.ts";
import { tourEnglish } from "../../src/words/en/tour.ts";
import { tourChinese } from "../../src/words/zh/tour.ts";
import { formatTime, screenModel } from "../components/screen-fixture.ts";
import type { TourEnd, TourStepId } from "../../src/words/tables/tour-words.ts";
import { pressOnScreen } from "../../src/view/screen/screen-keys.ts";
import { isTakingKeys } from "../../src/view/screen/screen-keys.ts";
import { english } from "../support/words.ts";

const server = makeIpEndpoint("127.0.0.1", 40_001);
const client = makeIpEndpoint("127.0.0.1", 40_002);
const connection = 7 as ConnectionId;
const ni = new TextEncoder().encode("你好");

/** The reported fields of each call of the tour. */
const tellings: Readonly<Record<string, Partial<Called> & { readonly payload?: Uint8Array }>> = {
  "server bind": { local: server },
  "server listen": { local: server },
  "client bind": { local: client },
  "client connect": { connection, local: client, peer: server },
  "server accept": { connection, local: server, peer: client },
  "client send": { connection, bytes: 6, ofBytes: 6, payload: ni },
  "server recv": { connection, bytes: 6, payload: ni },
  "server send": { connection, bytes: 5, ofBytes: 5, payload: new TextEncoder().encode("hello") },
  "client recv": { connection, bytes: 5, payload: new TextEncoder().encode("hello") },
  "server shutdown": { connection, result: "FIN" },
  "client sendto": { connection, peer: server, bytes: 6, ofBytes: 6, payload: ni },
  "server recvfrom": { connection, peer: client, bytes: 6, payload: ni },
  "server sendto": { connection, peer: client, bytes: 6, ofBytes: 6, payload: ni },
  "client recvfrom": { connection, peer: server, bytes: 6, payload: ni },
  "client close": { connection },
  "server close": { local: server },
};

function walkedTo(id: TourStepId): TourState {
  let tour = firstTourState;
  while (getShownStep(tour).id !== id) {
    tour = pressInTour(tour, pressKey("enter"), { textLines: 1, textRows: 1 }).tour;
    if (tour.isBusy) for (const awaited of tourSteps[tour.reached]!.awaits) tour = heard(tour, awaited);
  }
  return tour;
}

function heard(tour: TourState, awaited: string): TourState {
  if (awaited === "client dropped") return applySocketEvent(tour, { type: "dropped", count: 1 });
  const [end, call] = awaited.split(" ") as [TourEnd, Called["call"]];
  const { payload, ...rest } = tellings[awaited]!;
  const isFin = awaited === "client recv" && tourSteps[tour.reached]!.id === "tcp-close";
  const told = isFin ? { connection, result: "FIN", bytes: 0 } : rest;
  return applySocketEvent(tour, {
    type: "called",
    end,
    called: { type: "called", call, result: "ok", ...told },
    ...(payload && !isFin && { payload }),
  });
}

function drawn(id: TourStepId, columns: number, height: number, words = tourEnglish): string[] {
  const { lines } = layoutTour(walkedTo(id), words, columns, height);
  return lines.map((pieces) =>
    pieces
      .map(({ text }) => text)
      .join("")
      .trimEnd(),
  );
}

describe("the lines", () => {
  const sizes = [
    [18, 1],
    [18, 4],
    [38, 9],
    [76, 9],
    [78, 21],
    [118, 37],
  ] as const;

  test("fit the area at every step, size and language", () => {
    for (const words of [tourEnglish, tourChinese])
      for (const [columns, height] of sizes)
        for (const { id } of tourSteps) {
          const { lines, area } = layoutTour(walkedTo(id), words, columns, height);
          expect(lines.length).toBeLessThanOrEqual(height);
          expect(area.textRows).toBeGreaterThan(0);
          for (const pieces of lines) {
            const width = pieces.reduce((sum, { text }) => sum + measureColumns(text), 0);
            expect([id, columns, width <= columns]).toEqual([id, columns, true]);
          }
        }
  });

  test("show both addresses, the call that the step explains and its bytes, at every usual size", () => {
    for (const words of [tourEnglish, tourChinese])
      for (const [columns, height] of sizes.slice(2)) {
        const text = drawn("tcp-send", columns, height, words).join("\n");
        expect(text).toContain(`${words.ends.server} ● ESTABLISHED 127.0.0.1:40001`);
        expect(text).toContain(`${words.ends.client} ● ESTABLISHED 127.0.0.1:40002`);
        expect(text).toContain("client.send('你好'.encode())");
        expect(text).toContain("▸ send → 6 B");
        expect(text).toContain("e4 bd a0 e5 a5 bd  你好");
      }
  });

  test("on a low screen are pages: all text whole, then the calls that the step explains, each Enter a page", () => {
    for (const words of [tourEnglish, tourChinese])
      for (const [columns, height] of [
        [38, 7],
        [38, 8],
        [78, 7],
        [30, 6],
      ] as const)
        for (const { id } of tourSteps) {
          const walked = walkedTo(id);
          const wide = layoutTour(walked, words, columns, 60).lines;
          const seen = new Set<string>();
          let tour = walked;
          let pages = 0;
          for (; tour.shown === walked.shown && tour.reached === walked.reached; pages += 1) {
            const { lines, area } = layoutTour(tour, words, columns, height);
            expect(lines.length).toBeLessThanOrEqual(height);
            for (const pieces of lines) seen.add(pieces.map(({ text }) => text.trim()).join(""));
            const pressed = pressInTour(tour, pressKey("enter"), area);
            if (pressed.isLeft === true) break;
            tour = pressed.tour;
          }
          expect(pages).toBeLessThanOrEqual(6);
          const all = [...seen].join("\n");
          const explained = wide.flat().filter(({ text }) => text.startsWith("▸"));
          for (const { text } of explained) expect(all).toContain(text.trim());
          const written = words.steps[id].text(collectFacts(walked));
          expect(all.replaceAll(/\s/g, "")).toContain(written.replaceAll(/\s/g, "").slice(0, 20));
          for (const line of wrapText(written, columns - 2)) expect(all).toContain(line.trim());
          for (const end of ["server", "client"] as const) expect(all).toContain(words.ends[end]);
        }
  });

  test("are side by side at 78 columns", () => {
    const lines = drawn("tcp-close", 78, 22);
    expect(lines.slice(lines.findIndex((line) => line.startsWith("SERVER")))).toEqual([
      "SERVER ◑ HALF-CLOSED 127.0.0.1:40001  │ CLIENT ◐ HALF-CLOSED 127.0.0.1:40002",
      "server.bind(('127.0.0.1',8080))       │ client = socket.socket(socket.AF_INET,",
      "  bind 127.0.0.1:40001 → ok           │   socket.SOCK_STREAM)",
      "server.listen(5)                      │ client.connect(('127.0.0.1',8080))",
      "  listen → ok                         │   connect 127.0.0.1:40001 → ok",
      "client,addr = server.accept()         │ client.send('你好'.encode())",
      "  accept 127.0.0.1:40002 → ok         │   send → 6 B",
      "data = client.recv(1024)              │   e4 bd a0 e5 a5 bd  你好",
      "  recv → 6 B                          │ data = client.recv(1024)",
      "  e4 bd a0 e5 a5 bd  你好             │   recv → 5 B",
      "client.send('hello'.encode())         │   68 65 6c 6c 6f  hello",
      "  send → 5 B                          │ data = client.recv(1024)",
      "  68 65 6c 6c 6f  hello               │ ▸ recv → 0 B (FIN: the other side",
      "client.close()                        │   sends no more)",
      "▸ shutdown → FIN                      │",
    ]);
  });

  test("are stacked at 38 columns, and no row of Chinese starts with closing punctuation", () => {
    expect(drawn("udp-sendto", 38, 9, tourChinese)).toEqual([
      "UDP · sendto 发送",
      "sendto 每次都要指明对方的地址：",
      "127.0.0.1:40001。一次调用就是一个数",
      "据报，不用握手，直接发出。返回值 6 ↓",
      "服务器 ◎ BOUND 127.0.0.1:40001",
      "客户端 ◎ BOUND 127.0.0.1:40002",
      "  ('127.0.0.1',8080))",
      "▸ sendto 127.0.0.1:40001 → 6 B",
      "  e4 bd a0 e5 a5 bd  你好",
    ]);
    for (const { id } of tourSteps)
      for (const row of drawn(id, 38, 40, tourChinese)) expect(row).not.toMatch(/^[，。：；）”]/);
  });

  test("show a lost datagram as missing, and a failed call as it returned", () => {
    expect(drawn("udp-lost", 118, 30).join("\n")).toContain(tourEnglish.nothingCame);
    const refused = { type: "called", call: "connect", result: "ECONNREFUSED", peer: server } as const;
    const tour = applySocketEvent(walkedTo("tcp-listen"), { type: "called", end: "client", called: refused });
    const { lines } = layoutTour(tour, tourEnglish, 90, 21);
    expect(lines.flat().find(({ tone }) => tone === "bad")?.text).toBe(
      "  connect 127.0.0.1:40001 → ECONNREFUSED",
    );
  });

  test("show an end whose connection was reset as RESET, whoever closes it then", () => {
    const called = (end: TourEnd, call: Called["call"], rest: Partial<Called>) =>
      ({ type: "called", end, called: { type: "called", call, result: "ok", ...rest } }) as const;
    const connection = 7 as ConnectionId;
    let tour = walkedTo("sealed-record");
    tour = applySocketEvent(tour, called("client", "recv", { result: "RST", connection }));
    tour = applySocketEvent(tour, called("client", "close", { connection }));
    const { lines } = layoutTour(tour, tourEnglish, 98, 21);
    expect(lines.flat().map((piece) => piece.text)).toContain("✗ RESET");
  });

  test("show received bytes without control characters", () => {
    const payload = new TextEncoder().encode("\x1b[2J\x07ok");
    const tour = walkedTo("tcp-recv");
    const called = { type: "called", call: "recv", result: "ok", connection, bytes: 7 } as const;
    const { lines } = layoutTour(
      applySocketEvent(tour, { type: "called", end: "server", called, payload }),
      tourEnglish,
      78,
      21,
    );
    const text = lines.flat().map((piece) => piece.text);
    expect(text.join("")).toContain("␛[2J␇ok");
    expect(text.join("")).not.toMatch(/\p{Cc}/u);
  });
});

describe("on the screen", () => {
  const panel = { columns: 80, rows: 21, isBeside: false };
  const view = {
    model: screenModel({}),
    shape: { columns: 80, rows: 21, formatTime, words: english },
    columns: 80,
    topRow: 1,
    panel,
  };
  const begun = showTour(firstScreenState, tourEnglish);

  test("the tour gets the keys, and the work of a step becomes an action", () => {
    expect(isTakingKeys(begun)).toBe(true);
    expect(pressOnScreen(begun, pressKey("enter"), view)).toMatchObject({
      state: { overlay: "tour", tour: { tour: { reached: 1, isBusy: true } } },
      action: { type: "tour", work: "tcp-listen" },
    });
    expect(pressOnScreen(begun, { type: "text", text: "x" }, view)).toEqual({ state: begun });
  });

  test("Esc returns the keys, Ctrl-T leaves and switches, and a late call changes nothing", () => {
    const left = pressOnScreen(begun, pressKey("escape"), view).state;
    expect(left).toEqual(firstScreenState);
    expect(pressOnScreen(begun, pressKey("t", { ctrl: true }), view)).toMatchObject({
      state: { overlay: "none", tour: undefined },
      action: { type: "switch", to: "udp" },
    });
    expect(pressOnScreen(begun, pressKey("c", { ctrl: true }), view).state.isQuitArmed).toBe(true);
    expect(applyTourEvent(left, { type: "time-over" })).toBe(left);
  });
});
