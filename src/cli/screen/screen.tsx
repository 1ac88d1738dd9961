/**
 * duet on a screen: joins the session, the keys and what Ink draws. It decides nothing that the chat or the screen's
 * own state can decide, and touches no socket.
 */

import { Duet } from "../../../components/screen/Duet.tsx";
import { formatLocalStamp } from "../../../components/paint/local-time.ts";
import { Composer, type ComposerAction } from "../../input/composer/composer.ts";
import type { KeyEvent } from "../../input/keys/key-event.ts";
import { KeyDecoder } from "../../input/keys/keys.ts";
import type { ScreenRequest } from "../../chat/model/effect.ts";
import type { Output } from "../../chat/model/output.ts";
import { cleanText } from "../../protocol/text/text.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { describeName } from "../../view/bars/describe-name.ts";
import {
  firstScreenState,
  type ScreenAction,
  type ScreenState,
  type ScreenView,
} from "../../view/screen/screen-state.ts";
import { ask } from "../../view/screen/screen-question.ts";
import { clearHint, showHint, setMouse } from "../../view/screen/screen-hint.ts";
import { showWire } from "../../view/screen/screen-wire.ts";
import { selectNames, selectScreen } from "../../chat/screen/select-screen.ts";
import { formatTranscript } from "../../view/conversation/transcript.ts";
import type { SessionHandlers } from "../../chat/model/session-handlers.ts";
import { openRealPorts } from "../../session/real-ports.ts";
import { Session } from "../../session/session.ts";
import type { Words } from "../../words/tables/words.ts";
import { translateCommands } from "../../view/overlays/help-lines.ts";
import { Notifier } from "../terminal/notifier.ts";
import { chatConfig, firstRequest } from "../logs/config.ts";
import { exitHangup, exitInterrupt, exitNetwork, exitOk } from "../process/exit-code.ts";
import { exitSummary, whyItEnded } from "./exit-summary.ts";
import { HistoryFile, historyPath } from "../files/history-file.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { machineAddress } from "./machine-address.ts";
import { type Logs, openLogs } from "../logs/logs.ts";
import type { Options } from "../options/options.ts";
import { ImmediateStore, PacedStore } from "../terminal/paced-store.ts";
import { pathsLike } from "../files/path-names.ts";
import type { Running } from "../process/running.ts";
import { expandHome, saveTranscript } from "../files/transcript-file.ts";
import { chatEventOf } from "./screen-events.ts";
import { TerminalColours } from "../terminal/terminal-colours.ts";
import { screenView } from "./screen-view.ts";
import { mountTerminal, type Terminal } from "../terminal/terminal.ts";
import { ScreenTour } from "./tour.ts";
import { onLineSent } from "../../view/screen/screen-overlays.ts";
import { startSearch } from "../../view/screen/screen-overlays.ts";
import { showHelp } from "../../view/screen/screen-overlays.ts";
import { showLan } from "../../view/screen/screen-overlays.ts";
import { pressOnScreen } from "../../view/screen/screen-keys.ts";
import { isTakingKeys } from "../../view/screen/screen-keys.ts";

/** What is written at the end may take this long to reach a slow disk. */
const logFlushMs = 1000;

/** Takes the terminal over; `exit` is called once, when all is closed and the terminal is given back. */
export function runScreen(
  options: Options,
  words: Words,
  exit: (code: number) => void,
  fail: (fault: unknown) => void,
): Running {
  return new Screen(options, words, exit, fail);
}

/** The stores that a frame is drawn from, and what moves them. */
class Screen implements Running {
  readonly #exit: (code: number) => void;
  readonly #logs: Logs;
  readonly #session: Session;
  readonly #model: PacedStore<ScreenModel>;
  readonly #state = new ImmediateStore<ScreenState>(firstScreenState);
  readonly #history = new HistoryFile(historyPath(process.env));
  readonly #composer: Composer;
  readonly #terminal: Terminal;
  readonly #colours: TerminalColours;
  readonly #notifier: Notifier;
  readonly #tour: ScreenTour;
  #lastError: Output | undefined;
  #shownChanges = 0;

  constructor(options: Options, words: Words, exit: (code: number) => void, fail: (fault: unknown) => void) {
    this.#exit = exit;
    this.#logs = openLogs(options, words.inEnglish, (problem) => this.#note(problem));
    this.#session = new Session(
      { ...chatConfig(options, words), machineAddress: machineAddress() },
      this.#handlers(),
      openRealPorts,
    );
    this.#model = new PacedStore({ read: () => selectScreen(this.#session.chat) });
    this.#composer = new Composer({
      names: () => selectNames(this.#session.chat),
      describeName: (name) => describeName(this.#model.read(), name),
      paths: pathsLike,
      commands: translateCommands(words),
      history: this.#history.read(),
    });
    // Before the first frame, which then shows what is being opened.
    this.#session.start(options.transport, firstRequest(options));
    this.#colours = new TerminalColours(options.theme, process.env);
    this.#terminal = this.#mount(fail);
    this.#colours.ask(this.#terminal);
    this.#notifier = new Notifier({
      read: this.#model.read,
      terminal: () => this.#terminal,
      bell: options.bell,
    });
    this.#model.subscribe(this.#notifier.look);
    this.#state.subscribe(() => this.#watchKernel());
    this.#tour = new ScreenTour(this.#state, options.language, (covered) => {
      this.#session.dispatch({ type: "overlay-changed", covered });
      this.#model.notifyNow();
    });
    if (options.tour) void this.#tour.open();
    if (this.#logs.problem !== undefined) this.#note(this.#logs.problem);
  }

  /** What the kernel knows is asked while the wire panel shows it. */
  #watchKernel(): void {
    const watched = this.#state.read().wire.isShown;
    if (watched !== this.#session.chat.focus.isKernelWatched)
      this.#session.dispatch({ type: "kernel-watched", watched });
  }

  quit(code: number, reason: Sentence): void {
    this.#session.quit(code, reason);
  }

  abandon(): void {
    this.#history.close();
    this.#tour.close();
    this.#terminal.restore();
    this.#session.removeAnnouncements();
  }

  #handlers(): SessionHandlers {
    return {
      onOutput: (output) => {
        this.#logs.onOutput(output);
        if (output.type === "error") this.#lastError = output;
      },
      onUnsentText: (text) => this.#giveBack(text),
      onShowHelp: () => this.#state.set(showHelp(this.#state.read())),
      onScreenRequest: (request) => this.#answerRequest(request),
      onChange: () => this.#onChange(),
      onExit: (code) => void this.#leave(code),
      ...this.#logs.taps,
    };
  }

  /** The pings of an idle pair move counters and nothing else: they need no frame each. */
  #onChange(): void {
    const {
      focus: { shownChanges },
    } = this.#session.chat;
    if (shownChanges === this.#shownChanges) return this.#model.notifyLater();
    this.#shownChanges = shownChanges;
    this.#model.notify();
  }

  #mount(fail: (fault: unknown) => void): Terminal {
    const composer = { subscribe: this.#composer.subscribe, read: this.#composer.snapshot };
    const sources = { model: this.#model, screen: this.#state, composer, theme: this.#colours.theme };
    return mountTerminal(<Duet sources={sources} />, {
      decoder: new KeyDecoder(),
      onKey: (event) => this.#onKey(event),
      onInputEnd: () => this.quit(exitHangup, sentence("terminal-hung-up")),
      onBacklog: (backlogged) => (backlogged ? this.#model.pause() : this.#model.resume()),
      onFault: fail,
    });
  }

  #onKey(event: KeyEvent): void {
    if (event.type === "reply") return this.#colours.onReply(event);
    if (event.type === "focus") this.#onFocus(event.isFocused);
    if (isTakingKeys(this.#state.read())) return this.#press(event);
    const action = this.#composer.handle(event);
    if (action === undefined) this.#state.set(clearHint(this.#state.read()));
    else this.#carryOut(action, event);
    this.#model.drawAlong();
  }

  /** Who comes back may have changed the terminal's colours meanwhile. */
  #onFocus(focused: boolean): void {
    this.#session.dispatch({ type: "focus-changed", away: !focused });
    this.#notifier.setFocus(focused);
    if (focused) this.#colours.ask(this.#terminal);
  }

  #carryOut(action: ComposerAction, event: KeyEvent): void {
    switch (action.type) {
      case "submit":
        return this.#submit(action.text);
      case "ask-paste":
        return;
      case "notice":
        return this.#state.set(showHint(this.#state.read(), action.notice));
      case "unused":
        return this.#press(event);
    }
    action satisfies never;
  }

  /** What a line does is seen at once, however fast others speak. */
  #submit(text: string): void {
    this.#history.add(text);
    this.#state.set(onLineSent(this.#state.read(), this.#view()));
    if (text !== "") this.#session.submit(text);
    this.#model.notifyNow();
  }

  #press(event: KeyEvent): void {
    const { state, action } = pressOnScreen(this.#state.read(), event, this.#view());
    this.#state.set(state);
    if (action !== undefined) this.#act(action);
  }

  #view(): ScreenView {
    const { chat } = this.#session;
    return screenView(chat, this.#state.read(), this.#composer.snapshot(), this.#terminal.size);
  }

  #answerRequest(request: ScreenRequest): void {
    const state = this.#state.read();
    switch (request.type) {
      case "search":
        return this.#state.set(startSearch(state, this.#view(), request.term));
      case "wire":
        return this.#state.set(showWire(state, this.#view(), request.words));
      case "save":
        return this.#save(expandHome(request.path), request.overwrite);
      case "broadcast":
      case "leave-room":
        return this.#state.set(ask(state, request));
      case "lan":
        return this.#state.set(showLan(state));
      case "tour":
        return void this.#tour.open();
      case "mouse":
        return this.#setMouse(request.on ?? !state.isMouseOn);
    }
    request satisfies never;
  }

  /** The conversation of the active tab, into a file. */
  #save(path: string, overwrite: boolean): void {
    const {
      focus: { active },
      sides,
      config,
    } = this.#session.chat;
    const result = saveTranscript(
      path,
      formatTranscript(sides[active].conversation.scrollback, config.words, formatLocalStamp),
      overwrite,
    );
    if (result.type === "exists")
      return this.#state.set(ask(this.#state.read(), { type: "overwrite", path }));
    if (result.type === "failed") return this.#note(result.problem);
    this.#note(sentence("transcript-saved", { lines: result.lines, path: cleanText(path) }), "info");
  }

  #setMouse(mouse: boolean): void {
    this.#state.set(setMouse(this.#state.read(), mouse));
    this.#terminal.setMouse(mouse);
  }

  #act(action: ScreenAction): void {
    switch (action.type) {
      case "switch":
      case "address":
      case "join":
      case "leave-room":
      case "resend":
      case "pause-wire":
      case "broadcast":
        this.#session.dispatch(chatEventOf(action));
        return this.#model.notifyNow();
      case "tour":
        return this.#tour.carryOut(action.work);
      case "redraw":
        return this.#terminal.redraw();
      case "suspend":
        return this.#terminal.suspend();
      case "overwrite":
        return this.#save(action.path, true);
      case "quit":
        return this.#session.quit(exitInterrupt);
    }
    action satisfies never;
  }

  #note(noted: Sentence, tone: "info" | "warning" = "warning"): void {
    this.#session.dispatch({ type: "noted", sentence: noted, tone });
  }

  #giveBack(text: string): void {
    if (!this.#composer.restoreText(text)) this.#note(sentence("unsent-in-history"));
  }

  async #leave(code: number): Promise<void> {
    this.#history.close();
    this.#tour.close();
    await Promise.all([this.#logs.flush(logFlushMs), this.#colours.answered]);
    this.#terminal.restore(exitSummary(selectScreen(this.#session.chat), this.#terminal.size.columns));
    const why = whyItEnded(code, this.#lastError, this.#session.chat.config.words);
    if (why !== "") process.stderr.write(why);
    this.#exit(this.#logs.failed && code === exitOk ? exitNetwork : code);
  }
}
