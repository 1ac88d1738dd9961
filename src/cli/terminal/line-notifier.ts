/**
 * Alerts the person to mentions and private messages among lines printed on a terminal. Focus reports are not possible
 * there, because the terminal would echo them in the line being typed. So every such message is an alert, though no
 * more often than on a screen.
 */

import { type BorrowedBytes, lendBytes } from "../../protocol/borrowed-bytes.ts";
import type { Output } from "../../chat/model/output.ts";
import { getNameHere } from "../../chat/outbound/recipients.ts";
import type { Chat } from "../../chat/model/chat.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { type Alert, alertIntervalMs } from "../../view/conversation/alerts.ts";
import { hasMention } from "../../view/conversation/mentions.ts";
import type { Words } from "../../words/tables/words.ts";
import { formatAlert } from "./notification-sequence.ts";
import type { BellChoice } from "../options/option-values.ts";
import type { ControlSequence } from "../files/standard-output.ts";
import type { Options } from "../options/options.ts";

interface LineNotifierOptions {
  readonly bell: BellChoice;
  /** The name of the person on this side. */
  readonly getOwnName: (transport: TransportName) => string;
  readonly words: Words;
  /** The variable TERM. A dumb terminal, or one without a type, would print a notification as text. */
  readonly terminalType: string | undefined;
}

export function createLineNotifier({ bell }: Options, words: Words, getChat: () => Chat): LineNotifier {
  const getOwnName = (transport: TransportName): string =>
    getNameHere(getChat().self, getChat().sides[transport]);
  return new LineNotifier({ bell, getOwnName, words, terminalType: process.env["TERM"] });
}

export class LineNotifier {
  readonly #options: LineNotifierOptions;
  #alertedMs = Number.NEGATIVE_INFINITY;

  constructor(options: LineNotifierOptions) {
    const { bell, terminalType = "" } = options;
    const isDumb = terminalType === "" || terminalType === "dumb";
    this.#options = isDumb ? { ...options, bell: withoutNotification(bell) } : options;
  }

  /** The sequence to write after this output was printed; undefined if the output is no reason for an alert. */
  takeAlert(output: Output): ControlSequence | undefined {
    const { bell, words } = this.#options;
    if (bell === "none" || Math.abs(output.atMs - this.#alertedMs) < alertIntervalMs) return undefined;
    const alert = this.#findAlert(output);
    if (alert === undefined) return undefined;
    this.#alertedMs = output.atMs;
    return formatAlert(bell, alert, words);
  }

  #findAlert(output: Output): Alert | undefined {
    const ownName = this.#options.getOwnName(output.transport);
    if (output.type === "lines") return findMention(output.bytes, ownName);
    if (output.type !== "message" || output.direction !== "in") return undefined;
    const { name, text, private: isPrivate = false } = output;
    return isPrivate || hasMention(text, ownName) ? { name, text, isPrivate } : undefined;
  }
}

function withoutNotification(bell: BellChoice): BellChoice {
  return bell === "both" ? "bell" : bell === "osc9" ? "none" : bell;
}

const utf8 = new TextDecoder();

/** The newest mention in printed lines. The author's name at the beginning of a line does not count. */
function findMention(bytes: BorrowedBytes, ownName: string): Alert | undefined {
  const lines = utf8.decode(lendBytes(bytes)).split("\n");
  for (const line of lines.toReversed()) {
    const [, name = "", text = ""] = /^<(.*?)> (.*)$/.exec(line) ?? [];
    if (hasMention(text, ownName)) return { name, text, isPrivate: false };
  }
  return undefined;
}
