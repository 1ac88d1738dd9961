/** A screen with a text of some script in each place, and the checks of what stands beside such texts. */

import { expect } from "bun:test";
import { createTheme } from "../../components/paint/theme.ts";
import { countComposerRows } from "../../components/prompt/Composer.tsx";
import { Duet, frameComposer } from "../../components/screen/Duet.tsx";
import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { Composer } from "../../src/input/composer/composer.ts";
import { ImmediateStore } from "../../src/cli/terminal/paced-store.ts";
import { divideScreen } from "../../src/view/screen/screen-areas.ts";
import { firstScreenState, type ScreenState } from "../../src/view/screen/screen-state.ts";
import { english } from "../support/words.ts";
import { translateCommands } from "../../src/view/overlays/help-lines.ts";
import { message, peer, recvFromBob, screenModel, talk } from "./screen-fixture.ts";
import { WireLog } from "../../src/chat/log/wire-log.ts";
import { type Emulator, EmulatedScreen, openEmulator, writeTo } from "../support/emulated-screen.tsx";

export const emulators: readonly Emulator[] = ["xterm.js", "xterm.js with graphemes"];
/** The columns of the stages. */
export const widths = [40, 80, 120] as const;
/** The rows of each stage. */
export const rows = 14;

/** duet's screen, with a composer, and a model and a state that a test sets. */
export class Stage implements AsyncDisposable {
  readonly composer: Composer;
  readonly model: ImmediateStore<ScreenModel>;
  readonly screen: ImmediateStore<ScreenState>;
  readonly shown: EmulatedScreen;

  constructor(
    kind: Emulator,
    columns: number,
    model: ScreenModel,
    screen: ScreenState = firstScreenState,
    names: readonly string[] = [],
  ) {
    this.composer = new Composer({ names: () => names, commands: translateCommands(english) });
    this.model = new ImmediateStore(model);
    this.screen = new ImmediateStore(screen);
    const sources = {
      model: this.model,
      screen: this.screen,
      composer: { subscribe: this.composer.subscribe, read: this.composer.snapshot },
      theme: new ImmediateStore(createTheme({ hasColour: true, background: "dark" })),
    };
    this.shown = new EmulatedScreen(<Duet sources={sources} />, kind, { columns, rows });
  }

  /** The screen after a step, which must be what a full redraw shows. */
  async look(what: string): Promise<EmulatedScreen> {
    expect(await this.shown.compareWithRedraw(), what).toBeUndefined();
    return this.shown;
  }

  press(name: string): void {
    this.composer.handle({ type: "key", name, ctrl: false, alt: false, shift: false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shown[Symbol.asyncDispose]();
  }
}

const emptyWire = new WireLog();

/** The wire of a conversation in which both texts were received. */
export function wireOf(name: string, text: string, theirs: string): WireLog {
  const wire = new WireLog();
  wire.push(recvFromBob, Buffer.from(theirs));
  wire.push({ ...recvFromBob, peer: name }, Buffer.from(`${theirs} ${text}`));
  return wire;
}

/** A room of a peer of this name and bob. `text` is ours, `theirs` of both peers. */
export function modelOf(
  name: string,
  text: string,
  theirs: string,
  isGrowing: boolean,
  wire = emptyWire,
): ScreenModel {
  const entries = [
    message(1, name, `${theirs} end`),
    message(2, "ann", text, { direction: "out", receipt: { stage: "read" } }),
    message(3, "bob", theirs, { growing: isGrowing }),
  ];
  const peers = [peer(name, { address: "127.0.0.1:51234" }), peer("bob", { addressed: true })];
  return { ...screenModel({ ...talk, entries, peers, wire }), name };
}

/** The borders of panels, the ends of bars, and the gutter. */
export function expectStructure({ shown, screen, composer, model }: Stage, what: string): void {
  const { columns } = shown.size;
  const isWireShown = screen.read().wire.isShown;
  const composerRows = countComposerRows(composer.snapshot(), frameComposer(model.read(), { columns, rows }));
  const areas = divideScreen(columns, rows, composerRows, isWireShown);
  const talkRows = Array.from({ length: areas.conversation.rows }, (_, row) => row + 1);
  const borders = [
    ...(areas.panelColumns === 0 ? [] : [columns - areas.panelColumns]),
    ...(areas.wire.isBeside && isWireShown ? [areas.conversation.columns + 1] : []),
  ];
  for (const row of talkRows)
    for (const column of borders) expect([what, row, shown.charsAt(row, column)]).toEqual([what, row, "│"]);
  for (const row of [0, rows - 1 - composerRows])
    expect(shown.backgroundsOf(row), `${what}: bar ${row}`).toEqual(new Set([236]));
  if (isWireShown && !areas.wire.isBeside) return;
  const gutters = talkRows
    .map((row) => shown.findChars(row, "│", areas.conversation.columns))
    .filter((column) => column >= 0);
  expect(new Set(gutters).size, `${what}: gutters ${gutters.join(" ")}`).toBe(1);
}

/** Where the emulator itself leaves the cursor after this text. */
export async function columnAfter(kind: Emulator, text: string): Promise<number> {
  const ruler = rulers.get(kind) ?? openEmulator(kind, { columns: 200, rows: 2 });
  rulers.set(kind, ruler);
  await writeTo(ruler, `\r\x1b[2K${text}`);
  return ruler.buffer.active.cursorX;
}

const rulers = new Map<Emulator, ReturnType<typeof openEmulator>>();
