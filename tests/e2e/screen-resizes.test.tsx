/** A storm of resizes: afterwards the terminal shows, cell for cell, what is drawn here. */

import { expect, test } from "bun:test";
import { App } from "../../components/screen/App.tsx";
import { Composer } from "../../components/prompt/Composer.tsx";
import { getDayFormat, formatLocalTime } from "../../components/paint/local-time.ts";
import { createTheme } from "../../components/paint/theme.ts";
import { draw } from "../components/screen-fixture.ts";
import { makeHardScreen } from "../support/hard-screen.ts";
import { startInTerminal } from "../support/pty.ts";
import { english } from "../support/words.ts";

const demo = new URL("../support/fixtures/hard-screen-demo.tsx", import.meta.url).pathname;
const model = makeHardScreen();
const line = { text: "", cursor: 0, pendingPaste: undefined, completion: undefined };
/** The largest first: a name that was seen once keeps its room, so both must have seen them all. */
const rests = [
  [300, 100],
  [80, 24],
  [40, 10],
  [120, 40],
  [101, 9],
  [1, 1],
  [20, 4],
  [200, 60],
] as const;

/** The rows of the screen at a size, without trailing blanks. */
function drawn(columns: number, rows: number): string[] {
  const composer = (
    <Composer
      snapshot={line}
      frame={{ name: "ann", words: english.composer, columns, rows, queuedLines: 0 }}
    />
  );
  const fixed = { anchor: "newest", overlay: "none", composer, composerRows: 1 } as const;
  const element = (
    <App
      {...fixed}
      model={model}
      columns={columns}
      rows={rows}
      theme={createTheme({ hasColour: true })}
      formatTime={formatLocalTime}
      formatDay={getDayFormat(english)}
    />
  );
  return draw(element, columns).map((row) => row.trimEnd());
}

/** Sizes from 1×1 to 300×100, the same each time. */
function* stormSizes(count: number): Generator<readonly [number, number]> {
  let state = 42;
  const next = (most: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return 1 + ((state >>> 8) % most);
  };
  for (let index = 0; index < count; index += 1) yield [next(300), next(100)];
}

test("after 60 resizes every cell is right at each size", async () => {
  await using terminal = await startInTerminal([process.execPath, demo], {
    columns: 80,
    rows: 24,
    env: { NODE_ENV: "production" },
  });
  await terminal.waitForText("type a line");
  const storm = [...stormSizes(60)];
  for (const [index, [columns, rows]] of rests.entries()) {
    const share = Math.ceil(storm.length / rests.length);
    for (const size of storm.slice(index * share, (index + 1) * share)) terminal.resize(...size);
    terminal.resize(columns, rows);
    const expected = drawn(columns, rows);
    const shown = (): string[] => terminal.screen().map((row) => row.trimEnd());
    const isSame = (): boolean => Bun.deepEquals(shown(), expected);
    await terminal.waitFor(isSame, `the screen at ${columns}×${rows}`).catch(() => {});
    expect(shown()).toEqual(expected);
  }
});
