/** Runs a chat on a screen: connects the session, the keys, the logs and the components that Ink draws. */

import { countComposerRows } from "../../../components/prompt/Composer.tsx";
import { Duet, frameComposer } from "../../../components/screen/Duet.tsx";
import { formatLocalStamp } from "../../../components/paint/local-time.ts";
import { Composer, type ComposerAction } from "../../input/composer/composer.ts";
import { measureTextColumns } from "../../input/composer/composer-shape.ts";
import type { KeyEvent } from "../../input/keys/key-event.ts";
import { KeyReader } from "../../input/keys/key-reader.ts";
import type { ScreenRequest } from "../../chat/model/effect.ts";
import type { Output } from "../../chat/model/output.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { describeName } from "../../view/bars/describe-name.ts";
import {
  firstScreenState,
  type ScreenAction,
  type ScreenState,
  type ScreenView,
} from "../../view/screen/screen-state.ts";
import { askPassword } from "../../view/screen/screen-password.ts";
import { ask } from "../../view/screen/screen-question.ts";
import { clearHint, showHint, setMouse } from "../../view/screen/screen-hint.ts";
import { showWire } from "../../view/screen/screen-wire.ts";
import { selectNames, selectScreen } from "../../chat/screen/select-screen.ts";
import { formatTranscript } from "../../view/conversation/transcript.ts";
import type { SessionHandlers } from "../../chat/model/session-handlers.ts";
import type { OpenPorts } from "../../session/ports.ts";
import { Session } from "../../session/session.ts";
import type { Words } from "../../words/tables/words.ts";
import { translateCommands } from "../../view/overlays/help-lines.ts";
import { copyText } from "../terminal/clipboard.ts";
import { Notifier } from "../terminal/notifier.ts";
import { createChatConfig, createFirstRequest } from "../logs/chat-config.ts";
import { exitFlushMs, exitHangup, exitInterrupt, exitNetwork, exitOk } from "../process/exit-code.ts";
import type { Guard } from "../process/guard.ts";
import { formatExitError, formatExitSummary } from "./exit-summary.ts";
import { printLast } from "../files/standard-output.ts";
import { HistoryFile } from "../files/history-file.ts";
import { rememberName } from "../files/name-file.ts";
import { findStatePath } from "../files/state-path.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { findMachineAddress } from "./machine-address.ts";
import type { Logs, OpenLogs } from "../logs/log-contract.ts";
import type { Options } from "../options/options.ts";
import { ImmediateStore, PacedStore } from "../terminal/paced-store.ts";
import { completePath } from "../files/path-names.ts";
import type { Running } from "../process/running.ts";
import { expandHome, saveTranscript } from "../files/transcript-file.ts";
import { createChatEvent } from "./screen-events.ts";
import { TerminalColours } from "../terminal/terminal-colours.ts";
import { createScreenView } from "./screen-view.ts";
import { mountTerminal, type Terminal } from "../terminal/terminal.ts";
import { createWidthQuery } from "../terminal/width-query.ts";
import { followWidthTable, type WidthTable } from "../../protocol/text/width.ts";
import { ScreenTour } from "./screen-tour.ts";
import { onLineSent, showHelp, showLan, startSearch } from "../../view/screen/screen-overlays.ts";
import { pressOnScreen, isTakingKeys } from "../../view/screen/screen-keys.ts";

/** Starts the chat. `leave` is called once, when everything is closed and the terminal is restored. */
export function runScreen(
  options: Options,
  words: Words,
  parts: ScreenParts,
  { leave, fail }: Pick<Guard, "leave" | "fail">,
): Running {
  return new Screen(options, words, parts, { leave, fail });
}

/** What the caller has opened. */
interface ScreenParts {
  readonly openLogs: OpenLogs;
  readonly openPorts: OpenPorts;
}

class Screen implements Running {
  readonly #exit: (code: number) => void;
  readonly #logs: Logs;
  readonly #session: Session;
  readonly #model: PacedStore<ScreenModel>;
  readonly #state = new ImmediateStore<ScreenState>(firstScreenState);
  readonly #history = new HistoryFile(findStatePath(process.env, "history"));
  readonly #decoder = new KeyReader();
  readonly #composer: Composer;
  readonly #terminal: Terminal;
  readonly #colours: TerminalColours;
  readonly #notifier: Notifier;
  readonly #tour: ScreenTour;
  #lastError: Output | undefined;
  #shownChanges = 0;

  constructor(
    options: Options,
    words: Words,
    { openLogs, openPorts }: ScreenParts,
    { leave, fail }: Pick<Guard, "leave" | "fail">,
  ) {
    this.#exit = leave;
    this.#logs = openLogs(options, words.inEnglish, (problem) => this.#report(problem));
    this.#session = new Session(
      { ...createChatConfig(options, words), machineAddress: findMachineAddress() },
      this.#handlers(),
      openPorts,
    );
    this.#model = new PacedStore({ read: () => selectScreen(this.#session.chat) });
    this.#composer = new Composer({
      names: () => selectNames(this.#session.chat),
      describeName: (name) => describeName(this.#model.read(), name),
      hubs: () => this.#model.read().hubs.map(({ label }) => label),
      paths: completePath,
      commands: translateCommands(words),
      columns: () => measureTextColumns(frameComposer(this.#model.read(), this.#terminal.size)),
      history: this.#history.read(),
    });
    // Before the first frame, so that it shows the connection being opened.
    this.#session.start(options.transport, createFirstRequest(options));
    this.#colours = new TerminalColours(options.theme, process.env);
    this.#terminal = this.#mount(fail);
    this.#notifier = new Notifier({
      read: this.#model.read,
      terminal: () => this.#terminal,
      bell: options.bell,
    });
    this.#model.subscribe(this.#notifier.onModelChange);
    this.#state.subscribe(() => this.#watchKernel());
    this.#tour = new ScreenTour(this.#state, options.language, (isOpen) => this.#setOverlayOpen(isOpen));
    if (options.tour) void this.#tour.open();
    for (const note of this.#logs.notes) this.#report(note);
    if (this.#logs.problem !== undefined) this.#report(this.#logs.problem);
  }

  #setOverlayOpen(isOpen: boolean): void {
    this.#session.dispatch({ type: "overlay-changed", covered: isOpen });
    this.#model.notifyNow();
  }

  /** The kernel's state of connections is read only while the wire panel shows it. */
  #watchKernel(): void {
    const isShown = this.#state.read().wire.isShown;
    if (isShown !== this.#session.chat.focus.isKernelWatched)
      this.#session.dispatch({ type: "kernel-watched", watched: isShown });
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
      onUnsentText: (text) => this.#restoreToComposer(text),
      onShowHelp: () => this.#state.set(showHelp(this.#state.read())),
      onScreenRequest: (request) => this.#answerRequest(request),
      onChange: () => this.#onChange(),
      onNameChosen: (name) => rememberName(findStatePath(process.env, "name"), name),
      onExit: (code) => void this.#flushAndExit(code),
      ...this.#logs.sessionHandlers,
    };
  }

  /** A change of counters alone, such as by the pings of an idle connection, does not need a frame of its own. */
  #onChange(): void {
    const {
      focus: { shownChanges },
    } = this.#session.chat;
    if (shownChanges === this.#shownChanges) return this.#model.notifyLazily();
    this.#shownChanges = shownChanges;
    this.#model.notify();
  }

  #mount(fail: (fault: unknown) => void): Terminal {
    const composer = { subscribe: this.#composer.subscribe, read: this.#composer.snapshot };
    const sources = { model: this.#model, screen: this.#state, composer, theme: this.#colours.theme };
    return mountTerminal(<Duet sources={sources} />, {
      decoder: this.#decoder,
      queries: [this.#colours.query, createWidthQuery((table) => this.#followWidths(table))],
      onKey: (event) => this.#onKey(event),
      onInputEnd: () => this.quit(exitHangup, sentence("terminal-hung-up")),
      onBacklog: (isBacklogged) => (isBacklogged ? this.#model.pause() : this.#model.resume()),
      onFault: fail,
    });
  }

  /** Lays the screen out again: text that was measured by another table may take other columns. */
  #followWidths(table: WidthTable): void {
    if (followWidthTable(table)) this.#model.notifyNow();
  }

  #onKey(event: KeyEvent): void {
    if (event.type === "focus") this.#onFocus(event.isFocused);
    else this.#notifier.onKey();
    if (isTakingKeys(this.#state.read())) return this.#press(event);
    const action = this.#composer.handle(event, this.#decoder.isAlone);
    if (action === undefined) this.#state.set(clearHint(this.#state.read()));
    else this.#performComposerAction(action, event);
    this.#model.emitWithFrame();
  }

  #onFocus(isFocused: boolean): void {
    this.#session.dispatch({ type: "focus-changed", away: !isFocused });
    this.#notifier.setFocused(isFocused);
  }

  #performComposerAction(action: ComposerAction, event: KeyEvent): void {
    switch (action.type) {
      case "submit":
        return this.#submit(action.text);
      case "notice":
        return this.#state.set(showHint(this.#state.read(), action.notice));
      case "unused":
        return this.#press(event);
    }
    action satisfies never;
  }

  /** Submits a line and shows its effect at once, even during a flood. */
  #submit(text: string): void {
    this.#history.add(text);
    this.#state.set(onLineSent(this.#state.read(), this.#view()));
    this.#session.submit(text);
    this.#model.notifyNow();
  }

  #press(event: KeyEvent): void {
    const { state, action } = pressOnScreen(this.#state.read(), event, this.#view(), this.#decoder.isAlone);
    this.#state.set(state);
    if (action !== undefined) this.#perform(action);
  }

  #view(): ScreenView {
    const state = this.#state.read();
    const model = selectScreen(this.#session.chat);
    const { size } = this.#terminal;
    const bottomRows = isTakingKeys(state)
      ? 1
      : countComposerRows(this.#composer.snapshot(), frameComposer(model, size));
    return createScreenView(model, state, bottomRows, size);
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
      case "password":
        this.#state.set(askPassword(state, request));
        return this.#model.notifyNow();
    }
    request satisfies never;
  }

  /** Saves the conversation of the active tab to a file. */
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
    if (result.type === "failed") return this.#report(result.problem);
    this.#report(sentence("transcript-saved", { lines: result.lines, path }), "info");
  }

  #setMouse(isOn: boolean): void {
    this.#state.set(setMouse(this.#state.read(), isOn));
    this.#terminal.setMouse(isOn);
  }

  #copy(text: string): void {
    const state = this.#state.read();
    const hint = copyText(this.#terminal, text, { env: process.env, isMouseOn: state.isMouseOn });
    this.#state.set(showHint(state, hint));
  }

  #perform(action: ScreenAction): void {
    switch (action.type) {
      case "switch":
      case "address":
      case "join":
      case "leave-room":
      case "resend":
      case "pause-wire":
      case "broadcast":
      case "password-entered":
        this.#session.dispatch(createChatEvent(action));
        return this.#model.notifyNow();
      case "copy":
        return this.#copy(action.text);
      case "tour":
        return this.#tour.perform(action.work);
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

  /** Reports a sentence as a notice in the conversation. */
  #report(reported: Sentence, tone: "info" | "warning" = "warning"): void {
    this.#session.dispatch({ type: "noted", sentence: reported, tone });
  }

  /** Puts text that could not be sent into the composer, unless another line is being typed. */
  #restoreToComposer(text: string): void {
    if (!this.#composer.restoreText(text)) this.#report(sentence("unsent-in-history"));
  }

  async #flushAndExit(code: number): Promise<void> {
    this.#history.close();
    this.#tour.close();
    const [lostBytes] = await Promise.all([this.#logs.flush(exitFlushMs), this.#terminal.settle()]);
    const { chat } = this.#session;
    this.#terminal.restore(formatExitSummary(selectScreen(chat), this.#terminal.size.columns));
    const error = formatExitError(code, this.#lastError, chat.config.words);
    printLast(error);
    if (lostBytes > 0)
      printLast(`duet: ${chat.config.words.word(sentence("output-not-taken", { bytes: lostBytes }))}\n`);
    this.#exit((this.#logs.hasFailed || lostBytes > 0) && code === exitOk ? exitNetwork : code);
  }
}
