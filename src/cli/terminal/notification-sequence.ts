/** How a person is called: BEL, a notification of the desktop, or both, as they chose. When is decided elsewhere. */

import { cleanText } from "../../protocol/text/text.ts";
import { cutEnd } from "../../protocol/text/wrap.ts";
import type { Alert } from "../../view/conversation/alerts.ts";
import type { Words } from "../../words/tables/words.ts";
import type { BellChoice } from "../options/option-values.ts";
import { bellSequence, notificationSequence } from "./terminal-modes.ts";

const notificationMaxColumns = 120;

/** All that a terminal is to be given at once. */
export function attentionSequence(bell: BellChoice, call: Alert, words: Words): string {
  const notification = notifies(bell) ? notificationSequence(notificationText(call, words)) : "";
  return (rings(bell) ? bellSequence : "") + notification;
}

export function rings(bell: BellChoice): boolean {
  return bell === "bell" || bell === "both";
}

export function notifies(bell: BellChoice): boolean {
  return bell === "osc9" || bell === "both";
}

/** Clean. It begins with our name: what some terminals take for a progress bar begins with a digit. */
export function notificationText({ name, text, isPrivate }: Alert, words: Words): string {
  const whom = isPrivate ? words.window.toYou : "";
  return cutEnd(`duet: ${name}${whom}: ${cleanText(text)}`, notificationMaxColumns);
}
