import { describe, expect, test } from "bun:test";
import { renderToString } from "ink";
import { StatusBar } from "../../components/bars/StatusBar.tsx";
import { StatusLine } from "../../components/bars/StatusLine.tsx";
import { createTheme, paintName } from "../../components/paint/theme.ts";
import { Scrollback } from "../../src/chat/log/scrollback.ts";
import { buildStatusLine } from "../../src/view/bars/status-line.ts";
import { draw, message, type Moment, screenModel, tab } from "./screen-fixture.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";
import { english } from "../support/words.ts";

const theme = createTheme({ hasColour: true });

function topBar(moment: Moment, columns: number): string {
  return draw(<StatusBar model={screenModel(moment)} columns={columns} theme={theme} />, columns).join("\n");
}

function statusLine(moment: Moment, columns: number, belowCount = 0): string {
  const model = screenModel(moment);
  return draw(
    <StatusLine model={model} belowCount={belowCount} columns={columns} theme={theme} />,
    columns,
  ).join("\n");
}

test("the impairment is shown at every width and on both tabs, in the tone of a warning", () => {
  const trouble = {
    impairment: { lossPercent: 20, duplicatePercent: 5, reorderPercent: 0, delayMs: 50, seed: 7 },
    counts: { dropped: 12, duplicated: 3, delayed: 40, reordered: 0 },
  };
  const counted = "TROUBLE 12 dropped, 3 doubled, 40 delayed";
  for (const active of ["tcp", "udp"] as const) {
    const moment: Moment = { udp: { role: "listen", state: "BOUND", openToNetwork: true }, active, trouble };
    expect(statusLine(moment, 140)).toContain(
      "TROUBLE loss 20% dup 5% delay 50 ms: 12 dropped, 3 doubled, 40 delayed",
    );
    expect(statusLine(moment, 80)).toContain(counted);
    for (const columns of [20, 30, 40, 60]) expect(statusLine(moment, columns)).toContain("TROUBLE");
    if (active === "udp")
      for (const columns of [40, 60, 80, 120]) expect(statusLine(moment, columns)).toMatch(/\bopen\b/);
  }
  const marked = buildStatusLine(screenModel({ trouble }), { belowCount: 0, newCount: 0 }, 80);
  expect(marked.find(({ forms }) => forms[0]?.text.startsWith("TROUBLE"))?.tone).toBe("warning");
});

describe("the top bar", () => {
  const client: Moment = {
    tcp: {
      role: "connect",
      state: "ESTABLISHED",
      local: "127.0.0.1:51234",
      peer: "127.0.0.1:8080",
      peers: 1,
    },
    udp: { role: "listen", state: "BOUND", local: "127.0.0.1:8080", unread: 12 },
  };

  test("is complete at 120 columns and shorter below", () => {
    expect(topBar(client, 120).trimEnd()).toBe(
      " [TCP] client ● ESTABLISHED 127.0.0.1:51234 → 127.0.0.1:8080  UDP ◎ BOUND (12)                                      ann",
    );
    expect(topBar(client, 80).trimEnd()).toBe(
      " [TCP] client ● ESTABLISHED 127.0.0.1:51234 → 127.0.0.1:8080  UDP ◎ BOUND (12)",
    );
    expect(topBar(client, 60).trimEnd()).toBe(" [TCP] ● ESTABLISHED → 127.0.0.1:8080  UDP ◎ BOUND (12)");
    expect(topBar(client, 40).trimEnd()).toBe(" [TCP] ● ESTABLISHED  UDP ◎ BOUND (12)");
    expect(topBar(client, 20).trimEnd()).toBe(" [TCP] ●  UDP (12)");
  });

  test("keeps the tabs in place when the other one is active", () => {
    const udp = { ...client.udp, unread: 0 };
    expect(topBar({ ...client, udp, active: "udp" }, 80).trimEnd()).toBe(
      " TCP ● ESTABLISHED  [UDP] server ◎ BOUND 127.0.0.1:8080                     ann",
    );
  });

  test("counts unread messages on the active tab, too, which an overlay may hide", () => {
    expect(topBar({ ...client, active: "udp" }, 80)).toContain("[UDP] server ◎ BOUND 127.0.0.1:8080 (12)");
  });

  test("shortens a long endpoint at its start", () => {
    const far: Moment = {
      tcp: { role: "connect", state: "CONNECTING", peer: "[2001:db8:85a3:8d3:1319:8a2e:370:7348]:8080" },
    };
    expect(topBar(far, 60)).toContain("→ …8a2e:370:7348]:8080");
  });
});

describe("the status line", () => {
  const busy: Moment = {
    tcp: {
      role: "listen",
      peers: 3,
      backlogBytes: 131_072,
      openToNetwork: true,
      raw: true,
      bytesIn: 5e6,
    },
  };

  test("shows warnings first", () => {
    expect(statusLine(busy, 120)).toBe(
      " open to the network  raw  backlog 128 KiB  ↓ 4.8 MiB ↑ 0 B                                Ctrl-T UDP  F2 wire  F1 help ",
    );
    expect(statusLine(busy, 80, 7)).toBe(
      " -MORE(7)-  open to the network  raw  backlog 128 KiB  ↓ 4.8 MiB ↑ 0 B  F1 help ",
    );
    expect(statusLine(busy, 40, 7).trimEnd()).toBe(" -MORE(7)-  open  raw  backlog 128 KiB");
    expect(statusLine(busy, 40).trimEnd()).toBe(" open to network  raw  backlog 128 KiB");
    expect(statusLine(busy, 20, 7).trimEnd()).toBe(" -MORE(7)-  open");
  });

  test("cuts a hint that does not fit, since it is the only answer to a key", () => {
    const hint = sentence("as-written", { text: "copied 132 characters; not there? the mouse selects" });
    const shown = (columns: number, belowCount = 0): string => {
      const bar = <StatusLine model={screenModel({})} {...{ belowCount, columns, hint, theme }} />;
      return draw(bar, columns)[0]!.trim();
    };
    expect(shown(80)).toEndWith("copied 132 characters; not there? the mouse selects");
    expect(shown(40)).toBe("copied 132 characters; not there? the…");
    expect(shown(40, 7)).toMatch(/^-MORE\(7\)- +copied 132 characters; n…$/);
  });

  test("shows the key of the wire panel while it fits, in a shorter form before none", () => {
    const keys = (wire: "hidden" | "shown", columns: number): string =>
      draw(
        <StatusLine
          model={screenModel({ tcp: { roundTripMs: 7.5, loss: 0 } })}
          belowCount={0}
          {...{ wire, columns, theme }}
        />,
        columns,
      )[0]!
        .replace(/^.*loss 0 % */, "")
        .trimEnd();
    expect(keys("hidden", 80)).toBe("Ctrl-T UDP  F2 wire  F1 help");
    expect(keys("hidden", 60)).toBe("Ctrl-T UDP  F1 help");
    expect(keys("shown", 80)).toBe("F2 picks a call  Esc closes  F1 help");
    expect(keys("shown", 68)).toBe("F2 picks  Esc closes  F1 help");
    expect(keys("shown", 50)).toBe("F1 help");
  });

  test("shows how many old entries were dropped", () => {
    const scrollback = new Scrollback(english.word, { lines: 1, units: 100 });
    for (let id = 1; id <= 1235; id += 1) scrollback.push(message(id, "bob", "x"));
    const model = { ...screenModel({}), scrollback: { tcp: scrollback, udp: new Scrollback(english.word) } };
    const line = draw(<StatusLine model={model} belowCount={0} columns={80} theme={theme} />, 80)[0];
    expect(line).toStartWith(" ↓ 0 B ↑ 0 B  1,234 old lines dropped");
  });
});

describe("colours", () => {
  test("of a peer stay the same, and adjacent ports differ", () => {
    const painted = (port: number) => paintName(theme, `127.0.0.1:${port}`, "bob");
    expect(painted(51_234)).toBe(painted(51_234));
    expect(new Set(Array.from({ length: 32 }, (_, index) => painted(51_000 + index))).size).toBe(
      theme.nameStyles.length,
    );
  });

  test("without colour there are weight and inversion only", () => {
    const plain = createTheme({ hasColour: false });
    const model = screenModel({ tcp: tab("tcp", { state: "REFUSED", role: "connect" }) });
    const drawn = renderToString(<StatusBar model={model} columns={80} theme={plain} />, { columns: 80 });
    expect(drawn).toContain("\x1b[7m");
    expect(drawn).not.toMatch(/\[[0-9;]*(3\d|4\d|9\d)[;m]/);
  });
});
