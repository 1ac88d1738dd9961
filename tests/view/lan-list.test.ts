import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { describe, expect, test } from "bun:test";
import type { LanModel } from "../../src/chat/screen/screen-model.ts";
import { type KeyEvent, pressKey } from "../../src/input/keys/key-event.ts";
import { buildLanList, pressInLan } from "../../src/view/overlays/lan-list.ts";
import { pressOnScreen, isTakingKeys } from "../../src/view/screen/screen-keys.ts";
import { showLan } from "../../src/view/screen/screen-overlays.ts";
import { firstScreenState } from "../../src/view/screen/screen-state.ts";
import { formatTime, screenModel } from "../components/screen-fixture.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";
import { asWritten, chinese, english } from "../support/words.ts";

/** The area of the wire panel. */
const panel = { columns: 40, rows: 10, isBeside: false };

function lanOf(count: number): LanModel {
  const rows = Array.from({ length: count }, (_, index) => ({
    key: `${index} tcp`,
    name: `name${index}`,
    transport: "tcp" as const,
    address: `192.0.2.${index}:8080`,
    joined: index === 1,
    person: undefined,
    doubt: undefined,
  }));
  const advice = ["where multicast is blocked, hand this over:", "  bun run start --duet 192.0.2.7 8080"].map(
    asWritten,
  );
  const eth0 = ["eth0", "IPv4", "192.0.2.7", "joined", "sees itself", "sees nobody else"];
  return { rows, advice, interfaces: { rows: [eth0] } };
}

function chosen(lan: LanModel, selected: string | undefined, height: number): string {
  return buildLanList(lan, selected, english, 60, height).find(({ tone }) => tone === "chosen")?.text ?? "";
}

describe("the rows", () => {
  test("fit the area at any size, with the chosen one among them", () => {
    for (const count of [0, 1, 5, 256])
      for (const columns of [18, 38, 78])
        for (const height of [5, 8, 21]) {
          const lines = buildLanList(lanOf(count), `${count - 1} tcp`, english, columns, height);
          expect(lines.length).toBeLessThanOrEqual(height);
          for (const { text } of lines) expect(measureColumns(text)).toBeLessThanOrEqual(columns);
          const chosenLines = lines.filter(({ tone }) => tone === "chosen");
          expect(chosenLines.filter(({ text }) => text.startsWith("▸"))).toHaveLength(count > 0 ? 1 : 0);
        }
  });

  test("of a long list leave room for the advice and the interfaces", () => {
    const lines = buildLanList(lanOf(256), "128 tcp", english, 78, 21).map(({ text }) => text);
    expect(lines).toContain("    bun run start --duet 192.0.2.7 8080");
    expect(lines.at(-1)).toContain("eth0  IPv4");
    expect(lines.filter((text) => text.includes("192.0.2.12")).length).toBeGreaterThan(3);
  });

  test("keep their columns in line at 80 columns and at 40, and every address and doubt whole", () => {
    const addresses = ["192.0.2.1:8080", "[fe80::a00:27ff:fe4e:66a1%wlp0s20f3]:8080"];
    const lan: LanModel = {
      advice: [],
      rows: addresses.map((address, index) => ({
        key: `${index}`,
        name: index === 0 ? "a name of 20 columns" : "bob",
        transport: "tcp" as const,
        address,
        joined: false,
        person: undefined,
        doubt: sentence("lan-id-elsewhere"),
      })),
      interfaces: {
        rows: [
          ["lo", "IPv4", "127.0.0.1", "joined", "sees itself", "sees nobody else"],
          ["wlp0s20f3", "IPv6", "fe80::a00:27ff:fe4e:66a1", "not joined (ENOBUFS)"],
          [
            "wlp0s20f3",
            "IPv4",
            "192.0.2.7",
            "joined",
            "does not see itself",
            "sees bob, a name of 20 columns",
          ],
        ],
      },
    };
    const lines = (columns: number) => buildLanList(lan, "1", english, columns, 60).map(({ text }) => text);
    expect(lines(78)).toEqual([
      "On the local network (2)",
      "  a name of 20 columns  TCP  192.0.2.1:8080",
      "    another address claims to be this duet",
      "▸ bob                   TCP  [fe80::a00:27ff:fe4e:66a1%wlp0s20f3]:8080",
      "    another address claims to be this duet",
      "",
      "",
      "This machine's interfaces",
      "  lo         IPv4  127.0.0.1                 joined",
      "    sees itself          sees nobody else",
      "  wlp0s20f3  IPv6  fe80::a00:27ff:fe4e:66a1  not joined (ENOBUFS)",
      "  wlp0s20f3  IPv4  192.0.2.7                 joined",
      "    does not see itself  sees bob, a name of 20 columns",
    ]);
    for (const columns of [18, 38, 58, 78, 100]) {
      const all = lines(columns)
        .map((text) => text.trim())
        .join("");
      for (const whole of [...addresses, "anotheraddressclaimstobethisduet", "fe80::a00:27ff:fe4e:66a1"])
        expect(all.replaceAll(" ", "")).toContain(whole);
    }
  });

  test("mark the room that was joined, and explain an empty list", () => {
    expect(buildLanList(lanOf(2), undefined, english, 78, 21).map(({ text }) => text)).toContain(
      "  name1  TCP  192.0.2.1:8080  you are there",
    );
    const lan = lanOf(2);
    const rows = lan.rows.map((row) => ({ ...row, doubt: sentence("lan-id-elsewhere") }));
    for (const [words, texts] of [
      [english, ["another address claims to be this duet", "you are there +another address claims"]],
      [chinese, ["另一个地址自称是同一个 duet", "你已加入 +另一个地址自称"]],
    ] as const) {
      const lines = buildLanList({ ...lan, rows }, undefined, words, 100, 21).map(({ text }) => text);
      expect(lines.slice(1, 3)).toEqual([
        expect.stringMatching(new RegExp(`^▸ name0 +TCP +192.0.2.0:8080 +${texts[0]}$`)),
        expect.stringMatching(new RegExp(`^ {2}name1 +TCP +192.0.2.1:8080 +${texts[1]}`)),
      ]);
    }
    expect(buildLanList(lanOf(0), undefined, english, 78, 21)[1]?.text).toContain("nobody yet");
  });
});

describe("the keys", () => {
  const lan = lanOf(10);
  const after = (names: readonly string[], from?: string) =>
    names.reduce<ReturnType<typeof pressInLan>>(
      ({ selected }, name) => pressInLan(lan, selected, pressKey(name), 4),
      { isUsed: true, selected: from },
    );

  test("move the choice by a row, by a page and to the ends, and not beyond", () => {
    expect(after(["down"]).selected).toBe("1 tcp");
    expect(after(["down", "down", "up"]).selected).toBe("1 tcp");
    expect(after(["up"]).selected).toBe("0 tcp");
    expect(after(["page-down", "page-down"]).selected).toBe("8 tcp");
    expect(after(["end", "down"]).selected).toBe("9 tcp");
    expect(after(["end", "page-up", "home"]).selected).toBe("0 tcp");
    expect(pressInLan(lan, "3 tcp", pressKey("n", { ctrl: true }), 4).selected).toBe("4 tcp");
  });

  test("keep the choice while rows are added and removed, and fall back to the first row", () => {
    expect(chosen({ ...lan, rows: lan.rows.slice(2) }, "3 tcp", 21)).toContain("name3");
    expect(chosen(lan, "no more", 21)).toContain("name0");
  });

  test("Enter joins the chosen duet and closes the list; in an empty list it does nothing", () => {
    expect(after(["down", "enter"])).toEqual({ isUsed: true, isClosed: true, joinKey: "1 tcp" });
    expect(pressInLan(lanOf(0), undefined, pressKey("enter"), 4)).toEqual({ isUsed: true });
  });
});

test("the list gets the keys, Esc returns them, and Ctrl-T and Ctrl-C stay the screen's", () => {
  const model = screenModel({ lan: lanOf(3) });
  const view = {
    model,
    shape: { columns: 40, rows: 10, formatTime, words: english },
    topRow: 1,
    columns: 40,
    panel,
  };
  const press = (event: KeyEvent, state = showLan(firstScreenState)) => pressOnScreen(state, event, view);
  expect(isTakingKeys(showLan(firstScreenState))).toBe(true);
  expect(press({ type: "text", text: "x" }).state).toEqual(showLan(firstScreenState));
  expect(press(pressKey("enter"))).toMatchObject({
    state: { overlay: "none" },
    action: { type: "join", key: "0 tcp" },
  });
  expect(press(pressKey("escape")).state.overlay).toBe("none");
  expect(press(pressKey("t", { ctrl: true }))).toMatchObject({
    state: { overlay: "none" },
    action: { type: "switch", to: "udp" },
  });
  expect(press(pressKey("c", { ctrl: true })).state).toMatchObject({ isQuitArmed: true });
});
