/** The callbacks of a session. Types only. */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import type { Called, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { ScreenRequest } from "./effect.ts";
import type { Output } from "./output.ts";

/** Callbacks of a session to its owner, between events. They may call the session again. */
export interface SessionHandlers {
  /** An output to print or log. */
  readonly onOutput: (output: Output) => void;
  /** Typed text that could not be sent. */
  readonly onUnsentText: (text: string) => void;
  /** Number of bytes of standard input that could not be sent before the exit. */
  readonly onUnsentBytes?: (bytes: number) => void;
  /** The person chose another name, clean; a room may know the person by another one. */
  readonly onNameChosen?: (name: string) => void;
  readonly onShowHelp: () => void;
  /** A command that only a screen can carry out. */
  readonly onScreenRequest: (request: ScreenRequest) => void;
  /** The state has changed; redraw at a convenient time. */
  readonly onChange: () => void;
  /** Everything is closed; the last call. */
  readonly onExit: (code: number) => void;
  /** A socket call that returned, if calls are kept. */
  readonly onCall?: (transport: TransportName, called: Called) => void;
  /** A payload that was received or sent, if payloads are logged. */
  readonly onWire?: (
    direction: "in" | "out",
    transport: TransportName,
    peer: string,
    bytes: BorrowedBytes,
  ) => void;
}
