/** Searches every screen of a session in Chinese, at three sizes and row by row, for English words. */

import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { expect } from "bun:test";
import { Text } from "ink";
import type { ReactNode } from "react";
import { getDayFormat } from "../../components/paint/local-time.ts";
import { App, type AppProps } from "../../components/screen/App.tsx";
import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import { formatSpoken } from "../../src/cli/output/spoken-output.ts";
import { describeName } from "../../src/view/bars/describe-name.ts";
import { formatWindowTitle } from "../../src/view/bars/window-title.ts";
import { formatClosingLines, formatTranscript } from "../../src/view/conversation/transcript.ts";
import { draw, formatTime, plainApp } from "../components/screen-fixture.ts";
import type { Duet } from "./chat-world.ts";
import { findEnglish } from "./english-words.ts";
import { chinese } from "./words.ts";

const sizes = [
  [120, 40],
  [80, 24],
  [40, 10],
] as const;
/** The names in the sessions of tests. */
const names = [
  "hub",
  "bob",
  "eve",
  "ann",
  "eth0",
  "lo",
  "fe80",
  "wlan0",
  "python3",
  "Hi",
  "HEX",
  "SIZE",
  "CIDR",
  "ADDR",
  "FILTER",
];

/** English words found on the screens, with the step before them. */
export class ChineseReader {
  readonly found: string[] = [];
  readonly #seen = new Set<string>();

  /** `makeLine` draws the composer's row. */
  screens(
    step: string,
    model: ScreenModel,
    rest: Partial<AppProps> = {},
    makeLine: (columns: number) => ReactNode = () => <Text> </Text>,
  ): void {
    for (const [columns, rows] of sizes) {
      const app = (
        <App
          {...plainApp}
          formatDay={getDayFormat(chinese)}
          model={model}
          columns={columns}
          rows={rows}
          composer={makeLine(columns)}
          {...rest}
        />
      );
      for (const row of draw(app, columns)) {
        expect([row, measureColumns(row) <= columns]).toEqual([row, true]);
        this.text(`${step} at ${columns}`, row);
      }
    }
  }

  text(step: string, text: string): void {
    if (this.#seen.has(text)) return;
    this.#seen.add(text);
    const words = findEnglish(text, names);
    if (words.length > 0) this.found.push(`${step}: ${words.join(" ")} in ${text.trim()}`);
  }

  /** The whole conversation, the window title, and the lines for a screen reader. */
  everything(step: string, duet: Duet): void {
    const model = selectScreen(duet.chat);
    for (const scrollback of Object.values(model.scrollback))
      for (const line of formatTranscript(scrollback, chinese, formatTime)) this.text(step, line);
    for (const line of formatClosingLines(model, { columns: 80, rows: 50, formatTime }))
      this.text(step, line);
    this.text(step, formatWindowTitle(model, 3));
    for (const { name } of model.peers) this.text(step, describeName(model, name));
    for (const output of duet.unwordedOutputs)
      this.text(step, formatSpoken(output, formatTime, chinese) ?? "");
  }
}
