/** Replays a recording on a screen: connects the player, the keys and the components that Ink draws. */

import { type ReplayMoment, ReplayScreen } from "../../../components/screen/ReplayScreen.tsx";
import { Replay } from "../../replay/recording.ts";
import type { KeyEvent } from "../../input/keys/key-event.ts";
import { KeyDecoder } from "../../input/keys/keys.ts";
import { readReplayRequests, type ReplayRequest } from "../../input/keys/replay-keys.ts";
import {
  firstScreenState,
  type ScreenAction,
  type ScreenState,
  type ScreenView,
} from "../../view/screen/screen-state.ts";
import { showHint } from "../../view/screen/screen-hint.ts";
import type { Words } from "../../words/tables/words.ts";
import { exitHangup, exitOk } from "../process/exit-code.ts";
import type { Options } from "../options/options.ts";
import { ImmediateStore, PacedStore } from "../terminal/paced-store.ts";
import type { Recording } from "./recording-file.ts";
import { ReplayPlayer } from "./replay-player.ts";
import type { Running } from "../process/running.ts";
import { copyText } from "../terminal/clipboard.ts";
import { followWidthTable } from "../../protocol/text/width.ts";
import { createWidthQuery } from "../terminal/width-query.ts";
import { TerminalColours } from "../terminal/terminal-colours.ts";
import { mountTerminal, type Terminal } from "../terminal/terminal.ts";
import { pressOnScreen, isTakingKeys } from "../../view/screen/screen-keys.ts";
import { createScreenView } from "../screen/screen-view.ts";

/** Takes over the terminal and plays the recording. `exit` is called once, when the terminal is restored. */
export function runReplay(
  recording: Recording,
  options: Options,
  words: Words,
  exit: (code: number) => void,
  fail: (fault: unknown) => void,
): Running {
  return new ReplayScreenOwner(recording, options, words, exit, fail);
}

class ReplayScreenOwner implements Running {
  readonly #exit: (code: number) => void;
  readonly #replay: Replay;
  readonly #player: ReplayPlayer;
  readonly #moment: PacedStore<ReplayMoment>;
  readonly #state = new ImmediateStore<ScreenState>(firstScreenState);
  readonly #terminal: Terminal;
  readonly #colours: TerminalColours;

  constructor(
    { events, note }: Recording,
    options: Options,
    words: Words,
    exit: (code: number) => void,
    fail: (fault: unknown) => void,
  ) {
    this.#exit = exit;
    this.#replay = new Replay(events, words);
    this.#player = new ReplayPlayer({ replay: this.#replay, onChange: () => this.#moment.notify() });
    this.#moment = new PacedStore({ read: () => this.#read() });
    this.#colours = new TerminalColours(options.theme, process.env);
    if (note !== undefined) this.#state.set(showHint(firstScreenState, note));
    const sources = { moment: this.#moment, screen: this.#state, theme: this.#colours.theme };
    this.#terminal = mountTerminal(<ReplayScreen sources={sources} />, {
      decoder: new KeyDecoder(),
      queries: [
        this.#colours.query,
        createWidthQuery((table) => followWidthTable(table) && this.#moment.notifyNow()),
      ],
      onKey: (event) => this.#onKey(event),
      onInputEnd: () => this.quit(exitHangup),
      onBacklog: (isBacklogged) => (isBacklogged ? this.#moment.pause() : this.#moment.resume()),
      onFault: fail,
    });
    this.#player.play();
  }

  quit(code: number): void {
    this.abandon();
    this.#exit(code);
  }

  abandon(): void {
    this.#player.stop();
    this.#terminal.restore();
  }

  #read(): ReplayMoment {
    return { model: this.#replay.model(), progress: this.#player.progress };
  }

  #onKey(event: KeyEvent): void {
    const requests = isTakingKeys(this.#state.read()) ? undefined : readReplayRequests(event);
    if (requests !== undefined) {
      for (const request of requests) this.#performRequest(request);
      return this.#moment.notifyNow();
    }
    const { state, action } = pressOnScreen(this.#state.read(), event, this.#view());
    this.#state.set(state);
    if (action !== undefined) this.#perform(action);
  }

  #performRequest(request: ReplayRequest): void {
    switch (request.type) {
      case "toggle":
        return this.#player.toggle();
      case "seek":
        return this.#player.seekBy(request.byMs);
      case "skip":
        return this.#player.skip();
      case "quit":
        return this.quit(exitOk);
    }
    request satisfies never;
  }

  #view(): ScreenView {
    return createScreenView(this.#replay.model(), this.#state.read(), 1, this.#terminal.size);
  }

  #copy(text: string): void {
    const hint = copyText(this.#terminal, text, { env: process.env, isMouseOn: false });
    this.#state.set(showHint(this.#state.read(), hint));
  }

  #perform(action: ScreenAction): void {
    switch (action.type) {
      case "switch":
        this.#replay.active = action.to;
        return this.#moment.notifyNow();
      case "redraw":
        return this.#terminal.redraw();
      case "suspend":
        return this.#terminal.suspend();
      case "quit":
        return this.quit(exitOk);
      case "copy":
        return this.#copy(action.text);
      case "pause-wire":
        this.#player.toggle(); // The wire panel pauses with the recording.
        return this.#moment.notifyNow();
      case "address":
      case "resend":
      case "broadcast":
      case "join":
      case "leave-room":
      case "overwrite":
      case "password-entered":
      case "tour":
        return; // A recording has no peers, no network and nothing to save.
    }
    action satisfies never;
  }
}
