/** What whoever runs a session hears from it. Types only. */

import type { Called, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { ScreenRequest } from "./effect.ts";
import type { Output } from "./output.ts";

/** What a session tells whoever runs it. Called between events; may call the session again. */
export interface SessionHandlers {
  /** Something to print, or to log. Bytes in it are valid only during the call. */
  readonly onOutput: (output: Output) => void;
  /** Typed text that could not go out. */
  readonly onGiveBack: (text: string) => void;
  readonly onShowHelp: () => void;
  /** A command that only a screen can carry out. */
  readonly onScreenRequest: (request: ScreenRequest) => void;
  /** The state has changed: draw it again when it suits. */
  readonly onChange: () => void;
  /** All is closed; the last call. */
  readonly onExit: (code: number) => void;
  /** Socket calls as they return, when somebody keeps them; a payload is valid only during the call. */
  readonly onCall?: (transport: TransportName, called: Called) => void;
  /** Payloads as they pass, when somebody logs them. */
  readonly onWire?: (
    direction: "in" | "out",
    transport: TransportName,
    peer: string,
    bytes: Uint8Array,
  ) => void;
}
