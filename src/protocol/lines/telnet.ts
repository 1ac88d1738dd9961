/** Removes telnet commands from a peer's bytes (RFC 854, RFC 855), and refuses every option that the peer requests. */

import type { BorrowedBytes } from "../borrowed-bytes.ts";

const SE = 240;
const SB = 250;
const WILL = 251;
const WONT = 252;
const DO = 253;
const DONT = 254;
const IAC = 255;
const NUL = 0;
const CR = 13;

/** The state after the last byte. `ignored`: after WONT or DONT. */
type State = "text" | "return" | "command" | "will" | "do" | "ignored" | "subnegotiation" | "subcommand";

interface TelnetRead {
  /** The bytes without commands, with IAC IAC as one byte and CR NUL as CR. */
  readonly text: Uint8Array;
  /** The refusals to send back: 3 bytes for each request of 3. Often empty. */
  readonly answer: Uint8Array;
}

/** The parser of one peer. A command may be split at any byte; only the state is kept. */
export class TelnetParser {
  #state: State = "text";

  /** Parses the peer's next bytes. */
  read(bytes: BorrowedBytes): TelnetRead {
    const text = new Uint8Array(bytes.length);
    const answer: number[] = [];
    let length = 0;
    for (const byte of bytes) if (this.#isText(byte, answer)) text[length++] = byte;
    return { text: text.subarray(0, length), answer: Uint8Array.from(answer) };
  }

  #isText(byte: number, answer: number[]): boolean {
    const state = this.#state;
    switch (state) {
      case "text":
      case "return":
        this.#state = byte === IAC ? "command" : byte === CR ? "return" : "text";
        return byte !== IAC && !(state === "return" && byte === NUL);
      case "command":
        this.#state = chooseState(byte);
        return byte === IAC;
      case "will":
      case "do":
        answer.push(IAC, state === "will" ? DONT : WONT, byte);
        this.#state = "text";
        return false;
      case "ignored":
        this.#state = "text";
        return false;
      case "subnegotiation":
        if (byte === IAC) this.#state = "subcommand";
        return false;
      case "subcommand":
        this.#state = byte === SE ? "text" : "subnegotiation";
        return false;
    }
  }
}

function chooseState(byte: number): State {
  switch (byte) {
    case WILL:
      return "will";
    case DO:
      return "do";
    case WONT:
    case DONT:
      return "ignored";
    case SB:
      return "subnegotiation";
    default:
      // A doubled IAC, or a command of one byte: NOP, GA, AYT, …
      return "text";
  }
}

/** Escapes bytes for telnet: each 0xFF is doubled. Returns the same array if there is none, as in all UTF-8. */
export function escapeTelnet<Bytes extends BorrowedBytes>(bytes: Bytes): Bytes | Uint8Array {
  if (!bytes.includes(IAC)) return bytes;
  const escaped: number[] = [];
  for (const byte of bytes) {
    escaped.push(byte);
    if (byte === IAC) escaped.push(byte);
  }
  return Uint8Array.from(escaped);
}
