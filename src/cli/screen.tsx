/**
 * duet on a screen: joins the session, the keys and what Ink draws. It decides nothing that the chat or the screen's
 * own state can decide, and touches no socket.
 */

import { Composer, type ComposerAction } from "../chat/composer.ts";
import { composerRows } from "../../components/Composer.tsx";
import { Duet } from "../../components/Duet.tsx";
import { localTime } from "../../components/local-time.ts";
import { createTheme } from "../../components/theme.ts";
import type { KeyEvent } from "../chat/key-event.ts";
import { KeyDecoder } from "../chat/keys.ts";
import type { Output } from "../chat/output.ts";
import { divideScreen } from "../chat/screen-areas.ts";
import {
  afterSubmit,
  firstScreenState,
  pressOnScreen,
  type ScreenAction,
  showHelp,
} from "../chat/screen-state.ts";
import { selectNames, selectScreen } from "../chat/select-screen.ts";
import { Session } from "../session.ts";
import { chatConfig, firstRequest } from "./config.ts";
import { exitHangup, exitInterrupt, exitOk } from "./exit-code.ts";
import { openLogs } from "./logs.ts";
import type { Options } from "./options.ts";
import { ImmediateStore, PacedStore } from "./paced-store.ts";
import { formatHappening } from "./plain-output.ts";
import type { Running } from "./running.ts";
import { mountTerminal, type Terminal } from "./terminal.ts";

/** Takes the terminal over; `exit` is called once, when all is closed and the terminal is given back. */
export function runScreen(
  options: Options,
  exit: (code: number) => void,
  fail: (fault: unknown) => void,
): Running {
  const logs = openLogs(options, (sentence) => note(sentence));
  let lastError: Output | undefined;
  const session = new Session(chatConfig(options), {
    onOutput: (output) => {
      logs.onOutput(output);
      if (output.type === "error") lastError = output;
    },
    onGiveBack: (text) => giveBack(text),
    onShowHelp: () => screen.set(showHelp(screen.read())),
    onChange: () => model.notify(),
    onExit: (code) => void leave(code),
    ...(logs.onWire === undefined ? {} : { onWire: logs.onWire }),
  });
  const model = new PacedStore({ read: () => selectScreen(session.chat) });
  const screen = new ImmediateStore(firstScreenState);
  const composer = new Composer({ names: () => selectNames(session.chat) });
  const sources = { model, screen, composer: { subscribe: composer.subscribe, read: composer.snapshot } };

  const note = (text: string): void => session.dispatch({ type: "noted", text });
  const giveBack = (text: string): void => {
    if (!composer.giveBack(text)) note("what was not sent is in the history: ↑ brings it back");
  };
  const leave = async (code: number): Promise<void> => {
    await logs.flush(1000);
    // What a full screen hid must be readable afterwards: why it ended.
    const words = code === exitOk || lastError === undefined ? undefined : formatHappening(lastError, false);
    terminal.restore();
    if (words !== undefined && code < exitHangup) process.stderr.write(words);
    exit(code);
  };

  const act = (action: ScreenAction): void => {
    switch (action.type) {
      case "switch":
        return session.dispatch({ type: "switched", to: action.to });
      case "redraw":
        return terminal.redraw();
      case "suspend":
        return terminal.suspend();
      case "quit":
        return session.quit(exitInterrupt);
      case "note":
        return note(action.text);
    }
  };
  const carryOut = (action: ComposerAction, event: KeyEvent): void => {
    switch (action.type) {
      case "submit":
        screen.set(afterSubmit(screen.read(), session.chat.active));
        if (action.text !== "") session.submit(action.text);
        return;
      case "ask-paste":
        return;
      case "notice":
        return note(action.text);
      case "unused":
        return pressScreenKey(event);
    }
  };
  const pressScreenKey = (event: KeyEvent): void => {
    const { columns, rows } = terminal.size;
    const areas = divideScreen(columns, rows, composerRows(composer.snapshot()));
    const shape = { ...areas.conversation, formatTime: localTime };
    const result = pressOnScreen(screen.read(), event, { model: selectScreen(session.chat), shape });
    screen.set(result.state);
    if (result.action !== undefined) act(result.action);
  };
  const onKey = (event: KeyEvent): void => {
    const action = composer.handle(event);
    if (action !== undefined) carryOut(action, event);
    model.notifyNow();
  };

  const terminal: Terminal = mountTerminal(
    <Duet sources={sources} theme={createTheme({ colour: (process.env["NO_COLOR"] ?? "") === "" })} />,
    {
      decoder: new KeyDecoder(),
      onKey,
      onInputEnd: () => session.quit(exitHangup, "the terminal hung up"),
      onBacklog: (backlogged) => (backlogged ? model.pause() : model.resume()),
      onFault: fail,
    },
  );
  session.start(options.transport, firstRequest(options));
  if (logs.problem !== undefined) note(logs.problem);
  return {
    quit: (code, reason) => session.quit(code, reason),
    abandon: () => {
      terminal.restore();
      session.abandon();
    },
  };
}
