/**
 * Calls a person for whom lines are printed on a terminal when one is for them. Where they look cannot be known there: to be
 * told, a terminal would have to type it into their own line. So it calls always, and no more often than a screen would. It
 * writes nothing itself, and has no clock.
 */

import type { Output } from "../../chat/model/output.ts";
import { getNameHere } from "../../chat/outbound/recipients.ts";
import type { Chat } from "../../chat/model/chat.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { type Alert, alertIntervalMs } from "../../view/conversation/alerts.ts";
import { hasMention } from "../../view/conversation/mentions.ts";
import type { Words } from "../../words/tables/words.ts";
import { attentionSequence } from "./notification-sequence.ts";
import type { BellChoice } from "../options/option-values.ts";
import type { Options } from "../options/options.ts";

interface LineNotifierOptions {
  readonly bell: BellChoice;
  /** What we are called where a line came. */
  readonly nameIn: (transport: TransportName) => string;
  readonly words: Words;
  /** Of the environment: a terminal without a type, or a dumb one, would print a notification. */
  readonly terminalType: string | undefined;
}

/** One for this terminal, by the person's choice. */
export function createLineNotifier({ bell }: Options, words: Words, readChat: () => Chat): LineNotifier {
  const nameIn = (transport: TransportName): string => getNameHere(readChat(), readChat().sides[transport]);
  return new LineNotifier({ bell, nameIn, words, terminalType: process.env["TERM"] });
}

export class LineNotifier {
  readonly #options: LineNotifierOptions;
  #calledMs = Number.NEGATIVE_INFINITY;

  constructor(options: LineNotifierOptions) {
    const { bell, terminalType = "" } = options;
    const isDumb = terminalType === "" || terminalType === "dumb";
    this.#options = isDumb ? { ...options, bell: bellAlone(bell) } : options;
  }

  /** What the terminal is to be given after what was printed; empty: nobody is called. */
  callAfter(output: Output): string {
    const { bell, words } = this.#options;
    if (bell === "none" || output.atMs - this.#calledMs < alertIntervalMs) return "";
    const call = this.#findCall(output);
    if (call === undefined) return "";
    this.#calledMs = output.atMs;
    return attentionSequence(bell, call, words);
  }

  #findCall(output: Output): Alert | undefined {
    const ourName = this.#options.nameIn(output.transport);
    if (output.type === "lines") return mentionIn(output.bytes, ourName);
    if (output.type !== "message" || output.direction !== "in") return undefined;
    const { name, text, private: isPrivate = false } = output;
    return isPrivate || hasMention(text, ourName) ? { name, text, isPrivate } : undefined;
  }
}

function bellAlone(bell: BellChoice): BellChoice {
  return bell === "both" ? "bell" : bell === "osc9" ? "none" : bell;
}

const utf8 = new TextDecoder();

/** The newest of lines as they are printed: who speaks is no mention. */
function mentionIn(bytes: Uint8Array, ourName: string): Alert | undefined {
  const lines = utf8.decode(bytes).split("\n");
  for (const line of lines.toReversed()) {
    const [, name = "", text = ""] = /^<(.*?)> (.*)$/.exec(line) ?? [];
    if (hasMention(text, ourName)) return { name, text, isPrivate: false };
  }
  return undefined;
}
